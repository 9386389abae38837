"""The inbox: updates kept, sealed, before Telegram is told that they were received; remembered when done.

A done update leaves its number behind for some days, so that a redelivered one changes nothing. A worker takes
whole chats: as long as it holds one update of a chat, nobody is given another of it, and so each stays in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Damaged, WrongKey
from bot.storage.sealing import Sealer
from bot.storage.tables import inbox as table
from bot.storage.tables import workers

WAITING, DONE, FAILED = "waiting", "done", "failed"
#: An update that failed this often is set aside: its words were kept or are in the log as an id.
MAX_ATTEMPTS = 5
#: PostgreSQL's advisory lock for who takes updates; any number that nothing else uses.
_TAKING = 7_368_787

_chat = func.coalesce(table.c.chat_id, 0)
_free = (table.c.state == WAITING) & table.c.worker.is_(None)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update as Telegram sent it; `body` is None where what was kept of it no longer opens."""

    update_id: int
    chat_id: int | None
    body: dict[str, Any] | None
    attempts: int = 0


class Inbox:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    async def keep(self, updates: Sequence[Arrived], now: datetime) -> None:
        """Keeps a batch; updates known already are passed over."""
        if not updates:
            return
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        rows = [
            {
                "update_id": arrived.update_id,
                "chat_id": arrived.chat_id,
                "body": self._sealer.seal(arrived.body, column="inbox.body", owner=arrived.update_id),
                "received_at": now,
                "state": WAITING,
                "attempts": 0,
            }
            for arrived in updates
        ]
        await self._connection.execute(made(table).on_conflict_do_nothing(), rows)

    async def waiting(self, limit: int) -> list[Arrived]:
        """The oldest updates not yet handled, whoever holds them."""
        query = select(table).where(table.c.state == WAITING).order_by(table.c.update_id).limit(limit)
        return [self._opened(row) for row in await self._connection.execute(query)]

    async def any_free(self) -> bool:
        """Whether anything waits that nobody holds; it may be of a chat that somebody is at."""
        return (await self._connection.execute(select(table.c.update_id).where(_free).limit(1))).first() is not None

    async def take(self, worker: str, limit: int) -> list[Arrived]:
        """Gives this worker the oldest updates of chats that nobody is at, itself included, oldest first.

        Takers come one after another: two at once could each be given one half of a chat.
        """
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(select(func.pg_advisory_xact_lock(_TAKING)))
        held = select(_chat).where(table.c.state == WAITING, table.c.worker.is_not(None))
        oldest = select(table.c.update_id).where(_free, _chat.not_in(held)).order_by(table.c.update_id).limit(limit)
        taken = update(table).where(table.c.update_id.in_(oldest)).values(worker=worker).returning(table)
        rows = (await self._connection.execute(taken)).all()
        return [self._opened(row) for row in sorted(rows, key=lambda row: int(row.update_id))]

    async def still_of(self, worker: str, update_ids: Sequence[int]) -> set[int]:
        """Those of these that this worker still holds: one that stood still for too long was given up."""
        mine = table.c.update_id.in_(update_ids) & (table.c.state == WAITING) & (table.c.worker == worker)
        return set((await self._connection.execute(select(table.c.update_id).where(mine))).scalars())

    async def let_go(self, worker: str, update_ids: Sequence[int]) -> None:
        """What this worker held of these waits for whoever takes it next."""
        mine = table.c.update_id.in_(update_ids) & (table.c.worker == worker)
        await self._connection.execute(update(table).where(mine).values(worker=None))

    async def set_aside(self, update_id: int) -> None:
        """Nobody is to try this one again."""
        await self._connection.execute(
            update(table).where(table.c.update_id == update_id).values(state=FAILED, worker=None)
        )

    async def free_orphans(self) -> int:
        """Gives up what dead workers held; returns how many."""
        held = (table.c.state == WAITING) & table.c.worker.is_not(None)
        dead = held & table.c.worker.not_in(select(workers.c.name))
        return int((await self._connection.execute(update(table).where(dead).values(worker=None))).rowcount)

    async def done(self, update_ids: Sequence[int]) -> None:
        """Handled: what was in them goes, their numbers stay."""
        await self._connection.execute(
            update(table)
            .where(table.c.update_id.in_(update_ids))
            .values(state=DONE, body=None, chat_id=None, worker=None)
        )

    async def failed(self, arrived: Arrived) -> bool:
        """One more attempt failed, and nobody holds it now; True when it was the last."""
        last = arrived.attempts + 1 >= MAX_ATTEMPTS
        state = FAILED if last else WAITING
        await self._connection.execute(
            update(table)
            .where(table.c.update_id == arrived.update_id)
            .values(attempts=arrived.attempts + 1, state=state, worker=None)
        )
        return last

    async def newest(self) -> int | None:
        """The highest update number ever kept."""
        found: int | None = (await self._connection.execute(select(func.max(table.c.update_id)))).scalar_one()
        return found

    async def forget(self, chat_id: int) -> None:
        """Drops what a deleted person still has waiting or failed."""
        await self._connection.execute(delete(table).where(table.c.chat_id == chat_id))

    async def tidy(self, before: datetime) -> int:
        """Drops the numbers of updates handled before a moment; Telegram repeats none older than a day."""
        newest = select(func.max(table.c.update_id)).scalar_subquery()
        old = (table.c.state == DONE) & (table.c.received_at < before) & (table.c.update_id < newest)
        return int((await self._connection.execute(delete(table).where(old))).rowcount)

    async def counts(self) -> dict[str, int]:
        """How many updates are in each state."""
        query = select(table.c.state, func.count()).group_by(table.c.state)
        return {state: count for state, count in await self._connection.execute(query)}  # noqa: C416

    def _opened(self, row: Any) -> Arrived:
        try:
            body = self._sealer.open(row.body, column="inbox.body", owner=row.update_id)
        except (Damaged, WrongKey):
            body = None
        return Arrived(row.update_id, row.chat_id, body, row.attempts)
