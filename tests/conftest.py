"""Fixtures for every room: a fresh database of each engine, and a store on it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.storage.store import Store
from tests.databases import Databases, Postgres, SqliteFolder, migrate, open_store

# A loaded machine is slow, and no test of ours is about time.
settings.register_profile("nearer", deadline=None)
settings.load_profile("nearer")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for one run (for each worker of pytest-xdist its own)."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Each engine in turn; PostgreSQL starts only where a test asks for it."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server
    folder: Path = request.getfixturevalue("tmp_path")
    return SqliteFolder(folder, request.getfixturevalue("sqlite_template"))


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The DATABASE_URL of a fresh, migrated database, on each engine in turn."""
    url = databases.migrated()
    yield url
    databases.drop(url)


@pytest.fixture
def bare_database(databases: Databases) -> Iterator[str]:
    """The DATABASE_URL of a fresh database without tables, on each engine in turn."""
    url = databases.bare()
    yield url
    databases.drop(url)


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """A store on a fresh database, on each engine in turn."""
    opened = open_store(database)
    yield opened
    await opened.close()
