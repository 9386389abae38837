"""Seals everything anew with the newest key while the bot runs, and looks whether everything opens.

Small batches with a pause between them; what was done stays done, so that a rotation goes on where it was killed.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.errors import Damaged, WrongKey
from bot.storage.keyring import drop_other_keys, note_key
from bot.storage.sealed import SEALED, SealedColumn, Value
from bot.storage.sealing import Sealer, sealed_with
from bot.storage.store import Store

#: So many values are sealed anew in one transaction, some milliseconds.
BATCH = 200
#: Between two batches others have their turn: SQLite's waiting writers look only now and then.
REST = timedelta(milliseconds=20)
#: What was held by others, or sealed with an old key meanwhile, is met again, so often at the most.
PASSES = 4

Told = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation left: values still under another key, by column; and the keys that may go."""

    left: dict[str, int]
    may_go: list[str]


async def rotate(store: Store, now: Callable[[], datetime], told: Told) -> Rotated:
    """Seals every value anew that the newest key has not sealed; `told` hears column and count after each batch.

    Raises WrongKey when a living worker seals with another key: it would go on writing what is to end.
    """
    async with store.write() as work:
        others = await work.facts.sealing_otherwise(now())
        if others:
            raise WrongKey(
                f"{', '.join(others)} runs with another newest key than {store.sealer.newest}. Start every process "
                "with the same NEARER_KEY, the new key first and the old one behind it; then rotate."
            )
        await note_key(work.facts, store.sealer)
    left: dict[str, int] = {}
    for _ in range(PASSES):
        for column in SEALED:
            await _rotate_column(store, column, told)
        left = await _left(store)
        if not left:
            break
    return Rotated(left, [] if left else await _finish(store, now()))


async def _rotate_column(store: Store, column: SealedColumn, told: Told) -> None:
    after: Any = None
    done = 0
    while True:
        async with store.write() as work:
            found = await work.sealed.sealed_otherwise(column, store.sealer.begins, after, BATCH)
            pairs = _sealed_anew(store.sealer, column, found)
            await work.sealed.exchange(column, pairs)
        if not found:
            return
        after = found[-1].key
        done += len(pairs)
        told(column.name, done)
        await asyncio.sleep(REST.total_seconds())


def _sealed_anew(sealer: Sealer, column: SealedColumn, found: Sequence[Value]) -> list[tuple[Value, bytes]]:
    """What does not open stays as it is, and is counted as left."""
    pairs = []
    for value in found:
        try:
            pairs.append((value, sealer.reseal(value.sealed, column=column.name, owner=value.owner)))
        except (WrongKey, Damaged):
            continue
    return pairs


async def _left(store: Store) -> dict[str, int]:
    async with store.read() as work:
        counts = {column.name: await work.sealed.count(column, but=store.sealer.begins) for column in SEALED}
    return {name: count for name, count in counts.items() if count}


async def _finish(store: Store, now: datetime) -> list[str]:
    """The old keys' facts go in the transaction that sees that nobody uses them."""
    async with store.write() as work:
        if await work.facts.sealing_otherwise(now):
            return []
        return await drop_other_keys(work.facts, store.sealer)


@dataclass(slots=True)
class Look:
    """What a look at one column found. `missing` counts values by the fingerprint of a key that is not at hand."""

    values: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    damaged: int = 0

    @property
    def well(self) -> bool:
        """Whether everything looked at opened."""
        return not self.missing and not self.damaged

    @property
    def seen(self) -> int:
        """How many values were looked at."""
        return self.opened.total() + self.missing.total() + self.damaged

    def at(self, sealer: Sealer, sealed: bytes, *, column: str, owner: int | str) -> None:
        """Looks at one value."""
        mark = sealed_with(sealed)
        try:
            sealer.open(sealed, column=column, owner=owner)
        except WrongKey:
            self.missing[mark] += 1
        except Damaged:
            self.damaged += 1
        else:
            self.opened[mark] += 1


async def look(store: Store, sample: int | None) -> dict[str, Look]:
    """Opens what is sealed, by column: of each the newest `sample` values, or all where that is None."""
    found = {}
    for column in SEALED:
        async with store.read() as work:
            known = Look(values=await work.sealed.count(column))
            if sample is not None:
                for value in await work.sealed.newest(column, sample):
                    known.at(store.sealer, value.sealed, column=column.name, owner=value.owner)
        if sample is None:
            await _look_through(store, column, known)
        found[column.name] = known
    return found


async def _look_through(store: Store, column: SealedColumn, known: Look) -> None:
    after: Any = None
    while True:
        async with store.read() as work:
            page = await work.sealed.page(column, after, BATCH * 5)
        if not page:
            return
        for value in page:
            known.at(store.sealer, value.sealed, column=column.name, owner=value.owner)
        after = page[-1].key
