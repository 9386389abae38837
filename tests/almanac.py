"""A year of somebody invented as a page to read through: `python -m tests.almanac FILE.html [NAME]`."""

import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from pathlib import Path

from bot.chart import draw_months, draw_week
from bot.domain.longview import LongView
from bot.domain.records import Kind
from bot.domain.reflection import Reflection
from bot.journeys.looking_back import drawn, months_caption, overview
from bot.journeys.pages import page_of
from bot.journeys.reflecting import caption_of, week_picture
from tests.invented import PEOPLE
from tests.years import BEGINS, WEEKS, Day, Year, live, tongue

FRAME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A year of {name}</title>
<style>
body {{ font: 1rem/1.5 Georgia, "Noto Serif", serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem;
  color: #2b2620; background: #fbf8f1; }}
h1, h2 {{ font-weight: 500; }} h2 {{ margin-top: 3rem; border-top: 1px solid #d8cfbd; padding-top: 1rem; }}
.day {{ margin: 1.1rem 0; }} .day small {{ color: #80776a; }} .asked {{ margin: 0; }}
.lighter {{ text-decoration: underline dotted; }} .told {{ margin: .2rem 0 0 2rem; color: #2f5585; }}
.taps {{ color: #80776a; font-size: .85rem; }} .fits {{ color: #b8567f; font-size: .85rem; }}
.letter {{ white-space: pre-wrap; background: #fff; border: 1px solid #e4dccb; border-radius: .6rem; padding: 1rem; }}
img {{ width: 100%; border-radius: .6rem; }} figcaption {{ white-space: pre-wrap; font-size: .8rem; color: #80776a; }}
</style>
<h1>A year of {name}</h1>
<p>{name} does not exist, and neither do these answers. The questions, their order, the reflections and the pictures
are what the bot would send.</p>
{body}
</html>
"""


def almanac(year: Year) -> str:
    """The whole page."""
    quarters = {view.last: view for view in year.views()}
    parts: list[str] = []
    for week in range(WEEKS):
        first = BEGINS + timedelta(weeks=week)
        parts += _week(year, week, first)
        view = quarters.get(first + timedelta(days=6))
        parts += _view(year, view) if view else []
    return FRAME.format(name=escape(year.manner.name), body="\n".join(parts))


def _week(year: Year, week: int, first: date) -> Iterator[str]:
    days = [first + timedelta(days=step) for step in range(7)]
    yield f"<h2>Week {week + 1}, {tongue().words.span(days[0], days[-1])}</h2>"
    for day in days:
        yield from (_day(one) for one in year.days if one.day == day)
        yield from (_letter(letter) for sent, letter in year.letters if sent == day)


def _day(day: Day) -> str:
    words = tongue().words
    if day.kind is Kind.GOODBYE or day.asked is None:
        return f'<div class="day"><small>{words.day(day.day)}</small><p>{words.say("goodbye")}</p></div>'
    prompts = [tongue().library.prompts[name] for name in day.asked.shown]
    asked = "".join(f'<p class="asked">{one.ask}</p>' for one in prompts)
    lighter = f'<p class="asked lighter">{prompts[0].lighter}</p>' if day.asked.swaps else ""
    taps = " · ".join(escape(tap.say) for tap in prompts[-1].taps)
    about = f"{words.day(day.day)} · {prompts[-1].theme}, {prompts[-1].depth}{', gentle' * prompts[-1].gentle}"
    left = '<p class="fits">Not today</p>' if day.asked.declined else ""
    told = "".join(_reply(reply.text, reply.marks.confirmed) for reply in day.replies)
    return f'<div class="day"><small>{about}</small>{asked}{lighter}<span class="taps">{taps}</span>{told}{left}</div>'


def _reply(text: str, confirmed: tuple[str, ...]) -> str:
    names = ", ".join(tongue().library.patterns[name].chip for name in confirmed)
    fits = f' <span class="fits">{escape(names)}</span>' if names else ""
    return f'<p class="told">{escape(text)}{fits}</p>'


def _letter(letter: Reflection) -> str:
    words = tongue().words
    written = any(day.written for day in letter.days)
    picture = _figure(draw_week(week_picture(words, letter)), caption_of(words, letter)) if written else ""
    return f'{picture}<div class="letter">{letter.text}</div>'


def _view(year: Year, view: LongView) -> Iterator[str]:
    words = tongue().words
    if view.growth or view.withdrawal:
        yield _figure(draw_months(drawn(words, view)), months_caption(words, view))
    yield f'<div class="letter">{overview(words, year.person, view).text}</div>'
    replies = year.replies_of(view.first, view.last)
    for course in (*view.growth[:1], *view.withdrawal[:1]):
        yield f'<div class="letter">{page_of(words, year.person, replies, course.pattern).text}</div>'


def _figure(png: bytes, caption: str) -> str:
    data = b64encode(png).decode()
    return f'<figure><img alt="" src="data:image/png;base64,{data}"><figcaption>{caption}</figcaption></figure>'


def main(arguments: list[str]) -> int:
    """Writes the page."""
    name = arguments[1] if len(arguments) > 1 else PEOPLE[0].name
    manner = next(one for one in PEOPLE if one.name == name)
    Path(arguments[0]).write_text(almanac(live(manner)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
