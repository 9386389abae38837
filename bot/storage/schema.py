"""The schema: which revision the database is on, and bringing it to ours. The only door of Alembic."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import StorageTrouble
from bot.storage.door import storage_door
from bot.storage.tables import metadata

_ROOT = Path(__file__).parents[2]


class Standing(Enum):
    """How the database's schema stands to this version of Nearer."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    UNKNOWN = "unknown"


async def standing(engine: AsyncEngine) -> Standing:
    """Where the database stands; UNKNOWN is a revision that this version does not have."""
    with storage_door():
        async with engine.connect() as connection:
            return await connection.run_sync(_standing)


async def migrate(engine: AsyncEngine, to: str = "head") -> None:
    """Brings the schema to this version, or to one of its revisions: all at once on SQLite, each revision for itself
    on PostgreSQL.

    What was under way when the process died is as if it had never begun.
    """
    await _run(engine, lambda config: command.upgrade(config, to))


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is on."""
    return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> set[str]:
    """The revisions that this version can bring a database to."""
    return {revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions()}


async def write_revision(engine: AsyncEngine, message: str) -> None:
    """Writes the file of a new revision: what the tables have and the database at hand has not."""
    await _run(engine, lambda config: command.revision(config, message, autogenerate=True))


async def _run(engine: AsyncEngine, do: Callable[[Config], object]) -> None:
    def sync(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        config.attributes["metadata"] = metadata
        do(config)

    with storage_door():
        async with _rebuilding(engine) as connection:
            await connection.run_sync(sync)
            await connection.run_sync(_check_references)
            await connection.commit()


@asynccontextmanager
async def _rebuilding(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection whose revisions may rebuild a table.

    On SQLite a rebuilt table is copied and dropped, and the drop would cascade: foreign keys are off meanwhile.
    """
    async with engine.connect() as connection:
        await connection.run_sync(_foreign_keys, "OFF")
        try:
            await connection.execution_options(writing=True)
            yield connection
        finally:
            await connection.rollback()
            await connection.run_sync(_foreign_keys, "ON")


def _foreign_keys(connection: Connection, switch: str) -> None:
    """Past SQLAlchemy, which would begin a transaction; within one, SQLite does not hear this."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={switch}")
        cursor.close()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StorageTrouble("The migration would leave rows that belong to nobody. Nothing was changed.")


def _config() -> Config:
    return Config(toml_file=_ROOT / "pyproject.toml")


def _standing(connection: Connection) -> Standing:
    script = ScriptDirectory.from_config(_config())
    current = revision_of(connection)
    if current is None:
        return Standing.EMPTY
    if current == script.get_current_head():
        return Standing.CURRENT
    return Standing.OLD if current in known_revisions() else Standing.UNKNOWN
