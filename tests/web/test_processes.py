"""Real processes on one PostgreSQL: any of them takes an update in, and none is lost when one is told to end."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import asyncpg
import pytest

from bot.local.telegram import LocalTelegram
from bot.storage.address import read_address
from bot.storage.sealing import Sealer, new_key, read_keys
from bot.storage.store import Store, make_engine
from bot.web.webhook import SECRET_HEADER, path_of, secret_of
from tests.databases import Postgres
from tests.web.house import free_port
from tests.web.test_webhook import message

pytestmark = pytest.mark.timeout(300)

#: Starting takes some seconds on a loaded machine.
WITHIN_S = 60.0
#: What the operator is promised of an end.
ENDS_WITHIN_S = 10.0


@dataclass
class Machine:
    """Processes beside each other, each with a port of its own, and a look into their database."""

    telegram: LocalTelegram
    database: str
    key: str = field(default_factory=new_key)

    def __post_init__(self) -> None:
        self.store = Store(make_engine(read_address(self.database)), Sealer(read_keys(self.key)))
        self.secret = secret_of(self.telegram.token)
        self.path = path_of(self.telegram.token, self.secret)
        self.front = free_port()
        self.running: list[asyncio.subprocess.Process] = []

    async def start(self, command: str, port: int) -> asyncio.subprocess.Process:
        """Starts one and returns once it is alive."""
        environment = {
            "PATH": os.environ["PATH"],
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            "NEARER_KEY": self.key,
            "DATABASE_URL": self.database,
            "WEBHOOK_URL": f"http://127.0.0.1:{self.front}",
            "BIND": "127.0.0.1",
            "PORT": str(port),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", command, env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        self.running.append(process)
        async with asyncio.timeout(WITHIN_S):
            while await self.get(port, "/healthz") != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # another process is starting
        return process

    async def get(self, port: int, path: str) -> int:
        async with aiohttp.ClientSession() as session:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status
        return 0

    async def post(self, port: int, body: object) -> int:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"http://127.0.0.1:{port}{self.path}", json=body, headers={SECRET_HEADER: self.secret}
            ) as answer,
        ):
            return answer.status

    async def counts(self) -> dict[str, int]:
        async with self.store.read() as work:
            return await work.inbox.counts()

    async def until_counts(self, **wanted: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while await self.counts() != wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # other processes change the database

    async def end(self, process: asyncio.subprocess.Process) -> int:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(ENDS_WITHIN_S):
            return await process.wait()


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    url = postgres.migrated()
    yield url
    postgres.drop(url)


@asynccontextmanager
async def machine(database: str) -> AsyncIterator[Machine]:
    async with LocalTelegram(open_to_all=True) as telegram:
        opened = Machine(telegram, database)
        try:
            yield opened
        finally:
            for process in opened.running:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            await opened.store.close()


async def test_two_web_processes_and_a_worker_share_what_comes_in(database: str) -> None:
    async with machine(database) as running:
        second, third = free_port(), free_port()
        first, *_ = await asyncio.gather(
            running.start("web", running.front), running.start("web", second), running.start("worker", third)
        )
        assert {await running.get(port, "/readyz") for port in (running.front, second, third)} == {200}
        assert len(list(running.telegram.record.calls("setWebhook"))) >= 1
        both = [(running.front, 2), (second, 4), (second, 2), (running.front, 6)]
        assert [await running.post(port, message(number, "/help", number)) for port, number in both] == [200] * 4
        await running.until_counts(done=3)
        assert await running.end(first) == 0
        assert await running.post(second, message(8, "/help", 8)) == 200
        await running.until_counts(done=4)
        assert await running.post(third, message(9)) == 404


async def test_told_to_end_in_the_middle_of_a_request_it_keeps_the_update_and_says_so(database: str) -> None:
    async with machine(database) as running:
        process = await running.start("web", running.front)
        lock = await asyncpg.connect(database)
        taken = lock.transaction()
        await taken.start()
        await lock.execute("LOCK TABLE inbox IN SHARE MODE")
        posted = asyncio.create_task(running.post(running.front, message(5, "/help")))
        async with asyncio.timeout(WITHIN_S):
            while not await lock.fetch("SELECT 1 FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # the process is on its own
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(WITHIN_S):
            while await running.get(running.front, "/healthz") == 200:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await taken.rollback()
        await lock.close()
        assert await posted == 200
        async with asyncio.timeout(ENDS_WITHIN_S):
            assert await process.wait() == 0
        assert sum((await running.counts()).values()) == 1


async def test_told_to_end_while_telegram_is_silent_it_ends_in_time_and_the_next_answers(database: str) -> None:
    async with machine(database) as running:
        process = await running.start("web", running.front)
        hold = running.telegram.hang_next("sendMessage")
        assert await running.post(running.front, message(5, "/help", 5)) == 200
        await hold.arrived(WITHIN_S)
        assert await running.post(running.front, message(6, "/help", 5)) == 200
        assert await running.end(process) == 0
        assert await running.counts() == {"waiting": 2}
        await running.start("web", running.front)
        await running.until_counts(done=2)
        assert len(list(running.telegram.record.calls("sendMessage"))) == 3
