"""What a backup carries, and how a row stands in it: one JSON array a line, the same from either engine.

The columns are those of the metadata; nothing has to be added here for a new one.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

from bot.domain.errors import BackupTrouble
from bot.storage.tables import UtcDateTime, metadata

#: Who is alive right now is nothing to restore.
NOT_CARRIED = frozenset({"workers"})
#: The tables in a backup's order: the facts first, since they open the rest; then owners before what is theirs.
CARRIED = tuple(
    sorted((one for one in metadata.sorted_tables if one.name not in NOT_CARRIED), key=lambda one: one.name != "facts")
)

#: How a column's values are told apart in the file, by the class of its type.
_KINDS: dict[type[TypeEngine[Any]], str] = {
    UtcDateTime: "moment",
    Date: "day",
    Boolean: "flag",
    LargeBinary: "bytes",
    BigInteger: "number",
    Integer: "number",
    Text: "text",
    String: "text",
}
_TYPES: dict[str, TypeEngine[Any]] = {
    "moment": UtcDateTime(),
    "day": Date(),
    "flag": Boolean(),
    "bytes": LargeBinary(),
    "number": BigInteger(),
    "text": Text(),
}


def _bytes_told(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _moment_told(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_TELL: dict[str, Callable[[Any], Any]] = {
    "moment": _moment_told,
    "day": date.isoformat,
    "flag": bool,
    "bytes": _bytes_told,
    "number": int,
    "text": str,
}
_READ: dict[str, Callable[[Any], Any]] = _TELL | {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": base64.b64decode,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One table as it stands in a file: columns as (name, kind, the column that a sealed value is bound to)."""

    name: str
    columns: tuple[tuple[str, str, str | None], ...]

    @property
    def sealed(self) -> list[tuple[int, str, int]]:
        """Of each sealed column its place in a row, its name ("replies.text") and the place of its owner."""
        at = {name: place for place, (name, _, _) in enumerate(self.columns)}
        return [(at[name], f"{self.name}.{name}", at[owner]) for name, _, owner in self.columns if owner is not None]

    def place(self, column: str) -> int:
        """Where a column stands in a row. Raises BackupTrouble where it has none of this name."""
        for place, (name, _, _) in enumerate(self.columns):
            if name == column:
                return place
        raise BackupTrouble(f"The backup's table {self.name} has no column {column}.")

    def tell(self, row: Sequence[Any]) -> list[Any]:
        """A row as JSON values."""
        return [value if value is None else tell(value) for value, tell in zip(row, self._verbs(_TELL), strict=True)]

    def read(self, told: Sequence[Any]) -> list[Any]:
        """A row again."""
        return [value if value is None else read(value) for value, read in zip(told, self._verbs(_READ), strict=True)]

    def _verbs(self, verbs: dict[str, Callable[[Any], Any]]) -> list[Callable[[Any], Any]]:
        return [verbs[kind] for _, kind, _ in self.columns]

    def table(self, into: MetaData) -> Table:
        """The table as this file has it, which may be an older schema's; with our defaults for rows of our own."""
        columns = [Column(name, _TYPES[kind], default=self._default(name)) for name, kind, _ in self.columns]
        return Table(self.name, into, *columns)

    def _default(self, column: str) -> Any:
        ours = metadata.tables.get(self.name)
        known = None if ours is None else ours.columns.get(column)
        return None if known is None or known.default is None else getattr(known.default, "arg", None)


def shape_of(table: Table) -> Shape:
    """The shape of a table of ours."""
    return Shape(
        table.name,
        tuple((column.name, _kind(column), column.info.get("sealed_for")) for column in table.columns),
    )


def shape_read(name: str, columns: Sequence[Sequence[str | None]]) -> Shape:
    """The shape that a file tells. Raises BackupTrouble for a kind of value that is not known."""
    read = tuple((str(column), str(kind), owner) for column, kind, owner in columns)
    for column, kind, _ in read:
        if kind not in _TYPES:
            raise BackupTrouble(f"The backup's {name}.{column} is a {kind}, which this Nearer does not know.")
    return Shape(name, read)


def _kind(column: Column[Any]) -> str:
    for known in type(column.type).__mro__:
        if known in _KINDS:
            return _KINDS[known]
    raise TypeError(f"{column} has a type that no backup carries yet")
