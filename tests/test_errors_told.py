"""What leaves for an error service, as a real HTTP endpoint receives it: kinds and places, nothing anybody wrote."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import web
from structlog.testing import capture_logs

from bot.console.errors import reporter
from bot.domain.records import Mind
from bot.journeys.meter import tell_nobody
from bot.storage.sealing import new_key
from tests.journeys.conftest import ZONE
from tests.life import KEY, Life, at, lived

#: What must never leave.
SECRETS = ("drove round the ring road", "Mira", "1:local", "sudden_space")


@dataclass
class Service:
    """An error service on this machine: keeps what it is sent."""

    dsn: str = ""
    received: list[bytes] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.received.append(str(sorted(request.headers.items())).encode() + body)
        return web.json_response({"id": "1"})


@asynccontextmanager
async def service() -> AsyncIterator[Service]:
    kept = Service()
    app = web.Application()
    app.router.add_post("/api/7/envelope/", kept.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    kept.dsn = f"http://publickey@127.0.0.1:{runner.addresses[0][1]}/7"
    yield kept
    await runner.cleanup()


def raised(text: str, key: str) -> Exception:
    """An error as bad as they come: words in its message, its locals and its cause."""
    name = "Mira"
    try:
        try:
            raise KeyError(f"{text} of {name} with {key}")
        except KeyError as error:
            raise ValueError(text, {"token": "1:local"}) from error
    except ValueError as error:
        return error


async def test_of_an_error_only_its_kind_place_and_number_leave() -> None:
    key = new_key()
    async with service() as errors:
        with reporter(errors.dsn) as report:
            report(raised("drove round the ring road", key), "1234abcd")
        async with asyncio.timeout(10):
            while not errors.received:  # noqa: ASYNC110 - the library sends from a thread of its own
                await asyncio.sleep(0.01)
    sent = b"".join(errors.received).decode()
    assert "1234abcd" in sent
    assert '"type":"ValueError"' in sent.replace(" ", "")
    assert '"type":"KeyError"' in sent.replace(" ", "")
    assert '"function":"raised"' in sent.replace(" ", "")
    for secret in (*SECRETS, key):
        assert secret not in sent
    for part in ("server_name", "breadcrumbs", "vars", "extra", "request", "modules", "user", "contexts", "sdk_info"):
        assert f'"{part}"' not in sent
    assert socket.gethostname() not in sent


def test_without_a_dsn_nobody_is_told() -> None:
    with reporter("") as report:
        assert report is tell_nobody


async def test_a_fault_is_apologised_for_with_the_number_that_stands_in_the_log_and_was_reported(
    tmp_path: Path,
) -> None:
    told: list[tuple[str, str]] = []

    def report(error: BaseException, number: str) -> None:
        told.append((type(error).__name__, number))

    async with lived(tmp_path, at(ZONE, 2026, 11, 16, 10), report=report) as life:
        mira = life.person("Mira")
        await break_for(life, mira.id)
        with capture_logs() as logs:
            mira.say("drove round the ring road")
            await life.telegram.updates_delivered()
            async with life.nearer.engine.begin() as connection:
                await connection.exec_driver_sql("UPDATE inbox SET attempts = 4")
            await life.settle()
        apology = mira.last().text
    (number,) = re.findall(r"\b[0-9a-f]{8}\b", apology)
    (fault,) = [line for line in logs if line["event"] == "update.fault"]
    assert fault["fault"] == number
    assert told == [(fault["kind"], number)]
    assert not any(secret in str(logs) for secret in (*SECRETS, KEY.hex()))


async def break_for(life: Life, chat_id: int) -> None:
    """What is known of this person does not open any more, as after a disk's error."""
    async with life.nearer.kit.store.write() as work:
        person = await work.subscribers.add(chat_id, "en", life.clock.now())
        await work.subscribers.save(replace(person, mind=Mind(told=("x",))))
    async with life.nearer.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE subscribers SET preferences = '{'")
