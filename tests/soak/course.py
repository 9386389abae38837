"""The stands of the clocks in one soak, and what can be asked of them afterwards."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Step:
    """One stand of the clocks. `quiet`: at its end all that was due or said was done. `seq`: the record's length."""

    true: datetime
    told: datetime
    quiet: bool
    seq: int


class Course:
    """The steps of the soak, asked when the bot's clock first reached a moment and when all was quiet."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.told = [step.told for step in steps]
        self._furthest = list(accumulate(self.told, max))
        self.quiet = [step.quiet for step in steps]
        after = len(steps)
        self.next_quiet = [after] * (len(steps) + 1)
        for number in range(len(steps) - 1, -1, -1):
            after = number if self.quiet[number] else after
            self.next_quiet[number] = after

    def __len__(self) -> int:
        return len(self.told)

    def reached(self, at: datetime, since: int) -> int:
        """The first step from `since` on at which the bot's clock is at `at` or later."""
        first = bisect_left(self._furthest, at)
        if first >= since:
            return first
        while since < len(self) and self.told[since] < at:
            since += 1
        return since

    def seen_to(self, at: datetime, since: int) -> int:
        """The first quiet step at which that is so."""
        step = self.reached(at, since)
        while step < len(self) and not (self.quiet[step] and self.told[step] >= at):
            step += 1
        return step
