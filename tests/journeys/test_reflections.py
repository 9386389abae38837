"""A week's reflection: what it names, on what grounds, and the person's say over it."""

from datetime import timedelta

import pytest

from bot.local.people import Person
from bot.local.seen import Seen
from tests.life import Life, at

ZONE = "Europe/Berlin"


async def live_week(life: Life, person: Person, words: tuple[str, ...], *, tap: str | None = None) -> None:
    """From Monday 16 November on a question and an answer a day, then Sunday's reflection."""
    for day, text in enumerate(words):
        await life.to(at(ZONE, 2026, 11, 16, 20, 45) + timedelta(days=day))
        await life.says(person, text)
        if tap is not None and tap in person.last().labels:
            await life.taps(person, tap)
    await life.to(at(ZONE, 2026, 11, 22, 19, 5))


def reflection(person: Person) -> Seen:
    return next(
        message for message in reversed(person.hears()) if message.text.startswith("Your week") and not message.photo
    )


WEEK = ("needed space, drove round", "nice day", "space again, phone in a drawer", "stayed for the film", "soup")


async def test_what_was_confirmed_on_two_days_is_named_with_the_persons_own_words(life: Life, mira: Person) -> None:
    await live_week(life, mira, WEEK, tap="Needed space")
    told = reflection(mira)
    assert "Needing sudden space · Monday and Wednesday" in told.text
    assert "needed space, drove round" in told.text
    assert told.labels == ("Needing sudden space",)
    picture = next(message for message in mira.hears() if message.photo)
    assert "Needing sudden space: Monday and Wednesday" in picture.text
    assert picture.photo is not None
    assert picture.photo.startswith(b"\x89PNG")


async def test_nothing_is_named_that_was_offered_and_never_tapped(life: Life, mira: Person) -> None:
    await live_week(life, mira, WEEK)
    assert "Needing sudden space" not in reflection(mira).text


@pytest.mark.parametrize("verdict", ["That fits", "Not quite", "Don't mention this"])
async def test_a_verdict_on_a_pattern_is_remembered(life: Life, mira: Person, verdict: str) -> None:
    await live_week(life, mira, WEEK, tap="Needed space")
    await life.taps(mira, "Needing sudden space")
    assert "That fits" in mira.last().labels
    await life.taps(mira, verdict)
    assert reflection(mira).labels == ("Needing sudden space",)
    await life.taps(mira, "Needing sudden space")
    assert f"✓ {verdict}" in reflection(mira).labels


async def test_what_is_not_to_be_mentioned_is_not(life: Life, mira: Person) -> None:
    await live_week(life, mira, WEEK, tap="Needed space")
    await life.taps(mira, "Needing sudden space")
    await life.taps(mira, "Don't mention this")
    await life.says(mira, "/week")
    assert "Needing sudden space" not in mira.last().text
    await life.says(mira, "space once more")
    assert "Needed space" not in mira.last().labels


async def test_the_first_reflection_waits_for_three_replies(life: Life, mira: Person) -> None:
    await live_week(life, mira, ("one", "two"))
    assert not [message for message in mira.hears() if message.text.startswith("Your week")]


async def test_a_reflection_a_day_late_is_still_sent_and_three_days_late_is_not(life: Life, mira: Person) -> None:
    for day, text in enumerate(WEEK):
        await life.to(at(ZONE, 2026, 11, 16, 20, 45) + timedelta(days=day))
        await life.says(mira, text)
    life.clock.move_to(at(ZONE, 2026, 11, 23, 19))
    await life.tick()
    assert "15 to 21 November" in reflection(mira).text
    life.clock.move_to(at(ZONE, 2026, 12, 2, 12))
    await life.tick()
    assert "15 to 21 November" in reflection(mira).text


async def test_a_reflection_whose_outcome_is_unknown_is_sent_again_but_its_picture_is_not(
    life: Life, mira: Person
) -> None:
    for day, text in enumerate(WEEK):
        await life.to(at(ZONE, 2026, 11, 16, 20, 45) + timedelta(days=day))
        await life.says(mira, text)
    await life.to(at(ZONE, 2026, 11, 22, 18, 59))
    life.telegram.reset_next("sendMessage")
    await life.to(at(ZONE, 2026, 11, 22, 19, 10))
    assert sum(message.text.startswith("Your week") for message in mira.hears() if not message.photo) == 2
    assert sum(message.photo is not None for message in mira.hears()) == 1


async def test_a_question_whose_outcome_is_unknown_is_not_sent_again(life: Life, mira: Person) -> None:
    await life.to(at(ZONE, 2026, 11, 16, 20, 29))
    life.telegram.reset_next("sendMessage")
    await life.to(at(ZONE, 2026, 11, 16, 22, 29))
    assert sum("Not today" in message.labels for message in mira.hears()) == 1


async def test_a_question_refused_with_502_is_tried_again(life: Life, mira: Person) -> None:
    await life.to(at(ZONE, 2026, 11, 16, 20, 29))
    life.telegram.fail_next("sendMessage", status=502)
    await life.to(at(ZONE, 2026, 11, 16, 20, 40))
    assert sum("Not today" in message.labels for message in mira.hears()) == 1
