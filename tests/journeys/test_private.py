"""Private mode: whatever is said to a person cannot be forwarded or saved; files and helplines can."""

from bot.local.people import Person
from tests.journeys.test_days import asked
from tests.life import Life, at

ZONE = "Europe/Berlin"


async def goes_private(life: Life, person: Person) -> int:
    """Sets it; the number of messages that came before it held."""
    await life.says(person, "/settings")
    await life.taps(person, "Forwarding: allowed")
    await life.taps(person, "not allowed")
    return len(person.hears())


async def test_everything_said_in_private_mode_is_protected_and_files_are_not(life: Life, mira: Person) -> None:
    before = await goes_private(life, mira)
    for day in range(16, 20):
        await asked(life, mira, day)
        await life.says(mira, "I needed space")
    await life.to(at(ZONE, 2026, 11, 22, 21))
    for command in ("/today", "/week", "/journal", "/patterns", "/settings", "/space", "/export"):
        await life.says(mira, command)
    heard = mira.hears()[before:]
    assert any(message.photo for message in heard)
    assert {message.protected for message in heard if message.document is None} == {True}
    assert {message.protected for message in heard if message.document is not None} == {False}


async def test_helplines_can_always_be_copied(life: Life, mira: Person) -> None:
    await goes_private(life, mira)
    for words in ("/support", "i really want to die", "i really want to die, still"):
        await life.says(mira, words)
        assert not mira.last().protected


async def test_outside_private_mode_nothing_is_protected(life: Life, mira: Person) -> None:
    await asked(life, mira)
    await life.says(mira, "I needed space")
    await life.says(mira, "/today")
    assert not any(message.protected for message in mira.hears())
