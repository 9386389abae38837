"""APScheduler's few ticks: questions due, reflections due, what dead workers held, upkeep. Never a job per person."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import NearerError
from bot.journeys.choosing import choose_ahead
from bot.journeys.forgetting import forget_expired
from bot.journeys.kit import Kit
from bot.journeys.operating import send_due_notices
from bot.journeys.prompting import send_due_questions
from bot.journeys.reflecting import send_due_reflections

#: Numbers of handled updates are remembered for so long; Telegram keeps none longer than a day.
UPDATES_REMEMBERED = timedelta(days=3)

#: Whoever joins others waits until each of them has taken the smaller part.
JOINING_S = 3.0

#: Objects made before the young are looked through. What a batch makes is gone soon; 700, the usual, looks at
#: each of them while it is still in use, and took a tenth of all time.
YOUNG = 5_000

log = structlog.get_logger()


def sound_alarm(reason: str) -> None:
    """What only the operator can mend, in a sentence."""
    log.error("operator.needed", reason=reason)


def spare_the_collector() -> None:
    """Sets aside what was made at the start and stays, so that no later collection looks through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


class Ticks:
    """The scheduler and its jobs. A job that dies of anything but trouble that is known ends `failed`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._under_way = 0
        self._alone = True
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        """Starts ticking, at whole seconds: that is when things fall due."""
        whole = datetime.now(UTC).replace(microsecond=0)
        for seconds, do in (
            (1, self.questions),
            (1, self.reflections),
            (10, self.choices),
            (5, self.notices),
            (2, self.alive),
            (1, self.pauses),
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
        spare_the_collector()
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

    async def choices(self) -> int:
        """Prompts of the questions that are due soon."""
        return await choose_ahead(self._kit)

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
        self._alone = living <= 1
        return living

    async def pauses(self) -> None:
        """What Telegram tells one process to wait (429), all of them wait: the limit is the bot's."""
        if self._alone:
            return
        now, mine = datetime.now(UTC), self._kit.pace.paused_for()
        async with self._kit.store.read() as work:
            known = await work.facts.paused_until()
        told = (known - now).total_seconds() if known is not None else 0.0
        if mine > told + 1:
            async with self._kit.store.write() as work:
                await work.facts.pause_until(now + timedelta(seconds=mine))
        elif told > mine:
            self._kit.pace.pause(told)

    async def orphans(self) -> int:
        """Gives up what dead workers held (D9), and what this one claimed and could not make ready."""
        async with self._kit.store.write() as work:
            # Whoever is this far is alive: what it holds itself is nobody's orphan.
            await work.facts.worker_lives(self._kit.worker, datetime.now(UTC))
            freed = await work.deliveries.free_orphans(self._kit.now())
            if self._kit.outbox.empty_handed:
                freed += await work.deliveries.free_forgotten(self._kit.worker, self._kit.now())
            await work.inbox.free_orphans()
            await work.following.free_orphans()
        if freed:
            log.warning("deliveries.orphaned", count=freed)
        return freed

    async def upkeep(self) -> None:
        """Forgets what has lain long enough: the numbers of updates handled, old answers, who is out of reach."""
        async with self._kit.store.write() as work:
            await work.inbox.tidy(self._kit.now() - UPDATES_REMEMBERED)
        forgotten = await forget_expired(self._kit)
        if forgotten:
            log.info("forgotten", **forgotten)

    async def leave(self) -> None:
        """Ends in good order: what this worker still held is free for the next at once."""
        async with self._kit.store.write() as work:
            await work.facts.worker_leaves(self._kit.worker)
            await work.inbox.free_orphans()
            await work.following.free_orphans()

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
