"""When the next question and the next reflection come, and when they would come too late.

Only thinks, and is given `now`. The local date of a question is chosen here and stored, never derived from
its moment: where a spring gap ends at midnight, a derived date would lose a question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from bot.domain.localtime import day_exists, instant, local_day
from bot.domain.records import EVERY_DAY, Kind
from bot.domain.week import Week

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

#: A question this late no longer belongs to its hour; the day is left alone (D2).
QUESTION_TOO_LATE = timedelta(hours=2)
#: A reflection tells of a whole week and loses little in a weekend's outage; after two days the next one is
#: nearer to what it would say (D2).
REFLECTION_TOO_LATE = timedelta(hours=48)
#: A goodbye is an ending, bound to no hour; it keeps the patience of a reflection, so that an outage does
#: not turn it into silence without a word (D6).
GOODBYE_TOO_LATE = REFLECTION_TOO_LATE
#: A service notice ("closed on Friday") is news for about as long.
NOTICE_TOO_LATE = REFLECTION_TOO_LATE
TOO_LATE: Mapping[Kind, timedelta] = MappingProxyType(
    {
        Kind.QUESTION: QUESTION_TOO_LATE,
        Kind.REFLECTION: REFLECTION_TOO_LATE,
        Kind.GOODBYE: GOODBYE_TOO_LATE,
        Kind.NOTICE: NOTICE_TOO_LATE,
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """A moment (aware UTC), and the local day that what is sent then belongs to."""

    at: datetime
    day: date


def question_instant(day: date, wall: time, zone: str, day_start: time) -> datetime:
    """The moment of the question of the local day `day`, which runs from day start to day start.

    A wall clock before the day's start is that of the small hours, a calendar day later.
    """
    return instant(day if wall >= day_start else day + DAY, wall, zone)


def next_question(
    now: datetime,
    *,
    zone: str,
    wall: time,
    day_start: time,
    weekdays: frozenset[int],
    every: int,
    last_day: date | None,
) -> Due:
    """The first question after `now`: on one of `weekdays` (Monday is 0) of its local day.

    At least `every` days after `last_day`, the day of the last question, whatever was set since; so no day
    has two, and a day that the zone leaves out has none. Raises ValueError for no weekday or `every` below 1.
    """
    if not weekdays & EVERY_DAY or every < 1:
        raise ValueError(f"no day can be found for the weekdays {sorted(weekdays)}, every {every} days")
    day = local_day(now, zone, day_start)
    if last_day is not None:
        day = max(day, last_day + every * DAY)
    while True:
        at = question_instant(day, wall, zone, day_start)
        if at > now and day.weekday() in weekdays and day_exists(day, zone):
            return Due(at, day)
        day += DAY


def next_reflection(
    now: datetime, *, zone: str, weekday: int, wall: time, day_start: time, last_day: date | None
) -> Due:
    """The first reflection after `now`, on a local day that is a `weekday` (Monday is 0) after `last_day`."""
    day = local_day(now, zone, day_start)
    if last_day is not None:
        day = max(day, last_day + DAY)
    day += (weekday - day.weekday()) % 7 * DAY
    while (at := question_instant(day, wall, zone, day_start)) <= now:
        day += WEEK
    return Due(at, day)


def week_before(day: date) -> Week:
    """The week that a reflection on the local day `day` tells of: the seven days before it (D5)."""
    return Week.ending(day - DAY)


def too_late(kind: Kind, due_at: datetime, now: datetime) -> bool:
    """Whether what was due at `due_at` is to be let go in silence (D2)."""
    return now - due_at > TOO_LATE[kind]
