"""Puts a backup into an empty database, in one transaction: all of it is there, or nothing.

Whoever is on the list of deleted people stays out. What the backup cannot know, since the bot went on after it, is
taken as D9 has it: a question that may have been sent is not sent again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, Table, case, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import BackupTrouble, WrongKey
from bot.domain.fading import GOODBYE_AT
from bot.domain.records import Kind, State
from bot.storage import schema
from bot.storage.backup import Backup, Examination, Rows
from bot.storage.carrying import Shape
from bot.storage.departed import HASH_KEY, UNLISTED, Departure, latest, mark_of
from bot.storage.door import storage_door
from bot.storage.facts import WORKER_GONE
from bot.storage.schema import Standing
from bot.storage.sealing import Sealer
from bot.storage.tables import UtcDateTime, metadata

#: Tables that a bot which was only just started has filled; a restore puts its own in their place.
_OF_A_START = ("facts", "workers")

Told = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """How to restore. `moved`: nothing ran since the backup, so what waited is still to be sent.

    `departures` are the lines of the lists of deleted people.
    """

    departures: Sequence[Departure]
    moved: bool
    now: datetime


@dataclass(slots=True)
class Restored:
    """Rows by table as they are there now; how many people stayed deleted; how many sealed values are damaged."""

    counts: dict[str, int] = field(default_factory=dict)
    departed: int = 0
    damaged: int = 0


async def restore(engine: AsyncEngine, sealer: Sealer, backup: Backup, wish: Wish, told: Told) -> Restored:
    """Restores into a database without tables, or with empty ones; its schema ends up as this version's.

    Raises BackupTrouble or WrongKey; then nothing of the backup is there.
    """
    await _make_schema(engine, backup)
    with storage_door():
        async with engine.connect() as connection:
            await connection.execution_options(writing=True)
            await _refuse_what_is_not_empty(connection, wish.now)
            restored = await _Loading(connection, sealer, backup, wish, told).run()
            await connection.commit()
    await schema.migrate(engine)
    return restored


async def _make_schema(engine: AsyncEngine, backup: Backup) -> None:
    revision = backup.header.revision
    if revision not in schema.known_revisions():
        raise BackupTrouble(f"{backup.path} was made by a newer Nearer (schema {revision}). Use that one.")
    if await schema.standing(engine) is Standing.EMPTY:
        await schema.migrate(engine, revision)
    with storage_door():
        async with engine.connect() as connection:
            there = await connection.run_sync(schema.revision_of)
    if there != revision:
        raise BackupTrouble(
            f"{backup.path} has schema {revision}, the database {there}. Restore into a database without tables."
        )


async def _refuse_what_is_not_empty(connection: AsyncConnection, now: datetime) -> None:
    for table in metadata.sorted_tables:
        if table.name in _OF_A_START:
            continue
        if (await connection.execute(select(*table.primary_key.columns).limit(1))).first() is not None:
            raise BackupTrouble(
                f"The database is not empty: there are {table.name}. Name an empty one; nothing was changed."
            )
    workers = metadata.tables["workers"]
    alive = select(workers.c.name).where(workers.c.seen_at >= now - WORKER_GONE)
    if (await connection.execute(alive)).first() is not None:
        raise BackupTrouble("A bot is running on this database. Stop it first, then restore.")


class _Loading:
    """One restore under way, within one transaction."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer, backup: Backup, wish: Wish, told: Told) -> None:
        self._connection = connection
        self._sealer = sealer
        self._backup = backup
        self._wish = wish
        self._told = told
        self._departed = _Departed(latest(wish.departures))
        self._into = MetaData()
        self._kept: dict[str, int] = {}

    async def run(self) -> Restored:
        for name in _OF_A_START:
            await self._connection.execute(delete(metadata.tables[name]))
        examination = Examination(self._sealer)
        for part in self._backup.parts():
            examination.pass_by(part)
            await self._load(part)
        _refuse_missing_keys(examination)
        self._departed.prove_it_could_be_read()
        await self._number_on()
        await self._settle_what_was_under_way()
        return Restored(
            await self._counted(),
            len(self._departed.ids),
            sum(look.damaged for look in examination.looks.values()),
        )

    async def _load(self, part: Rows) -> None:
        shape = part.shape
        if shape.name not in self._into.tables:
            shape.table(self._into)
            self._kept[shape.name] = 0
        if shape.name == "facts":
            self._departed.learn(part, self._sealer)
        staying = self._departed.staying(part)
        names = [name for name, _, _ in shape.columns]
        rows = [_nobodys(dict(zip(names, row, strict=True))) for row in staying]
        if rows:
            await self._connection.execute(insert(self._into.tables[shape.name]), rows)
        self._kept[shape.name] += len(rows)
        self._told(shape.name, self._kept[shape.name])

    async def _settle_what_was_under_way(self) -> None:
        deliveries, people = self._into.tables["deliveries"], self._into.tables["subscribers"]
        if self._wish.moved:
            unsure = deliveries.c.state == State.SENDING
            again = deliveries.c.state.in_((State.SENDING, State.CLAIMED))
        else:
            passed = (deliveries.c.state == State.WAITING) & (deliveries.c.due_at <= self._wish.now)
            again = deliveries.c.state.in_((State.SENDING, State.CLAIMED))
            unsure = again | passed
            await self._connection.execute(self._may_have_been_asked(deliveries, people))
        unknown = {"state": State.UNKNOWN, "settled_at": self._wish.now}
        await self._connection.execute(
            update(deliveries).where(unsure, deliveries.c.kind != Kind.REFLECTION).values(**unknown)
        )
        await self._connection.execute(update(deliveries).where(again).values(state=State.WAITING))

    def _may_have_been_asked(self, deliveries: Table, people: Table) -> Any:
        """A row of the ledger for each question that fell due between the backup and now: nobody knows of it."""
        kind = case((people.c.unanswered == GOODBYE_AT, Kind.GOODBYE.value), else_=Kind.QUESTION.value)
        known = {
            "subscriber_id": people.c.id,
            "kind": kind,
            "day": people.c.question_day,
            "state": literal(State.UNKNOWN.value),
            "due_at": people.c.question_due_at,
            "first_due_at": people.c.question_due_at,
            "settled_at": literal(self._wish.now, UtcDateTime()),
        }
        due = (people.c.question_due_at <= self._wish.now) & people.c.question_day.is_not(None)
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        chosen = select(*known.values()).where(due)
        return made(deliveries).from_select(list(known), chosen).on_conflict_do_nothing()

    async def _number_on(self) -> None:
        """PostgreSQL counts apart from the rows; SQLite goes on from the highest by itself."""
        if self._connection.dialect.name != "postgresql":
            return
        for table in metadata.sorted_tables:
            if table.name in self._into.tables and table.autoincrement_column is not None:
                highest = func.max(table.autoincrement_column)
                sequence = func.pg_get_serial_sequence(table.name, table.autoincrement_column.name)
                query = select(func.setval(sequence, highest)).having(highest.is_not(None))
                await self._connection.execute(query)

    async def _counted(self) -> dict[str, int]:
        """What is there, counted; at least what was put there."""
        counts = {}
        for name, table in self._into.tables.items():
            query = select(func.count()).select_from(table)
            counts[name] = int((await self._connection.execute(query)).scalar_one())
            if counts[name] < self._kept[name]:
                raise BackupTrouble(f"{self._kept[name]} {name} were restored and {counts[name]} are there.")
        return counts


def _nobodys(row: dict[str, Any]) -> dict[str, Any]:
    """Whoever held the row is not alive here."""
    if "worker" in row:
        row["worker"] = None
    return row


def _refuse_missing_keys(examination: Examination) -> None:
    missing = sorted({mark for look in examination.looks.values() for mark in look.missing})
    if missing:
        raise WrongKey(
            f"The backup holds values sealed with key {' and '.join(missing)}, which is not in NEARER_KEY. "
            "Add it behind the others, with a comma. Nothing was changed."
        )


class _Departed:
    """Who is not to come back. Learns from the facts, which come first, what opens the list."""

    def __init__(self, listed: Mapping[str, datetime]) -> None:
        self._listed = dict(listed)
        self._secret: bytes | None = None
        self.ids: set[int] = set()

    def learn(self, part: Rows, sealer: Sealer) -> None:
        name, value, sealed = (part.shape.place(column) for column in ("name", "value", "sealed"))
        for row in part.rows:
            if row[name] == HASH_KEY:
                opened = sealer.open(row[sealed], column="facts.sealed", owner=HASH_KEY)
                self._secret = bytes.fromhex(opened)
            elif row[name].startswith(UNLISTED):
                mark, at = row[name].removeprefix(UNLISTED), datetime.fromisoformat(row[value].decode())
                self._listed[mark] = max(at, self._listed.get(mark, at))

    def prove_it_could_be_read(self) -> None:
        if self._listed and self._secret is None:
            raise BackupTrouble("The backup does not hold what opens the list of deleted people. Nothing was changed.")

    def staying(self, part: Rows) -> Sequence[list[Any]]:
        """The rows of those who stay: the others' people, and all that is theirs, are left out."""
        if not self._listed or self._secret is None:
            return part.rows
        columns = {name for name, _, _ in part.shape.columns}
        if part.shape.name == "subscribers":
            return [row for row in part.rows if not self._gone(part.shape, row)]
        if "subscriber_id" in columns:
            at = part.shape.place("subscriber_id")
            return [row for row in part.rows if row[at] not in self.ids]
        if "chat_id" in columns:
            chat, when = part.shape.place("chat_id"), part.shape.place("received_at")
            return [row for row in part.rows if row[chat] is None or not self._left_after(row[chat], row[when])]
        return part.rows

    def _gone(self, shape: Shape, row: list[Any]) -> bool:
        gone = self._left_after(row[shape.place("chat_id")], row[shape.place("joined_at")])
        if gone:
            self.ids.add(row[shape.place("id")])
        return gone

    def _left_after(self, chat_id: int, moment: datetime) -> bool:
        """Whether this chat deleted everything after a moment; who came back later stays."""
        assert self._secret is not None
        at = self._listed.get(mark_of(self._secret, chat_id))
        return at is not None and at >= moment
