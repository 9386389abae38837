"""An event loop on which nothing is waited for: where nothing else can run, its clock leaps to the next timer."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _NoWaiting(selectors.DefaultSelector):
    """Looks, and lets time pass instead of waiting; `late(n)` is how late the n-th timer is by a busy machine."""

    def __init__(self, late: Callable[[int], float]) -> None:
        super().__init__()
        self.now = 1000.0
        self._late = late
        self._waits = 0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise AssertionError("everything waits and no timer is set: this would hang")
        if timeout > 0:
            self.now += timeout + self._late(self._waits)
            self._waits += 1
        return super().select(0)


class LeapingLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop on a clock of its own."""

    def __init__(self, late: Callable[[int], float]) -> None:
        self._passing = _NoWaiting(late)
        super().__init__(self._passing)

    def time(self) -> float:
        """Seconds since this loop's beginning, plus a thousand."""
        return self._passing.now


def leap(work: Coroutine[Any, Any, T], *, late: Callable[[int], float] = lambda _wait: 0.0) -> T:
    """Runs to the end in no time."""
    with asyncio.Runner(loop_factory=lambda: LeapingLoop(late)) as runner:
        return runner.run(work)
