"""Who is in the soak: invented people with a zone, an hour and habits, the same for the same seed. Sends nothing."""

from dataclasses import dataclass
from datetime import time
from random import Random

#: North and south, both changes of the clock within the ten weeks, gaps at midnight, halves and quarters of an hour.
ZONES = (
    "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Kyiv", "Europe/Chisinau", "Europe/Moscow",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "America/Havana", "America/St_Johns", "America/Nuuk", "America/Scoresbysund", "America/Sao_Paulo",
    "America/Santiago", "America/Asuncion", "America/Caracas", "Atlantic/Azores", "Africa/Cairo", "Africa/Casablanca",
    "Africa/Lagos", "Asia/Beirut", "Asia/Jerusalem", "Asia/Tehran", "Asia/Kabul", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Yangon", "Asia/Tokyo", "Australia/Sydney", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Eucla",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Norfolk", "Pacific/Easter", "Pacific/Kiritimati",
    "Pacific/Marquesas", "Pacific/Pago_Pago", "Antarctica/Troll",
)  # fmt: skip
#: Hours that people choose, and those at which clocks leap or days begin.
USUAL = tuple(time(hour, minute) for hour in range(7, 24) for minute in (0, 30))
CRITICAL = (
    time(23, 30),
    time(0, 0),
    time(0, 30),
    time(1, 30),
    time(2, 0),
    time(2, 30),
    time(3, 0),
    time(3, 45),
    time(4, 0),
)
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody has set: zone, hour, days of the week (Monday is 0), days between, and the reflection's hour."""

    zone: str
    wall: time
    weekdays: frozenset[int] = EVERY_DAY
    every: int = 1
    reflect_weekday: int = 6
    reflect_at: time = time(19)


@dataclass(frozen=True, slots=True)
class Habits:
    """How likely somebody does what, on a day with a question (0 to 1). `joins`: by /start in the chat, or seeded."""

    answers: float
    taps: float
    more: float
    edits: float
    restless: float
    joins: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person of the soak; `number` counts from 0."""

    number: int
    chat_id: int
    wishes: Wishes
    habits: Habits


def invent(count: int, seed: int, first_chat: int) -> list[Somebody]:
    """So many people."""
    return [_one(number, Random(f"{seed} {number}"), first_chat) for number in range(count)]


def _one(number: int, chance: Random, first_chat: int) -> Somebody:
    quiet = chance.random() < 0.15
    habits = Habits(
        answers=0.0 if quiet else chance.uniform(0.1, 0.6),
        taps=chance.uniform(0.1, 0.6),
        more=chance.uniform(0.0, 0.4),
        edits=chance.uniform(0.0, 0.3),
        restless=chance.uniform(0.0, 0.04),
        joins=chance.random() < 0.1,
    )
    wished = wishes(number, chance)
    # Who comes in through the chat chooses zone and hour there, and finds the rest as it is for everybody.
    return Somebody(number, first_chat + number, Wishes(wished.zone, wished.wall) if habits.joins else wished, habits)


def wishes(number: int, chance: Random) -> Wishes:
    """Every zone has its turn; the rest is drawn."""
    days = EVERY_DAY if chance.random() < 0.8 else frozenset(chance.sample(range(7), chance.randint(1, 6)))
    return Wishes(
        ZONES[number % len(ZONES)],
        wall(chance),
        days,
        chance.choice((1, 1, 1, 1, 1, 1, 2, 3)),
        chance.randrange(7),
        chance.choice((time(9), time(17), time(19), time(21))),
    )


def wall(chance: Random) -> time:
    """An hour, now and then one of the critical ones."""
    return chance.choice(CRITICAL if chance.random() < 0.25 else USUAL)
