"""One soak from an empty database to its findings."""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.console.seed import FIRST_CHAT
from bot.domain.agenda import with_next
from bot.domain.records import Mind, Preferences, Stage, Subscriber
from bot.local.clock import TravellingClock
from bot.local.faults import Faults
from bot.local.telegram import LocalTelegram
from tests.databases import Postgres, migrate, open_store
from tests.soak.audit import Audit, Findings, bad_words, read_ledger
from tests.soak.bot import TOKEN
from tests.soak.conductor import Conductor
from tests.soak.crowd import Crowd
from tests.soak.machine import Machine
from tests.soak.people import Somebody, Wishes, invent
from tests.soak.quick import run_quickly
from tests.soak.trouble import Trouble, plan

#: A leap day nine days on, the northern change of clocks in March, the southern one in April.
START = datetime(2028, 2, 20, 0, 0, tzinfo=UTC)
#: By chance, of all calls about a chat.
SHARES = Faults(bad_gateway=0.004, reset_after_accept=0.002, never_answered=0.0002)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a soak is asked for. `start`, `shares` and `once` (each trouble once) differ in the small form."""

    subscribers: int
    weeks: int
    seed: int
    database: str
    grid: timedelta
    speed: float
    start: datetime = START
    shares: Faults = SHARES
    once: bool = False
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it."""

    findings: Findings
    thrown: Counter[Trouble]
    steps: int
    noisy: int
    seconds: float


def soak(asked: Asked) -> Result:
    """Lives and audits one soak; raises Stuck where the bot came to no end."""
    began = time.monotonic()
    with _database(asked.database) as (url, server), tempfile.TemporaryDirectory() as folder:
        return run_quickly(_soak(asked, url, server, Path(folder) / "log", began), asked.speed)


@contextmanager
def _database(name: str) -> Iterator[tuple[str, Postgres | None]]:
    if name == "postgresql":
        server = Postgres()
        try:
            yield server.migrated(), server
        finally:
            server.stop()
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/nearer.db"
        migrate(url)
        yield url, None


async def _soak(asked: Asked, url: str, server: Postgres | None, log: Path, began: float) -> Result:
    people = invent(asked.subscribers, asked.seed, FIRST_CHAT)
    end = asked.start + timedelta(weeks=asked.weeks)
    await _seed(url, people, asked.start)
    clock = TravellingClock.standing_at(asked.start)
    faults = Faults(asked.shares.bad_gateway, asked.shares.reset_after_accept, asked.shares.never_answered, asked.seed)
    telegram = LocalTelegram(clock=clock, token=TOKEN, page=False, keep=60 * len(people), faults=faults)
    with log.open("wb") as writing:
        async with telegram, Machine(url, telegram.url, asked.speed, log.parent, writing) as machine:
            crowd = Crowd(telegram, people, end - timedelta(days=1))
            troubles = plan(asked.start, asked.weeks, asked.seed, once=asked.once)
            conductor = Conductor(telegram, crowd, machine, troubles, url, server, asked.grid, asked.speed, asked.seed)
            telling = asyncio.create_task(_tell(conductor)) if asked.loud else None
            try:
                await conductor.live(asked.start, end)
            except BaseException:
                sys.stderr.write(log.read_text()[-6000:])  # noqa: ASYNC240 - nothing else runs any more
                raise
            finally:
                if telling is not None:
                    telling.cancel()
    moved = {deed.value for deed in crowd.deeds if deed.what == "later"}
    ledger = await read_ledger(url, moved)
    told = log.read_text()  # noqa: ASYNC240 - as above
    audit = Audit(crowd, conductor.steps, telegram.record, ledger, asked.start, told.count("update.fault"))
    findings = audit.all()
    findings.wrong += [f"unexplained: {name} ({findings.counts[name]})" for name in bad_words(findings.counts)]
    if findings.wrong and asked.loud:
        sys.stderr.write(told[-3000:])
    noisy = sum(not step.quiet for step in conductor.steps)
    return Result(findings, conductor.thrown, len(conductor.steps), noisy, time.monotonic() - began)


async def _tell(conductor: Conductor) -> None:
    while True:
        await asyncio.sleep(20 * conductor.speed)
        now, calls = conductor.telegram.clock.now(), len(conductor.telegram.record)
        sys.stderr.write(f"{now:%d %b %H:%M} {calls} calls, {len(conductor.crowd.deeds)} deeds\n")


async def _seed(url: str, people: Sequence[Somebody], now: datetime) -> None:
    store = open_store(url)
    async with store.write() as work:
        for who in people:
            if not who.habits.joins:
                await work.subscribers.add_alike(_subscriber(who.wishes, now), who.chat_id, 1)
    await store.close()


def _subscriber(wishes: Wishes, now: datetime) -> Subscriber:
    wanted = Preferences(
        zone=wishes.zone,
        ask_at=wishes.wall,
        weekdays=wishes.weekdays,
        every=wishes.every,
        reflect_weekday=wishes.reflect_weekday,
        reflect_at=wishes.reflect_at,
    )
    return with_next(Subscriber(0, 0, Stage.ACTIVE, wanted, Mind(), now, consented_at=now), now)
