"""What still follows a reply that is kept: it is heard, then asked about. Held by one worker at a time.

The mark stands on the reply itself, so that it goes with it and a kill forgets none.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import Follows, Marks, Reply
from bot.storage.replies import opened
from bot.storage.sealing import Sealer
from bot.storage.tables import replies as table
from bot.storage.tables import workers


class Following:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    async def take(self, waiting: Follows, worker: str, limit: int) -> list[Reply]:
        """Gives this worker the oldest replies that wait for this and that nobody holds, oldest first."""
        free = (
            select(table.c.id)
            .where(table.c.waits_for == waiting, table.c.worker.is_(None))
            .order_by(table.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        chosen = free.cte("chosen")
        taken = update(table).where(table.c.id.in_(select(chosen.c.id))).values(worker=worker).returning(table)
        rows = (await self._connection.execute(taken)).all()
        return [opened(row, self._sealer) for row in sorted(rows, key=lambda row: int(row.id))]

    async def any_free(self, waiting: Collection[Follows]) -> bool:
        """Whether a reply waits for one of these and nobody holds it."""
        query = select(table.c.id).where(table.c.waits_for.in_(waiting), table.c.worker.is_(None)).limit(1)
        return (await self._connection.execute(query)).first() is not None

    async def held(self, worker: str, ids: Sequence[int]) -> list[Reply]:
        """Those of these that this worker still holds, as they are now, kept from others until the transaction ends.

        One that was edited meanwhile waits anew and is nobody's; one that was deleted is not there.
        """
        mine = table.c.id.in_(ids) & (table.c.worker == worker) & table.c.waits_for.is_not(None)
        rows = await self._connection.execute(select(table).where(mine).order_by(table.c.id).with_for_update())
        return [opened(row, self._sealer) for row in rows]

    async def heard(self, replies: Sequence[tuple[Reply, Marks, Follows | None]]) -> None:
        """What is now known of each, and what follows next, for whoever takes it."""
        rows = [
            {
                "key": reply.id,
                "marks": self._sealer.seal(asdict(marks), column="replies.marks", owner=reply.subscriber_id),
                "waits_for": follows,
            }
            for reply, marks, follows in replies
        ]
        if rows:
            statement = update(table).where(table.c.id == bindparam("key")).values(worker=None)
            await self._connection.execute(statement, rows)

    async def move(self, holder: str, ids: Collection[int], follows: Follows | None, *, keep: bool = False) -> None:
        """What those of these that this worker still holds wait for now; with `keep` it goes on holding them."""
        if ids:
            mine = table.c.id.in_(ids) & (table.c.worker == holder)
            worker = holder if keep else None
            await self._connection.execute(update(table).where(mine).values(waits_for=follows, worker=worker))

    async def acknowledged(self, ids: Sequence[int]) -> None:
        """These had their heart: they are to be heard, by whoever takes them."""
        kept = table.c.id.in_(ids) & (table.c.waits_for == Follows.HEART)
        await self._connection.execute(update(table).where(kept).values(waits_for=Follows.HEARING, worker=None))

    async def offered(self, shown: Sequence[tuple[int, int]]) -> None:
        """The chips of these replies arrived: reply id, message id. One edited meanwhile is to be heard again."""
        rows: list[dict[str, Any]] = [{"key": reply_id, "chips_message_id": message} for reply_id, message in shown]
        known = case((table.c.waits_for == Follows.OFFERING, None), else_=table.c.waits_for)
        statement = update(table).where(table.c.id == bindparam("key")).values(waits_for=known, worker=None)
        await self._connection.execute(statement, rows)

    async def free_orphans(self) -> int:
        """Gives up what dead workers held: chips that may have arrived are not sent again. Returns how many."""
        held = table.c.waits_for.is_not(None) & table.c.worker.is_not(None)
        dead = held & table.c.worker.not_in(select(workers.c.name))
        unsure = dead & (table.c.waits_for == Follows.OFFERING)
        lost = await self._connection.execute(update(table).where(unsure).values(waits_for=None, worker=None))
        back = await self._connection.execute(update(table).where(dead).values(worker=None))
        return int(lost.rowcount + back.rowcount)

    async def waiting(self) -> int:
        """How many replies something is still to follow."""
        return len((await self._connection.execute(select(table.c.id).where(table.c.waits_for.is_not(None)))).all())
