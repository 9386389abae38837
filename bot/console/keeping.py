"""What `keys`, `backup` and `restore` share: the database and the keys of the environment, and how progress is told.

None of them speaks to Telegram or needs TELEGRAM_TOKEN; nothing that a running bot needs is loaded for them.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.errors import OldSchema, StorageTrouble
from bot.settings import read_settings
from bot.storage import schema
from bot.storage.address import read_address
from bot.storage.departed import DepartedList, deleted_list_of
from bot.storage.keyring import check_keys
from bot.storage.schema import Standing
from bot.storage.sealing import Sealer, read_keys
from bot.storage.store import Store, make_engine

#: Stands where settings ask for a token that is not needed.
_NO_TOKEN = "0:not-asked-for"  # noqa: S105 - it opens nothing


@dataclass(frozen=True, slots=True)
class Kept:
    """A database, the keys at hand, newest first, and the list of deleted people."""

    store: Store
    keys: tuple[bytes, ...]
    departed: DepartedList


@asynccontextmanager
async def database() -> AsyncIterator[Kept]:
    """The database of DATABASE_URL, whatever is in it, with the keys of NEARER_KEY. Raises SettingsError."""
    settings = read_settings(telegram_token=_NO_TOKEN)
    url, keys = read_address(settings.database_url), read_keys(settings.nearer_key)
    store = Store(make_engine(url), Sealer(keys))
    given = Path(settings.deleted_list) if settings.deleted_list else None
    try:
        yield Kept(store, keys, DepartedList(deleted_list_of(url, given)))
    finally:
        await store.close()


async def must_be_current(kept: Kept) -> None:
    """Raises StorageTrouble for a database that is not on this version's schema."""
    where = await schema.standing(kept.store.engine)
    if where is Standing.EMPTY:
        raise StorageTrouble("The database of DATABASE_URL has no tables. Look whether it is the right one.")
    if where is not Standing.CURRENT:
        raise OldSchema("The database is not on this version's schema. Run `nearer migrate`, then this again.")


async def must_open(kept: Kept) -> None:
    """Raises WrongKey where a key that has sealed here is not at hand."""
    await must_be_current(kept)
    async with kept.store.read() as work:
        await check_keys(work.facts, kept.store.sealer)


@dataclass(slots=True)
class Progress:
    """Tells on standard error how far it is: at the beginning of each part and then every so often."""

    step: int = 10_000
    _next: dict[str, int] = field(default_factory=dict)

    def told(self, name: str, count: int) -> None:
        """`count` of this part are done."""
        if count >= self._next.get(name, 0):
            self._next[name] = count + self.step
            sys.stderr.write(f"  {name}: {count:,}\n")
            sys.stderr.flush()


def show(line: str = "") -> None:
    """One line for the operator."""
    sys.stdout.write(f"{line}\n")
