"""An event loop whose seconds are shorter than the machine's: every pause and timeout passes so many times as fast."""

import asyncio
import selectors
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _QuickSelector(selectors.DefaultSelector):
    """Waits for a part of the time that it is asked to."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout if timeout is None else timeout / self._speed)


class QuickLoop(asyncio.SelectorEventLoop):
    """`speed` of its seconds pass in one of the machine's."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        super().__init__(_QuickSelector(speed))

    def time(self) -> float:
        """The loop's own seconds."""
        return time.monotonic() * self._speed


def run_quickly(work: Coroutine[Any, Any, T], speed: float) -> T:
    """Runs to the end on such a loop."""
    with asyncio.Runner(loop_factory=lambda: QuickLoop(speed)) as runner:
        return runner.run(work)
