"""The first two weeks as a person meets them: `python -m tests.transcript` prints every word, to be read aloud."""

import asyncio
import tempfile
from datetime import time
from pathlib import Path

from bot.local.people import Person
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
            await life.says(person, command)
    await life.to(at(ZONE, 2026, 11, 30, 9))
    for command in ("/support", "/export", "/delete", "/stop"):
        await life.says(person, command)


async def _print() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with lived(Path(folder), at(ZONE, 2026, 11, 16, 10)) as life:
            person = life.person("Mira")
            await first_weeks(life, person)
            for message in person.sees():
                who = "" if message.from_bot else "> "
                print(
                    f"\n--- {message.date:%a %H:%M} UTC {message.reaction or ''}{'[picture]' if message.photo else ''}"
                )
                print("\n".join(who + line for line in message.text.splitlines()))
                for row in message.buttons:
                    print("   " + "   ".join(f"[{label}]" for label in row))


if __name__ == "__main__":
    asyncio.run(_print())
