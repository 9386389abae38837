"""The schema: a fresh database becomes whole, equals the tables, and survives a kill in mid-migration."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import StorageTrouble
from bot.storage import schema
from bot.storage.address import read_address
from bot.storage.schema import Standing
from bot.storage.sealing import Sealer
from bot.storage.store import Store, make_engine
from bot.storage.tables import metadata
from tests.databases import KEY, change, open_store
from tests.storage.rows import person, reply

ROOT = Path(__file__).parents[2]
#: In a migration: say that this is the middle, and stay there.
STAND_STILL = 'print("in the middle", flush=True); input()'


async def on(url: str, do: Callable[[AsyncEngine], Any]) -> Any:
    engine = make_engine(read_address(url))
    try:
        return await do(engine)
    finally:
        await engine.dispose()


async def test_a_fresh_database_is_empty_and_migrates_once(bare_database: str) -> None:
    assert await on(bare_database, schema.standing) is Standing.EMPTY
    for _ in range(2):
        await on(bare_database, schema.migrate)
        assert await on(bare_database, schema.standing) is Standing.CURRENT


async def test_without_tables_a_store_says_to_migrate(bare_database: str) -> None:
    store = open_store(bare_database)
    with pytest.raises(StorageTrouble, match="Run `nearer migrate`"):
        async with store.read() as work:
            await work.facts.read("key_check")
    await store.close()


async def test_the_migrated_database_is_what_the_tables_say(database: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async def compared(engine: AsyncEngine) -> list[Any]:
        async with engine.connect() as connection:
            return await connection.run_sync(differences)

    assert await on(database, compared) == []


async def test_a_database_of_another_version_is_unknown(database: str) -> None:
    await change(database, "UPDATE alembic_version SET version_num = 'of-tomorrow'")
    assert await on(database, schema.standing) is Standing.UNKNOWN


class Copy:
    """This project beside itself, with migrations of its own; the code is the one under test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("bot", "pyproject.toml"):
            (folder / name).symlink_to(ROOT / name)
        self.versions = folder / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        for name in ("env.py", *(f"versions/{path.name}" for path in (ROOT / "migrations/versions").glob("*.py"))):
            (folder / "migrations" / name).write_bytes((ROOT / "migrations" / name).read_bytes())

    @property
    def first(self) -> Path:
        """The file of the first revision."""
        [path] = (path for path in self.versions.glob("*.py") if "down_revision: str | None = None" in path.read_text())
        return path

    def migrate(self, url: str) -> "subprocess.Popen[str]":
        """`nearer migrate`, as an operator runs it."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "migrate"],
            cwd=self.folder,
            env=os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(self.folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def killed_in_the_middle(self, url: str) -> None:
        """Runs until the middle and no further."""
        with self.migrate(url) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "in the middle\n"
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    folder = tmp_path / "copy"
    folder.mkdir()
    return Copy(folder)


async def test_a_kill_in_the_middle_of_the_first_migration_leaves_nothing(copy: Copy, bare_database: str) -> None:
    url = bare_database
    whole = copy.first.read_text()
    last_table = whole.index('    op.create_table(\n        "replies"')
    copy.first.write_text(f"{whole[:last_table]}    {STAND_STILL}\n{whole[last_table:]}")
    copy.killed_in_the_middle(url)
    assert await on(url, schema.standing) is Standing.EMPTY
    assert await on(url, tables) == []
    await on(url, schema.migrate)
    assert await on(url, schema.standing) is Standing.CURRENT
    assert set(await on(url, tables)) == {*metadata.tables, "alembic_version"}


NEXT = f"""
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "next"
down_revision: str | None = "{{head}}"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("subscribers") as table:
        table.add_column(sa.Column("nickname", sa.String(8), nullable=True))
        table.alter_column("awaiting", new_column_name="expecting")
    {STAND_STILL}
    op.execute("UPDATE subscribers SET nickname = 'M'")
"""


async def test_a_kill_in_the_middle_of_a_later_migration_leaves_the_version_before_whole(
    copy: Copy, database: str, store: Store
) -> None:
    url = database
    [head] = await on(url, versions)
    known = await person(store, awaiting="zone")
    async with store.write() as work:
        written = await work.replies.keep(reply(known))
    later = copy.versions / "next.py"
    later.write_text(NEXT.format(head=head))
    copy.killed_in_the_middle(url)
    assert await on(url, schema.standing) is Standing.CURRENT
    async with store.read() as work:
        assert await work.subscribers.of_chat(known.chat_id) == known

    later.write_text(later.read_text().replace(STAND_STILL, ""))
    with copy.migrate(url) as process:
        assert process.wait() == 0
    assert await on(url, versions) == ["next"]
    assert await on(url, named) == [("M", "zone")]
    async with store.read() as work:
        assert await work.replies.of_id(written.id) == written


async def test_what_a_migration_would_leave_without_its_person_stays_as_it_was(copy: Copy, database: str) -> None:
    [head] = await on(database, versions)
    store = open_store(database)
    known = await person(store)
    async with store.write() as work:
        written = await work.replies.keep(reply(known))
    careless = NEXT.format(head=head).replace(STAND_STILL, 'op.execute("DELETE FROM subscribers")')
    (copy.versions / "next.py").write_text(careless)
    with copy.migrate(database) as process:
        refused = process.wait() != 0
    async with store.read() as work:
        assert (await work.replies.of_id(written.id) == written) is refused
    await store.close()


async def test_after_a_migration_rows_still_go_with_their_person(bare_database: str) -> None:
    engine = make_engine(read_address(bare_database))
    await schema.migrate(engine)
    store = Store(engine, Sealer([KEY]))
    known = await person(store)
    async with store.write() as work:
        written = await work.replies.keep(reply(known))
        await work.subscribers.remove(known.id)
        assert await work.replies.of_id(written.id) is None
    await store.close()


async def tables(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return await connection.run_sync(lambda plain: inspect(plain).get_table_names())


async def versions(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list((await connection.exec_driver_sql("SELECT version_num FROM alembic_version")).scalars())


async def named(engine: AsyncEngine) -> list[tuple[str, str]]:
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT nickname, expecting FROM subscribers")
        return [tuple(row) for row in rows]
