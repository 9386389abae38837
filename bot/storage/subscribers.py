"""Subscribers: one row a person, due times in the open, what is known of them sealed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import Mind, Preferences, Stage, Subscriber
from bot.storage.sealing import Sealer
from bot.storage.tables import subscribers as table

_PLAIN = tuple(
    name
    for name in Subscriber.__dataclass_fields__
    if name not in ("id", "chat_id", "stage", "preferences", "mind", "joined_at")
)
#: What a question that falls due changes of a person.
_MOVING = ("question_due_at", "question_day", "last_question_day", "unanswered")
#: Whose turn is when: an id times a large prime, moved on by another each day, in a ring of a prime's size.
_SPREAD, _DAILY, _TURNS = 7_368_787, 104_729, 1_000_003


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

    async def of_ids(self, ids: Sequence[int]) -> dict[int, Subscriber]:
        """Several people by id."""
        rows = await self._connection.execute(select(table).where(table.c.id.in_(ids)))
        return {row.id: self._opened(row) for row in rows}

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
        row = self._row(like)
        numbers = select(literal(0).label("number")).cte(recursive=True)
        numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < count - 1))
        values = [literal(value, table.c[name].type) for name, value in row.items()]
        chats = literal(first_chat, table.c.chat_id.type) + numbers.c.number
        await self._connection.execute(insert(table).from_select(["chat_id", *row], select(chats, *values)))

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
        if people:
            rows = [{"key": person.id, **{name: getattr(person, name) for name in _MOVING}} for person in people]
            await self._connection.execute(update(table).where(table.c.id == bindparam("key")), rows)

    async def moved(self, subscriber_id: int, chat_id: int) -> None:
        """The chat has another id now; everything else stays the person's."""
        await self._connection.execute(update(table).where(table.c.id == subscriber_id).values(chat_id=chat_id))

    async def remove(self, subscriber_id: int) -> None:
        """Removes the person and, by cascade, all that is theirs."""
        await self._connection.execute(delete(table).where(table.c.id == subscriber_id))

    async def with_question_due(self, now: datetime, limit: int) -> list[Subscriber]:
        """People whose question is due, held; those that another worker holds are passed over."""
        return await self._due(table.c.question_due_at, now, limit)

    async def with_reflection_due(self, now: datetime, limit: int) -> list[Subscriber]:
        """People whose reflection is due, held in the same way."""
        return await self._due(table.c.reflection_due_at, now, limit)

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

    async def _due(self, column: ColumnElement[Any], now: datetime, limit: int) -> list[Subscriber]:
        """Those due longest first; among those due at one moment a lot that changes daily, so nobody is always last."""
        turn = (table.c.id * _SPREAD + now.toordinal() * _DAILY) % _TURNS
        # The index alone answers who is next; only those are read whole.
        first = select(table.c.id).where(column <= now).order_by(column, turn, table.c.id).limit(limit)
        chosen = first.with_for_update(skip_locked=True).cte("chosen")
        query = select(table).join(chosen, table.c.id == chosen.c.id).order_by(column, turn, table.c.id)
        return [self._opened(row) for row in await self._connection.execute(query)]

    async def _one(self, condition: ColumnElement[bool], *, hold: bool) -> Subscriber | None:
        query = select(table).where(condition)
        row = (await self._connection.execute(query.with_for_update() if hold else query)).one_or_none()
        return None if row is None else self._opened(row)

    def _row(self, person: Subscriber) -> dict[str, Any]:
        mind = None
        if person.mind != Mind():
            mind = self._sealer.seal(_mind_written(person.mind), column="subscribers.mind", owner=person.id)
        plain = {name: getattr(person, name) for name in _PLAIN}
        return {
            "stage": person.stage,
            "preferences": _preferences_written(person.preferences),
            "mind": mind,
            "joined_at": person.joined_at,
            **plain,
        }

    def _opened(self, row: Any) -> Subscriber:
        mind = Mind()
        if row.mind is not None:
            mind = _mind_read(self._sealer.open(row.mind, column="subscribers.mind", owner=row.id))
        return Subscriber(
            id=row.id,
            chat_id=row.chat_id,
            stage=Stage(row.stage),
            preferences=_preferences_read(row.preferences),
            mind=mind,
            joined_at=row.joined_at,
            **{name: getattr(row, name) for name in _PLAIN},
        )


@lru_cache(maxsize=4096)
def _preferences_written(preferences: Preferences) -> str:
    """Only what differs from the defaults, so that a new setting needs no migration. Many people wish the same."""
    plain = asdict(preferences)
    usual = asdict(Preferences())
    return json.dumps(
        {name: _json(value) for name, value in plain.items() if value != usual[name] or name == "language"}
    )


def _json(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    return sorted(value) if isinstance(value, frozenset) else value


@lru_cache(maxsize=4096)
def _preferences_read(written: str) -> Preferences:
    known = {name: value for name, value in json.loads(written).items() if name in Preferences.__dataclass_fields__}
    for name in ("ask_at", "reflect_at", "day_start"):
        if known.get(name) is not None:
            known[name] = time.fromisoformat(known[name])
    if "weekdays" in known:
        known["weekdays"] = frozenset(known["weekdays"])
    return Preferences(**known)


def _mind_written(mind: Mind) -> dict[str, Any]:
    written = asdict(mind)
    written["gentle_until"] = mind.gentle_until and mind.gentle_until.isoformat()
    written["care_at"] = mind.care_at and mind.care_at.isoformat()
    return {name: value for name, value in written.items() if value}


def _mind_read(written: dict[str, Any]) -> Mind:
    gentle, care = written.get("gentle_until"), written.get("care_at")
    return Mind(
        verdicts=written.get("verdicts", {}),
        taps=written.get("taps", {}),
        gentle_until=date.fromisoformat(gentle) if gentle else None,
        care_at=datetime.fromisoformat(care) if care else None,
        told=tuple(written.get("told", ())),
    )
