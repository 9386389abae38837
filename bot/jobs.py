"""APScheduler's few ticks: questions due, reflections due, what dead workers held, upkeep. Never a job per person."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import NearerError
from bot.journeys.kit import Kit
from bot.journeys.operating import send_due_notices
from bot.journeys.prompting import send_due_questions
from bot.journeys.reflecting import send_due_reflections

#: Numbers of handled updates are remembered for so long; Telegram keeps none longer than a day.
UPDATES_REMEMBERED = timedelta(days=3)

#: Whoever joins others waits until each of them has taken the smaller part.
JOINING_S = 3.0

log = structlog.get_logger()


class Ticks:
    """The scheduler and its jobs. A job that dies of anything but trouble that is known ends `failed`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._under_way = 0
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        """Starts ticking, at whole seconds: that is when things fall due."""
        whole = datetime.now(UTC).replace(microsecond=0)
        for seconds, do in (
            (1, self.questions),
            (1, self.reflections),
            (5, self.notices),
            (2, self.alive),
            (3, self.orphans),
            (3600, self.upkeep),
        ):
            self._scheduler.add_job(
                self._supervised(do),
                "interval",
                seconds=seconds,
                start_date=whole,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """No further tick; those under way go on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    @property
    def idle(self) -> bool:
        """Whether no tick is under way and every answer has come."""
        return self._under_way == 0 and self._kit.outbox.idle

    async def everything(self) -> int:
        """All that is due now, once, settled; returns how many deliveries left."""
        left = await self.questions() + await self.reflections() + await self.notices()
        await self._kit.outbox.empty()
        return left

    async def questions(self) -> int:
        """Questions due."""
        return await send_due_questions(self._kit)

    async def reflections(self) -> int:
        """Reflections due."""
        return await send_due_reflections(self._kit)

    async def notices(self) -> int:
        """Service notices on their way."""
        return await send_due_notices(self._kit)

    async def alive(self) -> int:
        """Says that this worker lives, by the machine's own clock: a demo's clock may travel, a lease may not.

        Takes its part of the pace; returns how many share it.
        """
        async with self._kit.store.write() as work:
            await work.facts.worker_lives(self._kit.worker, datetime.now(UTC))
            await work.facts.bury_workers(datetime.now(UTC))
            living = await work.facts.living()
        self._kit.pace.share(max(1, living))
        return living

    async def orphans(self) -> int:
        """Gives up what dead workers held (D9)."""
        async with self._kit.store.write() as work:
            # Whoever is this far is alive: what it holds itself is nobody's orphan.
            await work.facts.worker_lives(self._kit.worker, datetime.now(UTC))
            freed = await work.deliveries.free_orphans(self._kit.now())
        if freed:
            log.warning("deliveries.orphaned", count=freed)
        return freed

    async def upkeep(self) -> None:
        """Forgets the numbers of updates handled long ago."""
        async with self._kit.store.write() as work:
            await work.inbox.tidy(self._kit.now() - UPDATES_REMEMBERED)

    async def leave(self) -> None:
        """Ends in good order: what this worker still held is free for the next at once."""
        async with self._kit.store.write() as work:
            await work.facts.worker_leaves(self._kit.worker)

    def _supervised(self, do: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def tick() -> None:
            self._under_way += 1
            try:
                await do()
            except NearerError as trouble:
                log.error("tick.trouble", tick=do.__name__, reason=str(trouble))
            except Exception as error:  # noqa: BLE001 - a dead tick must stop the process loudly
                if not self.failed.done():
                    self.failed.set_exception(error)
            finally:
                self._under_way -= 1

        return tick
