"""`nearer keys`: new prints a key, rotate seals everything anew with the newest, check opens what is sealed."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.console.keeping import Kept, Progress, database, must_be_current, must_open, show
from bot.storage.keyring import known_keys
from bot.storage.rotation import Look, Rotated, look, rotate
from bot.storage.sealing import new_key

#: `keys check` opens so many of each column, the newest.
SAMPLE = 1000
_NEW = "Prints a fresh key on a line of its own; needs no settings. Keep a copy apart from database and backups."
_ROTATE = (
    "Seals everything that is kept anew with the first key of NEARER_KEY, in small steps, while the bot runs. First "
    "start every process with NEARER_KEY=new,old (where there are several, before that all of them with old,new). It "
    "may be stopped at any time and goes on when it is started again. At the end it says whether the old key may leave "
    "NEARER_KEY; backups made before still need it. Ends with 1 where something stays under another key."
)
_CHECK = (
    f"Opens what is sealed, of each column the newest {SAMPLE:,} values, and tells in counts what does not open and "
    "which key it asks for; never what is in it. Changes nothing. Ends with 1 where anything does not open."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be done with keys."""
    known = parser.add_subparsers(dest="what", required=True, metavar="new|rotate|check")
    known.add_parser("new", help="print a fresh key", description=_NEW)
    known.add_parser("rotate", help="seal everything anew with the newest key, while the bot runs", description=_ROTATE)
    check = known.add_parser("check", help="open what is sealed and tell what does not open", description=_CHECK)
    check.add_argument("--all", action="store_true", help="open every value there is")


def run(asked: argparse.Namespace) -> int:
    """Does what is asked. Raises NearerError with a sentence for the operator."""
    if asked.what == "new":
        sys.stdout.write(f"{new_key()}\n")
        return 0
    if asked.what == "rotate":
        return asyncio.run(_rotate())
    return asyncio.run(_check(None if asked.all else SAMPLE))


async def _rotate() -> int:
    async with database() as kept:
        await must_open(kept)
        done = await rotate(kept.store, lambda: datetime.now(UTC), Progress(step=2000).told)
        return _tell_rotated(kept, done)


def _tell_rotated(kept: Kept, done: Rotated) -> int:
    newest = kept.store.sealer.newest
    if done.left:
        for name, count in done.left.items():
            show(f"{name}: {count:,} not sealed with {newest}")
        show("Keep every key. `nearer keys check --all` tells what does not open; otherwise rotate once more.")
        return 1
    show(f"Everything is sealed with key {newest}.")
    others = [mark for mark in kept.store.sealer.at_hand if mark != newest]
    if others:
        show(
            f"Key {' and '.join(others)} may leave NEARER_KEY now. Keep it as long as you keep a backup made before "
            "this: that backup opens with no other."
        )
    return 0


async def _check(sample: int | None) -> int:
    async with database() as kept:
        await must_be_current(kept)
        async with kept.store.read() as work:
            used = await known_keys(work.facts)
        missing = [mark for mark in used if mark not in kept.store.sealer.at_hand]
        seen = await look(kept.store, sample)
    show(f"Keys at hand: {', '.join(kept.store.sealer.at_hand)}; the first seals.")
    return tell_looks(seen, missing)


def tell_looks(seen: Mapping[str, Look], missing: list[str]) -> int:
    """Counts by column, and which key is missing; 0 where all opened."""
    for name, one in seen.items():
        opened = ", ".join(f"{count:,} with {mark}" for mark, count in sorted(one.opened.items())) or "none"
        part = "" if one.seen == one.values else f" of {one.values:,}, the newest"
        show(f"{name}: {one.seen:,} looked at{part}; opened: {opened}{_unopened(one)}")
    missing = sorted({*missing, *(mark for one in seen.values() for mark in one.missing)})
    if missing:
        show(f"Key {' and '.join(missing)} is not in NEARER_KEY. Add it behind the others, with a comma.")
        return 1
    well = all(one.well for one in seen.values())
    show("Everything looked at opens." if well else "What is damaged was changed or moved; a backup may hold it whole.")
    return 0 if well else 1


def _unopened(one: Look) -> str:
    told = [f"{count:,} ask for key {mark}" for mark, count in sorted(one.missing.items())]
    told += [f"{one.damaged:,} damaged"] if one.damaged else []
    return f"; do not open: {', '.join(told)}" if told else ""
