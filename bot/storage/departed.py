"""The list of who deleted everything, outside the database: keyed hashes of chats with times, and nothing else.

A restore asks it, so that nobody comes back from an old backup. The hashes' key is a sealed fact of the database:
without database and NEARER_KEY nobody can tell whose a line is, and rotation leaves the list as it is.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

from sqlalchemy.engine import URL

from bot.domain.errors import BackupTrouble, ListTrouble
from bot.storage.facts import Facts

#: The sealed fact that holds the hashes' key.
HASH_KEY = "departed"
#: Facts of departures that the list could not take yet; behind it the hash.
UNLISTED = "unlisted "
_MARK_BYTES = 15
#: Ends a line that a crash cut short, once another follows it.
_CUT = "#"


def deleted_list_of(database: URL, given: Path | None) -> Path:
    """Where the list of deleted people lies: as given, else beside the SQLite file, else where the bot was started."""
    if given is None and database.get_backend_name() == "sqlite":
        return Path(f"{database.database}.deleted")
    return given or Path("nearer.deleted")


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody deleted everything at a moment; `mark` is the keyed hash of their chat, in hex."""

    mark: str
    at: datetime


async def list_secret(facts: Facts) -> bytes:
    """The key of this database's hashes; made at the first start."""
    kept = await facts.read_sealed(HASH_KEY)
    if kept is not None:
        return bytes.fromhex(kept)
    secret = token_bytes(32)
    await facts.write_sealed(HASH_KEY, secret.hex())
    return secret


def mark_of(secret: bytes, chat_id: int) -> str:
    """The keyed hash of a chat."""
    return blake2b(str(chat_id).encode(), key=secret, digest_size=_MARK_BYTES).hexdigest()


class DepartedList:
    """A file that is only ever added to, by any number of processes; a line is on disk before `add` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self) -> None:
        """Makes the file where there is none. Raises ListTrouble."""
        self.add(())

    def add(self, departures: Sequence[Departure]) -> None:
        """Adds lines. Raises ListTrouble, and then the file may hold some of them."""
        try:
            made = not self.path.exists()
            number = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                _append(number, departures)
            finally:
                os.close(number)
            if made:
                _settle(self.path.parent)
        except OSError as error:
            raise ListTrouble(
                f"{self.path}, the list of deleted people, cannot be written: {error.strerror}. Make room there, or "
                "name another place in DELETED_LIST. Until then the database remembers who is to be added."
            ) from None

    def read(self) -> list[Departure]:
        """Every line; those that a crash cut short are left out. Raises BackupTrouble for any other."""
        try:
            lines = self.path.read_text("ascii").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BackupTrouble(
                f"{self.path} cannot be read as a list of deleted people ({type(error).__name__})."
            ) from None
        whole = [(number, line) for number, line in enumerate(lines[:-1], start=1) if not line.endswith(_CUT)]
        return [self._line(number, line) for number, line in whole]

    def _line(self, number: int, line: str) -> Departure:
        try:
            at, mark = line.split(" ")
            if len(bytes.fromhex(mark)) != _MARK_BYTES:
                raise ValueError
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is None:
                raise ValueError
        except ValueError:
            raise BackupTrouble(f"{self.path}: line {number} is not one of a list of deleted people.") from None
        return Departure(mark, moment)


def _append(number: int, departures: Sequence[Departure]) -> None:
    text = "".join(f"{one.at.isoformat()} {one.mark}\n" for one in departures)
    size = os.fstat(number).st_size
    # What a crash cut short must not swallow the next line.
    if size and os.pread(number, 1, size - 1) != b"\n":
        text = f"{_CUT}\n{text}"
    if text:
        os.write(number, text.encode("ascii"))
    os.fsync(number)


def _settle(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def latest(departures: Sequence[Departure]) -> Mapping[str, datetime]:
    """When each of them last deleted everything."""
    found: dict[str, datetime] = {}
    for one in departures:
        found[one.mark] = max(one.at, found.get(one.mark, one.at))
    return found


async def unlisted(facts: Facts) -> list[Departure]:
    """Departures that the list could not take when they came."""
    found = []
    for name in await facts.names(UNLISTED):
        at = await facts.read(name)
        if at is not None:
            found.append(Departure(name.removeprefix(UNLISTED), datetime.fromisoformat(at.decode())))
    return found


async def keep_unlisted(facts: Facts, departures: Sequence[Departure]) -> None:
    """Keeps them until the list can be written again."""
    for one in departures:
        await facts.write(f"{UNLISTED}{one.mark}", one.at.isoformat().encode())


async def drop_unlisted(facts: Facts, departures: Sequence[Departure]) -> None:
    """They stand in the list now."""
    for one in departures:
        await facts.drop(f"{UNLISTED}{one.mark}")
