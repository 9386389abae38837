"""`nearer migrate`: brings the database of DATABASE_URL to this version's schema."""

import argparse
import asyncio
import os
import sys

from bot.storage import schema
from bot.storage.address import read_address
from bot.storage.store import make_engine


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None: DATABASE_URL says which database."""


def run(_asked: argparse.Namespace) -> int:
    """Migrates and says so."""
    asyncio.run(_migrate())
    sys.stdout.write("The database is on this version's schema.\n")
    return 0


async def _migrate() -> None:
    engine = make_engine(read_address(os.environ.get("DATABASE_URL", "sqlite:///nearer.db")))
    try:
        await schema.migrate(engine)
    finally:
        await engine.dispose()
