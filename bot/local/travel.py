"""Moving the bot's time from the page: one journey at a time, its progress told to every page."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.local.clock import TravellingClock

Json = dict[str, Any]
Travel = Callable[[datetime], Awaitable[None]]
_TOLD_EVERY = 0.25


class Traveller:
    """Carries the clock to a moment by `travel`, and says where it is meanwhile."""

    def __init__(self, clock: TravellingClock, travel: Travel, tell: Callable[[Json], None]) -> None:
        self._clock, self._travel, self._tell = clock, travel, tell
        self._task: asyncio.Task[None] | None = None
        self._goal: tuple[datetime, datetime] | None = None

    @property
    def under_way(self) -> bool:
        """True while a journey is not at its end."""
        return self._goal is not None

    def set_out(self, moment: datetime) -> None:
        """Begin a journey. ValueError for one into the past, RuntimeError while another is under way."""
        if self._goal is not None:
            raise RuntimeError("already travelling")
        if moment <= self._clock.now():
            raise ValueError("time goes forward only")
        self._goal = (self._clock.now(), moment)
        self._task = asyncio.create_task(self._go(moment))

    async def close(self) -> None:
        """Break off."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def where(self) -> Json:
        """The clock for the page: now, whether it stands, and the journey's beginning and goal."""
        place: Json = {"now": self._clock.now().timestamp() * 1000, "standing": self._clock.stands}
        if self._goal is not None:
            place["from"], place["to"] = (moment.timestamp() * 1000 for moment in self._goal)
        return place

    async def _go(self, moment: datetime) -> None:
        telling = asyncio.create_task(self._keep_telling())
        try:
            await self._travel(moment)
        finally:
            telling.cancel()
            self._goal = None
            self._tell({"what": "clock", "clock": self.where()})

    async def _keep_telling(self) -> None:
        while True:
            self._tell({"what": "clock", "clock": self.where()})
            await asyncio.sleep(_TOLD_EVERY)
