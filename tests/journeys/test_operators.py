"""Operators see counts and never content, and can send a note to all; for everybody else neither exists."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from bot.journeys.operating import percentile
from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from tests.life import Life, at, living

ZONE = "Europe/Berlin"
OPERATOR = 777


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    clock = TravellingClock.standing_at(at(ZONE, 2026, 11, 16, 10))
    async with LocalTelegram(clock=clock) as telegram:
        house: dict[str, Any] = {"operators": (OPERATOR,), "operator": "Ana & Co"}
        async with living(telegram, clock, f"sqlite:///{tmp_path}/nearer.db", **house) as opened:
            yield opened


@pytest.fixture
def ana(life: Life) -> Person:
    """The operator, who need not be a subscriber."""
    return life.telegram.person("Ana", person_id=OPERATOR)


def notes(person: Person) -> list[str]:
    return [message.text for message in person.hears() if message.text.startswith("A note from")]


async def sends(life: Life, ana: Person, text: str) -> None:
    await life.says(ana, f"/notice {text}")
    ana.tap_data(dict(ana.last().data)[ana.last().labels[0]], ana.last().message_id)
    await life.settle()
    await life.tick()


async def test_for_others_the_commands_do_not_exist(life: Life, mira: Person) -> None:
    for words in ("/stats", "/notice hello all"):
        await life.says(mira, words)
        assert mira.last().text == life.phrase("command_unknown")
    mira.tap_data("x:send:00", mira.last().message_id)
    await life.settle()
    assert mira.toast == life.phrase("old_button")


async def test_stats_are_counts_and_never_content(life: Life, mira: Person, ana: Person) -> None:
    await life.to(at(ZONE, 2026, 11, 16, 20, 31))
    await life.says(mira, "my secret words")
    await life.says(ana, "/stats")
    told = ana.last().text
    assert "active: 1" in told
    assert "questions: sent 1" in told
    assert "Questions of the last hour: 1. Late by 0.0 s (p50), 0.0 s (p99)." in told
    assert "secret" not in told
    assert str(mira.id) not in told


async def test_a_note_is_shown_first_and_goes_to_all_active_after_a_tap(life: Life, mira: Person, ana: Person) -> None:
    noor, gone = life.person("Noor"), life.person("Gone")
    for one in (noor, gone):
        await life.subscribes(one, ZONE, time(20, 30))
    await life.says(gone, "/stop")
    await life.says(ana, "/notice\nOn <Friday> no questions.")
    assert notes(ana) == [
        "A note from Ana & Co\n\nOn <Friday> no questions.\n\n"
        "You can turn such notes off in /settings.\n\nThis is how it reads. Send it?"
    ]
    await life.tick()
    assert notes(mira) == []
    await life.taps(ana, "Send to 2 people")
    await life.tick()
    await life.tick()
    assert ana.last().text == "On its way to 2 people."
    assert [len(notes(one)) for one in (mira, noor, gone)] == [1, 1, 0]
    assert next(message for message in mira.hears() if message.text in notes(mira)).silent


async def test_who_turned_notes_off_or_has_space_gets_none(life: Life, mira: Person, ana: Person) -> None:
    noor = life.person("Noor")
    await life.subscribes(noor, ZONE, time(20, 30))
    await life.says(mira, "/settings")
    await life.taps(mira, "Service notes: yes")
    await life.taps(mira, "no")
    await life.says(noor, "/space")
    await life.taps(noor, "Three days")
    await sends(life, ana, "hello")
    assert notes(mira) == notes(noor) == []


async def test_a_note_that_was_replaced_is_not_sent_and_one_a_day_is_enough(
    life: Life, mira: Person, ana: Person
) -> None:
    await life.says(ana, "/notice first")
    old = ana.last()
    await sends(life, ana, "second")
    ana.tap_data(dict(old.data)[old.labels[0]], old.message_id)
    await life.settle()
    assert ana.toast == life.phrase("old_button")
    await sends(life, ana, "third")
    assert [text.splitlines()[2] for text in notes(mira)] == ["second"]
    await life.on(days=1)
    await sends(life, ana, "fourth")
    assert [text.splitlines()[2] for text in notes(mira)] == ["second", "fourth"]


async def test_a_note_to_somebody_who_blocked_the_bot_changes_nothing_but_that(
    life: Life, mira: Person, ana: Person
) -> None:
    await life.says(ana, "/notice hello")
    await life.taps(ana, "Send to 1 people")
    life.telegram.fail_next("sendMessage", status=403, description="Forbidden: bot was blocked by the user")
    await life.tick()
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(mira.id)
    assert known is not None
    assert known.unreachable_at is not None
    assert known.unanswered == 0


async def test_an_empty_or_endless_note_is_not_sent(life: Life, ana: Person) -> None:
    await life.says(ana, "/notice")
    assert ana.last().text.startswith("Write the note after the command")
    await life.says(ana, "/notice " + "x" * 4000)
    assert ana.last().text.startswith("That is too long")


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0], 0.99) == 3.0
    assert [percentile([4.0, 1.0, 3.0, 2.0], share) for share in (0.5, 0.99)] == [2.0, 4.0]
