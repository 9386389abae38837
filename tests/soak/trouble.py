"""What goes wrong in a soak, and when: the same for the same seed. Only plans; `conductor` does it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random


class Trouble(StrEnum):
    """What goes wrong, as the table calls it."""

    KILLED = "the process killed (SIGKILL) in the middle of its work and started again later"
    ENDED = "the process ended in good order and started again later"
    FLOOD = "floods of 429"
    OUTAGE = "outages of Telegram of an hour (502 to everything)"
    DATABASE = "the database restarted (PostgreSQL) or held by another process (SQLite)"
    FORWARD = "the machine's clock an hour to three ahead for some hours, then right again"
    BACK = "the machine's clock an hour to three behind for some hours, then right again"
    REVOKED = "the token revoked for one to three hours"


#: How often in a week; each comes at least once.
WEEKLY = {
    Trouble.KILLED: 7.0,
    Trouble.ENDED: 1.0,
    Trouble.FLOOD: 3.0,
    Trouble.OUTAGE: 0.5,
    Trouble.DATABASE: 2.0,
    Trouble.FORWARD: 0.4,
    Trouble.BACK: 0.4,
    Trouble.REVOKED: 0.3,
}
#: How long, in minutes, the least and the most.
LASTS = {
    Trouble.KILLED: (0, 150),
    Trouble.ENDED: (0, 60),
    Trouble.FLOOD: (0, 0),
    Trouble.OUTAGE: (60, 60),
    Trouble.DATABASE: (0, 0),
    Trouble.FORWARD: (60, 300),
    Trouble.BACK: (60, 300),
    Trouble.REVOKED: (60, 180),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One trouble: when it begins, how long it lasts. `size` is drawn: hours of a jump, calls of a flood."""

    kind: Trouble
    at: datetime
    lasts: timedelta
    size: int


def plan(start: datetime, weeks: int, seed: int, *, once: bool = False) -> list[Planned]:
    """All troubles in order, none while another lasts; the first day and the last two are left in peace.

    `once`: each kind comes once and no more.
    """
    chance = Random(f"trouble {seed}")
    kinds = [kind for kind, weekly in WEEKLY.items() for _ in range(1 if once else max(1, round(weekly * weeks)))]
    chance.shuffle(kinds)
    slot = (timedelta(weeks=weeks) - timedelta(days=3)) / len(kinds)
    planned = []
    for number, kind in enumerate(kinds):
        lasts = min(timedelta(minutes=chance.randint(*LASTS[kind])), slot * 0.7)
        at = start + timedelta(days=1) + number * slot + (slot * 0.9 - lasts) * chance.random()
        planned.append(Planned(kind, at, lasts, chance.randint(1, 3)))
    return planned
