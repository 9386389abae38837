"""Lives a year of somebody invented with the real library and the real deciding, without Telegram or a database."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from bot.domain.agenda import with_next, with_next_question
from bot.domain.library import Library, Prompt
from bot.domain.localtime import instant, local_day
from bot.domain.longview import LongView, began
from bot.domain.prompts import Past
from bot.domain.records import (
    Asked,
    Delivery,
    Kind,
    Marks,
    Mind,
    Preferences,
    Reply,
    Stage,
    State,
    Subscriber,
    Verdict,
)
from bot.domain.reflection import Reflection
from bot.domain.schedule import week_before
from bot.journeys.caring import GENTLE_DAYS
from bot.journeys.looking_back import view_of
from bot.journeys.prompting import choice_for
from bot.journeys.prompting import fallen_due as question_fallen_due
from bot.journeys.reflecting import HISTORY, composed
from bot.journeys.reflecting import fallen_due as reflection_fallen_due
from bot.journeys.replying import answered, wrote
from bot.tongues import Tongue, read_tongues
from tests.invented import ANSWERS, CRISIS, MORE, PLAIN, Manner

BEGINS = date(2026, 1, 5)
WEEKS = 52
#: On these days of the week *Another question* is tapped until it says no.
PICKY = (1, 4)
QUARTER = timedelta(weeks=13)


@cache
def tongue() -> Tongue:
    return read_tongues(("en",))["en"]


@dataclass
class Day:
    """A question or goodbye as it was sent, and what came back."""

    day: date
    kind: Kind
    asked: Asked | None = None
    replies: list[Reply] = field(default_factory=list)


@dataclass
class Year:
    """Fifty-two weeks: what was sent, what was written, and the reflections with the days they were sent on."""

    manner: Manner
    person: Subscriber
    days: list[Day] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    letters: list[tuple[date, Reflection]] = field(default_factory=list)

    def shown(self) -> Iterator[tuple[date, str]]:
        """Every prompt that stood in the chat, with its day."""
        for one in self.days:
            if one.asked is not None:
                yield from ((one.day, name) for name in one.asked.shown)

    def questions(self) -> list[date]:
        return [one.day for one in self.days if one.kind is Kind.QUESTION]

    def replies_of(self, first: date, last: date) -> list[Reply]:
        return [reply for reply in self.replies if first <= reply.day <= last]

    def views(self) -> Iterator[LongView]:
        """Three months at a glance, at the end of each quarter."""
        for quarter in range(1, 5):
            last = BEGINS + quarter * QUARTER - timedelta(days=1)
            yield view_of(self.person, self.replies_of(began(last), last), last)


def live(manner: Manner) -> Year:
    """The whole year, the same each time."""
    return _Living(manner).through()


class _Living:
    """The moments of one year, in order."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.library: Library = tongue().library
        start = instant(BEGINS, time(9), manner.zone)
        wishes = Preferences(zone=manner.zone, ask_at=manner.wall, every=manner.every, quotes=manner.quotes)
        person = Subscriber(manner.number, manner.number, Stage.ACTIVE, wishes, Mind(), start, start)
        self.year = Year(manner, with_next(person, start))
        self.number = 0

    @property
    def person(self) -> Subscriber:
        return self.year.person

    @person.setter
    def person(self, changed: Subscriber) -> None:
        self.year.person = changed

    def through(self) -> Year:
        end = instant(BEGINS + timedelta(weeks=WEEKS), time(9), self.manner.zone)
        returns = [instant(self._date(last + 1), time(11), self.manner.zone) for _, last in self.manner.silent]
        while True:
            person = self.person
            due = [(person.question_due_at, self._question), (person.reflection_due_at, self._reflection)]
            waiting = [(at, step) for at, step in due if at is not None]
            waiting += [(at, self._comes_back) for at in returns[:1]]
            if not waiting or min(waiting, key=lambda one: one[0])[0] >= end:
                return self.year
            moment, step = min(waiting, key=lambda one: one[0])
            step(moment)
            if step == self._comes_back:
                returns.pop(0)

    def _date(self, number: int) -> date:
        return BEGINS + timedelta(days=number)

    def _question(self, now: datetime) -> None:
        delivery, self.person = question_fallen_due(self.person, now)
        if delivery.state is not State.CLAIMED:
            return
        day = Day(delivery.day, delivery.kind)
        self.year.days.append(day)
        if delivery.kind is Kind.QUESTION:
            self._ask(day)
            self._answer(day, now + timedelta(minutes=15))

    def _past(self, today: Asked | None, day: date) -> Past:
        asked = [(one.day, one.asked) for one in self.year.days if one.asked is not None and one.day < day]
        marks = [(reply.day, reply.marks) for reply in self.year.replies]
        return Past([*asked, (day, today)] if today else asked, marks)

    def _chosen(self, today: Asked | None, day: date) -> Prompt:
        return choice_for(self.library, self.person, self._past(today, day), day).prompt

    def _ask(self, day: Day) -> None:
        first = self._chosen(None, day.day)
        day.asked = Asked(first.id, shown=(first.id,))
        if day.day.weekday() in PICKY and not self._is_silent(day.day):
            second = self._chosen(day.asked, day.day)
            day.asked = Asked(second.id, shown=(first.id, second.id), swaps=2)

    def _is_silent(self, day: date) -> bool:
        return any(first <= (day - BEGINS).days <= last for first, last in self.manner.silent)

    def _answer(self, day: Day, at: datetime) -> None:
        chance = Random(f"{self.manner.number} {day.day}")
        assert day.asked is not None
        if self._is_silent(day.day):
            return
        if chance.random() < self.manner.declines:
            day.asked = replace(day.asked, declined=True)
            eased = replace(self.person, unanswered=max(0, self.person.unanswered - 1))
            self.person = with_next_question(eased, at)
        elif (day.day - BEGINS).days in self.manner.crisis:
            self._say(day, at, CRISIS, Marks(), chance)
        elif chance.random() < self.manner.writes:
            self._write(day, at, chance)

    def _write(self, day: Day, at: datetime, chance: Random) -> None:
        assert day.asked is not None
        prompt = self.library.prompts[day.asked.prompt]
        if chance.random() < self.manner.taps:
            tap = chance.choice(prompt.taps)
            self._keep(day, at, tap.say, Marks(confirmed=(tap.shows,) if tap.shows else ()), tapped=True)
            self.person = answered(self.person, at)
            return
        pattern = self._pattern(day.day, prompt, chance)
        if pattern is None:
            self._say(day, at, chance.choice(PLAIN), Marks(), chance)
            return
        sure = chance.random() < self.manner.confirms
        marks = Marks(offered=(pattern,), confirmed=(pattern,) if sure else ())
        self._say(day, at, chance.choice(ANSWERS[pattern]), marks, chance)

    def _pattern(self, day: date, prompt: Prompt, chance: Random) -> str | None:
        number = (day - BEGINS).days
        lately = next(shares for since, shares in reversed(self.manner.lately) if number >= since)
        for name, share in lately.items():
            if chance.random() < share * (1.6 if name in prompt.patterns else 0.9):
                return name
        return None

    def _say(self, day: Day, at: datetime, words: str, marks: Marks, chance: Random) -> None:
        text = words.format(who=chance.choice(self.manner.others))
        if chance.random() < self.manner.tells_more:
            text = f"{text}. {chance.choice(MORE)}"
        care = tongue().care.care_kind(text) is not None
        self._keep(day, at, text, Marks(care=True) if care else marks, tapped=False)
        self.person = wrote(self.person, at, at)
        if care:
            until = day.day + timedelta(days=GENTLE_DAYS)
            self.person = replace(self.person, mind=replace(self.person.mind, gentle_until=until, care_at=at))

    def _keep(self, day: Day, at: datetime, text: str, marks: Marks, *, tapped: bool) -> None:
        self.number += 1
        reply = Reply(self.number, self.person.id, f"m{self.number}", day.day, at, text, marks, tapped)
        day.replies.append(reply)
        self.year.replies.append(reply)

    def _comes_back(self, now: datetime) -> None:
        day = Day(local_day(now, self.manner.zone, time(4)), Kind.QUESTION)
        self._keep(day, now, "hello, I am here again", Marks(), tapped=False)
        self.person = wrote(self.person, now, now)

    def _reflection(self, now: datetime) -> None:
        delivery, self.person = reflection_fallen_due(self.person, now, len(self.year.replies))
        if delivery.state is State.CLAIMED:
            self._reflect(delivery, now)
        for number, pattern in self.manner.mutes:
            if delivery.day >= self._date(number):
                verdicts = {**self.person.mind.verdicts, pattern: str(Verdict.MUTED)}
                self.person = replace(self.person, mind=replace(self.person.mind, verdicts=verdicts))

    def _reflect(self, delivery: Delivery, now: datetime) -> None:
        week, number = week_before(delivery.day), self.person.reflections_sent
        replies = self.year.replies_of(week.first - HISTORY, week.last)
        reflection = composed(tongue().words, self.person, replies, week, number=number)
        self.year.letters.append((delivery.day, reflection))
        self.person = with_next(replace(self.person, reflections_sent=number + 1), now.astimezone(UTC))
