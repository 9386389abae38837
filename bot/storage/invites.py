"""Invites: the hash of each code, and when it was used. No code is kept, and none tells who used it."""

from datetime import datetime
from hashlib import blake2b

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import invites as table


def hashed(code: str) -> bytes:
    """What is kept of a code. A code has so much chance in it that its hash needs no salt."""
    return blake2b(code.encode(), digest_size=16).digest()


class Invites:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, code: str, now: datetime) -> None:
        """A code that lets one person in."""
        await self._connection.execute(insert(table).values(mark=hashed(code), made_at=now))

    async def use(self, code: str, now: datetime) -> bool:
        """Uses a code up; False for one that is not known or was used before."""
        fresh = (table.c.mark == hashed(code)) & table.c.used_at.is_(None)
        used = await self._connection.execute(update(table).where(fresh).values(used_at=now))
        return bool(used.rowcount)
