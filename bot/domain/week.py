"""Seven local days, as a reflection tells of them (D5)."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Week:
    """Seven local days, both ends inside; anything else is a ValueError."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last - self.first != timedelta(days=6):
            raise ValueError(f"a week has seven days, not {self.first} to {self.last}")

    @classmethod
    def ending(cls, last: date) -> "Week":
        """The week whose last day is `last`."""
        return cls(last - timedelta(days=6), last)

    @property
    def before(self) -> "Week":
        """The seven days before these."""
        return Week.ending(self.first - timedelta(days=1))

    @property
    def days(self) -> tuple[date, ...]:
        """All seven, in order."""
        return tuple(self.first + timedelta(days=step) for step in range(7))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last
