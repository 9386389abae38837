"""Rows for the tests of storage: people who are there, and questions that are due to them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.records import Delivery, Kind, Marks, Reply, Stage, State, Subscriber
from bot.storage.store import Store

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 16)
LATER = NOON + timedelta(hours=1)


async def person(store: Store, chat_id: int = 1, **known: Any) -> Subscriber:
    """Somebody who is subscribed."""
    [one] = await people(store, [chat_id], **known)
    return one


async def people(store: Store, chat_ids: Iterable[int], **known: Any) -> list[Subscriber]:
    """Several who are subscribed."""
    async with store.write() as work:
        arrived = [await work.subscribers.add(chat_id, "en", NOON) for chat_id in chat_ids]
        settled = [replace(one, **({"stage": Stage.ACTIVE} | known)) for one in arrived]
        await work.subscribers.save_all(settled)
    return settled


def due(to: Subscriber, kind: Kind = Kind.QUESTION, day: date = DAY, state: State = State.CLAIMED) -> Delivery:
    """Something due at noon, not in the database yet."""
    return Delivery(0, to.id, kind, day, state, NOON, NOON)


async def claimed(store: Store, to: Subscriber, kind: Kind = Kind.QUESTION, *, worker: str = "w1") -> Delivery:
    """Something due at noon that a living worker has claimed."""
    async with store.write() as work:
        await work.facts.worker_lives(worker, NOON)
        [delivery] = await work.deliveries.claim_new([due(to, kind)], worker)
    return delivery


async def now_of(store: Store, delivery: Delivery) -> Delivery:
    """The delivery as it stands in the database."""
    async with store.read() as work:
        found = await work.deliveries.of_id(delivery.id)
    assert found is not None
    return found


def reply(by: Subscriber, source: str = "m7", **known: Any) -> Reply:
    """A reply of noon, not in the database yet."""
    written = Reply(0, by.id, source, DAY, NOON, "went for a walk, alone", Marks(heard=("sudden_space",)))
    return replace(written, **known)
