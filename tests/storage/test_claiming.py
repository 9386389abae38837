"""Many workers tick together: each person has one winner, on separate connections of both engines."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast

from bot.domain.records import Delivery, Kind, Preferences, Stage, State
from bot.journeys import prompting
from bot.journeys.kit import Kit
from bot.storage.store import Store
from tests.databases import open_store
from tests.storage.rows import DAY, LATER, NOON, claimed, people

CLAIMERS = 40
#: More than one worker's batch, so that each has something to win.
PEOPLE = prompting.BATCH + 60
PREFERENCES = Preferences(zone="Etc/UTC", ask_at=time(12, 0))


@dataclass(frozen=True)
class Claimer:
    """What claiming needs of a Kit: a store of its own, as another process has it."""

    store: Store
    worker: str
    now: Callable[[], datetime] = lambda: NOON + timedelta(seconds=1)

    async def claim(self, start: asyncio.Barrier) -> list[int]:
        """Claims until nothing is left; the people won."""
        await start.wait()
        won: list[int] = []
        while claimed_now := await prompting._claim_new(cast("Kit", self)):
            won += [person.id for _, person in claimed_now]
        return won


async def test_forty_concurrent_claimers_have_one_winner_for_each_person(database: str, store: Store) -> None:
    known = await people(
        store,
        range(PEOPLE),
        stage=Stage.ACTIVE,
        preferences=PREFERENCES,
        consented_at=NOON - timedelta(days=1),
        question_due_at=NOON,
        question_day=DAY,
    )
    claimers = [Claimer(open_store(database), f"w{number}") for number in range(CLAIMERS)]
    start = asyncio.Barrier(CLAIMERS)
    won = await asyncio.gather(*(claimer.claim(start) for claimer in claimers))
    for claimer in claimers:
        await claimer.store.close()
    assert sorted(key for keys in won for key in keys) == sorted(person.id for person in known)
    async with store.read() as work:
        assert await work.deliveries.counts() == {(Kind.QUESTION, State.CLAIMED): PEOPLE}
        moved = await work.subscribers.of_ids([person.id for person in known])
    assert {person.question_due_at for person in moved.values()} == {NOON + timedelta(days=1)}


async def test_a_retry_has_one_winner_among_many(database: str, store: Store) -> None:
    waiting = [await claimed(store, person) for person in await people(store, range(20))]
    async with store.write() as work:
        for delivery in waiting:
            await work.deliveries.rearm(delivery.id, NOON)
    stores = [open_store(database) for _ in range(8)]
    won = await asyncio.gather(*(claim_waiting(one, number) for number, one in enumerate(stores)))
    for one in stores:
        await one.close()
    assert sorted(delivery.id for mine in won for delivery in mine) == sorted(delivery.id for delivery in waiting)


async def claim_waiting(store: Store, number: int) -> list[Delivery]:
    async with store.write() as work:
        return await work.deliveries.claim_waiting((Kind.QUESTION,), LATER, f"w{number}", 7 if number else 20)
