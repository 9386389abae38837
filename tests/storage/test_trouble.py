"""Trouble with the database is said in a sentence that helps, and what was acknowledged is never lost."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.errors import StorageTrouble
from bot.storage.address import read_address
from bot.storage.inbox import Arrived
from bot.storage.sealing import Sealer
from bot.storage.store import Store, make_engine
from tests.databases import KEY, Postgres, SqliteFolder, open_store
from tests.storage.rows import NOON, person

ROOT = Path(__file__).parents[2]
READ_ONLY = "The database is read-only. Give this process write access to the file and its folder."
NOT_OPENED = "The database file cannot be opened. Check that its folder exists and is writable."
FULL = "The disk is full. Free some space; nothing that was acknowledged is lost."
FAILING = "The disk fails to read or write. Look at its health and limits; nothing acknowledged is lost."
LOCKED = "The database is locked by another process. Stop the other one, or use PostgreSQL."
REFUSED = "PostgreSQL refuses the user or password in DATABASE_URL."


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> SqliteFolder:
    return SqliteFolder(tmp_path, sqlite_template)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that other users may enter; pytest's own are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="nearer-shared-"))
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def hardship(kind: str, url: str) -> list[str]:
    """What a process in such hardship tells, line by line."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.storage.hardship", kind, url],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stderr == ""
    return told.stdout.splitlines()


async def keep(store: Store, number: int, size: int = 3000) -> None:
    async with store.write() as work:
        await work.inbox.keep([Arrived(number, 1, {"text": "x" * size})], NOON)


async def kept(url: str) -> list[int]:
    store = open_store(url)
    async with store.read() as work:
        numbers = [one.update_id for one in await work.inbox.waiting(1000)]
    await store.close()
    return numbers


async def trouble_of(url: str) -> str:
    with pytest.raises(StorageTrouble) as told:
        async with closing(open_store(url)) as store:
            await keep(store, 1)
    return str(told.value)


@asynccontextmanager
async def closing(store: Store) -> AsyncIterator[Store]:
    try:
        yield store
    finally:
        await store.close()
        await drivers_ended()


async def drivers_ended() -> None:
    """aiosqlite's thread answers its loop once more after a failed connect; the loop has to be there still."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join)


def test_a_file_and_a_folder_that_may_not_be_written_are_named(shared_folder: Path, sqlite_template: Path) -> None:
    path = shared_folder / "nearer.db"
    shutil.copyfile(sqlite_template, path)
    path.chmod(0o444)
    shared_folder.chmod(0o555)
    [trouble] = hardship("unprivileged", f"sqlite:///{path}")
    assert trouble in (READ_ONLY, NOT_OPENED)


def test_a_file_that_may_not_be_written_in_a_folder_that_may_is_read_only(
    shared_folder: Path, sqlite_template: Path
) -> None:
    path = shared_folder / "nearer.db"
    shutil.copyfile(sqlite_template, path)
    path.chmod(0o444)
    shared_folder.chmod(0o777)
    assert hardship("unprivileged", f"sqlite:///{path}") == [READ_ONLY]


def test_a_file_that_may_not_be_made_is_named(shared_folder: Path) -> None:
    shared_folder.chmod(0o555)
    assert hardship("unprivileged", f"sqlite:///{shared_folder}/nearer.db") == [NOT_OPENED]


async def test_a_disk_that_fails_is_named_and_what_was_acknowledged_is_there(sqlite: SqliteFolder) -> None:
    url = sqlite.migrated()
    *numbers, trouble = hardship("cramped", url)
    assert trouble == FAILING
    assert numbers
    assert await kept(url) == [int(number) for number in numbers]


async def test_a_full_disk_is_named_and_what_was_acknowledged_is_there(sqlite: SqliteFolder) -> None:
    url = sqlite.migrated()
    engine = make_engine(read_address(url))
    event.listen(engine.sync_engine, "connect", pragma("max_page_count = 60"))
    small = Store(engine, Sealer([KEY]))
    acknowledged: list[int] = []
    assert await trouble_while_keeping(small, acknowledged) == FULL
    await small.close()
    assert acknowledged
    assert await kept(url) == acknowledged
    roomy = open_store(url)
    await keep(roomy, 1000)
    await roomy.close()
    assert await kept(url) == [*acknowledged, 1000]


async def trouble_while_keeping(store: Store, acknowledged: list[int]) -> str:
    for number in range(100):
        try:
            await keep(store, number)
        except StorageTrouble as trouble:
            return str(trouble)
        acknowledged.append(number)
    return ""


async def test_a_database_that_another_process_holds_is_locked_until_it_ends(sqlite: SqliteFolder) -> None:
    url = sqlite.migrated()
    engine = make_engine(read_address(url))
    event.listen(engine.sync_engine, "connect", pragma("busy_timeout = 20"))
    store = Store(engine, Sealer([KEY]))
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.hardship", "holding", url),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    with pytest.raises(StorageTrouble) as told:
        await keep(store, 1)
    assert str(told.value) == LOCKED
    async with store.read() as work:
        assert await work.inbox.newest() is None
    await holder.communicate(b"")
    await keep(store, 1)
    await store.close()
    assert await kept(url) == [1]


def pragma(setting: str) -> Any:
    """Sets it on each connection, as it opens."""

    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    return on_connect


async def test_a_file_that_is_no_database_is_named(sqlite: SqliteFolder, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear M, the ring road again. " * 200)
    assert await trouble_of(f"sqlite:///{tmp_path}/letter.txt") == (
        "The file is not a SQLite database. Check DATABASE_URL."
    )


async def test_a_damaged_file_is_named(sqlite: SqliteFolder) -> None:
    url = sqlite.migrated()
    damage(Path(url.removeprefix("sqlite:///")))
    assert await trouble_of(url) == "The database file is damaged. Restore it from a backup."


def damage(path: Path) -> None:
    """All but the first page is lost."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


async def test_a_missing_folder_and_a_folder_in_place_of_a_file_are_named(tmp_path: Path) -> None:
    assert await trouble_of(f"sqlite:///{tmp_path}/nowhere/nearer.db") == NOT_OPENED
    assert await trouble_of(f"sqlite:///{tmp_path}") == NOT_OPENED


async def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    for url in (f"postgresql://u:hunter2@/d?host={tmp_path}", "postgresql://u:hunter2@127.0.0.1:1/d"):
        trouble = await trouble_of(url)
        assert trouble.startswith("The database cannot be reached")
        assert "hunter2" not in trouble


@pytest.fixture
async def of_postgres(postgres: Postgres) -> AsyncIterator[str]:
    """A migrated PostgreSQL database."""
    url = postgres.migrated()
    yield url
    postgres.drop(url)


async def test_what_postgresql_refuses_is_named(postgres: Postgres, of_postgres: str) -> None:
    postgres.execute("CREATE ROLE newcomer LOGIN")
    postgres.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")

    def by(role: str) -> str:
        return of_postgres.replace("postgres:@", f"{role}:hunter2@")

    assert await trouble_of(by("nobody")) == REFUSED
    assert await trouble_of(by("crowded")) == (
        "PostgreSQL has no connection free. Run fewer processes, or raise its limit."
    )
    assert await trouble_of(by("newcomer")) == (
        "PostgreSQL does not let this user use the tables. Grant it what it needs."
    )
    assert await trouble_of(postgres.url("nowhere")) == (
        "The database or a table in it does not exist. Run `nearer migrate`."
    )


async def test_a_wrong_password_is_named_and_not_repeated(postgres: Postgres, of_postgres: str) -> None:
    postgres.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
    rules = postgres.folder / "pg_hba.conf"
    rules.write_text(f"local all locked scram-sha-256\n{rules.read_text()}")
    postgres.execute("SELECT pg_reload_conf()")
    assert await trouble_of(of_postgres.replace("postgres:@", "locked:hunter2@")) == REFUSED


async def test_a_server_that_takes_no_writes_is_named(postgres: Postgres, of_postgres: str) -> None:
    name = read_address(of_postgres).database
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert await trouble_of(of_postgres) == (
        "The database is read-only. Point DATABASE_URL at the server that takes writes."
    )


async def test_a_connection_that_is_cut_loses_its_transaction_only(postgres: Postgres, of_postgres: str) -> None:
    store = open_store(of_postgres)
    await keep(store, 1)

    async def is_cut() -> None:
        async with store.write() as work:
            await work.inbox.keep([Arrived(2, 1, {})], NOON)
            cut(postgres, of_postgres)
            await work.inbox.keep([Arrived(3, 1, {})], NOON)

    with pytest.raises(StorageTrouble):
        await is_cut()
    await keep(store, 4)
    cut(postgres, of_postgres)
    await keep(store, 5)
    await store.close()
    assert await kept(of_postgres) == [1, 4, 5]


def cut(postgres: Postgres, url: str) -> None:
    name = read_address(url).database
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


async def test_a_transaction_that_is_cancelled_leaves_nothing_and_holds_nobody_up(store: Store) -> None:
    one = await person(store)
    written = asyncio.Event()

    async def never_ends() -> None:
        async with store.write() as work:
            await work.subscribers.save(replace(one, unanswered=9))
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ends())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.write() as work:
        assert await work.subscribers.of_id(one.id, hold=True) == one


async def test_trouble_tells_no_value_that_was_being_written(store: Store) -> None:
    one = await person(store)

    async def twice() -> None:
        async with store.write() as work:
            await work.subscribers.add(one.chat_id, "secret words", NOON, invite="secret invite")

    with pytest.raises(StorageTrouble) as told:
        await twice()
    assert "secret" not in str(told.value)
    assert told.value.__cause__ is None
