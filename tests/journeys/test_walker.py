"""Somebody who does anything at any time: no fault, no unanswered tap, nothing that Telegram refuses, a way out.

`make walk` takes 2,000 steps; the tests take some 150, the same each time. What was typed has one effect at most:
two dialogues at once would both take it.
"""

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.domain.records import Stage, Subscriber
from bot.local.chats import Message
from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.record import Call
from bot.local.telegram import LocalTelegram
from tests.databases import migrate
from tests.life import Life, at, living

T = TypeVar("T")

SMALL = 150
STEPS = int(os.environ.get("WALK", SMALL))
#: A life of so many steps, then another one; a few more lives, as some are cut short.
LIFE = 50 if STEPS == SMALL else 200
LIVES = STEPS // LIFE if STEPS == SMALL else STEPS // LIFE + 3
#: Refusals of Telegram that are the person's doing, or harmless: the message is as it was, is gone, or nobody is there.
POLITE = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message to react not found",
    "bot was blocked by the user",
    "query is too old",
)
SAID = st.sampled_from(
    (
        *("/start", "/start", "/today", "/week", "/journal", "/patterns", "/space", "/settings", "/support", "/export"),
        *(
            "/privacy",
            "/help",
            "/stop",
            "/delete",
            "/dance",
            "/",
            "/stats",
            "/notice",
            "/notice on Friday nothing",
            "stop",
        ),
        *("Berlin", "new yrok", "Europe/Atlantis", "9", "half past eight", "21:30", "25:61", "noon"),
        *("I needed space", "a joke", "stayed on the sofa with her", "i really want to die", "he hits me"),
        *("<b>&amp;</b> {x} %s", "שלום, היה קשה", "🌧️" * 900, "word " * 800, "\u200b", "-1"),
    )
)
OPENINGS = st.sampled_from(
    ("/settings", "/journal", "/patterns", "/space", "/today", "/start", "/delete", "/notice Friday", "/week")
)
PLACE = st.integers(min_value=0, max_value=10_000)


@cache
def migrated() -> Path:
    """A database that is ready, to be copied for each life."""
    path = Path(tempfile.mkdtemp()) / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@dataclass(frozen=True)
class Kept:
    """What one typed message can change."""

    zone: str | None = None
    ask_at: time | None = None
    replies: Mapping[int, str] = field(default_factory=dict)


class Walk(RuleBasedStateMachine):
    """Two people, one of them the operator, and their one bot."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        shutil.copy(migrated(), Path(self.folder.name) / "nearer.db")
        self.clock = TravellingClock.standing_at(at("Europe/Berlin", 2026, 11, 16, 10))
        self.telegram = LocalTelegram(clock=self.clock)
        self.running = AsyncExitStack()
        self.buttons: list[tuple[int, int, str]] = []
        self.known_buttons: set[tuple[int, int, str]] = set()
        self.calls_seen = 0
        self.steps = 0
        self.tapped: set[str] = set()
        self.does(self.telegram.__aenter__())
        self.people = [self.telegram.person("Mira"), self.telegram.person("Ana", language_code="pt-BR")]
        self.life = self.does(self.open())

    def does(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(doing)

    async def open(self) -> Life:
        database = f"sqlite:///{Path(self.folder.name)}/nearer.db"
        operators = (self.people[1].id,)
        return await self.running.enter_async_context(
            living(self.telegram, self.clock, database, operators=operators, operator="Ana")
        )

    @initialize()
    def one_of_them_is_subscribed(self) -> None:
        self.does(self.life.subscribes(self.people[0], "Berlin", time(20, 30)))
        self.holds()

    def free(self) -> list[Person]:
        return [person for person in self.people if not person.chat.blocked]

    def one(self, place: int) -> Person:
        free = self.free()
        return free[place % len(free)]

    @precondition(lambda self: self.free())
    @rule(place=PLACE, text=SAID)
    def says(self, place: int, text: str) -> None:
        person = self.one(place)
        before = self.does(self.kept_of(person))
        person.say(text)
        self.holds()
        assert effects(before, self.does(self.kept_of(person))) <= 1

    @precondition(lambda self: self.free())
    @rule(place=PLACE, text=st.text(min_size=1, max_size=40).filter(str.strip))
    def says_anything(self, place: int, text: str) -> None:
        try:
            self.one(place).say(text)
        except ValueError:
            return  # no client sends what is only blanks
        self.holds()

    @precondition(lambda self: self.free() and self.buttons)
    @rule(place=PLACE)
    def taps_any_button_there_ever_was(self, place: int) -> None:
        self.taps(*self.buttons[place % len(self.buttons)])

    @precondition(lambda self: self.free() and self.buttons)
    @rule(place=PLACE)
    def taps_a_button_of_late(self, place: int) -> None:
        late = self.buttons[-12:]
        self.taps(*late[place % len(late)])

    @precondition(lambda self: self.free())
    @rule(place=PLACE, opening=OPENINGS, turns=st.lists(PLACE, min_size=1, max_size=5))
    def wanders_from_menu_to_menu(self, place: int, opening: str, turns: list[int]) -> None:
        person = self.one(place)
        person.say(opening)
        self.holds()
        for turn in turns:
            newest = person.last() if person.hears() else None
            if person.chat.blocked or newest is None or not newest.data:
                return
            self.taps(self.people.index(person), newest.message_id, newest.data[turn % len(newest.data)][1])

    def taps(self, chat: int, message_id: int, data: str) -> None:
        if not self.people[chat].chat.blocked:
            self.tapped.add(re.sub(r"\d+", "0", data))
            self.people[chat].tap_data(data, message_id)
        self.holds()

    @precondition(lambda self: self.free())
    @rule(place=PLACE, text=SAID)
    def replies_to_something(self, place: int, text: str) -> None:
        person = self.one(place)
        there = [message.message_id for message in person.sees()]
        person.say(text, reply_to=there[place % len(there)] if there else None)
        self.holds()

    @precondition(lambda self: self.free())
    @rule(place=PLACE, text=SAID)
    def edits_something(self, place: int, text: str) -> None:
        person = self.one(place)
        own = [message.message_id for message in person.sees() if not message.from_bot and message.text]
        if own:
            person.edit(own[place % len(own)], text)
        self.holds()

    @precondition(lambda self: self.free())
    @rule(place=PLACE)
    def deletes_a_message_in_telegram(self, place: int) -> None:
        person = self.one(place)
        there = [message.message_id for message in person.sees()]
        if there:
            person.forget(there[place % len(there)])
        self.holds()

    @precondition(lambda self: self.free())
    @rule(place=PLACE, what=st.sampled_from(("photo", "caption", "voice", "sticker", "place")))
    def sends_something_else(self, place: int, what: str) -> None:
        person = self.one(place)
        ways: dict[str, Callable[[], object]] = {
            "photo": person.send_photo,
            "caption": lambda: person.send_photo(caption="the kitchen at night"),
            "voice": person.send_voice,
            "sticker": person.send_sticker,
            "place": lambda: person.share_location(27.7, 85.3),
        }
        ways[what]()
        self.holds()

    @rule(place=PLACE)
    def blocks_or_lets_in_again(self, place: int) -> None:
        person = self.people[place % len(self.people)]
        if person.chat.blocked:
            person.unblock()
        else:
            person.block()
        self.holds()

    @rule(hours=st.sampled_from((0.2, 1, 5, 24)))
    def lives_on(self, hours: float) -> None:
        self.does(self.life.on(hours=hours))
        self.holds()

    @rule()
    def is_started_anew(self) -> None:
        self.does(self.running.aclose())
        self.running = AsyncExitStack()
        self.life = self.does(self.open())
        self.holds()

    @precondition(lambda self: self.free())
    @rule(place=PLACE)
    def start_leads_out(self, place: int) -> None:
        person = self.one(place)
        before = len(person.hears())
        person.start()
        self.holds()
        known = self.does(self.known(person))
        assert len(person.hears()) > before
        assert known is not None
        assert known.stage is not Stage.STOPPED
        answers = [message.text for message in person.hears()[before:]]
        expected = {
            Stage.ARRIVED: "Hello. I am Nearer.",
            Stage.SETTLING: "What does your clock say now?" if known.preferences.zone is None else "It is ",
            Stage.ACTIVE: "",
        }[known.stage]
        assert any(text.startswith(expected) for text in answers), answers
        assert (
            known.stage is not Stage.ACTIVE
            or known.question_due_at is not None
            or known.resting_open
            or known.unreachable_at
        )

    @precondition(lambda self: self.free())
    @rule(place=PLACE, text=SAID)
    def is_started_anew_with_words_waiting(self, place: int, text: str) -> None:
        self.does(self.running.aclose())
        self.running = AsyncExitStack()
        self.one(place).say(text)
        self.life = self.does(self.open())
        self.holds()

    async def kept_of(self, person: Person) -> Kept:
        async with self.life.nearer.kit.store.read() as work:
            known = await work.subscribers.of_chat(person.id)
            if known is None:
                return Kept()
            replies = await work.replies.between(known.id, date.min, date.max)
        wishes = known.preferences
        return Kept(wishes.zone, wishes.ask_at, {reply.id: reply.text for reply in replies})

    async def known(self, person: Person) -> Subscriber | None:
        async with self.life.nearer.kit.store.read() as work:
            return await work.subscribers.of_chat(person.id)

    def holds(self) -> None:
        """What has to be so after each step."""
        self.steps += 1
        self.does(self.settled())
        for number, person in enumerate(self.people):
            assert all(tap.answered for tap in person.taps), person.transcript()
            for message in person.chat.messages.values():
                self.note_buttons(number, message)
        waiting = self.does(self.inbox())
        assert (waiting.get("waiting", 0), waiting.get("failed", 0)) == (0, 0)
        assert self.telegram.record.problems == []
        strange = {call.outcome for call in self.telegram.record.calls(since=self.calls_seen) if not polite(call)}
        assert strange == set()
        self.calls_seen = len(self.telegram.record)

    async def settled(self) -> None:
        await self.life.settle()
        await self.life.tick()

    def note_buttons(self, number: int, message: Message) -> None:
        for row in (message.markup or {}).get("inline_keyboard", []):
            for button in row:
                found = (number, message.message_id, button["callback_data"])
                if found not in self.known_buttons:
                    self.known_buttons.add(found)
                    self.buttons.append(found)

    async def inbox(self) -> dict[str, int]:
        async with self.life.nearer.kit.store.read() as work:
            return await work.inbox.counts()

    def teardown(self) -> None:
        self.does(self.running.aclose())
        self.does(self.telegram.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()
        walked.append((self.steps, self.tapped))
        if STEPS > SMALL:
            steps, kinds = sum(steps for steps, _ in walked), set().union(*(kinds for _, kinds in walked))
            sys.stderr.write(f"{len(walked)} lives, {steps} steps, {len(kinds)} kinds of buttons tapped\n")


#: Of each life its steps, and the buttons tapped, those alike but for a number once.
walked: list[tuple[int, set[str]]] = []


def effects(before: Kept, after: Kept) -> int:
    """How many things one message did: it answered, changed an old answer, or set the zone or the time."""
    kept = len(after.replies) - len(before.replies)
    changed = sum(before.replies[one] != text for one, text in after.replies.items() if one in before.replies)
    return max(kept, 0) + changed + (before.zone != after.zone) + (before.ask_at != after.ask_at)


def polite(call: Call) -> bool:
    return call.outcome in ("ok", "in flight") or any(said in call.outcome for said in POLITE)


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=LIVES,
    stateful_step_count=LIFE,
    derandomize=STEPS == SMALL,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    database=None,
)
