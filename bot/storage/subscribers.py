"""Subscribers: one row a person, due times in the open, what is known of them sealed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import Damaged
from bot.domain.records import Mind, Preferences, Stage, Subscriber
from bot.storage.sealing import Sealer
from bot.storage.tables import subscribers as table
from bot.storage.written import mind_read, mind_written, preferences_read, preferences_written

_PLAIN = tuple(
    name
    for name in Subscriber.__dataclass_fields__
    if name not in ("id", "chat_id", "stage", "preferences", "mind", "joined_at", "chosen")
)
#: What a question that falls due changes of a person.
_MOVING = ("question_due_at", "question_day", "last_question_day", "unanswered")
#: Whose turn is when: an id times a large prime, moved on by another each day, in a ring of a prime's size.
_SPREAD, _DAILY, _TURNS = 7_368_787, 104_729, 1_000_003
#: Somebody whose row does not open is looked at again after this.
DAMAGED_WAITS = timedelta(hours=1)


#: A place in the order in which questions fall due: moment, lot, id.
Place = tuple[datetime, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """People, and the ids of those whose sealed values do not open."""

    people: list[Subscriber]
    damaged: list[int]


class Subscribers:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    async def of_chat(self, chat_id: int, *, hold: bool = False) -> Subscriber | None:
        """The person of this chat; `hold` keeps the row from others until the transaction ends."""
        return await self._one(table.c.chat_id == chat_id, hold=hold)

    async def of_id(self, subscriber_id: int, *, hold: bool = False) -> Subscriber | None:
        """The person with this id."""
        return await self._one(table.c.id == subscriber_id, hold=hold)

    async def of_ids(self, ids: Collection[int], *, hold: bool = False) -> dict[int, Subscriber]:
        """Several people by id."""
        query = select(table).where(table.c.id.in_(ids)).order_by(table.c.id)
        rows = await self._connection.execute(query.with_for_update() if hold else query)
        return {row.id: self._opened(row) for row in rows}

    async def of_chats(self, chat_ids: Collection[int]) -> dict[int, Subscriber]:
        """Several people by chat."""
        rows = await self._connection.execute(select(table).where(table.c.chat_id.in_(chat_ids)))
        return {row.chat_id: self._opened(row) for row in rows}

    async def add(self, chat_id: int, language: str, now: datetime, invite: str | None = None) -> Subscriber:
        """A person who has only just arrived: chat, language and a sealed hash of the invite, nothing else (P2)."""
        arrived = Subscriber(0, chat_id, Stage.ARRIVED, Preferences(language), Mind(), now)
        result = await self._connection.execute(insert(table).values(chat_id=chat_id, **self._row(arrived)))
        key = result.inserted_primary_key
        added = replace(arrived, id=int(key[0])) if key else arrived
        if invite is not None:
            sealed = self._sealer.seal(invite, column="subscribers.invite", owner=added.id)
            await self._connection.execute(update(table).where(table.c.id == added.id).values(invite=sealed))
        return added

    async def add_alike(self, like: Subscriber, first_chat: int, count: int) -> None:
        """Many people who differ in nothing but their chats; nothing of theirs is sealed yet, so `like` has no mind."""
        assert like.mind == Mind()
        row = {name: value for name, value in self._row(like).items() if name != "turn"}
        numbers = select(literal(0).label("number")).cte(recursive=True)
        numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < count - 1))
        values = [literal(value, table.c[name].type) for name, value in row.items()]
        chats = literal(first_chat, table.c.chat_id.type) + numbers.c.number
        turns = cast(numbers.c.number, BigInteger) * _SPREAD % _TURNS
        names = ["chat_id", "turn", *row]
        await self._connection.execute(insert(table).from_select(names, select(chats, turns, *values)))

    async def save(self, subscriber: Subscriber) -> None:
        """Writes the whole record; it was read with `hold` in this transaction."""
        await self.save_all([subscriber])

    async def save_all(self, people: Sequence[Subscriber]) -> None:
        """Writes whole records in bulk."""
        if people:
            rows = [{"key": person.id, **self._row(person)} for person in people]
            await self._connection.execute(update(table).where(table.c.id == bindparam("key")), rows)

    async def move_on(self, people: Sequence[Subscriber]) -> None:
        """Writes what changes when a question falls due, in bulk."""
        rows = [
            {
                "key": person.id,
                **{name: getattr(person, name) for name in _MOVING},
                "turn": _turn(person),
                "chosen": None,
            }
            for person in people
        ]
        if rows:
            await self._connection.execute(update(table).where(table.c.id == bindparam("key")), rows)

    async def choose(self, chosen: Mapping[int, str]) -> None:
        """Keeps the prompts chosen ahead, sealed; the people were read with a hold in this transaction."""
        rows = [
            {"key": key, "sealed": self._sealer.seal(prompt, column="subscribers.chosen", owner=key)}
            for key, prompt in chosen.items()
        ]
        if rows:
            statement = update(table).where(table.c.id == bindparam("key")).values(chosen=bindparam("sealed"))
            await self._connection.execute(statement, rows)

    async def discard_choice(self, subscriber_id: int) -> None:
        """What was chosen ahead no longer holds: something it looked at has changed, and the person's row has not."""
        held = (table.c.id == subscriber_id) & table.c.chosen.is_not(None)
        await self._connection.execute(update(table).where(held).values(chosen=None))

    async def moved(self, subscriber_id: int, chat_id: int) -> None:
        """The chat has another id now; everything else stays the person's."""
        await self._connection.execute(update(table).where(table.c.id == subscriber_id).values(chat_id=chat_id))

    async def remove(self, subscriber_id: int) -> None:
        """Removes the person and, by cascade, all that is theirs."""
        await self._connection.execute(delete(table).where(table.c.id == subscriber_id))

    async def with_question_due(self, now: datetime, limit: int) -> Found:
        """People whose question is due, held; those that another worker holds are passed over.

        Damaged ones are put off, so that they stand in nobody's way.
        """
        return await self._due(table.c.question_due_at, now, limit)

    async def with_reflection_due(self, now: datetime, limit: int) -> Found:
        """People whose reflection is due, held in the same way."""
        return await self._due(table.c.reflection_due_at, now, limit)

    async def to_choose_for(self, begin: Place, until: datetime, limit: int) -> tuple[list[Subscriber], Place | None]:
        """People with a question due up to `until` and no prompt yet, held, from behind `begin` on.

        In the order in which they fall due; with the place to go on from, None at the end.
        """
        order = (table.c.question_due_at, table.c.turn, table.c.id)
        after = tuple_(*(literal(value, column.type) for value, column in zip(begin, order, strict=True)))
        query = (
            select(table)
            .where(tuple_(*order) > after, table.c.question_due_at <= until, table.c.chosen.is_(None))
            .order_by(*order)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = (await self._connection.execute(query)).all()
        last = (rows[-1].question_due_at, rows[-1].turn, rows[-1].id) if rows else None
        return self._found(rows).people, last

    async def readable(self, ids: Sequence[int]) -> Found:
        """Several people by id, and who of them cannot be read."""
        if not ids:
            return Found([], [])
        rows = await self._connection.execute(select(table).where(table.c.id.in_(ids)))
        return self._found(rows.all())

    async def next_due_at(self) -> datetime | None:
        """The earliest moment at which anything is due to anybody."""
        moments = await self._connection.execute(
            select(func.min(table.c.question_due_at), func.min(table.c.reflection_due_at))
        )
        known = [moment for moment in moments.one() if moment is not None]
        return min(known) if known else None

    async def lowest_chat(self) -> int | None:
        """The lowest chat id known."""
        found: int | None = (await self._connection.execute(select(func.min(table.c.chat_id)))).scalar_one()
        return found

    async def count(self, stage: Stage | None = None) -> int:
        """How many people there are, of one stage or of all."""
        query = select(func.count()).select_from(table)
        query = query if stage is None else query.where(table.c.stage == stage)
        return int((await self._connection.execute(query)).scalar_one())

    async def _due(self, column: Column[Any], now: datetime, limit: int) -> Found:
        """Those due longest first; among those due at one moment a lot that changes daily, so nobody is always last.

        The index is in that order: however many are due, only those claimed are looked at.
        """
        first = select(table.c.id).where(column <= now).order_by(column, table.c.turn, table.c.id).limit(limit)
        chosen = first.with_for_update(skip_locked=True).cte("chosen")
        query = select(table).join(chosen, table.c.id == chosen.c.id).order_by(column, table.c.turn, table.c.id)
        found = self._found((await self._connection.execute(query)).all())
        if found.damaged:
            later = {column.name: now + DAMAGED_WAITS}
            await self._connection.execute(update(table).where(table.c.id.in_(found.damaged)).values(**later))
        return found

    def _found(self, rows: Sequence[Any]) -> Found:
        people, damaged = [], []
        for row in rows:
            try:
                people.append(self._opened(row))
            except Damaged:
                damaged.append(row.id)
        return Found(people, damaged)

    async def _one(self, condition: ColumnElement[bool], *, hold: bool) -> Subscriber | None:
        query = select(table).where(condition)
        row = (await self._connection.execute(query.with_for_update() if hold else query)).one_or_none()
        return None if row is None else self._opened(row)

    def _row(self, person: Subscriber) -> dict[str, Any]:
        mind = None
        if person.mind != Mind():
            mind = self._sealer.seal(mind_written(person.mind), column="subscribers.mind", owner=person.id)
        plain = {name: getattr(person, name) for name in _PLAIN}
        return {
            "stage": person.stage,
            "preferences": preferences_written(person.preferences),
            "mind": mind,
            "joined_at": person.joined_at,
            "turn": _turn(person),
            "chosen": None,
            **plain,
        }

    def _opened(self, row: Any) -> Subscriber:
        mind = Mind()
        if row.mind is not None:
            mind = mind_read(self._sealer.open(row.mind, column="subscribers.mind", owner=row.id))
        chosen = None
        if row.chosen is not None:
            chosen = self._sealer.open(row.chosen, column="subscribers.chosen", owner=row.id)
        return Subscriber(
            id=row.id,
            chat_id=row.chat_id,
            stage=Stage(row.stage),
            preferences=preferences_read(row.preferences),
            mind=mind,
            joined_at=row.joined_at,
            chosen=chosen,
            **{name: getattr(row, name) for name in _PLAIN},
        )


def _turn(person: Subscriber) -> int:
    """The person's lot among those due at the same moment as theirs."""
    day = person.question_day.toordinal() if person.question_day is not None else 0
    return (person.id * _SPREAD + day * _DAILY) % _TURNS
