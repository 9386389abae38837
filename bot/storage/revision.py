"""`make migration m="…"`: writes the revision from the newest one to the tables as they are."""

import asyncio
import sys
import tempfile

from bot.storage.address import read_address
from bot.storage.schema import migrate, write_revision
from bot.storage.store import make_engine


async def _write(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(read_address(f"sqlite:///{folder}/empty.db"))
        await migrate(engine)
        await write_revision(engine, message)
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1]))
