"""What people do in the local Telegram, and the journal of it: who did what at which step, and what they saw.

The same for the same seed as far as the bot does the same. Knows nothing of the bot but what stands in the chats.
"""

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.local.cloud import Happening
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from tests.soak.deeds import Asked, Deed
from tests.soak.people import ZONES, Somebody, wall

#: What somebody may write; one in some is heard as a pattern, so that chips come.
TEXTS = (
    "walked home the long way", "made soup and called it a day", "we laughed about the old car", "sat by the river",
    "he asked how I am and I told him", "needed space after lunch", "a joke got me out of it", "stayed until the end",
)  # fmt: skip
SPACES = ("1d", "3d", "2w", "open")
#: Deeds that change what is due are done only while all is well: then the step they take effect at is known.
CAREFUL = frozenset({"space", "back", "zone", "time", "weekday", "often", "resume", "later", "not_today", "join"})


@dataclass(slots=True)
class Life:
    """Where one person stands."""

    who: Somebody
    person: Person
    chance: Random
    asked: Asked | None = None
    answered: bool = True
    stopped: bool = False
    resting: bool = False
    blocked: bool = False
    joined: bool = True
    last_said: int = 0
    last_heard: int = 0
    wrote: int = 0


@dataclass
class Crowd:
    """Everybody. `act` does what is planned up to a moment."""

    telegram: LocalTelegram
    people: Sequence[Somebody]
    end: datetime
    deeds: list[Deed] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._plans: list[tuple[datetime, int, int, str]] = []
        self._numbers = itertools.count()
        self._lives = {who.chat_id: self._life(who) for who in self.people}
        self.telegram.cloud.watchers.add(self._watch)
        self._step, self._alone = 0, True
        now = self.telegram.clock.now()
        for life in self._lives.values():
            self._plan(life, now + timedelta(hours=life.chance.uniform(1, 30)), "day")
            if not life.joined:
                self._plan(life, now + timedelta(hours=life.chance.uniform(0.2, 40)), "join")

    def _life(self, who: Somebody) -> Life:
        person = self.telegram.person(f"P{who.number}", person_id=who.chat_id)
        person.chat.started = True
        return Life(who, person, Random(f"life {who.chat_id} {who.wishes}"), joined=not who.habits.joins)

    def due(self, now: datetime) -> bool:
        """Whether anybody wants to do something."""
        return bool(self._plans) and self._plans[0][0] <= now

    def at_step(self, step: int, *, alone: bool) -> None:
        """What is done from now on is done at this step; `alone`: nothing falls due in it, and all is well."""
        self._step, self._alone = step, alone

    def act(self, now: datetime) -> int:
        """Does all that is planned up to now; what needs care waits for a better time. Returns how many deeds."""
        before = len(self.deeds)
        while self.due(now):
            _, _, chat_id, what = heapq.heappop(self._plans)
            life = self._lives[chat_id]
            if what in CAREFUL and not self._alone:
                self._plan(life, now + timedelta(minutes=20), what)
            elif life.blocked and what not in ("unblock", "day"):
                self._plan(life, now + timedelta(hours=7), what)
            else:
                getattr(self, f"_{what}")(life, now)
        return len(self.deeds) - before

    def calm(self) -> None:
        """No plan any more: the soak is near its end."""
        self._plans.clear()
        self.telegram.cloud.watchers.discard(self._watch)

    def _plan(self, life: Life, at: datetime, what: str) -> None:
        if at < self.end:
            heapq.heappush(self._plans, (at, next(self._numbers), life.who.chat_id, what))

    def _note(self, life: Life, what: str, **more: Any) -> None:
        now, seq = self.telegram.clock.now(), len(self.telegram.record)
        self.deeds.append(Deed(what, life.who.chat_id, now, self._step, self._alone, seq, **more))

    def _watch(self, happening: Happening) -> None:
        life = self._lives.get(happening.chat_id)
        if happening.what != "message" or life is None:
            return
        message = life.person.chat.messages.get(happening.message_id)
        if message is None or not message.by_bot or message.message_id <= life.last_heard:
            return
        life.last_heard = message.message_id
        data = [
            button.get("callback_data", "")
            for row in (message.markup or {}).get("inline_keyboard", [])
            for button in row
        ]
        declines = [one for one in data if one.startswith("n:")]
        if declines:
            self._asked(life, int(declines[0][2:]), message.message_id, sum(one.startswith("a:") for one in data))
        elif any(one.startswith("c:") for one in data) and life.chance.random() < 0.5:
            self._press(life, "chip", next(one for one in data if one.startswith("c:")), message.message_id)

    def _asked(self, life: Life, delivery: int, message: int, taps: int) -> None:
        now, chance, habits = self.telegram.clock.now(), life.chance, life.who.habits
        life.asked, life.answered = Asked(delivery, message, life.who.chat_id, now, taps), False
        self.questions.append(life.asked)
        if chance.random() < 0.03 and habits.answers:
            self._plan(
                life, now + timedelta(minutes=chance.uniform(5, 90)), chance.choice(("later", "not_today", "another"))
            )
        if chance.random() < habits.answers:
            # Some answer at once, some in the small hours, some a day later.
            wait = chance.choice((chance.uniform(0.02, 1), chance.uniform(1, 6), chance.uniform(4, 30)))
            what = "tap" if taps and chance.random() < habits.taps else "say"
            self._plan(life, now + timedelta(hours=wait), what)
            if chance.random() < habits.more:
                self._plan(life, now + timedelta(hours=wait + chance.uniform(0.1, 9)), "say")
            if chance.random() < habits.edits:
                self._plan(life, now + timedelta(hours=wait + chance.uniform(0.1, 20)), "edit")

    def _press(self, life: Life, what: str, data: str, message_id: int, value: Any = None) -> None:
        tap = life.person.tap_data(data, message_id)
        self._note(life, what, value=data if value is None else value, message_id=message_id, tap=tap)

    def _press_newest(self, life: Life, what: str, data: str, value: Any = None) -> None:
        newest = next((m.message_id for m in reversed(life.person.chat.messages.values()) if m.by_bot), 1)
        self._press(life, what, data, newest, value)

    def _day(self, life: Life, now: datetime) -> None:
        """Once a day somebody may grow restless."""
        self._plan(life, now + timedelta(hours=24), "day")
        chance = life.chance
        if not life.joined or life.blocked or life.stopped or chance.random() >= life.who.habits.restless * 5:
            return
        what = chance.choice(("space", "zone", "time", "weekday", "often", "stop", "block", "say"))
        self._plan(life, now + timedelta(hours=chance.uniform(0, 24)), what)

    def _say(self, life: Life, now: datetime) -> None:
        if not life.joined:
            return
        life.wrote += 1
        text = f"{life.chance.choice(TEXTS)} {life.who.number}-{life.wrote}"
        pointed = life.asked.message_id if life.asked and life.chance.random() < 0.2 else None
        life.last_said = life.person.say(text, reply_to=pointed)
        life.answered = life.answered or not life.stopped
        life.resting = life.resting and life.stopped
        what = "say_stopped" if life.stopped else "say"
        self._note(life, what, value=text, message_id=life.last_said, reply_to=pointed or 0)

    def _edit(self, life: Life, now: datetime) -> None:
        message = life.person.chat.messages.get(life.last_said)
        if message is None or life.stopped:
            return
        text = f"{message.content['text']} and then some"
        life.person.edit(life.last_said, text)
        self._note(life, "edit", value=text, message_id=life.last_said)

    def _tap(self, life: Life, now: datetime) -> None:
        asked = life.asked
        if asked is None or life.answered or life.stopped:
            return
        life.answered = True
        self._press(
            life,
            "tap",
            f"a:{asked.delivery_id}:{life.chance.randrange(asked.taps)}",
            asked.message_id,
            asked.delivery_id,
        )

    def _another(self, life: Life, now: datetime) -> None:
        if life.asked and not life.answered and not life.stopped:
            self._press(life, "another", f"o:{life.asked.delivery_id}", life.asked.message_id)

    def _later(self, life: Life, now: datetime) -> None:
        asked = life.asked
        if asked and not life.answered and not life.stopped and now - asked.at < timedelta(hours=4):
            life.answered = True
            self._press(
                life,
                "later",
                f"l:{asked.delivery_id}:{life.chance.choice(('1h', '3h', 'evening'))}",
                asked.message_id,
                asked.delivery_id,
            )

    def _not_today(self, life: Life, now: datetime) -> None:
        if life.asked and not life.answered and not life.stopped:
            life.answered = True
            self._press(life, "not_today", f"n:{life.asked.delivery_id}", life.asked.message_id)

    def _space(self, life: Life, now: datetime) -> None:
        if not life.stopped:
            name = life.chance.choice(SPACES)
            life.resting = True
            self._press_newest(life, "space", f"s:{name}", name)
            if life.chance.random() < 0.5 or name == "open":
                self._plan(
                    life, now + timedelta(hours=life.chance.uniform(3, 200)), life.chance.choice(("back", "say"))
                )

    def _back(self, life: Life, now: datetime) -> None:
        if not life.stopped:
            life.resting = False
            self._press_newest(life, "back", "s:end")

    def _zone(self, life: Life, now: datetime) -> None:
        if not life.stopped:
            zone = life.chance.choice(ZONES)
            self._press_newest(life, "zone", f"z:{zone}", zone)

    def _time(self, life: Life, now: datetime) -> None:
        if not life.stopped:
            chosen = wall(life.chance)
            self._press_newest(life, "time", f"t:{chosen.isoformat('minutes')}", chosen)

    def _weekday(self, life: Life, now: datetime) -> None:
        if not life.stopped:
            number = life.chance.randrange(14)  # from seven on: one day less
            self._press_newest(life, "weekday", f"g:weekdays:{number}", number)

    def _often(self, life: Life, now: datetime) -> None:
        if not life.stopped:
            number = life.chance.randrange(3)
            self._press_newest(life, "often", f"g:often:{number}", str(number + 1))

    def _stop(self, life: Life, now: datetime) -> None:
        if not life.stopped:
            life.stopped = True
            life.person.say(life.chance.choice(("/stop", "stop", "Stop.")))
            self._note(life, "stop")
            if life.chance.random() < 0.3:
                self._plan(life, now + timedelta(hours=life.chance.uniform(1, 60)), "say")
            if life.chance.random() < 0.8:
                self._plan(life, now + timedelta(hours=life.chance.uniform(6, 300)), "resume")

    def _resume(self, life: Life, now: datetime) -> None:
        if life.stopped:
            life.stopped, life.resting = False, False
            life.person.start()
            self._note(life, "resume")

    def _block(self, life: Life, now: datetime) -> None:
        life.blocked = True
        life.person.block()
        self._note(life, "block")
        self._plan(life, now + timedelta(hours=life.chance.uniform(7, 200)), "unblock")

    def _unblock(self, life: Life, now: datetime) -> None:
        life.blocked = False
        life.person.unblock()
        self._note(life, "unblock")

    def _join(self, life: Life, now: datetime) -> None:
        """The whole way in, a step of it at a time."""
        wishes = life.who.wishes
        if life.wrote == 0:
            life.person.start()
            self._note(life, "start")
        elif life.wrote == 1:
            self._press_newest(life, "begin", "b:begin")
        elif life.wrote == 2:
            self._press_newest(life, "begin", f"z:{wishes.zone}")
        else:
            life.joined, life.wrote = True, 0
            self._press_newest(life, "joined", f"t:{wishes.wall.isoformat('minutes')}")
            return
        life.wrote += 1
        self._plan(life, now + timedelta(minutes=30), "join")
