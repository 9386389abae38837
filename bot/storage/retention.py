"""What has lain long enough: finds it by index and removes it, a small batch in each transaction."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import State
from bot.storage.inbox import FAILED
from bot.storage.tables import deliveries, facts, inbox, replies, subscribers

#: States in which a delivery is no longer anybody's to send.
_ENDED = (State.SENT, State.UNKNOWN, State.LATE, State.SKIPPED, State.UNREACHABLE, State.FAILED)
#: Those in which it never reached anybody.
_NEVER_SEEN = (State.LATE, State.SKIPPED, State.UNREACHABLE, State.FAILED)


class Retention:
    """Reads and removes within one transaction; each verb takes at most `limit` rows and tells how many."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def unreachable(self, before: datetime, limit: int) -> list[tuple[int, int]]:
        """Ids and chats of people who cannot be reached since before then, held until the transaction ends."""
        query = select(subscribers.c.id, subscribers.c.chat_id).where(subscribers.c.unreachable_at < before)
        query = query.order_by(subscribers.c.id).limit(limit).with_for_update(skip_locked=True)
        return [(row.id, row.chat_id) for row in await self._connection.execute(query)]

    async def old_replies(self, before: datetime, limit: int) -> int:
        """Removes replies written before then, with all that is known of them."""
        return await self._drop(replies, replies.c.written_at < before, limit)

    async def old_deliveries(self, before: datetime, limit: int) -> int:
        """Removes what was asked and told before then, and is settled."""
        ended = deliveries.c.state.in_(_ENDED) & (deliveries.c.due_at < before)
        return await self._drop(deliveries, ended, limit)

    async def never_seen(self, before: datetime, limit: int) -> int:
        """Removes deliveries that fell due before then and never reached anybody."""
        ended = deliveries.c.state.in_(_NEVER_SEEN) & (deliveries.c.due_at < before)
        return await self._drop(deliveries, ended, limit)

    async def failed_updates(self, before: datetime, limit: int) -> int:
        """Removes updates that were set aside before then, and what is in them."""
        return await self._drop(inbox, (inbox.c.state == FAILED) & (inbox.c.received_at < before), limit)

    async def old_notices(self, before: date) -> int:
        """Removes the texts of service notices of days before then."""
        dated = facts.c.name.between("notice 2", f"notice {before.isoformat()}")
        gone = await self._connection.execute(
            delete(facts).where(dated, facts.c.name != f"notice {before.isoformat()}")
        )
        return int(gone.rowcount)

    async def _drop(self, table: Table, old: ColumnElement[bool], limit: int) -> int:
        [key] = table.primary_key.columns
        chosen = select(key).where(old).limit(limit).with_for_update(skip_locked=True)
        gone = await self._connection.execute(delete(table).where(key.in_(chosen)))
        return int(gone.rowcount)
