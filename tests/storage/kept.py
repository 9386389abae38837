"""Whole databases for the tests of backups: every column of every table filled, read, carried over and compared."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Table, func, insert, select

from bot.storage.address import read_address
from bot.storage.backup import Backup, write_backup
from bot.storage.carrying import CARRIED, shape_of
from bot.storage.departed import Departure
from bot.storage.restoring import Restored, Wish, restore
from bot.storage.sealing import Sealer
from bot.storage.store import make_engine
from tests.databases import KEY
from tests.storage.rows import NOON

#: Whatever was running is long done.
MUCH_LATER = NOON + timedelta(days=400)


def nobody(_name: str, _count: int) -> None:
    """Hears of progress and does nothing."""


def filled(table: Table, number: int, keys: Sequence[bytes] = (KEY,)) -> dict[str, Any]:
    """A row with something of its own in every column, sealed where it is to be sealed."""
    kinds = _kinds(table)
    row = {column.name: _value(column, kind, number) for column, kind in kinds}
    for column, _ in kinds:
        owner = column.info.get("sealed_for")
        if owner is not None:
            place = f"{table.name}.{column.name}"
            row[column.name] = _sealer(tuple(keys)).seal(f"words {number}", column=place, owner=row[owner])
    return row


@cache
def _kinds(table: Table) -> list[tuple[Column[Any], str]]:
    return [(column, kind) for column, (_, kind, _) in zip(table.columns, shape_of(table).columns, strict=True)]


@cache
def _sealer(keys: tuple[bytes, ...]) -> Sealer:
    return Sealer(keys)


def _value(column: Column[Any], kind: str, number: int) -> Any:
    if column.name in ("id", "subscriber_id"):
        return number
    if column.name == "state":
        return "sent" if column.table.name == "deliveries" else "waiting"
    length = getattr(column.type, "length", None) or 99
    return {
        "moment": datetime(2026, 3, 29, 0, 59, 59, 123_456, tzinfo=UTC) + timedelta(days=number),
        "day": date(2026, 3, 29) + timedelta(days=number),
        "flag": True,
        "bytes": number.to_bytes(16, "little"),
        "number": number + (2**40 if isinstance(column.type, BigInteger) else 2**20),
        "text": f'{number} “ä\n🌧️" {column.name}'[:length],
    }[kind]


async def fill(url: str, count: int, keys: Sequence[bytes] = (KEY,)) -> None:
    """So many rows in every table that a backup carries."""
    engine = make_engine(read_address(url))
    async with engine.begin() as connection:
        for table in CARRIED:
            await connection.execute(insert(table), [filled(table, number, keys) for number in range(1, count + 1)])
            if engine.dialect.name == "postgresql" and table.autoincrement_column is not None:
                await connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), count)))
    await engine.dispose()


async def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that a backup carries; whoever held a row is left out."""
    engine = make_engine(read_address(url))
    found = {}
    async with engine.connect() as connection:
        for table in CARRIED:
            columns = [column for column in table.columns if column.name != "worker"]
            rows = await connection.execute(select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    await engine.dispose()
    return found


async def back_up(url: str, path: Path, *, at: datetime = NOON, key: bytes = KEY) -> dict[str, int]:
    """Writes a backup of a database."""
    engine = make_engine(read_address(url))
    try:
        return await write_backup(engine, key, path, at, nobody)
    finally:
        await engine.dispose()


async def put_back(
    path: Path,
    url: str,
    *,
    departures: Sequence[Departure] = (),
    moved: bool = False,
    now: datetime = MUCH_LATER,
    keys: Sequence[bytes] = (KEY,),
) -> Restored:
    """Restores a backup into a database."""
    engine = make_engine(read_address(url))
    try:
        wish = Wish(departures, moved=moved, now=now)
        return await restore(engine, Sealer(keys), Backup(path, keys), wish, nobody)
    finally:
        await engine.dispose()
