"""`nearer seed`: fills a database with made-up subscribers, to measure with. No chat in Telegram is theirs."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.domain.agenda import with_next
from bot.domain.errors import NearerError
from bot.domain.records import Marks, Mind, Preferences, Reply, Stage, Subscriber
from bot.storage import schema
from bot.storage.address import read_address
from bot.storage.sealing import Sealer, read_keys
from bot.storage.store import Store, make_engine

#: Telegram's ids have at most 52 significant bits: from here on they are nobody's.
FIRST_CHAT = 2**52
#: The others' questions fall in the day that follows, from so long after the moment asked for.
APART = timedelta(hours=2)
#: What somebody with a reflection due wrote in the week before it, a day each.
DIARY = (
    ("drove round the ring road twice before going up", "sudden_space"),
    ("put my phone in the drawer after her nice message", "sudden_space"),
    ("said my therapist is the dog", "joking_away"),
    ("told my sister I was tired and let her make the tea", "staying_present"),
    ("made a joke when he asked how I am", "joking_away"),
)


class NotEmpty(NearerError):
    """The database holds somebody who was not seeded. Seed one of its own; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many, and when their questions fall due."""
    parser.add_argument("count", type=int, help="people due at one moment")
    parser.add_argument("--at", required=True, type=time.fromisoformat, help="their time of day in UTC, as HH:MM[:SS]")
    parser.add_argument("--among", type=int, default=0, help="people in all; the others' times lie over the day")
    parser.add_argument("--reflections", action="store_true", help="reflections due instead, with a week of replies")


def run(asked: argparse.Namespace) -> int:
    """Seeds the database of DATABASE_URL and says so."""
    asyncio.run(_seed(asked))
    sys.stdout.write(f"{max(asked.count, asked.among)} made-up subscribers are there.\n")
    return 0


async def _seed(asked: argparse.Namespace) -> None:
    engine = make_engine(read_address(os.environ.get("DATABASE_URL", "sqlite:///nearer.db")))
    store = Store(engine, Sealer(read_keys(os.environ.get("NEARER_KEY", ""))))
    try:
        await schema.migrate(engine)
        now = datetime.now(UTC)
        await _refuse_real_people(store)
        chat = FIRST_CHAT
        for alike, count in _crowds(asked, next_at(asked.at, now), now):
            async with store.write() as work:
                await work.subscribers.add_alike(alike, chat, count)
            chat += count
        if asked.reflections:
            await _write_diaries(store, asked.count, next_at(asked.at, now))
    finally:
        await store.close()


def next_at(wall: time, now: datetime) -> datetime:
    """The next moment after `now` at which clocks in UTC show this."""
    at = now.replace(hour=wall.hour, minute=wall.minute, second=wall.second, microsecond=0)
    return at if at > now else at + timedelta(days=1)


async def _refuse_real_people(store: Store) -> None:
    async with store.read() as work:
        lowest = await work.subscribers.lowest_chat()
    if lowest is not None and lowest < FIRST_CHAT:
        raise NotEmpty


def _crowds(asked: argparse.Namespace, at: datetime, now: datetime) -> Iterator[tuple[Subscriber, int]]:
    """Those due at `at`, then the others, a crowd a minute."""
    wishes = Preferences(zone="UTC", ask_at=at.time().replace(second=0))
    usual = Subscriber(0, 0, Stage.ACTIVE, wishes, Mind(), now, consented_at=now - timedelta(weeks=8))
    due = replace(with_next(usual, now), question_due_at=at, question_day=at.date())
    due = replace(due, reflection_due_at=at + timedelta(days=5), reflection_day=(at + timedelta(days=5)).date())
    if asked.reflections:
        due = replace(due, reflection_due_at=at, reflection_day=at.date(), question_due_at=at + timedelta(hours=3))
    yield due, asked.count
    left, minutes = max(0, asked.among - asked.count), int((timedelta(days=1) - 2 * APART) / timedelta(minutes=1))
    for minute in range(minutes):
        later = at + APART + timedelta(minutes=minute)
        crowd = left * (minute + 1) // minutes - left * minute // minutes
        if crowd:
            yield replace(due, question_due_at=later, question_day=later.date()), crowd


async def _write_diaries(store: Store, count: int, at: datetime) -> None:
    for first in range(0, count, 500):
        async with store.write() as work:
            for chat in range(FIRST_CHAT + first, FIRST_CHAT + min(first + 500, count)):
                person = await work.subscribers.of_chat(chat)
                assert person is not None
                for number, (text, pattern) in enumerate(DIARY, start=1):
                    day = at - timedelta(days=number)
                    marks = Marks(confirmed=(pattern,))
                    await work.replies.keep(Reply(0, person.id, f"m{number}", day.date(), day, text, marks))
