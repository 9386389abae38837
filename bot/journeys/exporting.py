"""/export: one file a person can read and print, and one a program can read."""

import html
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from bot.domain.localtime import local
from bot.domain.records import Delivery, Kind, Reply, Subscriber
from bot.journeys.kit import Kit
from bot.journeys.prompting import wording
from bot.tongues import Tongue

SCHEMA = "nearer-export-1"


@dataclass(frozen=True, slots=True)
class Export:
    """Both files, UTF-8."""

    page: bytes
    data: bytes


async def export(kit: Kit, person: Subscriber) -> Export:
    """Everything that is kept of a person, theirs to take along."""
    async with kit.store.read() as work:
        replies = await work.replies.between(person.id, date.min, date.max)
        deliveries = await work.deliveries.all_of(person.id)
    tongue = kit.tongue_of(person)
    questions = {
        one.day: wording(tongue, one) for one in deliveries if one.kind is Kind.QUESTION and one.asked is not None
    }
    data = _data(kit, person, replies, deliveries, questions)
    text = json.dumps(data, ensure_ascii=False, indent=1, default=_plain)
    return Export(_page(kit, person, replies, questions).encode(), text.encode())


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _data(
    kit: Kit,
    person: Subscriber,
    replies: list[Reply],
    deliveries: list[Delivery],
    questions: Mapping[date, str],
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "exported_at": kit.now(),
        "joined_at": person.joined_at,
        "consented_at": person.consented_at,
        "preferences": asdict(person.preferences),
        "about_patterns": {"verdicts": dict(person.mind.verdicts), "taps": dict(person.mind.taps)},
        "gentle_until": person.mind.gentle_until,
        "questions": [{"day": day, "text": text} for day, text in questions.items()],
        "replies": [
            {
                "day": one.day,
                "written_at": one.written_at,
                "edited_at": one.edited_at,
                "tapped": one.tapped,
                "text": one.text,
                **asdict(one.marks),
            }
            for one in replies
        ],
        "deliveries": [
            {
                "kind": one.kind,
                "day": one.day,
                "state": one.state,
                "due_at": one.first_due_at,
                "prompt": one.asked.prompt if one.asked else None,
                "patterns": list(one.patterns),
            }
            for one in deliveries
        ],
    }


def _page(kit: Kit, person: Subscriber, replies: list[Reply], questions: Mapping[date, str]) -> str:
    tongue = kit.tongue_of(person)
    words = tongue.words
    days = [
        _day(tongue, person, day, list(told), questions.get(day))
        for day, told in groupby(replies, key=lambda reply: reply.day)
    ]
    body = "\n".join(days) or f"<p>{words.say('export_empty')}</p>"
    made = words.month_day(local(kit.now(), person.preferences.zone or "UTC").date())
    title = words.say("export_title")
    return _FRAME.format(
        language=html.escape(tongue.library.language),
        direction=words.direction,
        title=title,
        note=words.say("export_note", date=made),
        body=body,
    )


def _day(tongue: Tongue, person: Subscriber, day: date, replies: list[Reply], asked: str | None) -> str:
    question = f'<p class="asked">{html.escape(asked)}</p>' if asked else ""
    told = "\n".join(_reply(tongue, person, reply) for reply in replies)
    return f"<section><h2>{html.escape(tongue.words.month_day(day))}</h2>\n{question}\n{told}</section>"


def _reply(tongue: Tongue, person: Subscriber, reply: Reply) -> str:
    names = [tongue.library.patterns[name].name for name in reply.marks.confirmed if name in tongue.library.patterns]
    marked = f'<p class="marked">{html.escape(tongue.words.listing(names))}</p>' if names else ""
    clock = tongue.words.clock(local(reply.written_at, person.preferences.zone or "UTC").time())
    return f'<p class="told"><time>{clock}</time> {html.escape(reply.text)}</p>{marked}'


_FRAME = """<!doctype html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1.05rem/1.6 Georgia, "Noto Serif", serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-weight: 500; }}
h2 {{ font-size: 1rem; margin-top: 2.2rem; border-top: 1px solid #ddd; padding-top: .8rem; }}
section {{ break-inside: avoid; }} .asked {{ color: #666; font-style: italic; }}
.told {{ white-space: pre-wrap; overflow-wrap: anywhere; }} time {{ color: #999; font-size: .85rem; }}
.marked {{ color: #4a6670; font-size: .9rem; }}
</style>
<h1>{title}</h1>
<p>{note}</p>
{body}
</html>
"""
