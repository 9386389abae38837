"""Keys are exchanged while the bot writes: nothing is lost, nothing is left, and no key is let go too early."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import LargeBinary

from bot.domain.errors import Damaged, WrongKey
from bot.domain.records import Marks, Reply
from bot.storage.address import read_address
from bot.storage.keyring import check_keys, known_keys, note_key
from bot.storage.rotation import look, rotate
from bot.storage.sealed import SEALED, SealedColumn
from bot.storage.sealing import Sealer, fingerprint
from bot.storage.store import Store, make_engine
from bot.storage.tables import metadata
from tests.databases import KEY, change
from tests.storage.kept import everything, fill, nobody
from tests.storage.rows import NOON, person, reply

NEW = bytes([7]) * 32
#: Hashes that say nothing without what was hashed.
OPEN_BYTES = {"invites.mark", "facts.value"}


def store_with(url: str, *keys: bytes) -> Store:
    return Store(make_engine(read_address(url)), Sealer(keys))


def noon() -> datetime:
    return NOON


async def opened_with(url: str, *keys: bytes) -> dict[str, tuple[int, int]]:
    """Of each sealed column how many values there are, and how many open."""
    store = store_with(url, *keys)
    found = await look(store, None)
    await store.close()
    return {name: (one.values, one.opened.total()) for name, one in found.items()}


def test_every_column_of_bytes_is_sealed_or_known_to_be_open() -> None:
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    binary = {str(column) for column in columns if isinstance(column.type, LargeBinary)}
    assert binary == {column.name for column in SEALED} | OPEN_BYTES


async def test_everything_is_sealed_anew_and_the_old_key_may_go(database: str) -> None:
    await fill(database, 450)
    before = await everything(database)
    store = store_with(database, NEW, KEY)
    heard: list[tuple[str, int]] = []
    done = await rotate(store, noon, lambda name, count: heard.append((name, count)))
    await store.close()
    assert done.left == {}
    assert ("replies.text", 200) in heard
    assert ("replies.text", 450) in heard
    assert set((await opened_with(database, NEW)).values()) <= {(450, 450), (451, 451)}
    after = await everything(database)
    assert {name: len(rows) for name, rows in after.items() if name != "facts"} == {
        name: len(rows) for name, rows in before.items() if name != "facts"
    }


async def test_a_rotation_goes_on_where_it_was_stopped(database: str) -> None:
    await fill(database, 450)
    store = store_with(database, NEW, KEY)

    def stop(name: str, count: int) -> None:
        if (name, count) == ("replies.text", 400):
            raise KeyError

    with pytest.raises(KeyError):
        await rotate(store, noon, stop)
    halfway = await opened_with(database, NEW)
    assert halfway["replies.text"] == (450, 400)
    assert all(values == opened for values, opened in (await opened_with(database, NEW, KEY)).values())
    again: list[int] = []
    done = await rotate(store, noon, lambda name, count: again.append(count) if name == "replies.text" else None)
    await store.close()
    assert (again, done.left) == ([50], {})


async def test_neither_key_may_be_missing_while_both_have_sealed(database: str) -> None:
    await fill(database, 3)
    for keys in ((KEY,), (NEW, KEY)):
        store = store_with(database, *keys)
        async with store.write() as work:
            await note_key(work.facts, store.sealer)
        await store.close()
    for at_hand, missing in (((KEY,), NEW), ((NEW,), KEY)):
        store = store_with(database, *at_hand)
        with pytest.raises(WrongKey, match=f"key {fingerprint(missing)}, which is not in NEARER_KEY"):
            async with store.read() as work:
                await check_keys(work.facts, store.sealer)
        await store.close()
    store = store_with(database, NEW, KEY)
    done = await rotate(store, noon, nobody)
    async with store.read() as work:
        assert await known_keys(work.facts) == [fingerprint(NEW)]
    await store.close()
    assert done.may_go == [fingerprint(KEY)]


async def test_what_is_written_meanwhile_is_neither_lost_nor_left(database: str) -> None:
    await fill(database, 450)
    rotating, writing = store_with(database, NEW, KEY), store_with(database, NEW, KEY)
    kept = [await _reply(writing, number) for number in range(40)]

    async def write() -> None:
        for one in kept:
            async with writing.write() as work:
                await work.replies.rewrite(one, f"anew {one.id}", Marks(), NOON)
            await asyncio.sleep(0)

    done, _ = await asyncio.gather(rotate(rotating, noon, nobody), write())
    async with rotating.read() as work:
        texts = [(found.text if (found := await work.replies.of_id(one.id)) else None) for one in kept]
    await rotating.close()
    await writing.close()
    assert done.left == {}
    assert texts == [f"anew {one.id}" for one in kept]
    assert all(values == opened for values, opened in (await opened_with(database, NEW)).values())


async def _reply(store: Store, number: int) -> Reply:
    one = await person(store, 9000 + number)
    async with store.write() as work:
        return await work.replies.keep(reply(one))


async def test_a_value_that_changed_since_it_was_seen_is_left_as_it_is(store: Store) -> None:
    one = await person(store)
    async with store.write() as work:
        kept = await work.replies.keep(reply(one))
    [column] = [column for column in SEALED if column.name == "replies.text"]
    async with store.read() as work:
        [seen] = await work.sealed.page(column, None, 9)
    async with store.write() as work:
        await work.replies.rewrite(kept, "newer words", Marks(), NOON)
    async with store.write() as work:
        await work.sealed.exchange(column, [(seen, b"older words")])
    async with store.read() as work:
        found = await work.replies.of_id(kept.id)
    assert found is not None
    assert found.text == "newer words"


async def test_a_process_that_seals_with_another_key_is_named_first(database: str) -> None:
    old, store = store_with(database, KEY), store_with(database, NEW, KEY)
    async with old.write() as work:
        await work.facts.worker_lives("host-1-abc", NOON)
    with pytest.raises(WrongKey, match="host-1-abc runs with another newest key"):
        await rotate(store, noon, nobody)
    async with store.write() as work:
        await work.facts.worker_lives("host-1-abc", NOON)
    assert (await rotate(store, noon, nobody)).left == {}
    await old.close()
    await store.close()


async def test_what_does_not_open_stays_is_counted_and_keeps_the_old_key(database: str) -> None:
    await fill(database, 3)
    await change(database, "UPDATE replies SET text = marks WHERE id = 2")
    store = store_with(database, NEW, KEY)
    done = await rotate(store, noon, nobody)
    found = await look(store, None)
    await store.close()
    assert (done.left, done.may_go) == ({"replies.text": 1}, [])
    assert (found["replies.text"].damaged, found["replies.text"].well) == (1, False)
    assert found["replies.marks"].well


@pytest.mark.parametrize("column", SEALED, ids=lambda column: column.name)
async def test_no_value_opens_in_another_persons_row_or_in_another_column(database: str, column: SealedColumn) -> None:
    await fill(database, 2)
    store = store_with(database, KEY)
    async with store.read() as work:
        first, second = await work.sealed.page(column, None, 9)
        others = [(other.name, value) for other in SEALED for value in await work.sealed.page(other, None, 1)]
    await store.close()
    store.sealer.open(first.sealed, column=column.name, owner=first.owner)
    with pytest.raises(Damaged):
        store.sealer.open(second.sealed, column=column.name, owner=first.owner)
    for name, value in others:
        if name != column.name:
            with pytest.raises(Damaged):
                store.sealer.open(value.sealed, column=column.name, owner=value.owner)


async def test_a_sample_looks_at_the_newest_and_says_how_many_there_are(database: str) -> None:
    await fill(database, 5)
    store = store_with(database, KEY)
    found = await look(store, 2)
    await store.close()
    assert all((one.values, one.seen) == (5, 2) for one in found.values())
