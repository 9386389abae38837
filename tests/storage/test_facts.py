"""Facts of the installation, and the workers that are alive; on both engines."""

from datetime import timedelta

from bot.domain.records import State
from bot.storage.facts import WORKER_GONE
from bot.storage.store import Store
from tests.storage.rows import NOON, claimed, now_of, person


async def test_a_fact_is_replaced(store: Store) -> None:
    async with store.write() as work:
        assert await work.facts.read("key_check") is None
        await work.facts.write("key_check", b"\x00one")
        await work.facts.write("key_check", b"\x00two")
        await work.facts.write("other", b"")
    async with store.read() as work:
        assert await work.facts.read("key_check") == b"\x00two"
        assert await work.facts.read("other") == b""


async def test_a_worker_is_gone_only_once_it_was_not_seen_for_long_enough(store: Store) -> None:
    delivery = await claimed(store, await person(store))
    for later, freed in ((WORKER_GONE, 0), (WORKER_GONE + timedelta(microseconds=1), 1)):
        async with store.write() as work:
            await work.facts.bury_workers(NOON + later)
            assert await work.deliveries.free_orphans(NOON) == freed
    assert (await now_of(store, delivery)).state is State.WAITING


async def test_a_worker_that_says_so_lives_on(store: Store) -> None:
    await claimed(store, await person(store))
    async with store.write() as work:
        await work.facts.worker_lives("w1", NOON + timedelta(minutes=1))
        await work.facts.bury_workers(NOON + timedelta(minutes=1))
        assert await work.deliveries.free_orphans(NOON) == 0


async def test_a_pause_that_telegram_asked_for_is_known_to_all(store: Store) -> None:
    async with store.write() as work:
        assert await work.facts.paused_until() is None
        await work.facts.pause_until(NOON)
    async with store.read() as work:
        assert await work.facts.paused_until() == NOON
