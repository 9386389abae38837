"""Draws in another process: the renderer holds the interpreter's lock, and a Sunday evening has thousands."""

import asyncio
from concurrent.futures import Executor
from functools import partial

from bot.chart import MonthsPicture, WeekPicture, draw_months, draw_week


class Drawing:
    """Draws on an executor; that of an app is a process pool."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def week(self, picture: WeekPicture, *, dark: bool) -> bytes:
        """A week as PNG."""
        return await self._run(partial(draw_week, picture, dark=dark))

    async def months(self, picture: MonthsPicture, *, dark: bool) -> bytes:
        """Three months as PNG."""
        return await self._run(partial(draw_months, picture, dark=dark))

    async def _run(self, draw: "partial[bytes]") -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._executor, draw)
