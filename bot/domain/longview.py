"""Three months at a glance, by counting: on which days a pattern came, and whether on more or fewer of late.

Says nothing of why; what is made of it in words is the journey's task.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain import evidence
from bot.domain.evidence import DAYS_TO_NAME, Entry, Sighting
from bot.domain.library import GROWTH_IDS, WITHDRAWAL_IDS

WEEKS = 13
#: "Of late" is the last six weeks; the seven before them are what they are held against.
LATELY = timedelta(weeks=6)
#: So many patterns of stepping back are enough for one look; those on the most days.
MOST_WITHDRAWAL = 5
#: More or fewer is said only where both halves have so many days with an answer ...
DAYS_TO_COMPARE = 8
#: ... and the difference is of so many days, and by half.
DAYS_APART, BY_HALF = 2, 1.5


class Movement(StrEnum):
    """How a pattern went: on more days lately, on fewer, again and again, or on a few days in one week."""

    MORE = "more"
    LESS = "less"
    AGAIN = "again"
    FEW = "few"


@dataclass(frozen=True, slots=True)
class Course:
    """A pattern's way through the weeks. `days` are distinct and in order; `earlier` and `lately` count them."""

    pattern: str
    days: tuple[date, ...]
    weeks: tuple[int, ...]
    earlier: int
    lately: int
    movement: Movement


@dataclass(frozen=True, slots=True)
class LongView:
    """Thirteen weeks up to and with `last`. `turn` is the first day of the later half."""

    first: date
    last: date
    turn: date
    written: int
    growth: tuple[Course, ...]
    withdrawal: tuple[Course, ...]


def began(last: date) -> date:
    """The first of the thirteen weeks' days that end with `last`."""
    return last - timedelta(weeks=WEEKS) + timedelta(days=1)


def look_back(entries: Sequence[Entry], *, last: date, muted: frozenset[str], doubted: frozenset[str]) -> LongView:
    """Counts; `muted` patterns are left out, `doubted` ones need a tap. Withdrawal needs two distinct days (W3)."""
    first, turn = began(last), last - LATELY + timedelta(days=1)
    within = [entry for entry in entries if first <= entry.day <= last]
    written = evidence.days_written(within)
    halves = (sum(day < turn for day in written), sum(day >= turn for day in written))
    grown = evidence.sightings(within, GROWTH_IDS, muted=muted, doubted=doubted)
    back = evidence.sightings(within, WITHDRAWAL_IDS, muted=muted, doubted=doubted)
    enough = sorted((seen for seen in back if len(seen.days) >= DAYS_TO_NAME), key=lambda seen: -len(seen.days))
    return LongView(
        first,
        last,
        turn,
        len(written),
        tuple(_course(seen, first, turn, halves) for seen in grown),
        tuple(_course(seen, first, turn, halves) for seen in enough[:MOST_WITHDRAWAL]),
    )


def _course(seen: Sighting, first: date, turn: date, written: tuple[int, int]) -> Course:
    weeks = [0] * WEEKS
    for day in seen.days:
        weeks[(day - first).days // 7] += 1
    earlier = sum(day < turn for day in seen.days)
    lately = len(seen.days) - earlier
    movement = _movement((earlier, lately), written) or (Movement.AGAIN if sum(map(bool, weeks)) > 1 else Movement.FEW)
    return Course(seen.pattern, seen.days, tuple(weeks), earlier, lately, movement)


def _movement(days: tuple[int, int], written: tuple[int, int]) -> Movement | None:
    """More or fewer, as days and as a share of the days with an answer: who writes more shows more of everything."""
    if min(written) < DAYS_TO_COMPARE:
        return None
    earlier, lately = days
    shares = (earlier / written[0], lately / written[1])
    if lately - earlier >= DAYS_APART and shares[1] >= BY_HALF * shares[0]:
        return Movement.MORE
    if earlier - lately >= DAYS_APART and shares[0] >= BY_HALF * shares[1]:
        return Movement.LESS
    return None
