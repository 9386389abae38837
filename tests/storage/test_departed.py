"""The list of who deleted everything: only ever added to, by many at once, and it tells nobody's chat."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import BackupTrouble, ListTrouble
from bot.storage.departed import (
    DepartedList,
    Departure,
    drop_unlisted,
    keep_unlisted,
    latest,
    list_secret,
    mark_of,
    unlisted,
)
from bot.storage.store import Store
from tests.storage.rows import LATER, NOON

CHAT = 5_214_563_214
HASH_KEY = bytes(range(32))
GONE = Departure(mark_of(HASH_KEY, CHAT), NOON)


def test_a_line_tells_neither_chat_nor_key_and_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    departed = DepartedList(tmp_path / "deleted")
    departed.add([GONE])
    written = departed.path.read_text()
    assert written == f"2026-11-16T12:00:00+00:00 {GONE.mark}\n"
    assert str(CHAT) not in written
    assert mark_of(bytes(32), CHAT) != GONE.mark
    assert stat.S_IMODE(departed.path.stat().st_mode) == 0o600


def test_many_add_at_once_and_every_line_is_whole(tmp_path: Path) -> None:
    departed = DepartedList(tmp_path / "deleted")
    left = [Departure(mark_of(HASH_KEY, chat), NOON) for chat in range(200)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: departed.add([one]), left))
    assert set(departed.read()) == set(left)


def test_a_line_cut_short_by_a_crash_swallows_none(tmp_path: Path) -> None:
    departed = DepartedList(tmp_path / "deleted")
    departed.add([GONE])
    with departed.path.open("a") as file:
        file.write(GONE.mark[:9])
    assert departed.read() == [GONE]
    departed.add([Departure(GONE.mark, LATER)])
    assert departed.read() == [GONE, Departure(GONE.mark, LATER)]


@pytest.mark.parametrize("line", ["nonsense", "2026-11-16T12:00:00+00:00 zz", f"2026-11-16T12:00:00 {GONE.mark}", "é"])
def test_what_is_no_list_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "deleted").write_text(f"{line}\n")
    with pytest.raises(BackupTrouble, match=r"line 1 is not one|cannot be read as a list"):
        DepartedList(tmp_path / "deleted").read()


def test_a_place_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ListTrouble, match=r"cannot be written: No such file or directory.*DELETED_LIST"):
        DepartedList(tmp_path / "nowhere" / "deleted").begin()


def test_the_latest_time_of_each_counts() -> None:
    assert latest([Departure("a", LATER), Departure("a", NOON), Departure("b", NOON)]) == {"a": LATER, "b": NOON}


async def test_the_hashes_keep_their_key_across_starts(store: Store) -> None:
    async with store.write() as work:
        first = await list_secret(work.facts)
    async with store.write() as work:
        assert await list_secret(work.facts) == first


async def test_whom_the_list_could_not_take_is_remembered_until_it_can(store: Store) -> None:
    later = Departure(mark_of(HASH_KEY, 2), NOON + timedelta(microseconds=1))
    async with store.write() as work:
        await keep_unlisted(work.facts, [GONE, later])
    async with store.write() as work:
        assert set(await unlisted(work.facts)) == {GONE, later}
        await drop_unlisted(work.facts, [GONE])
        assert await unlisted(work.facts) == [later]
