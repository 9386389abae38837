"""Small facts about the installation, open or sealed, and the workers that are alive."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import State
from bot.storage.sealing import Sealer
from bot.storage.tables import deliveries, facts, inbox, subscribers, workers

#: A worker not seen for so long is gone; it says so itself every two seconds.
WORKER_GONE = timedelta(seconds=8)

_PAUSED = "paused_until"


class Facts:
    """Reads and writes within one transaction."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    async def read(self, name: str) -> bytes | None:
        """The open fact of this name."""
        return (await self._connection.execute(select(facts.c.value).where(facts.c.name == name))).scalar_one_or_none()

    async def write(self, name: str, value: bytes) -> None:
        """Writes or replaces a fact that anybody may read."""
        await self._put(name, value=value)

    async def read_sealed(self, name: str) -> Any:
        """The sealed fact of this name, opened; None where there is none. Raises WrongKey or Damaged."""
        query = select(facts.c.sealed).where(facts.c.name == name)
        sealed = (await self._connection.execute(query)).scalar_one_or_none()
        return None if sealed is None else self._sealer.open(sealed, column="facts.sealed", owner=name)

    async def write_sealed(self, name: str, value: Any) -> None:
        """Writes or replaces a fact that only a key opens: any JSON value, bound to its name."""
        await self._put(name, sealed=self._sealer.seal(value, column="facts.sealed", owner=name))

    async def names(self, beginning: str) -> list[str]:
        """The names of the facts that begin so, in order."""
        query = select(facts.c.name).where(facts.c.name.startswith(beginning, autoescape=True))
        return list((await self._connection.execute(query.order_by(facts.c.name))).scalars())

    async def drop(self, name: str) -> None:
        """Forgets a fact."""
        await self._connection.execute(delete(facts).where(facts.c.name == name))

    async def _put(self, name: str, **values: bytes) -> None:
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = made(facts).values(name=name, **values)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    async def worker_lives(self, name: str, now: datetime) -> None:
        """This worker was alive at `now`, by the machine's own clock, and seals with the key at hand."""
        made = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = made(workers).values(name=name, seen_at=now, seals_with=self._sealer.newest)
        seen = {"seen_at": now, "seals_with": self._sealer.newest}
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=seen))

    async def sealing_otherwise(self, now: datetime) -> list[str]:
        """The workers alive at `now` that seal with another key than the newest at hand."""
        alive = workers.c.seen_at >= now - WORKER_GONE
        query = select(workers.c.name).where(alive, workers.c.seals_with != self._sealer.newest)
        return list((await self._connection.execute(query.order_by(workers.c.name))).scalars())

    async def pause_until(self, moment: datetime) -> None:
        """Nothing of this bot leaves before then, from any process."""
        await self.write(_PAUSED, moment.isoformat().encode())

    async def paused_until(self) -> datetime | None:
        """Up to when Telegram asked to wait, the last time it did."""
        written = await self.read(_PAUSED)
        return None if written is None else datetime.fromisoformat(written.decode())

    async def bury_workers(self, now: datetime) -> None:
        """Strikes off the workers that are gone."""
        await self._connection.execute(delete(workers).where(workers.c.seen_at < now - WORKER_GONE))

    async def living(self) -> int:
        """How many workers are alive."""
        return int((await self._connection.execute(select(func.count()).select_from(workers))).scalar_one())

    async def queue(self, now: datetime) -> dict[str, int]:
        """How much waits that is due, and who is at it; all of it read from indexes."""
        held = deliveries.c.state.in_((State.CLAIMED, State.SENDING))
        again = (deliveries.c.state == State.WAITING) & (deliveries.c.due_at <= now)
        counted = {
            "updates": (inbox, inbox.c.state == "waiting"),
            "updates_failed": (inbox, inbox.c.state == "failed"),
            "questions": (subscribers, subscribers.c.question_due_at <= now),
            "reflections": (subscribers, subscribers.c.reflection_due_at <= now),
            "deliveries": (deliveries, held | again),
            "workers": (workers, workers.c.seen_at > now - WORKER_GONE),
        }
        queries = [
            select(func.count()).select_from(table).where(so).scalar_subquery() for table, so in counted.values()
        ]
        row = (await self._connection.execute(select(*queries))).one()
        return dict(zip(counted, map(int, row), strict=True))

    async def worker_leaves(self, name: str) -> None:
        """Strikes off a worker that ends in good order."""
        await self._connection.execute(delete(workers).where(workers.c.name == name))
