"""`nearer export ID`: writes a person's two files, the same that /export gives. Prints no content."""

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot import content
from bot.console.keeping import database, must_open
from bot.domain.errors import NearerError
from bot.journeys.exporting import Export, export, files
from bot.storage.store import Store
from bot.tongues import Tongue, read_tongues


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose words, and where to."""
    parser.add_argument("person", type=int, metavar="ID", help="the person's number in Telegram")
    parser.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help="where the files go; default: here")


def run(asked: argparse.Namespace) -> int:
    """Writes nearer.html and nearer.json, readable by their owner only. Raises NearerError with a sentence."""
    for path in write(asyncio.run(_made(asked.person)), asked.to):
        sys.stdout.write(f"{path}\n")
    return 0


async def _made(chat_id: int) -> Export:
    async with database() as kept:
        await must_open(kept)
        return await made_for(kept.store, chat_id, datetime.now(UTC))


async def made_for(store: Store, chat_id: int, now: datetime) -> Export:
    """Both files of one person. Raises NearerError where nothing is kept of them."""
    async with store.read() as work:
        person = await work.subscribers.of_chat(chat_id)
        if person is None:
            raise NearerError(f"Nothing is kept of anybody with the number {chat_id}. It is the one of Telegram.")
        return await export(work, person, _tongue(person.preferences.language), now)


def _tongue(language: str) -> Tongue:
    known = (name for name in (language, language.split("-", maxsplit=1)[0]) if name in content.languages())
    name = next(known, "en")
    return read_tongues((name,))[name]


def write(made: Export, folder: Path) -> list[Path]:
    """Writes both; never over a file that is there."""
    paths = []
    for name, text in files(made):
        path = folder / name
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text)
        except FileExistsError:
            raise NearerError(f"{path} is there already. Move it away, or name another folder with --to.") from None
        except OSError as error:
            raise NearerError(f"{path} cannot be written: {error.strerror}.") from None
        paths.append(path)
    return paths
