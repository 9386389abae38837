"""A bot that goes on from a backup: nothing is asked twice, nothing old comes in a heap, and tomorrow is as always."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from tests.databases import Databases
from tests.life import Life, at, living
from tests.storage.kept import back_up, put_back

ZONE = "Europe/Berlin"
MONDAY = at(ZONE, 2026, 11, 16, 10)
EVENING = at(ZONE, 2026, 11, 16, 20)


def questions(person: Person) -> int:
    return sum("Not today" in message.labels for message in person.hears())


@pytest.fixture
def again(databases: Databases) -> Iterator[str]:
    """The database that the backup goes into."""
    url = databases.bare()
    yield url
    databases.drop(url)


class Stay:
    """Two machines with one Telegram: what the first one kept goes on at the second."""

    def __init__(self, folder: Path, first: str, second: str) -> None:
        self.clock = TravellingClock.standing_at(MONDAY)
        self.telegram = LocalTelegram(clock=self.clock)
        self.list = folder / "deleted"
        self.folder, self.first, self.second = folder, first, second

    async def first_days(self, until: datetime, *, backed_up_at: datetime) -> Person:
        """Somebody subscribes for 20:30; a backup is made on the way."""
        async with living(self.telegram, self.clock, self.first, deleted_list=self.list) as life:
            mira = life.person("Mira")
            await life.subscribes(mira, ZONE, time(20, 30))
            await life.to(backed_up_at)
            await back_up(self.first, self.folder / "one", at=self.clock.now())
            if until > backed_up_at:
                await life.to(until)
            return mira

    async def restore(self, *, moved: bool = False) -> None:
        await put_back(self.folder / "one", self.second, moved=moved, now=self.clock.now())

    def second_days(self) -> AbstractAsyncContextManager[Life]:
        return living(self.telegram, self.clock, self.second, deleted_list=self.list)


async def test_what_was_asked_after_the_backup_is_not_asked_again(tmp_path: Path, database: str, again: str) -> None:
    stay = Stay(tmp_path, database, again)
    async with stay.telegram:
        mira = await stay.first_days(EVENING + timedelta(hours=1), backed_up_at=EVENING)
        assert questions(mira) == 1
        await stay.restore()
        async with stay.second_days() as life:
            await life.on(hours=3)
            assert questions(mira) == 1
            await life.on(days=1)
            assert questions(mira) == 2


async def test_a_backup_of_weeks_ago_sends_no_heap(tmp_path: Path, database: str, again: str) -> None:
    stay = Stay(tmp_path, database, again)
    async with stay.telegram:
        mira = await stay.first_days(EVENING, backed_up_at=EVENING)
        stay.clock.move_to(EVENING + timedelta(days=23))
        heard = len(mira.hears())
        await stay.restore()
        async with stay.second_days() as life:
            await life.tick()
            assert len(mira.hears()) == heard
            await life.on(hours=1)
            assert questions(mira) == 1


async def test_after_a_move_the_question_that_waited_comes(tmp_path: Path, database: str, again: str) -> None:
    stay = Stay(tmp_path, database, again)
    async with stay.telegram:
        mira = await stay.first_days(EVENING, backed_up_at=EVENING)
        stay.clock.move_to(EVENING + timedelta(hours=1))
        await stay.restore(moved=True)
        async with stay.second_days() as life:
            await life.tick()
            assert questions(mira) == 1
