"""One transaction at a time: the unit of work, its engines and the doors where database errors stop.

SQLite has one writer: writing transactions queue in this process and begin IMMEDIATE.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import StorageTrouble
from bot.storage.deliveries import Deliveries
from bot.storage.door import CANNOT_OPEN, storage_door
from bot.storage.facts import Facts
from bot.storage.following import Following
from bot.storage.inbox import Inbox
from bot.storage.invites import Invites
from bot.storage.replies import Replies
from bot.storage.retention import Retention
from bot.storage.sealed import Sealed
from bot.storage.sealing import Sealer
from bot.storage.straight import Straight, at_a_stretch
from bot.storage.subscribers import Subscribers
from bot.storage.together import Together

#: How long SQLite waits for another process's write before it says "locked".
BUSY_MS = 10_000


@dataclass(frozen=True, slots=True)
class Work:
    """What can be read and written within one transaction."""

    subscribers: Subscribers
    deliveries: Deliveries
    replies: Replies
    following: Following
    inbox: Inbox
    facts: Facts
    invites: Invites
    sealed: Sealed
    retention: Retention


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
    _listen(engine.sync_engine)
    return engine


def _straight_engine(url: URL) -> Engine:
    """The same SQLite file without a loop, for threads of the store."""
    straight = create_engine(url.set(drivername="sqlite"), connect_args={"timeout": BUSY_MS / 1000})
    _listen(straight)
    return straight


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


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
_Item = TypeVar("_Item")


async def _one_by_one(work: Work, wishes: Sequence[Callable[[Work], Awaitable[Any]]]) -> list[Any]:
    return [await do(work) for do in wishes]


class Store:
    """Hands out transactions. Every database error leaves as StorageTrouble."""

    def __init__(self, engine: AsyncEngine, sealer: Sealer) -> None:
        self._engine = engine
        self.sealer = sealer
        self._writing = Together(self._write_at_once)
        self._reading = Together(self._read_at_once)
        self._turn: asyncio.Lock | None = None
        if engine.dialect.name == "sqlite":
            self._turn = asyncio.Lock()
            self._straight = _straight_engine(engine.url)
            self._threads = ThreadPoolExecutor(2, thread_name_prefix="storage")

    @property
    def engine(self) -> AsyncEngine:
        """For what reads or writes a database as a whole: its schema, a backup, a restore."""
        return self._engine

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
        done: _T = await self.in_bulk(_one_by_one, do)
        return done

    async def in_bulk(self, do: Callable[[Work, Sequence[_Item]], Awaitable[Sequence[_T]]], item: _Item) -> _T:
        """Like `together`, for what can be done for many items with the same few statements.

        `do` is handed all items that wait for it, which may come from anybody, and gives a result for each.
        """
        return await self._writing.in_bulk(do, item)

    async def looked_up(self, do: Callable[[Work, Sequence[_Item]], Awaitable[Sequence[_T]]], item: _Item) -> _T:
        """Like `in_bulk`, for what only reads."""
        return await self._reading.in_bulk(do, item)

    async def close(self) -> None:
        """Gives every connection back."""
        if self._turn is not None:
            self._threads.shutdown()
            self._straight.dispose()
        await self._engine.dispose()

    async def _write_at_once(self, do: Callable[[Work], Awaitable[_T]]) -> _T:
        if self._turn is None:
            async with self.write() as work:
                return await do(work)
        async with self._turn:
            return await self._apart(do, writing=True)

    async def _read_at_once(self, do: Callable[[Work], Awaitable[_T]]) -> _T:
        if self._turn is None:
            async with self.read() as work:
                return await do(work)
        return await self._apart(do, writing=False)

    async def _apart(self, do: Callable[[Work], Awaitable[_T]], *, writing: bool) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(self._at_a_stretch, do, writing=writing))

    def _at_a_stretch(self, do: Callable[[Work], Awaitable[_T]], *, writing: bool) -> _T:
        with storage_door(), self._straight.connect() as opened:
            connection = opened.execution_options(writing=writing)
            done = at_a_stretch(do(self._work(Straight(connection).as_connection())))
            if writing:
                connection.commit()
            return done

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
            following=Following(connection, self.sealer),
            inbox=Inbox(connection, self.sealer),
            facts=Facts(connection, self.sealer),
            invites=Invites(connection),
            sealed=Sealed(connection),
            retention=Retention(connection),
        )
