"""The inbox: an update is kept once, handled once, and its number remembered; on both engines."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update as sql_update

from bot.storage.address import read_address
from bot.storage.inbox import DONE, FAILED, MAX_ATTEMPTS, WAITING, Arrived
from bot.storage.store import Store, make_engine
from bot.storage.tables import inbox
from tests.databases import open_store
from tests.storage.rows import LATER, NOON


def update(number: int, chat_id: int | None = 1, text: str = "hello") -> Arrived:
    body: dict[str, Any] = {"update_id": number, "message": {"text": text, "chat": {"id": chat_id}}}
    return Arrived(number, chat_id, body)


async def keep(store: Store, *updates: Arrived) -> None:
    async with store.write() as work:
        await work.inbox.keep(updates, NOON)


async def waiting(store: Store, limit: int = 9) -> list[Arrived]:
    async with store.read() as work:
        return await work.inbox.waiting(limit)


async def done(store: Store, *numbers: int) -> None:
    async with store.write() as work:
        await work.inbox.done(numbers)


async def counts(store: Store) -> dict[str, int]:
    async with store.read() as work:
        return await work.inbox.counts()


async def test_updates_wait_in_their_order_as_they_came(store: Store) -> None:
    seven, eight, nine = update(7), update(8, text="half a pair: \ud83d"), update(9, None)
    await keep(store, nine, seven)
    await keep(store, eight)
    await keep(store)
    assert await waiting(store) == [seven, eight, nine]
    assert await waiting(store, 2) == [seven, eight]


async def test_an_update_kept_twice_is_there_once(store: Store) -> None:
    await keep(store, update(7), update(8))
    await keep(store, update(8, text="another time"), update(9))
    assert await waiting(store) == [update(7), update(8), update(9)]


async def test_a_handled_update_is_known_when_it_is_delivered_again(store: Store) -> None:
    await keep(store, update(7))
    await done(store, 7)
    await keep(store, update(7), update(8))
    assert await waiting(store) == [update(8)]
    assert await counts(store) == {DONE: 1, WAITING: 1}


async def test_an_update_is_tried_some_times_and_then_set_aside(store: Store) -> None:
    await keep(store, update(7), update(8))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        [failing, _] = await waiting(store)
        async with store.write() as work:
            assert await work.inbox.failed(failing) is (attempt == MAX_ATTEMPTS)
    assert await waiting(store) == [update(8)]
    assert await counts(store) == {FAILED: 1, WAITING: 1}


async def test_attempts_are_remembered(store: Store) -> None:
    await keep(store, update(7))
    async with store.write() as work:
        await work.inbox.failed(update(7))
    assert await waiting(store) == [replace(update(7), attempts=1)]


async def test_numbers_of_long_ago_are_dropped_but_never_the_newest_nor_what_waits(store: Store) -> None:
    await keep(store, *(update(number) for number in range(1, 7)))
    await done(store, 1, 2, 6)
    async with store.write() as work:
        assert await work.inbox.tidy(NOON) == 0
        assert await work.inbox.tidy(LATER) == 2
        assert await work.inbox.newest() == 6
    assert [one.update_id for one in await waiting(store)] == [3, 4, 5]


async def test_a_person_who_is_deleted_leaves_nothing_waiting(store: Store) -> None:
    await keep(store, update(7), update(8, 2), update(9))
    async with store.write() as work:
        await work.inbox.forget(1)
    assert await waiting(store) == [update(8, 2)]


async def test_an_empty_inbox_has_no_newest(store: Store) -> None:
    async with store.write() as work:
        assert await work.inbox.newest() is None
        assert await work.inbox.tidy(NOON + timedelta(days=9)) == 0
    assert await waiting(store) == []
    assert await counts(store) == {}


async def take(store: Store, worker: str, limit: int = 9) -> list[int]:
    async with store.write() as work:
        return [one.update_id for one in await work.inbox.take(worker, limit)]


async def test_whoever_takes_gets_whole_chats_and_nobody_else_gets_more_of_them(store: Store) -> None:
    await keep(store, update(1, 7), update(2, 8), update(3, 7), update(4, None))
    assert await take(store, "w1", 2) == [1, 2]
    await keep(store, update(5, 8), update(6, 9))
    assert await take(store, "w2") == [4, 6]
    assert await take(store, "w1") == []


async def test_what_is_done_or_let_go_makes_room_for_the_rest_of_its_chat(store: Store) -> None:
    await keep(store, update(1, 7), update(2, 7), update(3, 8))
    assert await take(store, "w1") == [1, 2, 3]
    await keep(store, update(4, 7), update(5, 8))
    await done(store, 1, 3)
    assert await take(store, "w2") == [5]
    async with store.write() as work:
        await work.inbox.let_go("w2", [2])
        assert await work.inbox.still_of("w1", [1, 2, 3]) == {2}
        await work.inbox.let_go("w1", [2])
    assert await take(store, "w2") == [2, 4]


async def test_what_a_dead_worker_held_is_taken_by_the_next(store: Store) -> None:
    await keep(store, update(1, 7), update(2, 8))
    async with store.write() as work:
        await work.facts.worker_lives("w1", NOON)
        await work.facts.worker_lives("w2", NOON)
    assert await take(store, "w1", 1) == [1]
    assert await take(store, "w2") == [2]
    async with store.write() as work:
        assert await work.inbox.free_orphans() == 0
        await work.facts.worker_leaves("w1")
        assert await work.inbox.free_orphans() == 1
    assert await take(store, "w2") == [1]


async def test_many_processes_that_take_together_never_share_a_chat(database: str, store: Store) -> None:
    await keep(store, *(update(number, number % 5) for number in range(1, 61)))
    stores = [open_store(database) for _ in range(4)]
    chats = await asyncio.gather(*(chats_of(one, f"w{number}") for number, one in enumerate(stores)))
    for one in stores:
        await one.close()
    assert sorted(chat or 0 for mine in chats for chat in mine) == [0, 1, 2, 3, 4]


async def chats_of(store: Store, worker: str) -> set[int | None]:
    """The chats that a worker gets in several small takes."""
    mine: set[int | None] = set()
    for _ in range(6):
        async with store.write() as work:
            mine |= {one.chat_id for one in await work.inbox.take(worker, 3)}
    return mine


async def test_an_update_that_no_longer_opens_stops_nobody_and_can_be_set_aside(database: str, store: Store) -> None:
    await keep(store, update(1, 1), update(2, 2))
    engine = make_engine(read_address(database))
    async with engine.begin() as connection:
        await connection.execute(sql_update(inbox).where(inbox.c.update_id == 1).values(body=b"torn"))
    await engine.dispose()
    async with store.write() as work:
        taken = await work.inbox.take("one", 9)
        assert [one.body is None for one in taken] == [True, False]
        await work.inbox.set_aside(1)
    assert [one.update_id for one in await waiting(store)] == [2]
