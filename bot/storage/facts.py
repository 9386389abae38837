"""Small facts about the installation, and the workers that are alive."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import facts, workers

#: A worker not seen for so long is gone; it says so itself every two seconds.
WORKER_GONE = timedelta(seconds=8)


class Facts:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def read(self, name: str) -> bytes | None:
        """The fact of this name."""
        return (await self._connection.execute(select(facts.c.value).where(facts.c.name == name))).scalar_one_or_none()

    async def write(self, name: str, value: bytes) -> None:
        """Writes or replaces a fact."""
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = made(facts).values(name=name, value=value)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    async def worker_lives(self, name: str, now: datetime) -> None:
        """This worker was alive at `now`, by the machine's own clock."""
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = made(workers).values(name=name, seen_at=now)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))

    async def bury_workers(self, now: datetime) -> None:
        """Strikes off the workers that are gone."""
        await self._connection.execute(delete(workers).where(workers.c.seen_at < now - WORKER_GONE))

    async def living(self) -> int:
        """How many workers are alive."""
        return int((await self._connection.execute(select(func.count()).select_from(workers))).scalar_one())

    async def worker_leaves(self, name: str) -> None:
        """Strikes off a worker that ends in good order."""
        await self._connection.execute(delete(workers).where(workers.c.name == name))
