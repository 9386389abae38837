"""Health and counts: alive, ready only where updates arrive, and no look at the counts for strangers."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.console.pages import serving_of
from bot.console.readiness import Readiness, by_polling, by_webhook, of_no_concern
from bot.domain.records import Kind, State
from bot.settings import read_settings
from bot.storage.sealing import new_key
from bot.web.metrics import Metrics
from tests.life import Life, at, lived
from tests.web.house import METRICS_TOKEN, House, house


async def wrong(home: House) -> Mapping[str, str]:
    return await Readiness(home.nearer, by_webhook(home.nearer, home.hook)).unready()


async def change(home: House, statement: str) -> None:
    async with home.nearer.kit.store.write() as work:
        await work.facts._connection.exec_driver_sql(statement)


async def test_it_is_alive_and_ready_when_all_is_well(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", hooked=True) as home:
        assert await home.get("/healthz") == (200, "alive\n")
        assert await home.get("/readyz") == (200, '{"ready":true,"wrong":{}}')


async def test_it_is_not_ready_while_the_webhook_points_elsewhere_or_fails(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db") as home:
        assert "The webhook at Telegram is not this one" in (await wrong(home))["updates"]
        status, told = await home.get("/readyz")
        assert (status, home.secret in told, home.hook in told) == (503, False, False)
        await home.nearer.bot.set_webhook(home.hook, secret_token="another-secret-than-ours")
        home.telegram.person("Mira").start()
        async with asyncio.timeout(5):
            while home.telegram.api.fetching.webhook.info().get("last_error_message") is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert "Telegram cannot bring updates here" in (await wrong(home))["updates"]


async def test_it_is_not_ready_with_another_schema_or_another_key(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", hooked=True) as home:
        await change(home, "UPDATE alembic_version SET version_num = 'another'")
        assert list(await wrong(home)) == ["migration"]
    async with house(f"sqlite:///{tmp_path}/second.db", hooked=True) as home:
        await change(home, "UPDATE facts SET sealed = zeroblob(60) WHERE sealed IS NOT NULL")
        assert list(await wrong(home)) == ["key"]


async def test_it_is_not_ready_without_its_database(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", hooked=True) as home:
        await home.nearer.kit.store.close()
        database, aside = tmp_path / "nearer.db", tmp_path / "aside.db"
        database.rename(aside)
        database.mkdir()
        assert list(await wrong(home)) == ["database"]
        database.rmdir()
        aside.rename(database)
        assert await wrong(home) == {}


@pytest.fixture
async def polling(tmp_path: Path) -> AsyncIterator[Life]:
    async with lived(tmp_path, at("Europe/Berlin", 2026, 11, 16, 10)) as life:
        yield life


async def test_a_poller_that_lost_to_another_is_not_ready(polling: Life) -> None:
    readiness = Readiness(polling.nearer, by_polling(polling.nearer))
    async with asyncio.timeout(5):
        while not polling.nearer.inbox.polled_well:  # noqa: ASYNC110 - the poller is on its own
            await asyncio.sleep(0.01)
    assert await readiness.unready() == {}
    await polling.telegram.cloud.updates.poll(offset=0, limit=1, timeout=0)
    async with asyncio.timeout(5):
        while polling.nearer.inbox.lost_at is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    said = await Readiness(polling.nearer, by_polling(polling.nearer)).unready()
    assert "Another process polls with this token" in said["updates"]


async def test_a_process_that_takes_no_updates_in_is_ready_without_them(polling: Life) -> None:
    assert await Readiness(polling.nearer, of_no_concern).unready() == {}


async def test_counts_tell_of_messages_lateness_updates_and_the_queue(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", hooked=True) as home:
        mira = home.telegram.person("Mira")
        mira.start()
        await home.settle()
        status, told = await home.get("/metrics")
    assert status == 200
    for line in (
        'nearer_messages_total{method="send",outcome="done"} 1.0',
        "nearer_updates_kept_total 1.0",
        'nearer_queue{of="updates"} 0.0',
        'nearer_queue{of="workers"} 1.0',
    ):
        assert line in told
    assert str(mira.id) not in told
    assert "Mira" not in told


def test_lateness_is_told_of_what_arrived_and_of_nothing_else() -> None:
    metrics = Metrics()
    metrics.settled(Kind.QUESTION, State.SENT, timedelta(seconds=0.2))
    metrics.settled(Kind.QUESTION, State.UNREACHABLE, timedelta(seconds=0.2))
    told = metrics.told({}).decode()
    assert 'nearer_lateness_seconds_count{kind="question"} 1.0' in told
    assert 'nearer_deliveries_total{kind="question",outcome="unreachable"} 1.0' in told
    assert "nearer_queue{" not in told


def test_no_label_names_a_person() -> None:
    metrics = Metrics()
    metrics.settled(Kind.QUESTION, State.SENT, timedelta(0))
    metrics.called("send", "done")
    metrics.handled("done", 0.1)
    labels = set(re.findall(r'(\w+)="', metrics.told({"updates": 1}).decode()))
    assert labels == {"kind", "outcome", "method", "le", "of"}


async def test_counts_want_their_token(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", metrics_token=METRICS_TOKEN) as home:
        assert (await home.get("/metrics"))[0] == 401
        assert (await home.get("/metrics", Authorization="Bearer guessed"))[0] == 401
        status, told = await home.get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
        assert (status, "nearer_messages_total" in told or "nearer_updates_kept_total" in told) == (200, True)


async def test_counts_are_not_served_where_strangers_could_look_and_no_token_is_set(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", bind="0.0.0.0") as home:
        assert (await home.get("/metrics"))[0] == 404
        assert (await home.get("/healthz"))[0] == 200


async def test_a_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db") as home:
        second = serving_of(home.nearer, home.settings, Metrics(), of_no_concern, hooked=False)
        with pytest.raises(Exception, match="Set BIND and PORT"):
            second.start()


def test_whoever_gives_only_a_port_is_a_host_that_routes_to_it() -> None:
    given = {"telegram_token": "1:local", "nearer_key": new_key()}
    assert read_settings(**given, port="5000").listens_at == ("0.0.0.0", 5000)
    assert read_settings(**given, port="5000", bind="127.0.0.1").listens_at == ("127.0.0.1", 5000)
    assert read_settings(**given, bind="::1").listens_at == ("::1", 8080)
    assert read_settings(**given).serves is False
