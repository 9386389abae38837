"""Replies: a person's own words, kept once per source, sealed with what they show."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import Marks, Reply
from bot.storage.sealing import Sealer
from bot.storage.tables import replies as table


class Replies:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    async def keep(self, reply: Reply) -> Reply:
        """Keeps a reply; one from the same source that is there already comes back instead, unchanged."""
        owner = reply.subscriber_id
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = made(table).values(
            subscriber_id=owner,
            source=reply.source,
            day=reply.day,
            written_at=reply.written_at,
            tapped=reply.tapped,
            text=self._sealer.seal(reply.text, column="replies.text", owner=owner),
            marks=self._sealer.seal(asdict(reply.marks), column="replies.marks", owner=owner),
        )
        made_now = await self._connection.execute(statement.on_conflict_do_nothing().returning(table.c.id))
        new = made_now.scalar_one_or_none()
        if new is not None:
            return replace(reply, id=new)
        kept = await self.of_source(owner, reply.source)
        assert kept is not None
        return kept

    async def rewrite(self, reply: Reply, text: str, marks: Marks, now: datetime) -> None:
        """An edited message edits what is kept."""
        owner = reply.subscriber_id
        await self._set(
            reply.id,
            text=self._sealer.seal(text, column="replies.text", owner=owner),
            marks=self._sealer.seal(asdict(marks), column="replies.marks", owner=owner),
            edited_at=now,
        )

    async def mark(self, reply: Reply, marks: Marks) -> None:
        """What is now known of a reply."""
        sealed = self._sealer.seal(asdict(marks), column="replies.marks", owner=reply.subscriber_id)
        await self._set(reply.id, marks=sealed)

    async def chips_shown(self, reply_id: int, message_id: int) -> None:
        """The message that holds the chips of this reply."""
        await self._set(reply_id, chips_message_id=message_id)

    async def of_id(self, reply_id: int) -> Reply | None:
        """One reply."""
        return await self._first(table.c.id == reply_id)

    async def of_source(self, subscriber_id: int, source: str) -> Reply | None:
        """The reply of this person from this source ("m<message id>" or "t<delivery id>")."""
        return await self._first((table.c.subscriber_id == subscriber_id) & (table.c.source == source))

    async def between(self, subscriber_id: int, first: date, last: date) -> list[Reply]:
        """This person's replies of the local days from first to last, both inside, oldest first."""
        query = (
            select(table)
            .where(table.c.subscriber_id == subscriber_id, table.c.day >= first, table.c.day <= last)
            .order_by(table.c.day, table.c.written_at, table.c.id)
        )
        return [self._opened(row) for row in await self._connection.execute(query)]

    async def latest_marks(self, ids: Sequence[int], since: date) -> dict[int, list[tuple[date, Marks]]]:
        """What several people's replies showed from a local day on, oldest first, with their local days."""
        query = (
            select(table.c.subscriber_id, table.c.day, table.c.marks)
            .where(table.c.subscriber_id.in_(ids), table.c.day >= since)
            .order_by(table.c.day, table.c.written_at, table.c.id)
        )
        found: dict[int, list[tuple[date, Marks]]] = {key: [] for key in ids}
        for row in await self._connection.execute(query):
            found[row.subscriber_id].append((row.day, self._opened_marks(row)))
        return found

    async def count(self, subscriber_id: int) -> int:
        """How many replies this person has kept."""
        query = select(func.count()).select_from(table).where(table.c.subscriber_id == subscriber_id)
        return int((await self._connection.execute(query)).scalar_one())

    async def count_all(self) -> int:
        """How many replies are kept of everybody."""
        return int((await self._connection.execute(select(func.count()).select_from(table))).scalar_one())

    async def days(self, subscriber_id: int) -> list[date]:
        """The local days with a reply, newest first."""
        query = select(table.c.day).where(table.c.subscriber_id == subscriber_id).distinct()
        return list((await self._connection.execute(query.order_by(table.c.day.desc()))).scalars())

    async def move(self, reply_id: int, day: date) -> None:
        """The reply belongs to another local day."""
        await self._set(reply_id, day=day)

    async def remove(self, reply_id: int) -> None:
        """Forgets one reply."""
        await self._connection.execute(delete(table).where(table.c.id == reply_id))

    async def _first(self, condition: ColumnElement[bool]) -> Reply | None:
        row = (await self._connection.execute(select(table).where(condition).limit(1))).one_or_none()
        return None if row is None else self._opened(row)

    async def _set(self, reply_id: int, **values: Any) -> None:
        await self._connection.execute(update(table).where(table.c.id == reply_id).values(**values))

    def _opened_marks(self, row: Any) -> Marks:
        written: dict[str, Any] = self._sealer.open(row.marks, column="replies.marks", owner=row.subscriber_id)
        return Marks(care=written.pop("care"), **{name: tuple(ids) for name, ids in written.items()})

    def _opened(self, row: Any) -> Reply:
        owner = row.subscriber_id
        return Reply(
            id=row.id,
            subscriber_id=owner,
            source=row.source,
            day=row.day,
            written_at=row.written_at,
            text=self._sealer.open(row.text, column="replies.text", owner=owner),
            marks=self._opened_marks(row),
            tapped=row.tapped,
            chips_message_id=row.chips_message_id,
            edited_at=row.edited_at,
        )
