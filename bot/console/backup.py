"""`nearer backup FILE` writes everything that is kept to one sealed file; `nearer backup check FILE` proves one."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.console.keeping import Progress, database, must_open, show
from bot.console.keys import tell_looks
from bot.settings import SettingsError
from bot.storage.backup import Backup, Examination, write_backup

_HOW = (
    "`nearer backup FILE` writes everything that is kept, as it is at one moment, to a new file while the bot runs, on "
    "either engine; the file can be restored on either. It is sealed as a whole with the first key of NEARER_KEY: keep "
    "that key apart from it. FILE must not be there yet; it appears whole or not at all. `nearer backup check FILE` "
    "reads such a file to its end, opens every sealed value in it and tells in counts what does not open; it touches "
    "no database. Ends with 1 where something does not open. A file named check is written as ./check."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and whether it is there to be proved."""
    parser.description = _HOW
    parser.usage = "nearer backup FILE | nearer backup check FILE"
    parser.add_argument("words", nargs="+", metavar="[check] FILE", help="the file to write, or after `check` to prove")


def run(asked: argparse.Namespace) -> int:
    """Writes or proves. Raises NearerError with a sentence for the operator."""
    match asked.words:
        case ["check", file]:
            return asyncio.run(_check(Path(file)))
        case [file] if file != "check":
            return asyncio.run(_write(Path(file)))
    raise SettingsError("Write `nearer backup FILE` or `nearer backup check FILE`.")


async def _write(path: Path) -> int:
    async with database() as kept:
        await must_open(kept)
        counts = await write_backup(kept.store.engine, kept.keys[0], path, datetime.now(UTC), Progress().told)
    show(f"{path}: {_told(counts)}; sealed with key {kept.store.sealer.newest}.")
    return 0


async def _check(path: Path) -> int:
    async with database() as kept:
        examination = Examination(kept.store.sealer)
        backup = Backup(path, kept.keys)
        for part in backup.parts():
            examination.pass_by(part)
    show(f"{path}: whole. Taken at {backup.header.taken_at:%Y-%m-%d %H:%M:%S} UTC; {_told(backup.counts)}.")
    return tell_looks(examination.looks, [])


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
