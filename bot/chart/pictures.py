"""What a drawing is made from: seven days or thirteen weeks, and the names that go beside them.

Every word comes in from outside, in the language of the person; nothing here knows a name.
"""

from dataclasses import dataclass

from bot.domain.library import GROWTH_IDS

#: A reflection names no more than two patterns of stepping back (W3), and there are three of staying.
MOST_WITHDRAWAL = 2
#: Three months have room for three lines of hills.
MOST_WITHDRAWAL_IN_MONTHS = 3
DAYS = 7
WEEKS = 13


@dataclass(frozen=True, slots=True)
class DayPicture:
    """One local day: its short weekday, whether anything was written, the pattern ids that came."""

    label: str
    written: bool
    patterns: tuple[str, ...]
    growth: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A pattern that the drawing shows, and its name."""

    pattern: str
    name: str


@dataclass(frozen=True, slots=True)
class WeekPicture:
    """A week, oldest day first. What a day has and `legend` does not name is not drawn (W3).

    Raises ValueError unless there are seven days and `legend` names at most two withdrawal patterns.
    """

    title: str
    days: tuple[DayPicture, ...]
    legend: tuple[LegendLine, ...]

    def __post_init__(self) -> None:
        if len(self.days) != DAYS:
            raise ValueError(f"a week has {DAYS} days, not {len(self.days)}")
        _check_room([line.pattern for line in self.legend], MOST_WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class MonthStart:
    """A month's short name, at the week (0 to 12) in which it begins."""

    label: str
    week: int


@dataclass(frozen=True, slots=True)
class MonthsLine:
    """A pattern over thirteen weeks, oldest first: in each, the number of days on which it came (0 to 7)."""

    pattern: str
    name: str
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MonthsPicture:
    """Three months at a glance; `lines` in the order of the legend, at most three of them withdrawal.

    Raises ValueError when there are more, or a line does not have thirteen weeks.
    """

    title: str
    months: tuple[MonthStart, ...]
    lines: tuple[MonthsLine, ...]

    def __post_init__(self) -> None:
        _check_room([line.pattern for line in self.lines], MOST_WITHDRAWAL_IN_MONTHS)
        for line in self.lines:
            if len(line.days) != WEEKS or not all(0 <= count <= DAYS for count in line.days):
                raise ValueError(f"{line.pattern}: thirteen weeks of 0 to 7 days are needed")


def is_growth(pattern: str) -> bool:
    """Whether a pattern is drawn as light."""
    return pattern in GROWTH_IDS


def _check_room(patterns: list[str], most: int) -> None:
    if len(set(patterns)) != len(patterns):
        raise ValueError("a pattern is named twice")
    if sum(not is_growth(one) for one in patterns) > most:
        raise ValueError(f"there is room for {most} withdrawal patterns")
