"""The first two weeks as a person meets them: `python -m tests.transcript` prints every word, to be read aloud."""

import asyncio
import tempfile
from datetime import datetime, time
from pathlib import Path

from bot.local.people import Person
from bot.local.seen import Seen
from tests.life import Life, at, lived

ZONE = "Europe/Berlin"
#: What is written on each evening; None leaves the question, "-" is Not today.
EVENINGS = (
    "we cooked, then I needed space and went for a drive",
    "a joke came out when she asked how I am",
    None,
    "stayed on the sofa with her the whole film",
    "needed space after the call",
    "-",
    "told my brother I was tired",
    "a joke again, at the worst moment",
    "stayed, though I wanted the door",
    None,
    "needed space, took the long way home",
    "not much today",
    "stayed until the end",
    "wrote to an old friend",
)
ALONG = {2: ("/today",), 4: ("/journal",), 6: ("/week",), 8: ("/patterns",), 10: ("/settings",), 12: ("/space",)}
#: What is tapped after each of those, in order.
TAPPED = {
    "/journal": ("Open 1", "Move to another day", "‹ Back", "Delete", "‹ Back", "Change the words", "‹ Back"),
    "/patterns": ("Staying close", "That fits", "‹ Back"),
    "/settings": ("How often: every day", "‹ Back", "Asking what fits: yes", "‹ Back", "Done"),
    "/space": ("A day",),
    "/delete": ("Keep it",),
}


async def first_weeks(life: Life, person: Person) -> None:
    """From /start on, with the commands that somebody would try, to the second reflection, and /stop."""
    await life.subscribes(person, "Berlin", time(20, 30))
    for command in ("/help", "/privacy"):
        await life.says(person, command)
    for number, said in enumerate(EVENINGS):
        await life.to(at(ZONE, 2026, 11, 16 + number, 20, 31))
        if said == "-":
            await life.taps(person, life.phrase("button_not_today"))
        elif said:
            await life.says(person, said)
            if (first := person.last()).labels[1:2] == (life.phrase("chips_none"),):
                await life.taps(person, first.labels[0])
        for command in ALONG.get(number, ()):
            await _tries(life, person, command)
    await life.to(at(ZONE, 2026, 11, 30, 9))
    for command in ("/support", "/export", "/delete", "/stop"):
        await _tries(life, person, command)


async def _tries(life: Life, person: Person, command: str) -> None:
    await life.says(person, command)
    for label in TAPPED.get(command, ()):
        await life.taps(person, label)


class ReadAloud(Life):
    """A life whose every word is printed as it appears, also what takes another's place."""

    def __init__(self, life: Life, person: Person) -> None:
        super().__init__(life.telegram, life.clock, life.nearer)
        self.reader = person
        self.printed: dict[int, str] = {}

    async def settle(self) -> None:
        await super().settle()
        for message in self.reader.sees():
            told = _told(message)
            if self.printed.get(message.message_id) != told:
                again = "in its place: " if message.message_id in self.printed else ""
                print(f"\n--- {self.clock.now():%a %H:%M} UTC {again}")
                print(told)
                self.printed[message.message_id] = told

    async def to(self, moment: datetime) -> None:
        await super().to(moment)
        await self.settle()


def _told(message: Seen) -> str:
    lines = [("" if message.from_bot else "> ") + line for line in message.text.splitlines()]
    lines += ["   " + "   ".join(f"[{label}]" for label in row) for row in message.buttons]
    marks = (message.reaction or "") + ("[picture]" if message.photo else "")
    return "\n".join([*([marks] if marks else []), *lines])


async def _print() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with lived(Path(folder), at(ZONE, 2026, 11, 16, 10)) as life:
            person = life.person("Mira")
            await first_weeks(ReadAloud(life, person), person)


if __name__ == "__main__":
    asyncio.run(_print())
