"""Local time reckoned apart from the bot: the standard library's zoneinfo over the same zone data, none of its code.

What a day, a question's moment and the rhythm are stands in shared rules D1 to D6; here they are written a second time.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import pytz

DAY = timedelta(days=1)
#: A day begins at four, for everybody in the soak.
DAY_START = time(4, 0)
_DATA = Path(pytz.__file__).parent / "zoneinfo"


@lru_cache
def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone from the data files that the bot has too: only the code differs."""
    with (_DATA / name).open("rb") as file:
        return zoneinfo.ZoneInfo.from_file(file, key=name)


@lru_cache(maxsize=200_000)
def moment(day: date, wall: time, zone: str) -> datetime:
    """When a clock there first shows this, or, where a gap skips it, the first moment after the gap (D4)."""
    place = zone_of(zone)
    first = datetime.combine(day, wall, place)
    at = first.astimezone(UTC)
    if at.astimezone(place).replace(tzinfo=None) == datetime.combine(day, wall):
        return at
    before, after = first.replace(fold=1).astimezone(UTC), at
    low, high = min(before, after) - timedelta(hours=3), max(before, after) + timedelta(hours=3)
    offset = low.astimezone(place).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(place).utcoffset() == offset else (low, middle)
    return high.replace(microsecond=0)


def question_moment(day: date, wall: time, zone: str) -> datetime:
    """The question of a day that runs from four to four."""
    return moment(day if wall >= DAY_START else day + DAY, wall, zone)


def day_of(at: datetime, zone: str) -> date:
    """The local day of a moment: that which began last (D1)."""
    guess = at.astimezone(zone_of(zone)).date()
    return max(day for day in (guess - DAY, guess, guess + DAY) if moment(day, DAY_START, zone) <= at)


def days_apart(unanswered: int, chosen: int) -> int | None:
    """The rhythm (D6): daily for five, every other day for four, weekly for three, a goodbye, silence."""
    if unanswered > 12:
        return None
    return max(chosen, 1 if unanswered < 5 else 2 if unanswered < 9 else 7)
