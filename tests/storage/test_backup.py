"""A backup holds everything of one moment, tells a thief nothing, says when it is not whole, and moves."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import BackupTrouble, WrongKey
from bot.storage.backup import Backup, Examination, Rows
from bot.storage.carrying import CARRIED, NOT_CARRIED
from bot.storage.sealing import Sealer, fingerprint
from bot.storage.store import Store
from bot.storage.tables import metadata
from tests.databases import KEY, Databases, Postgres, SqliteFolder, open_store
from tests.storage.kept import back_up, everything, fill, put_back
from tests.storage.rows import NOON, people, person, reply

OTHER = bytes([9]) * 32


@pytest.fixture
def elsewhere(databases: Databases, postgres: Postgres, tmp_path: Path, sqlite_template: Path) -> Iterator[str]:
    """A database without tables on the other engine."""
    other: Databases = SqliteFolder(tmp_path / "b", sqlite_template) if databases.name == "postgresql" else postgres
    (tmp_path / "b").mkdir()
    url = other.bare()
    yield url
    other.drop(url)


async def test_every_column_of_every_table_comes_over_to_the_other_engine_and_back(
    database: str, databases: Databases, elsewhere: str, tmp_path: Path
) -> None:
    await fill(database, 3)
    before = await everything(database)
    assert all(len(rows) == 3 and None not in rows[0] for rows in before.values())
    assert await back_up(database, tmp_path / "one") == dict.fromkeys(before, 3)
    await put_back(tmp_path / "one", elsewhere, moved=True)
    assert await everything(elsewhere) == before
    await back_up(elsewhere, tmp_path / "two")
    again = databases.bare()
    await put_back(tmp_path / "two", again, moved=True)
    assert await everything(again) == before
    databases.drop(again)


def test_nothing_but_who_is_alive_is_left_behind() -> None:
    assert {table.name for table in CARRIED} | NOT_CARRIED == set(metadata.tables)
    assert {"workers"} == NOT_CARRIED


async def test_rows_added_after_a_restore_get_their_own_numbers(database: str, elsewhere: str, tmp_path: Path) -> None:
    await fill(database, 3)
    await back_up(database, tmp_path / "one")
    await put_back(tmp_path / "one", elsewhere, moved=True)
    store = open_store(elsewhere)
    one = await person(store, 77)
    async with store.write() as work:
        kept = await work.replies.keep(reply(one))
    await store.close()
    assert (one.id, kept.id) == (4, 4)


async def test_a_backup_is_one_moment_while_others_write(database: str, store: Store, tmp_path: Path) -> None:
    first = await person(store)
    writing = asyncio.Event()

    async def write() -> None:
        for number in range(60):
            async with store.write() as work:
                one = await work.subscribers.add(1000 + number, "en", NOON)
                await work.replies.keep(reply(one, source="m1"))
            writing.set()

    under_way = asyncio.create_task(write())
    await writing.wait()
    counts = await back_up(database, tmp_path / "one")
    await under_way
    assert counts["subscribers"] == counts["replies"] + 1
    assert 1 < counts["subscribers"] <= 61
    assert first.id == 1


async def test_a_file_is_its_owners_alone_and_takes_nobodys_place(database: str, tmp_path: Path) -> None:
    path = tmp_path / "one"
    await back_up(database, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    whole = path.read_bytes()
    with pytest.raises(BackupTrouble, match="is there already"):
        await back_up(database, path)
    assert path.read_bytes() == whole
    assert parts_left(tmp_path) == []


def parts_left(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if one.name.endswith(".part")]


async def test_a_place_that_cannot_be_written_is_a_sentence(database: str, tmp_path: Path) -> None:
    with pytest.raises(BackupTrouble, match="cannot be written: No such file or directory"):
        await back_up(database, tmp_path / "nowhere" / "one")


async def test_a_stolen_backup_tells_not_even_who(database: str, store: Store, tmp_path: Path) -> None:
    await people(store, [5_214_563_214])
    await back_up(database, tmp_path / "one")
    stolen = (tmp_path / "one").read_bytes()
    assert b"5214563214" not in stolen
    assert b"subscribers" not in stolen
    assert stolen.startswith(b"NEARER-BACKUP 1\n" + bytes.fromhex(fingerprint(KEY)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> bytes:
    """A backup of many rows, of several chunks."""
    folder = tmp_path_factory.mktemp("whole")
    url = SqliteFolder(folder, sqlite_template).migrated()
    asyncio.run(_many(url, folder / "one"))
    return (folder / "one").read_bytes()


async def _many(url: str, path: Path) -> None:
    await fill(url, 900)
    await back_up(url, path)


def read_all(path: Path, *keys: bytes) -> list[Rows]:
    return list(Backup(path, keys or (KEY,)).parts())


@given(cut=st.floats(0, 1, exclude_max=True))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_backup_cut_short_anywhere_is_named_as_such(whole: bytes, tmp_path: Path, cut: float) -> None:
    path = tmp_path / "cut"
    path.write_bytes(whole[: int(cut * len(whole))])
    with pytest.raises(BackupTrouble, match=r"cut short|is not a backup of Nearer"):
        read_all(path)


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_backup_with_any_bit_changed_does_not_open(whole: bytes, tmp_path: Path, at: float, bit: int) -> None:
    changed = bytearray(whole)
    changed[int(at * len(whole))] ^= 1 << bit
    path = tmp_path / "changed"
    path.write_bytes(changed)
    with pytest.raises((BackupTrouble, WrongKey)):
        read_all(path)


def test_a_backup_with_something_behind_its_end_does_not_open(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "longer").write_bytes(whole + b"\n")
    with pytest.raises(BackupTrouble, match="changed or damaged"):
        read_all(tmp_path / "longer")


def test_a_key_that_is_not_at_hand_is_named(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(whole)
    with pytest.raises(WrongKey, match=f"{fingerprint(KEY)}, which is not in NEARER_KEY .there: {fingerprint(OTHER)}"):
        read_all(tmp_path / "one", OTHER)
    assert read_all(tmp_path / "one", OTHER, KEY)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", "is not a backup"),
        (b"SQLite format 3\x00" * 9, "is not a backup"),
        (b"NEARER-BACKUP 2\n" + bytes(99), "made by a newer Nearer"),
        (b"NEARER-BACKUP 1\n", "cut short"),
    ],
)
def test_what_is_no_backup_is_said_in_a_sentence(tmp_path: Path, written: bytes, said: str) -> None:
    (tmp_path / "one").write_bytes(written)
    with pytest.raises(BackupTrouble, match=said):
        read_all(tmp_path / "one")
    with pytest.raises(BackupTrouble, match="cannot be read: No such file"):
        read_all(tmp_path / "two")


async def test_a_backup_proves_that_each_sealed_value_opens(database: str, tmp_path: Path) -> None:
    await fill(database, 3, keys=(OTHER,))
    await back_up(database, tmp_path / "one")
    for keys, opened in (((KEY, OTHER), 3), ((KEY,), 0)):
        examination = Examination(Sealer(keys))
        for part in Backup(tmp_path / "one", (KEY,)).parts():
            examination.pass_by(part)
        for look in examination.looks.values():
            assert (look.values, look.opened.total(), look.damaged) == (3, opened, 0)
            assert look.missing == ({} if opened else {fingerprint(OTHER): 3})
        assert set(examination.looks) >= {"replies.text", "subscribers.mind", "deliveries.asked", "inbox.body"}
