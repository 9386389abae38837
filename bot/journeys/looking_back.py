"""/patterns: three months at a glance, drawn and told by counting, with the way to each pattern's page."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.chart import MonthsLine, MonthsPicture, MonthStart
from bot.chart.pictures import MOST_WITHDRAWAL_IN_MONTHS
from bot.domain.longview import WEEKS, Course, LongView, Movement, look_back
from bot.domain.records import Reply, Subscriber, Verdict
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Picture
from bot.journeys.pages import latest_replies, message, page_button, today
from bot.journeys.reflecting import entries_of
from bot.words import Words

#: What the button of the patterns left out carries.
LEFT_OUT = "m"
#: A month that ends sooner than this many weeks into the picture has no room for its name.
ROOM = 2


async def long_view(kit: Kit, person: Subscriber) -> LongView:
    """Three months up to today, counted."""
    return view_of(person, await latest_replies(kit, person), today(kit, person))


def view_of(person: Subscriber, replies: Sequence[Reply], last: date) -> LongView:
    """Three months up to a local day; what a person said of a pattern holds (W5)."""
    said = person.mind.verdicts
    return look_back(
        entries_of(replies, person),
        last=last,
        muted=frozenset(name for name, verdict in said.items() if verdict == Verdict.MUTED),
        doubted=frozenset(name for name, verdict in said.items() if verdict == Verdict.NOT_QUITE),
    )


async def months_picture(kit: Kit, person: Subscriber, view: LongView) -> Picture | None:
    """The three months drawn, with alt text as caption; None where there is nothing to draw."""
    if not _courses(view):
        return None
    words, wishes = kit.tongue_of(person).words, person.preferences
    png = await kit.painter.months(drawn(words, view), dark=wishes.picture == "dark")
    return Picture(png, months_caption(words, view), silent=True)


def drawn(words: Words, view: LongView) -> MonthsPicture:
    """What the drawing shows, in the words of one language."""
    starts = _months(view)
    months = tuple(MonthStart(words.month_short(day), week) for week, day in starts)
    shown = (*view.growth, *view.withdrawal[:MOST_WITHDRAWAL_IN_MONTHS])
    lines = tuple(MonthsLine(one.pattern, _name(words, one), one.weeks) for one in shown)
    return MonthsPicture(words.span(view.first, view.last), months, lines)


def _months(view: LongView) -> list[tuple[int, date]]:
    """The weeks with the first of a month, and a day of that month; the first week too where it has the room."""
    ends = [view.first + timedelta(weeks=week, days=6) for week in range(WEEKS)]
    turns = [(week, ends[week]) for week in range(1, WEEKS) if ends[week].month != ends[week - 1].month]
    return turns if turns[0][0] < ROOM else [(0, ends[0]), *turns]


def months_caption(words: Words, view: LongView) -> str:
    """The drawing for who cannot see it: each pattern's number of days from week to week."""
    lines = [words.say("months_alt")]
    hills = view.withdrawal[:MOST_WITHDRAWAL_IN_MONTHS]
    for key, group in (("months_light", view.growth), ("months_hills", hills)):
        lines += [words.say(key, name=_name(words, one), weeks=" ".join(map(str, one.weeks))) for one in group]
    return "\n".join(lines)


def overview(words: Words, person: Subscriber, view: LongView) -> Message:
    """What stayed close, what comes back, on fewer days or on more; a button to each pattern's page."""
    title = words.say("months", span=words.span(view.first, view.last))
    buttons = [(page_button(words, one.pattern),) for one in _courses(view)]
    if Verdict.MUTED in person.mind.verdicts.values():
        buttons.append((Button(words.say("months_muted_button"), f"p:{LEFT_OUT}"),))
    parts = [words.say("months_empty")]
    if _courses(view):
        parts = [
            words.say("months_written", days=days_told(words, view.written)),
            *_groups(words, view),
            words.say("months_open"),
        ]
    return message([title, *parts], tuple(buttons))


def _groups(words: Words, view: LongView) -> Iterator[str]:
    headings = {
        words.say("months_again"): Movement.AGAIN,
        words.say("months_less"): Movement.LESS,
        words.say("months_more"): Movement.MORE,
        words.say("months_few"): Movement.FEW,
    }
    if view.growth:
        yield _group(words, view, words.say("months_growth"), view.growth)
    for heading, movement in headings.items():
        if found := tuple(one for one in view.withdrawal if one.movement is movement):
            yield _group(words, view, heading, found)


def _group(words: Words, view: LongView, heading: str, courses: tuple[Course, ...]) -> str:
    return "\n".join([heading, *(_line(words, view, one) for one in courses)])


def _line(words: Words, view: LongView, one: Course) -> str:
    name = _name(words, one)
    if one.movement is Movement.MORE or (one.movement is Movement.LESS and one in view.withdrawal):
        earlier, lately = _days(words, one.earlier), _days(words, one.lately)
        return words.say("months_line_moved", name=name, earlier=earlier, lately=lately, turn=words.day(view.turn))
    number = sum(map(bool, one.weeks))
    weeks = words.say("months_weeks", count=number, number=words.count(number))
    latest = words.day(one.days[-1])
    return words.say("months_line", name=name, days=_days(words, len(one.days)), weeks=weeks, day=latest)


def _days(words: Words, count: int) -> str:
    return days_told(words, count) if count else words.say("months_days_none")


def days_told(words: Words, count: int) -> str:
    """ "one day", "three days"."""
    return words.say("months_days", count=count, number=words.count(count))


def _courses(view: LongView) -> tuple[Course, ...]:
    return (*view.growth, *view.withdrawal)


def _name(words: Words, one: Course) -> str:
    return words.library.patterns[one.pattern].name
