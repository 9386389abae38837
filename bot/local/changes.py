"""Telling everybody who waits that something happened: a condition that plain functions can notify."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wakes every waiter on `tell()`; holds no state of what changed."""

    def __init__(self) -> None:
        self._next: asyncio.Future[None] | None = None

    def tell(self) -> None:
        """Wake all who wait now."""
        if self._next is not None and not self._next.done():
            self._next.set_result(None)
        self._next = None

    async def next(self) -> None:
        """Return after the next `tell()`."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._next)

    async def until(self, look: Callable[[], T | None], within: float) -> T:
        """The first truthy answer of `look`, asked now and after each change; TimeoutError."""
        async with asyncio.timeout(within):
            while not (found := look()):
                await self.next()
        return found
