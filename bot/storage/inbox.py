"""The inbox: updates kept, sealed, before Telegram is told that they were received; remembered when done.

A done update leaves its number behind for some days, so that a redelivered one changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.sealing import Sealer
from bot.storage.tables import inbox as table

WAITING, DONE, FAILED = "waiting", "done", "failed"
#: An update that failed this often is set aside: its words were kept or are in the log as an id.
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update as Telegram sent it."""

    update_id: int
    chat_id: int | None
    body: dict[str, Any]
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

    async def waiting(self, limit: int, *, but: Sequence[int] = ()) -> list[Arrived]:
        """The oldest updates not yet handled, except those with the numbers `but`."""
        query = select(table).where(table.c.state == WAITING).order_by(table.c.update_id).limit(limit)
        query = query.where(table.c.update_id.not_in(but)) if but else query
        rows = (await self._connection.execute(query)).all()
        return [
            Arrived(
                row.update_id,
                row.chat_id,
                self._sealer.open(row.body, column="inbox.body", owner=row.update_id),
                row.attempts,
            )
            for row in rows
        ]

    async def done(self, update_ids: Sequence[int]) -> None:
        """Handled: what was in them goes, their numbers stay."""
        await self._connection.execute(
            update(table).where(table.c.update_id.in_(update_ids)).values(state=DONE, body=None, chat_id=None)
        )

    async def failed(self, arrived: Arrived) -> bool:
        """One more attempt failed; True when it was the last."""
        last = arrived.attempts + 1 >= MAX_ATTEMPTS
        state = FAILED if last else WAITING
        await self._connection.execute(
            update(table)
            .where(table.c.update_id == arrived.update_id)
            .values(attempts=arrived.attempts + 1, state=state)
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
