"""The page of an export: a person's words day by day, to read on a phone and to print. Nothing is fetched by it."""

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from bot.domain.localtime import local
from bot.domain.records import Reply, Subscriber
from bot.journeys.looking_back import days_told
from bot.tongues import Tongue


def page(
    person: Subscriber, tongue: Tongue, replies: Sequence[Reply], questions: Mapping[date, str], now: datetime
) -> str:
    """The page, in the person's language; `questions` are the words asked on each local day."""
    words = tongue.words
    days = [
        _day(tongue, person, day, list(told), questions.get(day))
        for day, told in groupby(replies, key=lambda reply: reply.day)
    ]
    made = words.month_day(local(now, person.preferences.zone or "UTC").date())
    return _FRAME.format(
        language=html.escape(tongue.library.language),
        direction=words.direction,
        title=words.say("export_title"),
        note=words.say("export_note", date=made),
        body="\n".join([*_patterns(tongue, person, replies), *(days or [f"<p>{words.say('export_empty')}</p>"])]),
    )


def _patterns(tongue: Tongue, person: Subscriber, replies: Sequence[Reply]) -> Iterator[str]:
    """What somebody said fits them, on how many days; and what they said of a pattern that was named to them."""
    words, known = tongue.words, tongue.library.patterns
    fitting = {name: sorted({one.day for one in replies if name in one.marks.confirmed}) for name in known}
    fits = [
        words.say(
            "export_fits_line",
            name=known[name].name,
            days=days_told(words, len(days)),
            day=words.month_day(days[-1]),
        )
        for name, days in sorted(fitting.items(), key=lambda one: -len(one[1]))
        if days
    ]
    said = [
        words.say("export_verdict_line", name=known[name].name, verdict=words.say(f"verdict_{verdict}"))
        for name, verdict in person.mind.verdicts.items()
        if name in known
    ]
    for heading, lines in (("export_fits", fits), ("export_verdicts", said)):
        if lines:
            items = "".join(f"<li>{line}</li>" for line in lines)
            yield f'<section class="sum"><h2>{words.say(heading)}</h2>\n<ul>{items}</ul></section>'


def _day(tongue: Tongue, person: Subscriber, day: date, replies: Sequence[Reply], asked: str | None) -> str:
    words = tongue.words
    title = words.say("export_day", weekday=words.weekday(day), date=words.month_day(day))
    question = f'<p class="asked" dir="auto">{html.escape(asked)}</p>\n' if asked else ""
    told = "\n".join(_reply(tongue, person, reply) for reply in replies)
    return f"<section><h2>{title}</h2>\n{question}{told}</section>"


def _reply(tongue: Tongue, person: Subscriber, reply: Reply) -> str:
    known = tongue.library.patterns
    names = [known[name].name for name in reply.marks.confirmed if name in known]
    marked = f'\n<p class="marked">{html.escape(tongue.words.listing(names))}</p>' if names else ""
    clock = tongue.words.clock(local(reply.written_at, person.preferences.zone or "UTC").time())
    return f'<p class="told" dir="auto"><time>{clock}</time>{html.escape(reply.text)}</p>{marked}'


_FRAME = """<!doctype html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --paper: #fdfcfa; --ink: #23282b; --soft: #5f686c; --line: #dcd9d2; --mark: #3d6472; }}
@media screen and (prefers-color-scheme: dark) {{
  :root {{ --paper: #14191c; --ink: #e3e1dc; --soft: #9aa3a7; --line: #2d3539; --mark: #8fbccb; }}
}}
html {{ background: var(--paper); color: var(--ink); }}
body {{ font: 1.06rem/1.6 Georgia, "Noto Serif", serif; max-width: 40rem; margin: 0 auto; padding: 2rem 1.15rem 4rem; }}
h1 {{ font-size: 1.7rem; font-weight: 500; margin: 0 0 .4rem; }}
h1 + p {{ color: var(--soft); margin: 0 0 1rem; }}
h2 {{ font-size: 1rem; font-weight: 600; margin: 0 0 .7rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }}
section {{ margin-top: 1.8rem; }}
p {{ margin: 0 0 .7rem; }}
ul {{ margin: 0; padding-inline-start: 1.2rem; }}
.asked {{ color: var(--soft); font-style: italic; }}
.told {{ white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }}
.marked {{ color: var(--mark); font-size: .9rem; margin-top: -.35rem; }}
time {{ color: var(--soft); font-size: .85rem; margin-inline-end: .7em; }}
@media print {{
  @page {{ margin: 20mm 22mm; }}
  html {{ background: none; color: #000; }}
  body {{ font-size: 11pt; max-width: none; padding: 0; }}
  h2 {{ break-after: avoid; }} .asked {{ break-after: avoid; }} .marked {{ break-before: avoid; }}
  .told {{ orphans: 3; widows: 3; }} .sum {{ break-inside: avoid; }}
}}
</style>
<h1>{title}</h1>
<p>{note}</p>
{body}
</html>
"""
