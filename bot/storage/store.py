"""One transaction at a time: the unit of work, its engines and the doors where database errors stop.

SQLite has one writer: writing transactions queue in this process and begin IMMEDIATE.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import StorageTrouble
from bot.storage.deliveries import Deliveries
from bot.storage.door import CANNOT_OPEN, storage_door
from bot.storage.facts import Facts
from bot.storage.inbox import Inbox
from bot.storage.invites import Invites
from bot.storage.replies import Replies
from bot.storage.sealing import Sealer
from bot.storage.subscribers import Subscribers

#: How long SQLite waits for another process's write before it says "locked".
BUSY_MS = 10_000
#: So much is done in one transaction at the most, some tens of milliseconds.
MOST_TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Work:
    """What can be read and written within one transaction."""

    subscribers: Subscribers
    deliveries: Deliveries
    replies: Replies
    inbox: Inbox
    facts: Facts
    invites: Invites


def make_engine(url: URL) -> AsyncEngine:
    """An engine on the URL of `read_address`; opens nothing yet.

    Raises StorageTrouble for a folder that is not there.
    """
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    # Found here and not by SQLite: a connection that fails to open leaves its thread behind for a moment.
    if not Path(url.database or "").parent.is_dir():
        raise StorageTrouble(CANNOT_OPEN)
    engine = create_async_engine(url, connect_args={"timeout": BUSY_MS / 1000}, pool_size=5, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


_T = TypeVar("_T")
_Wish = tuple[Callable[[Work], Awaitable[Any]], "asyncio.Future[Any]"]


def _tell(done: "asyncio.Future[Any]", *, result: Any = None, error: Exception | None = None) -> None:
    """Whoever waited may have gone meanwhile."""
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)


class Store:
    """Hands out transactions. Every database error leaves as StorageTrouble."""

    def __init__(self, engine: AsyncEngine, sealer: Sealer) -> None:
        self._engine = engine
        self.sealer = sealer
        self._waiting: list[_Wish] = []
        self._leader: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        """A transaction that is always rolled back."""
        async with self._connected(writing=False) as connection:
            yield self._work(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Work]:
        """A transaction that commits at the end of the block and rolls back when it raises."""
        if self._turn is None:
            async with self._committing() as work:
                yield work
            return
        async with self._turn, self._committing() as work:
            yield work

    async def together(self, do: Callable[[Work], Awaitable[_T]]) -> _T:
        """Does this in one transaction with whatever else waits to be done so, and returns once that is durable.

        A flood of replies is not one commit each. Where one of them fails, each is done again alone: `do` may run
        twice, and changes nothing but the database.
        """
        done: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._waiting.append((do, done))
        if self._leader is None or self._leader.done():
            self._leader = asyncio.create_task(self._lead())
        return await done

    async def _lead(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            try:
                async with self.write() as work:
                    results = [await do(work) for do, _ in group]
            except Exception:  # noqa: BLE001 - each is done again alone, and fails for itself
                await self._each_alone(group)
            else:
                for (_, done), result in zip(group, results, strict=True):
                    _tell(done, result=result)

    async def _each_alone(self, group: Sequence[_Wish]) -> None:
        for do, done in group:
            try:
                async with self.write() as work:
                    result = await do(work)
            except Exception as error:  # noqa: BLE001 - whoever waits for it hears of it
                _tell(done, error=error)
            else:
                _tell(done, result=result)

    async def close(self) -> None:
        """Gives every connection back."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _committing(self) -> AsyncIterator[Work]:
        async with self._connected(writing=True) as connection:
            yield self._work(connection)
            await connection.commit()

    @asynccontextmanager
    async def _connected(self, *, writing: bool) -> AsyncIterator[AsyncConnection]:
        with storage_door():
            async with self._engine.connect() as connection:
                await connection.execution_options(writing=writing)
                yield connection

    def _work(self, connection: AsyncConnection) -> Work:
        return Work(
            subscribers=Subscribers(connection, self.sealer),
            deliveries=Deliveries(connection, self.sealer),
            replies=Replies(connection, self.sealer),
            inbox=Inbox(connection, self.sealer),
            facts=Facts(connection),
            invites=Invites(connection),
        )
