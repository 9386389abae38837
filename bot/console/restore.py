"""`nearer restore FILE`: puts a backup into an empty database; whoever deleted everything stays deleted."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.console.keeping import Progress, database, show
from bot.domain.errors import BackupTrouble
from bot.storage.backup import Backup
from bot.storage.departed import DepartedList, Departure
from bot.storage.restoring import Restored, Wish, restore

_HOW = (
    "Puts a backup into the database of DATABASE_URL, which must hold nobody yet; its tables are made where there are "
    "none. Stop the bot first. All of it is there at the end, or nothing. Whoever deleted everything after the backup "
    "stays deleted: that is what the list is for, and what /privacy promises. What fell due between the backup and now "
    "may have been sent, so no question of that time is sent again; weekly reflections of the last two days are."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, which lists of deleted people, and whether the bot ran since."""
    parser.description = _HOW
    parser.add_argument("file", metavar="FILE", type=Path, help="what `nearer backup` wrote, on either engine")
    parser.add_argument(
        "--deleted",
        metavar="LIST",
        type=Path,
        action="append",
        default=[],
        help="the list of deleted people (DELETED_LIST, or beside the SQLite file); of several machines all of them",
    )
    parser.add_argument("--without-list", action="store_true", help="the list is lost: who deleted since comes back")
    parser.add_argument(
        "--moved",
        action="store_true",
        help="the bot was stopped before the backup and has not run since: what waited is still sent",
    )


def run(asked: argparse.Namespace) -> int:
    """Restores and says so. Raises NearerError with a sentence for the operator."""
    return asyncio.run(_restore(asked))


async def _restore(asked: argparse.Namespace) -> int:
    async with database() as kept:
        departures = _departures(asked, kept.departed)
        backup = Backup(asked.file, kept.keys)
        wish = Wish(departures, moved=asked.moved, now=datetime.now(UTC))
        # What was listed elsewhere is listed here before anybody is, so that the next restore knows it too.
        _carry_on(kept.departed, departures)
        restored = await restore(kept.store.engine, kept.store.sealer, backup, wish, Progress().told)
    _tell(restored, asked.file)
    return 0


def _departures(asked: argparse.Namespace, here: DepartedList) -> Sequence[Departure]:
    lists = [DepartedList(path) for path in asked.deleted]
    if here.path.exists() and not any(one.path.exists() and one.path.samefile(here.path) for one in lists):
        lists.append(here)
    if not lists and not asked.without_list:
        raise BackupTrouble(
            "Whoever deleted everything since the backup must stay deleted. Give the list of deleted people with "
            f"--deleted LIST (there is none at {here.path}), or say --without-list if it is lost. Nothing was changed."
        )
    return [departure for one in lists for departure in one.read()]


def _carry_on(here: DepartedList, departures: Sequence[Departure]) -> None:
    known = set(here.read()) if here.path.exists() else set()
    here.add([one for one in dict.fromkeys(departures) if one not in known])


def _tell(restored: Restored, file: Path) -> None:
    show(f"{file}: restored. " + ", ".join(f"{count:,} {name}" for name, count in restored.counts.items()) + ".")
    if restored.departed:
        show(f"{restored.departed:,} who deleted everything after the backup stay deleted.")
    if restored.damaged:
        show(f"{restored.damaged:,} sealed values are damaged, as they were; `nearer keys check --all` tells where.")
    show("Now start the bot, and take a fresh backup.")
