"""What follows replies, for good: hears what waits to be heard, asks what waits to be asked. Knows not what it says."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

import structlog

from bot.domain.errors import StorageTrouble
from bot.domain.records import Follows
from bot.journeys.following import UNASKED, UNHEARD, ask_some, care_for_some, hear_some
from bot.journeys.kit import Kit

#: So often this process looks for what another one kept, or what a dead one left.
LOOK_EVERY_S = 1.0

log = structlog.get_logger()


@dataclass(slots=True)
class Follower:
    """Works off what follows replies, behind everything else."""

    kit: Kit
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _at_work: int = 0
    _ending: bool = False

    async def work(self) -> None:
        """Hears and asks, each in its own time, until it is told to stop."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._go_on(self._hear, UNHEARD, self.kit.follows))
            parts.create_task(self._go_on(self._ask, UNASKED, self._heard))

    def stop(self) -> None:
        """No further batch; what waits is durably marked and waits for the next start."""
        self._ending = True
        self.kit.follows.set()
        self._heard.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is being heard or asked, and nothing was just kept that is to be."""
        told = self.kit.follows.is_set() or self._heard.is_set()
        return self._at_work == 0 and (self._ending or not told)

    async def drain(self) -> None:
        """Hears and asks all that waits now."""
        while await self._hear() or await self._ask():
            pass

    async def _go_on(
        self, some: Callable[[], Awaitable[int]], waiting: Collection[Follows], told: asyncio.Event
    ) -> None:
        while not self._ending:
            self._at_work += 1
            told.clear()
            try:
                while not self._ending and await self._any(waiting) and await some():
                    pass
            except StorageTrouble as trouble:
                log.error("following.trouble", reason=str(trouble))
            finally:
                self._at_work -= 1
            try:
                await asyncio.wait_for(told.wait(), LOOK_EVERY_S)
            except TimeoutError:
                continue

    async def _any(self, waiting: Collection[Follows]) -> bool:
        """A look that writes nothing."""
        async with self.kit.store.read() as work:
            return await work.following.any_free(waiting)

    async def _hear(self) -> int:
        followed = await hear_some(self.kit)
        for reply in followed.unheard:
            log.error("reply.not_heard", reply=reply)
        if followed.taken:
            self._heard.set()
        return followed.taken

    async def _ask(self) -> int:
        return await care_for_some(self.kit) + await ask_some(self.kit)
