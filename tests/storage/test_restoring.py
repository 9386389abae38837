"""A restore is whole or not at all, brings back nobody who left, and sends nothing twice (D9)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import BackupTrouble, WrongKey
from bot.domain.records import Asked, Kind, Outcome, State
from bot.storage.departed import Departure, keep_unlisted, list_secret, mark_of
from bot.storage.inbox import Arrived
from bot.storage.store import Store
from tests.databases import change, open_store
from tests.storage.kept import MUCH_LATER, back_up, everything, fill, put_back
from tests.storage.rows import DAY, LATER, NOON, claimed, due, people, person, reply

OTHER = bytes([9]) * 32


async def test_nothing_is_restored_over_somebody(database: str, bare_database: str, tmp_path: Path) -> None:
    await fill(database, 2)
    await back_up(database, tmp_path / "one")
    before = await everything(database)
    with pytest.raises(BackupTrouble, match="is not empty"):
        await put_back(tmp_path / "one", database)
    assert await everything(database) == before
    await put_back(tmp_path / "one", bare_database, moved=True)
    assert await everything(bare_database) == before


async def test_a_database_that_was_only_started_is_empty_enough(database: str, store: Store, tmp_path: Path) -> None:
    async with store.write() as work:
        await list_secret(work.facts)
    await back_up(database, tmp_path / "one")
    await put_back(tmp_path / "one", database)
    assert len((await everything(database))["facts"]) == 1


async def test_a_running_bot_is_in_the_way(database: str, store: Store, tmp_path: Path) -> None:
    await back_up(database, tmp_path / "one")
    async with store.write() as work:
        await work.facts.worker_lives("w1", NOON)
    with pytest.raises(BackupTrouble, match="Stop it first"):
        await put_back(tmp_path / "one", database, now=NOON + timedelta(seconds=3))


async def test_a_backup_cut_short_leaves_nothing_behind(database: str, bare_database: str, tmp_path: Path) -> None:
    await fill(database, 600)
    await back_up(database, tmp_path / "one")
    (tmp_path / "cut").write_bytes((tmp_path / "one").read_bytes()[:-7])
    with pytest.raises(BackupTrouble, match="cut short"):
        await put_back(tmp_path / "cut", bare_database)
    assert not any((await everything(bare_database)).values())
    await put_back(tmp_path / "one", bare_database)


async def test_a_missing_key_leaves_nothing_behind(database: str, bare_database: str, tmp_path: Path) -> None:
    await fill(database, 2, keys=(OTHER,))
    await back_up(database, tmp_path / "one")
    with pytest.raises(WrongKey, match="which is not in NEARER_KEY"):
        await put_back(tmp_path / "one", bare_database)
    assert not any((await everything(bare_database)).values())


async def test_a_backup_of_an_unknown_schema_is_refused(database: str, bare_database: str, tmp_path: Path) -> None:
    await change(database, "UPDATE alembic_version SET version_num = '9999'")
    await back_up(database, tmp_path / "one")
    with pytest.raises(BackupTrouble, match="made by a newer Nearer"):
        await put_back(tmp_path / "one", bare_database)


async def test_who_deleted_everything_stays_deleted_and_who_came_back_stays(
    database: str, store: Store, bare_database: str, tmp_path: Path
) -> None:
    gone, back, here = await people(store, [11, 12, 13])
    async with store.write() as work:
        secret = await list_secret(work.facts)
        for one in (gone, back, here):
            await work.replies.keep(reply(one))
            await work.deliveries.claim_new([due(one, state=State.SENT)], "w1")
        await work.inbox.keep([Arrived(number, chat, {}) for number, chat in enumerate((11, 12, 13), start=1)], NOON)
    await back_up(database, tmp_path / "one", at=LATER)
    left = [
        Departure(mark_of(secret, 11), NOON - timedelta(days=9)),
        Departure(mark_of(secret, 11), LATER),
        Departure(mark_of(secret, 12), NOON - timedelta(seconds=1)),
        Departure(mark_of(secret, 99), LATER),
    ]
    restored = await put_back(tmp_path / "one", bare_database, departures=left)
    found = await everything(bare_database)
    assert restored.departed == 1
    assert [row[1] for row in found["subscribers"]] == [12, 13]
    assert {row[1] for row in found["replies"]} == {row[1] for row in found["deliveries"]} == {back.id, here.id}
    assert [row[1] for row in found["inbox"]] == [12, 13]


async def test_who_left_while_the_list_could_not_be_written_stays_deleted(
    database: str, store: Store, bare_database: str, tmp_path: Path
) -> None:
    await people(store, [11, 12])
    async with store.write() as work:
        await keep_unlisted(work.facts, [Departure(mark_of(await list_secret(work.facts), 11), LATER)])
    await back_up(database, tmp_path / "one", at=LATER)
    assert (await put_back(tmp_path / "one", bare_database)).departed == 1


async def test_a_list_that_nothing_opens_stops_the_restore(database: str, bare_database: str, tmp_path: Path) -> None:
    await back_up(database, tmp_path / "one")
    with pytest.raises(BackupTrouble, match="does not hold what opens the list"):
        await put_back(tmp_path / "one", bare_database, departures=[Departure("00" * 15, NOON)])


async def under_way(store: Store) -> None:
    """A claim, an attempt, a reflection's attempt, one that waits, one that is settled, and one due this evening."""
    six = await people(store, range(1, 7))
    async with store.write() as work:
        await work.facts.worker_lives("w1", NOON)
    deliveries = [await claimed(store, one) for one in (*six[:2], *six[3:5])]
    reflection = await claimed(store, six[2], Kind.REFLECTION)
    async with store.write() as work:
        going = [replace(deliveries[1], asked=Asked("after-ten-minutes")), reflection]
        await work.deliveries.mark_sending(going, "w1")
        waits = Outcome(deliveries[2], State.WAITING, due_at=LATER)
        await work.deliveries.settle([waits, Outcome(deliveries[3], State.SENT)], NOON)
        await work.subscribers.save(replace(six[5], question_due_at=LATER, question_day=DAY))


async def ledger(url: str) -> dict[int, State]:
    store = open_store(url)
    async with store.read() as work:
        found = {number: await work.deliveries.all_of(number) for number in range(1, 7)}
    await store.close()
    return {number: one.state for number, some in found.items() for one in some}


async def test_what_was_under_way_is_never_asked_twice(
    database: str, store: Store, bare_database: str, tmp_path: Path
) -> None:
    await under_way(store)
    await back_up(database, tmp_path / "one")
    await put_back(tmp_path / "one", bare_database, now=LATER)
    unknown, waiting = State.UNKNOWN, State.WAITING
    # The sixth has no row in the backup: the question fell due after it, and may have been asked.
    assert await ledger(bare_database) == {1: unknown, 2: unknown, 3: waiting, 4: unknown, 5: State.SENT, 6: unknown}


async def test_after_a_move_what_waited_is_still_sent(
    database: str, store: Store, bare_database: str, tmp_path: Path
) -> None:
    await under_way(store)
    await back_up(database, tmp_path / "one")
    await put_back(tmp_path / "one", bare_database, moved=True, now=LATER)
    waiting = State.WAITING
    assert await ledger(bare_database) == {1: waiting, 2: State.UNKNOWN, 3: waiting, 4: waiting, 5: State.SENT}


async def test_what_is_due_only_later_is_left_alone(
    database: str, store: Store, bare_database: str, tmp_path: Path
) -> None:
    one = replace(await person(store), question_due_at=MUCH_LATER + timedelta(hours=1), question_day=DAY)
    async with store.write() as work:
        await work.subscribers.save(one)
    await back_up(database, tmp_path / "one")
    await put_back(tmp_path / "one", bare_database)
    assert await ledger(bare_database) == {}
