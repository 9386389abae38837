"""Replies: a person's own words, kept once per source, sealed with what they show."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Damaged
from bot.domain.records import Follows, Marks, Reply
from bot.storage.sealing import Sealer
from bot.storage.tables import replies as table


class Replies:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    async def keep(self, reply: Reply) -> Reply:
        """Keeps a reply; one from the same source that is there already comes back instead, unchanged."""
        [kept] = await self.keep_all([reply])
        return kept

    async def keep_all(self, replies: Sequence[Reply], worker: str | None = None) -> list[Reply]:
        """Keeps several, of several people, with one statement; each as `keep` does, in their order.

        `worker` holds those that something is to follow.
        """
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        first: dict[tuple[int, str], Reply] = {}
        for reply in replies:
            first.setdefault((reply.subscriber_id, reply.source), reply)
        statement = made(table).on_conflict_do_nothing()
        new = await self._connection.execute(
            statement.returning(table.c.id, table.c.subscriber_id, table.c.source),
            [self._row(reply, worker) for reply in first.values()],
        )
        kept = {(row.subscriber_id, row.source): row.id for row in new}
        found = {key: replace(reply, id=kept[key]) for key, reply in first.items() if key in kept}
        for owner, source in first.keys() - kept.keys():
            there = await self.of_source(owner, source)
            assert there is not None
            found[owner, source] = there
        return [found[reply.subscriber_id, reply.source] for reply in replies]

    def _row(self, reply: Reply, worker: str | None) -> dict[str, Any]:
        owner = reply.subscriber_id
        return {
            "subscriber_id": owner,
            "source": reply.source,
            "day": reply.day,
            "written_at": reply.written_at,
            "tapped": reply.tapped,
            "waits_for": reply.waits_for,
            "worker": worker if reply.waits_for else None,
            "text": self._sealer.seal(reply.text, column="replies.text", owner=owner),
            "marks": self._sealer.seal(asdict(reply.marks), column="replies.marks", owner=owner),
        }

    async def rewrite(self, reply: Reply, text: str, marks: Marks, now: datetime) -> None:
        """An edited message edits what is kept; it is heard anew, unless care sealed it."""
        owner = reply.subscriber_id
        unasked = table.c.waits_for.in_((Follows.HEARING, Follows.CHIPS))
        anew = case(
            (table.c.waits_for == Follows.HEART, Follows.HEART),
            (unasked, Follows.HEARING),
            else_=Follows.HEARING_AGAIN,
        )
        await self._set(
            reply.id,
            text=self._sealer.seal(text, column="replies.text", owner=owner),
            marks=self._sealer.seal(asdict(marks), column="replies.marks", owner=owner),
            edited_at=now,
            waits_for=None if marks.care else anew,
            worker=None,
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
            with suppress(Damaged):  # Reading the reply itself tells of it; the next question does not wait for it.
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
        return opened_marks(row, self._sealer)

    def _opened(self, row: Any) -> Reply:
        return opened(row, self._sealer)


def opened_marks(row: Any, sealer: Sealer) -> Marks:
    """What a row's reply shows. Raises WrongKey or Damaged."""
    written: dict[str, Any] = sealer.open(row.marks, column="replies.marks", owner=row.subscriber_id)
    return Marks(care=written.pop("care"), **{name: tuple(ids) for name, ids in written.items()})


def opened(row: Any, sealer: Sealer) -> Reply:
    """A whole row as the reply it keeps. Raises WrongKey or Damaged."""
    owner = row.subscriber_id
    return Reply(
        id=row.id,
        subscriber_id=owner,
        source=row.source,
        day=row.day,
        written_at=row.written_at,
        text=sealer.open(row.text, column="replies.text", owner=owner),
        marks=opened_marks(row, sealer),
        tapped=row.tapped,
        chips_message_id=row.chips_message_id,
        edited_at=row.edited_at,
        waits_for=None if row.waits_for is None else Follows(row.waits_for),
    )
