"""The benchmark in small, for correctness: many due at once, faults on the way; the record tells what arrived."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.domain.agenda import with_next
from bot.domain.records import Kind, Mind, Preferences, Stage, State, Subscriber
from bot.local.clock import TravellingClock
from bot.local.faults import Faults
from bot.local.pace import Pace
from bot.local.telegram import LocalTelegram
from tests.databases import migrate
from tests.life import Life, living

PEOPLE = 300
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
FAULTS = Faults(bad_gateway=0.02, reset_after_accept=0.02, never_answered=0.01, seed=7)


async def test_three_hundred_due_at_once_with_faults_all_arrive_and_nobody_is_asked_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nearer.db"
    migrate(url)
    clock = TravellingClock.standing_at(NOON)
    telegram = LocalTelegram(clock=clock, faults=FAULTS, pace=Pace(rate=1000.0), open_to_all=True)
    async with AsyncExitStack() as cloud:
        await cloud.enter_async_context(telegram)
        async with living(telegram, clock, url) as life:
            await everybody_due(life)
            await until_asked(life)
            await cloud.aclose()  # what was never answered learns now that no answer comes
            await life.nearer.kit.outbox.empty()
            states = await settled(life)
    asked = Counter(call.chat_id for call in telegram.record.delivered())
    assert set(asked.values()) == {1}
    assert len(asked) == PEOPLE
    outcomes = Counter(call.outcome for call in telegram.record.calls("sendMessage"))
    unsure = outcomes["reset after accept"] + outcomes["never answered"]
    assert outcomes["never answered"] > 0
    assert states == {(Kind.QUESTION, State.SENT): PEOPLE - unsure, (Kind.QUESTION, State.UNKNOWN): unsure}
    assert not telegram.record.problems


async def everybody_due(life: Life) -> None:
    """People who differ in nothing but their chats, all due now."""
    now = life.clock.now()
    usual = Subscriber(0, 0, Stage.ACTIVE, Preferences(zone="UTC", ask_at=time(12)), Mind(), now, consented_at=now)
    due = replace(with_next(usual, now), question_due_at=now, question_day=now.date())
    async with life.nearer.kit.store.write() as work:
        await work.subscribers.add_alike(due, 1_000, PEOPLE)


async def until_asked(life: Life) -> None:
    """Ticks, and lets time pass for retries, until everybody was asked."""
    async with asyncio.timeout(60):
        while len({call.chat_id for call in life.telegram.record.delivered()}) < PEOPLE:
            await life.nearer.ticks.questions()
            await asyncio.sleep(0.05)  # the answers under way come over a real connection
            life.clock.move_to(life.clock.now() + timedelta(seconds=1))


async def settled(life: Life) -> dict[tuple[str, str], int]:
    """What the ledger says."""
    async with life.nearer.kit.store.read() as work:
        return await work.deliveries.counts()
