"""Draws in another process: the renderer holds the interpreter's lock, and a Sunday evening has thousands."""

import asyncio
from concurrent.futures import Executor

from bot.chart import WeekPicture, draw_week


class Drawing:
    """Draws on an executor; that of an app is a process pool."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def week(self, picture: WeekPicture) -> bytes:
        """A week as PNG."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, draw_week, picture)
