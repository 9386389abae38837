"""The sealed columns of all tables, as the metadata names them: read in pages and exchanged, whoever else writes.

Knows nothing of what is in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import metadata


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One sealed column, the column its values are bound to, and the key of its table."""

    table: Table
    column: Column[Any]
    owner: Column[Any]
    key: Column[Any]

    @property
    def name(self) -> str:
        """ "replies.text": what its values are sealed for."""
        return f"{self.table.name}.{self.column.name}"


@dataclass(frozen=True, slots=True)
class Value:
    """One sealed value: the key of its row, whose it is, and what is kept."""

    key: Any
    owner: int | str
    sealed: bytes


def _found(table: Table) -> list[SealedColumn]:
    [key] = table.primary_key.columns
    return [
        SealedColumn(table, column, table.c[column.info["sealed_for"]], key)
        for column in table.columns
        if "sealed_for" in column.info
    ]


#: Every sealed column there is.
SEALED = tuple(one for table in metadata.sorted_tables for one in _found(table))


class Sealed:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(self, of: SealedColumn, after: Any, limit: int) -> list[Value]:
        """The values of one column in the order of their rows' keys, from behind `after` (None: from the first)."""
        return await self._values(of, after, limit)

    async def newest(self, of: SealedColumn, limit: int) -> list[Value]:
        """The values of the latest rows."""
        query = self._select(of).order_by(of.key.desc()).limit(limit)
        return [Value(*row) for row in await self._connection.execute(query)]

    async def sealed_otherwise(self, of: SealedColumn, begins: bytes, after: Any, limit: int) -> list[Value]:
        """Such a page of the values that do not begin so, held; rows that somebody else holds are passed over.

        Whoever never waits for another's row cannot be part of a deadlock.
        """
        return await self._values(of, after, limit, func.substr(of.column, 1, len(begins)) != _bytes(begins), hold=True)

    async def count(self, of: SealedColumn, but: bytes | None = None) -> int:
        """How many values a column has; only those that do not begin so, where that is given."""
        query = select(func.count()).select_from(of.table).where(of.column.is_not(None))
        if but is not None:
            query = query.where(func.substr(of.column, 1, len(but)) != _bytes(but))
        return int((await self._connection.execute(query)).scalar_one())

    async def exchange(self, of: SealedColumn, pairs: Sequence[tuple[Value, bytes]]) -> None:
        """Puts a new sealed value in the place of each that is still the one seen; the others are left as they are."""
        if pairs:
            still = (of.key == bindparam("at")) & (of.column == bindparam("seen", type_=of.column.type))
            statement = update(of.table).where(still).values({of.column.name: bindparam("anew")})
            rows = [{"at": seen.key, "seen": seen.sealed, "anew": anew} for seen, anew in pairs]
            await self._connection.execute(statement, rows)

    async def _values(
        self, of: SealedColumn, after: Any, limit: int, but: ColumnElement[bool] | None = None, *, hold: bool = False
    ) -> list[Value]:
        query = self._select(of).order_by(of.key).limit(limit)
        query = query if after is None else query.where(of.key > after)
        query = query if but is None else query.where(but)
        query = query.with_for_update(skip_locked=True, key_share=True) if hold else query
        return [Value(*row) for row in await self._connection.execute(query)]

    def _select(self, of: SealedColumn) -> Any:
        return select(of.key, of.owner, of.column).where(of.column.is_not(None))


def _bytes(value: bytes) -> ColumnElement[bytes]:
    return literal(value)
