"""/export and `nearer export`: one file a person can read and print, and one a program can read."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from bot.domain.records import Delivery, Kind, Reply, Subscriber
from bot.journeys.exported_fields import FIELDS, SCHEMA
from bot.journeys.exported_page import page
from bot.journeys.prompting import wording
from bot.storage.store import Work
from bot.tongues import Tongue

#: What the two files are called, wherever they go.
PAGE_NAME, DATA_NAME = "nearer.html", "nearer.json"


@dataclass(frozen=True, slots=True)
class Export:
    """Both files, UTF-8."""

    page: bytes
    data: bytes


async def export(work: Work, person: Subscriber, tongue: Tongue, now: datetime) -> Export:
    """Everything that is kept of a person, theirs to take along."""
    replies = await work.replies.between(person.id, date.min, date.max)
    deliveries = await work.deliveries.all_of(person.id)
    asked = [one for one in deliveries if one.kind is Kind.QUESTION and one.asked is not None]
    data = {
        "schema": SCHEMA,
        "fields": FIELDS,
        "exported_at": now,
        "account": _account(person),
        "preferences": asdict(person.preferences),
        "patterns": _patterns(person, tongue),
        "questions": [_question(one, tongue) for one in asked],
        "replies": [_reply(one) for one in replies],
        "deliveries": [_delivery(one) for one in deliveries if one.kind is not Kind.QUESTION],
    }
    questions = {one.day: wording(tongue, one) for one in asked}
    text = json.dumps(data, ensure_ascii=False, indent=1, default=_plain)
    return Export(page(person, tongue, replies, questions, now).encode(), text.encode())


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _account(person: Subscriber) -> dict[str, Any]:
    return {
        "telegram_id": person.chat_id,
        "stage": person.stage,
        "joined_at": person.joined_at,
        "consented_at": person.consented_at,
        "unreachable_at": person.unreachable_at,
        "resting_until": person.resting_until,
        "resting_until_you_write": person.resting_open,
        "last_wrote_at": person.last_wrote_at,
        "unanswered": person.unanswered,
        "next_question_at": person.question_due_at,
        "next_reflection_at": person.reflection_due_at,
        "reflections": person.reflections_sent,
        "waits_for": person.awaiting,
        "said_once": person.mind.told,
        "gentle_until": person.mind.gentle_until,
        "care_at": person.mind.care_at,
    }


def _patterns(person: Subscriber, tongue: Tongue) -> list[dict[str, Any]]:
    said, taps, known = person.mind.verdicts, person.mind.taps, tongue.library.patterns
    return [
        {
            "id": name,
            "name": known[name].name if name in known else name,
            "verdict": said.get(name),
            "taps": taps.get(name, 0),
        }
        for name in sorted({*said, *taps})
    ]


def _question(one: Delivery, tongue: Tongue) -> dict[str, Any]:
    asked = one.asked
    assert asked is not None
    return {
        "day": one.day,
        "text": wording(tongue, one),
        "prompt": asked.prompt,
        "lighter": asked.lighter,
        "shown": asked.shown,
        "another": asked.swaps,
        "not_today": asked.declined,
        "due_at": one.first_due_at,
        "state": one.state,
    }


def _reply(one: Reply) -> dict[str, Any]:
    return {
        "day": one.day,
        "written_at": one.written_at,
        "edited_at": one.edited_at,
        "tapped": one.tapped,
        "text": one.text,
        **asdict(one.marks),
    }


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "day": one.day,
        "state": one.state,
        "due_at": one.first_due_at,
        "patterns": one.patterns,
    }


def files(made: Export) -> Sequence[tuple[str, bytes]]:
    """Both by name, the one to read first."""
    return (PAGE_NAME, made.page), (DATA_NAME, made.data)
