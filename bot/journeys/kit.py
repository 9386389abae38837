"""What journeys are given: made once at the top, handed down, never looked up."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.chart import MonthsPicture, WeekPicture
from bot.domain.records import Impression, Spoken, Subscriber
from bot.journeys.messenger import Messenger, Pace
from bot.journeys.meter import Meter, Reporter, Silent, tell_nobody
from bot.journeys.outbox import Outbox
from bot.journeys.voice import Voice
from bot.places import PlaceTable
from bot.storage.store import Store
from bot.tongues import Tongue
from bot.words import Words


class Ears(Protocol):
    """Hears replies off the event loop."""

    async def hear(self, spoken: Sequence[Spoken]) -> list[Impression | None]:
        """What each text may show; None for one that could not be heard."""
        ...


class Painter(Protocol):
    """Draws off the event loop."""

    async def week(self, picture: WeekPicture, *, dark: bool) -> bytes:
        """A week as PNG."""
        ...

    async def months(self, picture: MonthsPicture, *, dark: bool) -> bytes:
        """Three months as PNG."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """What is true of this installation: told in /privacy, and who may come in.

    `operator` may be "": then the words of each language say who runs it. `access` is "open", "invite" or "list";
    `allowed` and `operators` are Telegram ids. Replies are kept for `keep_months`, None until the person deletes them;
    `deleted_list` is the file of who deleted everything.
    """

    operator: str
    on_sqlite: bool
    access: str = "open"
    allowed: frozenset[int] = frozenset()
    operators: frozenset[int] = frozenset()
    keep_months: int | None = None
    deleted_list: Path = Path("nearer.deleted")


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything that a journey may use. `messenger` answers people; `rounds` sends what fell due.

    `report` is told of an error of ours and of its number in the log; `alarm` of what only the operator can mend,
    in a sentence.
    """

    store: Store
    messenger: Messenger
    rounds: Messenger
    pace: Pace
    outbox: Outbox
    tongues: Mapping[str, Tongue]
    ears: Ears
    painter: Painter
    places: PlaceTable
    house: House
    worker: str
    now: Callable[[], datetime]
    alarm: Callable[[str], None]
    meter: Meter = field(default_factory=Silent)
    report: Reporter = tell_nobody
    follows: asyncio.Event = field(default_factory=asyncio.Event)

    def operator(self, words: Words) -> str:
        """Who runs this, as one language says it."""
        return self.house.operator or words.say("operator_unnamed")

    def to(self, person: Subscriber) -> Voice:
        """Answers somebody who is here now."""
        return Voice(self.messenger, person)

    def on_round_to(self, person: Subscriber) -> Voice:
        """Brings what fell due."""
        return Voice(self.rounds, person)

    def tongue(self, language: str) -> Tongue:
        """The person's language, else its plain form, else English."""
        return self.tongues.get(language) or self.tongues.get(language.split("-", maxsplit=1)[0]) or self.tongues["en"]

    def tongue_of(self, person: Subscriber) -> Tongue:
        """The language of this person."""
        return self.tongue(person.preferences.language)
