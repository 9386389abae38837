"""Several real processes on one PostgreSQL share the work and the pace; one is killed, and nobody is asked twice."""

import asyncio
import os
import signal
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time

from bot.domain.agenda import with_next
from bot.domain.records import Kind, Mind, Preferences, Stage, State, Subscriber
from bot.local.pace import Pace
from bot.local.telegram import LocalTelegram
from bot.storage.address import read_address
from bot.storage.sealing import Sealer, new_key, read_keys
from bot.storage.store import Store, make_engine
from tests.databases import Postgres

PEOPLE = 400


class Workers:
    """Processes of one operator."""

    def __init__(self, url: str, telegram: LocalTelegram) -> None:
        key = new_key()
        self.store = Store(make_engine(read_address(url)), Sealer(read_keys(key)))
        self._environment = {
            "PATH": os.environ["PATH"],
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            "NEARER_KEY": key,
            "DATABASE_URL": url,
        }
        self.running: list[asyncio.subprocess.Process] = []

    async def start(self) -> None:
        self.running.append(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "worker", env=self._environment, stderr=asyncio.subprocess.DEVNULL
            )
        )

    async def until_alive(self, count: int) -> None:
        async with asyncio.timeout(60):
            while await self._living() < count:  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # another process changes the database

    async def _living(self) -> int:
        async with self.store.read() as work:
            return await work.facts.living()

    async def everybody_due(self) -> None:
        now = datetime.now(UTC)
        usual = Subscriber(0, 0, Stage.ACTIVE, Preferences(zone="UTC", ask_at=time(12)), Mind(), now, consented_at=now)
        due = replace(with_next(usual, now), question_due_at=now, question_day=now.date())
        async with self.store.write() as work:
            await work.subscribers.add_alike(due, 1_000, PEOPLE)

    async def end(self) -> None:
        for process in self.running:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        await asyncio.gather(*(process.wait() for process in self.running))
        await self.store.close()


async def test_two_workers_share_the_pace_and_when_one_is_killed_the_other_takes_over(postgres: Postgres) -> None:
    url = postgres.migrated()
    async with LocalTelegram(pace=Pace(rate=30.0, burst=15.0), open_to_all=True) as telegram:
        workers = Workers(url, telegram)
        await workers.start()
        await workers.start()
        await workers.until_alive(2)
        await workers.everybody_due()
        await telegram.record_shows("sendMessage", PEOPLE // 4, within=60)
        workers.running[0].kill()
        async with asyncio.timeout(90):
            while len(telegram.record.delivered()) < PEOPLE - 20 or await under_way(workers.store):  # noqa: ASYNC110
                await asyncio.sleep(0.2)  # another process changes the database
        async with workers.store.read() as work:
            states = await work.deliveries.counts()
        await workers.end()
    postgres.drop(url)
    asked = Counter(call.chat_id for call in telegram.record.delivered())
    unknown = states.get((Kind.QUESTION, State.UNKNOWN), 0)
    assert set(asked.values()) == {1}
    assert PEOPLE - unknown <= len(asked) <= PEOPLE
    assert not [call for call in telegram.record.calls("sendMessage") if "Too Many" in call.outcome]
    assert states[Kind.QUESTION, State.SENT] + unknown == PEOPLE


async def under_way(store: Store) -> bool:
    """Whether anything is still to be sent or settled."""
    async with store.read() as work:
        counts = await work.deliveries.counts()
    settled = sum(count for (_, state), count in counts.items() if state in (State.SENT, State.UNKNOWN))
    return settled < PEOPLE
