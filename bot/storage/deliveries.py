"""Deliveries: the ledger of what was due, tried, sent. The row is written before the send and settled after (D1)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Damaged
from bot.domain.records import Asked, Delivery, Kind, Outcome, Stage, State
from bot.storage.delivery_rows import HELD, marked_row, new_row, opened, opened_asked, sealed_asked, settled_row
from bot.storage.sealing import Sealer
from bot.storage.tables import deliveries as table
from bot.storage.tables import subscribers, workers

#: Written once: what a statement costs to make would be paid for each message otherwise.
_ONE = update(table).where(table.c.id == bindparam("key"))
_MARK = _ONE.values(
    state=State.SENDING,
    closed=False,
    asked=bindparam("asked"),
    patterns=bindparam("patterns"),
    attempts=bindparam("attempts"),
)
_SENT = _ONE.values(state=State.SENT, worker=None, message_id=bindparam("message"), settled_at=bindparam("settled"))
_SETTLE = _ONE.values(worker=None)


class Deliveries:
    """Reads and writes within one transaction. `damaged`: the people of whom a value met in it did not open."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer
        self.damaged: list[int] = []

    async def claim_new(self, wanted: Sequence[Delivery], worker: str) -> list[Delivery]:
        """Inserts the rows that are not there yet, for this worker; returns those, with their ids.

        A row that exists (the unique constraint of D1) is somebody's already and is passed over.
        """
        if not wanted:
            return []
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        rows = [new_row(delivery, worker) for delivery in wanted]
        inserted = await self._connection.execute(
            made(table).on_conflict_do_nothing().returning(table.c.id, table.c.subscriber_id, table.c.kind), rows
        )
        ids = {(row.subscriber_id, row.kind): row.id for row in inserted.all()}
        return [
            replace(delivery, id=ids[delivery.subscriber_id, delivery.kind])
            for delivery in wanted
            if (delivery.subscriber_id, delivery.kind) in ids
        ]

    async def for_all_active(self, kind: Kind, day: date, now: datetime) -> int:
        """A row that waits for everybody who is active and can be reached, in one statement; returns how many."""
        who = (subscribers.c.stage == Stage.ACTIVE) & subscribers.c.unreachable_at.is_(None)
        row = new_row(Delivery(0, 0, kind, day, State.WAITING, now, now), "") | {"subscriber_id": None}
        names = [name for name in row if name != "subscriber_id"]
        values = [literal(row[name], table.c[name].type) for name in names]
        chosen = select(subscribers.c.id, *values).where(who)
        made = await self._connection.execute(insert(table).from_select(["subscriber_id", *names], chosen))
        return int(made.rowcount)

    async def claim_waiting(self, kinds: Sequence[Kind], now: datetime, worker: str, limit: int) -> list[Delivery]:
        """Takes rows of these kinds that wait for a retry or for *Later* and are due, for this worker.

        One that does not open is settled as failed and its person told of in `damaged`.
        """
        due = (
            select(table)
            .where(table.c.state == State.WAITING, table.c.due_at <= now, table.c.kind.in_(kinds))
            .order_by(table.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = []
        for row in (await self._connection.execute(due)).all():
            try:
                found.append(opened(row, self._sealer))
            except Damaged:
                self.damaged.append(row.subscriber_id)
                await self._set([row.id], state=State.FAILED, settled_at=now)
        await self._set([delivery.id for delivery in found], state=State.CLAIMED, worker=worker)
        return [replace(delivery, state=State.CLAIMED) for delivery in found]

    async def mark_sending(self, going: Sequence[Delivery], worker: str) -> set[int]:
        """Writes the attempt, with what it will show, before the send (D1); returns the ids that may be sent.

        A worker that stood still for too long may have been given up for dead: what is no longer its own, it
        must not send (D9).
        """
        ids = [delivery.id for delivery in going]
        mine = table.c.id.in_(ids) & (table.c.worker == worker) & table.c.state.in_(HELD)
        held = await self._connection.execute(select(table.c.id).where(mine).with_for_update())
        kept = set(held.scalars())
        rows = [marked_row(delivery, self._sealer) for delivery in going if delivery.id in kept]
        if rows:
            await self._connection.execute(_MARK, rows)
        return kept

    async def drop_for(
        self, ids: Sequence[int], now: datetime, kinds: Sequence[Kind] = (Kind.QUESTION, Kind.GOODBYE, Kind.REFLECTION)
    ) -> None:
        """Lets go of what waits or is claimed for these people and has not left: /stop and /space are instant (P3).

        Called in the transaction that writes why, the people held.
        """
        still = table.c.state.in_((State.WAITING, State.CLAIMED)) & table.c.kind.in_(kinds)
        statement = update(table).where(table.c.subscriber_id.in_(ids), still)
        await self._connection.execute(statement.values(state=State.SKIPPED, worker=None, settled_at=now))

    async def settle(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Writes what became of attempts. `refund` takes the attempt back (401, 429: it cost none)."""
        sent = [one for one in outcomes if one.state is State.SENT]
        if sent:
            rows = [{"key": one.delivery.id, "message": one.message_id, "settled": now} for one in sent]
            await self._connection.execute(_SENT, rows)
        rows = [settled_row(one, now) for one in outcomes if one.state is not State.SENT]
        if rows:
            await self._connection.execute(_SETTLE, rows)

    async def let_go(self, late: Sequence[Delivery], now: datetime) -> None:
        """Too late to be sent: settled in silence (D2)."""
        await self._set([delivery.id for delivery in late], state=State.LATE, worker=None, settled_at=now)

    async def give_up(self, broken: Sequence[Delivery], now: datetime) -> None:
        """What cannot be made ready: settled as failed."""
        await self._set([delivery.id for delivery in broken], state=State.FAILED, worker=None, settled_at=now)

    async def picture_arrived(self, delivery_id: int) -> None:
        """The reflection's picture is there; only its text is still to go."""
        await self._set([delivery_id], picture_sent=True)

    async def free_orphans(self, now: datetime) -> int:
        """Gives up what dead workers held: claims go back, attempts become unknown (D9). Returns how many."""
        dead = table.c.state.in_(HELD) & table.c.worker.not_in(select(workers.c.name))
        unsure = dead & (table.c.state == State.SENDING) & (table.c.kind != Kind.REFLECTION)
        lost = await self._connection.execute(
            update(table).where(unsure).values(state=State.UNKNOWN, worker=None, settled_at=now)
        )
        back = await self._connection.execute(
            update(table).where(dead).values(state=State.WAITING, worker=None, due_at=now)
        )
        return int(lost.rowcount + back.rowcount)

    async def free_forgotten(self, worker: str, now: datetime) -> int:
        """Claims of a living worker that has nothing in hand go back: making them ready died of a database gone."""
        mine = (table.c.state == State.CLAIMED) & (table.c.worker == worker)
        back = update(table).where(mine).values(state=State.WAITING, worker=None, due_at=now)
        return int((await self._connection.execute(back)).rowcount)

    async def rearm(self, delivery_id: int, due_at: datetime) -> None:
        """*Later*: the same row with a new due time (D1)."""
        await self._set([delivery_id], state=State.WAITING, due_at=due_at, first_due_at=due_at, attempts=0, closed=True)

    async def close(self, *delivery_ids: int) -> None:
        """The row of buttons of these questions has gone."""
        await self._set(delivery_ids, closed=True)

    async def reopen(self, delivery_id: int, asked: Asked) -> None:
        """Another prompt stands in the message now."""
        await self._set([delivery_id], asked=sealed_asked(asked, delivery_id, self._sealer))

    async def of_id(self, delivery_id: int) -> Delivery | None:
        """One delivery."""
        return await self._first(table.c.id == delivery_id)

    async def of_message(self, subscriber_id: int, message_id: int) -> Delivery | None:
        """The delivery that a message brought to this person."""
        return await self._first((table.c.subscriber_id == subscriber_id) & (table.c.message_id == message_id))

    async def of_day(self, subscriber_id: int, kind: Kind, day: date) -> Delivery | None:
        """What this person got of a kind on one local day."""
        mine = table.c.subscriber_id == subscriber_id
        return await self._first(mine & (table.c.kind == kind) & (table.c.day == day))

    async def of_days(
        self, ids: Collection[int], kind: Kind, days: Collection[date]
    ) -> dict[tuple[int, date], Delivery]:
        """What several people got of a kind on these local days, by person and day."""
        theirs = table.c.subscriber_id.in_(ids) & (table.c.kind == kind) & table.c.day.in_(days)
        rows = await self._connection.execute(select(table).where(theirs))
        return {(row.subscriber_id, row.day): opened(row, self._sealer) for row in rows}

    async def last_question(self, subscriber_id: int) -> Delivery | None:
        """The newest question that reached this person, or may have."""
        query = (
            select(table)
            .where(table.c.subscriber_id == subscriber_id, table.c.kind == Kind.QUESTION)
            .where(table.c.state.in_((State.SENT, State.UNKNOWN, State.SENDING, State.WAITING)))
            .where(table.c.asked.is_not(None))
            .order_by(table.c.day.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else opened(row, self._sealer)

    async def question_days(self, subscriber_id: int) -> list[date]:
        """The local days on which a question reached this person, or may have."""
        mine = (table.c.subscriber_id == subscriber_id) & (table.c.kind == Kind.QUESTION)
        return list(
            (await self._connection.execute(select(table.c.day).where(mine, table.c.asked.is_not(None)))).scalars()
        )

    async def asked_since(self, ids: Sequence[int], since: date) -> dict[int, list[tuple[date, Asked]]]:
        """Each person's questions from a local day on, oldest first."""
        query = (
            select(table.c.id, table.c.subscriber_id, table.c.day, table.c.asked)
            .where(table.c.subscriber_id.in_(ids), table.c.kind == Kind.QUESTION, table.c.day >= since)
            .where(table.c.asked.is_not(None))
            .order_by(table.c.day)
        )
        found: dict[int, list[tuple[date, Asked]]] = {key: [] for key in ids}
        for row in await self._connection.execute(query):
            try:
                found[row.subscriber_id].append((row.day, opened_asked(row, self._sealer)))
            except Damaged:  # It may be asked again; today's question does not wait for it.
                self.damaged.append(row.subscriber_id)
        return found

    async def all_of(self, subscriber_id: int) -> list[Delivery]:
        """Everything due to this person, oldest first."""
        query = select(table).where(table.c.subscriber_id == subscriber_id).order_by(table.c.day, table.c.id)
        return [opened(row, self._sealer) for row in await self._connection.execute(query)]

    async def lateness(self, since: datetime) -> list[float]:
        """Seconds between due and settled of each question sent since then."""
        query = select(table.c.first_due_at, table.c.settled_at).where(
            table.c.kind == Kind.QUESTION, table.c.state == State.SENT, table.c.settled_at >= since
        )
        rows = (await self._connection.execute(query)).all()
        return [(row.settled_at - row.first_due_at).total_seconds() for row in rows]

    async def next_due_at(self) -> datetime | None:
        """The earliest moment at which a retry or a *Later* is due."""
        query = select(func.min(table.c.due_at)).where(table.c.state == State.WAITING)
        found: datetime | None = (await self._connection.execute(query)).scalar_one()
        return found

    async def counts(self) -> dict[tuple[str, str], int]:
        """How many deliveries there are by kind and state."""
        query = select(table.c.kind, table.c.state, func.count()).group_by(table.c.kind, table.c.state)
        return {(kind, state): count for kind, state, count in await self._connection.execute(query)}

    async def _first(self, condition: ColumnElement[bool]) -> Delivery | None:
        row = (await self._connection.execute(select(table).where(condition).limit(1))).one_or_none()
        return None if row is None else opened(row, self._sealer)

    async def _set(self, ids: Sequence[int], **values: Any) -> None:
        if ids:
            await self._connection.execute(update(table).where(table.c.id.in_(ids)).values(**values))
