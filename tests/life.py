"""A whole Nearer with a Telegram of its own, and a clock that the test moves: verbs to live a person's days."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.app import Nearer, Plan, Shelf, opened, read_shelf
from bot.console.demo import live_to
from bot.domain.library import PATTERN_IDS
from bot.domain.localtime import instant
from bot.hearing.judgement import Heard
from bot.hearing.listening import Ear
from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from bot.storage.address import read_address

KEY = bytes(range(32))


#: In these words the WordEar hears a crisis that no phrase finds.
VEILED = "where the spare keys are"


@dataclass
class WordEar:
    """Hears a pattern where its word stands: "needed space" offers sudden_space. For tests of what follows."""

    offers: Mapping[str, str] = field(
        default_factory=lambda: {"space": "sudden_space", "joke": "joking_away", "stayed": "staying_present"}
    )

    def hear(
        self,
        texts: Sequence[str],
        *,
        asked: Sequence[tuple[str, ...]] | None = None,
        leanings: Sequence[Mapping[str, float]] | None = None,
    ) -> list[Heard]:
        return [self._hear(text) for text in texts]

    def _hear(self, text: str) -> Heard:
        found = tuple(pattern for word, pattern in self.offers.items() if word in text.lower())
        likely = {name: 0.8 if name in found else 0.02 for name in PATTERN_IDS}
        veiled = VEILED in text.lower()
        return Heard(likely, found[:3], frozenset(), float(veiled), alarming=veiled)


@dataclass
class Life:
    """One bot, its Telegram and its clock."""

    telegram: LocalTelegram
    clock: TravellingClock
    nearer: Nearer

    def person(self, name: str = "Mira", language: str = "en") -> Person:
        """Somebody in Telegram who has not met the bot."""
        return self.telegram.person(name, language_code=language)

    def phrase(self, key: str) -> str:
        """What the bot says in English under this key."""
        return self.nearer.kit.tongue("en").words.say(key)

    async def settle(self) -> None:
        """Everything said and tapped so far has been answered."""
        await self.telegram.updates_delivered()
        await self.nearer.inbox.drain()
        await self.nearer.follower.drain()

    async def tick(self) -> None:
        """All that is due now is sent."""
        await self.nearer.ticks.everything()

    async def to(self, moment: datetime) -> None:
        """Lives on to a moment; whatever falls due on the way is sent at its time."""
        while self.clock.now() < moment:
            await live_to(self.nearer, self.clock, moment)

    async def on(self, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Lives on for so long."""
        await self.to(self.clock.now() + timedelta(days=days, hours=hours, minutes=minutes))

    async def says(self, person: Person, text: str, *, reply_to: int | None = None) -> int:
        """The person says something, and has been answered."""
        number = person.say(text, reply_to=reply_to)
        await self.settle()
        return number

    async def taps(self, person: Person, label: str) -> None:
        """The person taps the newest button that says so, and has been answered."""
        person.tap(label)
        await self.settle()

    async def subscribes(self, person: Person, zone: str, wall: time) -> None:
        """From /start to subscribed, typing zone and time."""
        person.start()
        await self.settle()
        await self.taps(person, "Begin")
        await self.says(person, zone)
        await self.says(person, wall.isoformat("minutes"))


@cache
def shelf_of(languages: tuple[str, ...], content: Path) -> Shelf:
    """The content, read once for all lives of a run."""
    return read_shelf(languages, content)


@asynccontextmanager
async def lived(
    folder: Path,
    start: datetime,
    *,
    database: str | None = None,
    telegram: LocalTelegram | None = None,
    **planned: Any,
) -> AsyncIterator[Life]:
    """Opens a Nearer on a fresh SQLite file, or on the database given, at a standing clock; `planned` is of Plan."""
    clock = telegram.clock if telegram else TravellingClock.standing_at(start)
    planned = {"deleted_list": folder / "nearer.deleted"} | planned
    running = telegram or LocalTelegram(clock=clock)
    async with running, living(running, clock, database or f"sqlite:///{folder}/nearer.db", **planned) as life:
        yield life


@asynccontextmanager
async def living(
    telegram: LocalTelegram, clock: TravellingClock, database: str, *, ear: Ear | None = None, **planned: Any
) -> AsyncIterator[Life]:
    """One run of the bot against a Telegram that is there already."""
    plan = Plan(
        token=telegram.token,
        keys=(KEY,),
        database=read_address(database),
        api_url=telegram.url,
        rate=1000.0,
        chat_gap=0.001,
        now=clock.now,
        **planned,
    )
    with ThreadPoolExecutor(1) as drawing:
        shelf = shelf_of(plan.languages, plan.content)
        async with opened(plan, drawing=drawing, reader=ear or WordEar(), shelf=shelf) as nearer:
            polling = asyncio.create_task(nearer.inbox.poll())
            try:
                yield Life(telegram, clock, nearer)
            finally:
                polling.cancel()
                with suppress(asyncio.CancelledError):
                    await polling


def at(zone: str, year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment by a wall clock somewhere."""
    return instant(datetime(year, month, day, tzinfo=UTC).date(), time(hour, minute), zone)
