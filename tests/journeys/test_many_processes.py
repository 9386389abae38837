"""Several processes on one database, as behind a balancer: any keeps, any handles, each update once, in order."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.app import Nearer, Plan, opened
from bot.chat.inbox import SURELY_OURS_S
from bot.domain.agenda import with_next
from bot.domain.records import Preferences, Stage
from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from bot.storage.address import read_address
from bot.storage.facts import WORKER_GONE
from tests.databases import Databases
from tests.life import KEY, WordEar, at, shelf_of

NOON = at("UTC", 2026, 11, 16)
#: So many people say so many words each.
PEOPLE, WORDS = 5, 8


@asynccontextmanager
async def processes(telegram: LocalTelegram, url: str, count: int) -> AsyncIterator[list[Nearer]]:
    """Nearers that handle updates and do not poll."""
    clock = telegram.clock
    plan = Plan(telegram.token, (KEY,), read_address(url), telegram.url, rate=1000.0, chat_gap=0.001, now=clock.now)
    shelf = shelf_of(plan.languages, plan.content)
    async with AsyncExitStack() as stack:
        drawing = stack.enter_context(ThreadPoolExecutor(1))
        made = [opened(plan, drawing=drawing, reader=WordEar(), shelf=shelf) for _ in range(count)]
        yield [await stack.enter_async_context(one) for one in made]


@asynccontextmanager
async def at_work(nearers: Sequence[Nearer]) -> AsyncIterator[None]:
    """As each process runs."""
    working = [asyncio.create_task(one.inbox.work()) for one in nearers]
    try:
        yield
    finally:
        for task in working:
            task.cancel()
        for task in working:
            with suppress(asyncio.CancelledError):
                await task


async def subscribed(nearer: Nearer, people: Sequence[Person]) -> None:
    async with nearer.kit.store.write() as work:
        for person in people:
            known = await work.subscribers.add(person.id, "en", NOON)
            wishes = replace(Preferences(), zone="UTC", ask_at=time(20))
            ready = replace(known, stage=Stage.ACTIVE, consented_at=NOON, preferences=wishes)
            await work.subscribers.save(with_next(ready, NOON))


def updates_of(telegram: LocalTelegram, people: Sequence[Person]) -> list[dict[str, Any]]:
    """What Telegram hands out once everybody has said their words, in turn."""
    for number in range(WORDS):
        for person in people:
            person.say(f"word {number}")
    found = []
    while (update := telegram.cloud.updates.first()) is not None:
        found.append(update.body)
        telegram.cloud.updates.confirm(update.id + 1)
    return found


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(clock=TravellingClock.standing_at(NOON), open_to_all=True) as running:
        yield running


async def until_handled(nearer: Nearer, count: int) -> None:
    async with asyncio.timeout(30):
        while True:
            async with nearer.kit.store.read() as work:
                if (await work.inbox.counts()).get("done", 0) == count:
                    return
            await asyncio.sleep(0.05)  # another process changes the database


async def words_of(nearer: Nearer, person: Person) -> list[str]:
    """This person's words in the order in which they were kept."""
    async with nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(person.id)
        assert known is not None
        replies = await work.replies.between(known.id, date(2000, 1, 1), date(2100, 1, 1))
    return [one.text for one in sorted(replies, key=lambda one: one.id)]


async def test_each_update_is_handled_once_and_one_chat_in_order(telegram: LocalTelegram, databases: Databases) -> None:
    url = databases.migrated()
    people = [telegram.person(f"P{number}") for number in range(PEOPLE)]
    async with processes(telegram, url, 3) as nearers:
        await subscribed(nearers[0], people)
        updates = updates_of(telegram, people)
        async with at_work(nearers):
            for number, update in enumerate(updates):
                await nearers[number % 3].inbox.keep([update])
            await until_handled(nearers[0], len(updates))
        for person in people:
            assert await words_of(nearers[0], person) == [f"word {number}" for number in range(WORDS)]
    databases.drop(url)
    hearts = Counter((call.chat_id, call.message_id) for call in telegram.record.calls("setMessageReaction"))
    assert sum(hearts.values()) == PEOPLE * WORDS


async def test_what_a_process_kept_and_never_handled_is_handled_by_another(
    telegram: LocalTelegram, databases: Databases
) -> None:
    url = databases.migrated()
    mira = telegram.person("Mira")
    async with processes(telegram, url, 2) as (killed, other):
        await subscribed(other, [mira])
        updates = updates_of(telegram, [mira])
        await killed.inbox.keep(updates)
        async with killed.kit.store.write() as work:
            assert len(await work.inbox.take("killed", 3)) == 3
        async with at_work([other]):
            await other.ticks.orphans()
            await until_handled(other, len(updates))
        assert await words_of(other, mira) == [f"word {number}" for number in range(WORDS)]
    databases.drop(url)


async def test_a_process_given_up_for_dead_leaves_alone_what_another_took(
    telegram: LocalTelegram, databases: Databases
) -> None:
    url = databases.migrated()
    mira = telegram.person("Mira")
    async with processes(telegram, url, 2) as (slow, other):
        await subscribed(other, [mira])
        slow.inbox.surely_ours_s = -1.0
        await slow.inbox.keep(updates_of(telegram, [mira])[:2])
        hold = telegram.hang_next("setMessageReaction")
        draining = asyncio.create_task(slow.inbox.drain())
        await telegram.record_shows("setMessageReaction")
        async with other.kit.store.write() as work:
            await work.facts.worker_leaves(slow.kit.worker)
            await work.inbox.free_orphans()
            [_, second] = await work.inbox.take(other.kit.worker, 9)
        hold.release()
        await draining
        assert await words_of(other, mira) == ["word 0"]
        async with other.kit.store.read() as work:
            assert await work.inbox.still_of(other.kit.worker, [second.update_id]) == {second.update_id}
    databases.drop(url)


async def test_many_kept_at_once_are_all_durable_when_each_returns(
    telegram: LocalTelegram, databases: Databases
) -> None:
    url = databases.migrated()
    people = [telegram.person(f"P{number}") for number in range(PEOPLE)]
    async with processes(telegram, url, 1) as [nearer]:
        updates = updates_of(telegram, people)
        await asyncio.gather(*(nearer.inbox.keep([update, update]) for update in updates))
        async with nearer.kit.store.read() as work:
            assert len(await work.inbox.waiting(1000)) == len(updates)
    databases.drop(url)


def test_half_a_lease_is_what_surely_is_ours() -> None:
    assert timedelta(seconds=SURELY_OURS_S) * 2 <= WORKER_GONE
