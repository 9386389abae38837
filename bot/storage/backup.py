"""A backup: every table in one snapshot while the bot runs, as sealed lines in one file, the same for both engines.

The lines: {"revision", "taken_at"}, then for each table {"table", "columns"} and its rows, then {"end": counts}.
Writes the file whole or not at all, and reads it in constant memory.
"""

import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import BackupTrouble
from bot.storage.carrying import CARRIED, Shape, shape_of, shape_read
from bot.storage.door import storage_door
from bot.storage.rotation import Look
from bot.storage.schema import revision_of
from bot.storage.sealed_file import CUT_SHORT, SealedWriter, read_sealed
from bot.storage.sealing import Sealer

#: Rows are fetched, and handed on, so many at a time.
AT_A_TIME = 1000

Told = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Header:
    """The schema's revision, and the moment of the snapshot."""

    revision: str
    taken_at: datetime


async def write_backup(engine: AsyncEngine, key: bytes, path: Path, now: datetime, told: Told) -> dict[str, int]:
    """Writes everything that is kept, as it is at one moment, to a new file; returns the rows of each table.

    The file is there whole, on disk, readable by its owner alone, or not at all. Raises BackupTrouble.
    """
    with _new_file(path) as file:
        writer = SealedWriter(file, key)
        with storage_door():
            async with _snapshot(engine) as connection:
                revision = await connection.run_sync(revision_of)
                _line(writer, {"revision": revision, "taken_at": now.isoformat()})
                counts = {}
                for table in CARRIED:
                    counts[table.name] = await _write_table(connection, writer, shape_of(table), table, told)
        _line(writer, {"end": counts})
        writer.finish()
    return counts


@asynccontextmanager
async def _snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that sees one moment: SQLite's from its first read on, PostgreSQL's at this level."""
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection
        await connection.rollback()


async def _write_table(connection: AsyncConnection, writer: SealedWriter, shape: Shape, table: Any, told: Told) -> int:
    _line(writer, {"table": shape.name, "columns": shape.columns})
    [key] = table.primary_key.columns
    count = 0
    rows = await connection.stream(select(table).order_by(key).execution_options(yield_per=AT_A_TIME))
    async for some in rows.partitions():
        writer.write("".join([_written(shape.tell(row)) for row in some]).encode())
        count += len(some)
        told(shape.name, count)
    return count


def _line(writer: SealedWriter, what: object) -> None:
    writer.write(_written(what).encode())


def _written(what: object) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")) + "\n"


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name when everything is in it and on disk."""
    if path.exists():
        raise BackupTrouble(f"{path} is there already. Choose another name; nothing was written.")
    try:
        number, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(number, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _name(Path(part), path)
        finally:
            Path(part).unlink(missing_ok=True)
        _settle_folder(path.parent)
    except FileExistsError:
        raise BackupTrouble(f"{path} is there already. Choose another name; nothing was written.") from None
    except OSError as error:
        raise BackupTrouble(f"{path} cannot be written: {error.strerror}.") from None


def _name(part: Path, path: Path) -> None:
    """A link does not take the place of a file that has come meanwhile, as a renaming would; sticks know no links."""
    try:
        os.link(part, path)
    except PermissionError:
        part.rename(path)


def _settle_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of one table; the first of a table may be empty."""

    shape: Shape
    rows: Sequence[list[Any]]


class Backup:
    """A backup to read: `header` at once, `parts` until the end, which proves that all of it was there."""

    def __init__(self, path: Path, keys: Sequence[bytes]) -> None:
        self.path = path
        self._lines = _lines(path, keys)
        self.header = self._read_header()
        self.counts: dict[str, int] = {}

    def parts(self) -> Iterator[Rows]:
        """Every table's rows, a thousand at a time. Raises BackupTrouble for what is cut short or changed."""
        shape: Shape | None = None
        some: list[list[Any]] = []
        for line in self._lines:
            if line[0] == "[" and shape is not None:
                some.append(shape.read(json.loads(line)))
                self.counts[shape.name] += 1
                if len(some) < AT_A_TIME:
                    continue
            if shape is not None:
                yield Rows(shape, some)
                some = []
            if line[0] == "{":
                told = json.loads(line)
                if "end" in told:
                    self._prove(told["end"])
                    return
                shape = shape_read(told["table"], told["columns"])
                self.counts[shape.name] = 0
        raise BackupTrouble(f"{self.path} {CUT_SHORT}")

    def _read_header(self) -> Header:
        told = json.loads(next(self._lines, "{}"))
        if "revision" not in told:
            raise BackupTrouble(f"{self.path} is not a backup of Nearer.")
        return Header(told["revision"], datetime.fromisoformat(told["taken_at"]))

    def _prove(self, counts: dict[str, int]) -> None:
        if next(self._lines, None) is not None or counts != self.counts:
            raise BackupTrouble(f"{self.path} does not hold as many rows as its end tells. Take another backup.")


def _lines(path: Path, keys: Sequence[bytes]) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            held = b""
            for part in read_sealed(file, keys, str(path)):
                whole = (held + part).split(b"\n")
                held = whole.pop()
                yield from (line.decode() for line in whole)
    except OSError as error:
        raise BackupTrouble(f"{path} cannot be read: {error.strerror}.") from None


class Examination:
    """Opens every sealed value that passes by, and counts by column what opened with which key."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self.looks: dict[str, Look] = {}

    def pass_by(self, part: Rows) -> None:
        """Looks at all sealed values of some rows."""
        for at, name, owner in part.shape.sealed:
            look = self.looks.setdefault(name, Look())
            for row in part.rows:
                if row[at] is not None:
                    look.values += 1
                    look.at(self._sealer, row[at], column=name, owner=row[owner])
