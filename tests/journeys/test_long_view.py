"""Looking back: the days behind a pattern, three months at a glance, a page for each; and why a question came."""

from datetime import date, timedelta

import pytest

from bot.console.why import explained
from bot.domain.library import PATTERN_IDS
from bot.local.people import Person
from bot.local.seen import Seen
from tests.life import Life, at

ZONE = "Europe/Berlin"
WEEK = ("needed space, drove round", "nice day", "space again, phone in a drawer", "stayed for the film", "soup")
CRISIS = "i really want to die and i need space"


async def live_week(life: Life, person: Person, words: tuple[str, ...] = WEEK) -> None:
    """From Monday 16 November on an answer a day, the chips tapped that fit; then Sunday's reflection."""
    for day, text in enumerate(words):
        await life.to(at(ZONE, 2026, 11, 16, 20, 45) + timedelta(days=day))
        await life.says(person, text)
        for chip in ("Needed space", "Stayed close"):
            if chip in person.last().labels:
                await life.taps(person, chip)
    await life.to(at(ZONE, 2026, 11, 22, 19, 5))


def told(person: Person, beginning: str) -> Seen:
    return next(message for message in reversed(person.hears()) if message.text.startswith(beginning))


async def test_those_days_are_shown_with_their_dates_and_words_beside_the_three_answers(
    life: Life, mira: Person
) -> None:
    await live_week(life, mira)
    await life.taps(mira, "Needing sudden space")
    assert told(mira, "Your week").labels[1:5] == (
        "That fits",
        "Not quite",
        "Don't mention this",
        "Show me those days",
    )
    await life.taps(mira, "Show me those days")
    shown = mira.last().text
    assert shown == (
        "Needing sudden space, 15 to 21 November\n\n"
        "Mon 16 Nov\n“needed space, drove round”\n\n"
        "Wed 18 Nov\n“space again, phone in a drawer”"
    )
    assert "That fits" in told(mira, "Your week").labels, "the reflection stays as it was"


async def test_who_does_not_want_to_be_quoted_sees_only_the_days(life: Life, mira: Person) -> None:
    await choose(life, mira, "My own words are: quoted", "not quoted")
    await live_week(life, mira)
    await life.taps(mira, "Needing sudden space")
    await life.taps(mira, "Show me those days")
    assert mira.last().text == "Needing sudden space, 15 to 21 November\n\nMon 16 Nov\n\nWed 18 Nov"


async def choose(life: Life, person: Person, line: str, value: str) -> None:
    await life.says(person, "/settings")
    await life.taps(person, line)
    await life.taps(person, value)
    await life.taps(person, "‹ Back")


async def test_a_line_of_crisis_is_in_no_looking_back(life: Life, mira: Person) -> None:
    await live_week(life, mira, (*WEEK, CRISIS))
    await life.taps(mira, "Needing sudden space")
    await life.taps(mira, "Show me those days")
    await life.says(mira, "/patterns")
    await life.taps(mira, "Needing sudden space")
    assert "Wed 18 Nov" in mira.last().text
    assert not [message for message in mira.hears() if "want to die" in message.text]


async def test_before_there_is_anything_it_says_so_kindly_and_draws_nothing(life: Life, mira: Person) -> None:
    await life.says(mira, "/patterns")
    assert "not enough here to look back on yet" in mira.last().text
    assert mira.last().labels == ()
    assert not [message for message in mira.hears() if message.photo]


async def test_three_months_come_as_a_picture_and_as_words_with_a_button_for_each_pattern(
    life: Life, mira: Person
) -> None:
    await live_week(life, mira)
    await life.says(mira, "/patterns")
    picture, words = mira.hears()[-2:]
    assert picture.photo is not None
    assert picture.photo.startswith(b"\x89PNG")
    assert "Hills. Needing sudden space: 0 0 0 0 0 0 0 0 0 0 0 0 2" in picture.text
    assert words.text.startswith("Three months, 24 August to 22 November")
    assert "Staying close: one day in one week, the latest on Thu 19 Nov" in words.text
    assert "Needing sudden space: two days in one week, the latest on Wed 18 Nov" in words.text
    assert words.labels == ("Staying close", "Needing sudden space")


async def test_a_page_explains_shows_ones_own_days_and_leads_back(life: Life, mira: Person) -> None:
    await live_week(life, mira)
    await life.says(mira, "/patterns")
    overview = mira.last()
    await life.taps(mira, "Needing sudden space")
    page = mira.last()
    pattern = life.nearer.kit.tongue("en").library.patterns["sudden_space"]
    for part in (pattern.what, pattern.why, pattern.protects, pattern.helps):
        assert part in page.text
    assert "Mon 16 Nov\n“needed space, drove round”" in page.text
    assert page.labels == ("That fits", "Not quite", "Don't mention this", "‹ Back")
    await life.taps(mira, "‹ Back")
    assert mira.last().text == overview.text
    assert mira.last().message_id == overview.message_id


async def test_what_is_not_to_be_mentioned_leaves_the_view_and_can_be_taken_back(life: Life, mira: Person) -> None:
    await live_week(life, mira)
    await life.says(mira, "/patterns")
    await life.taps(mira, "Needing sudden space")
    await life.taps(mira, "Don't mention this")
    assert "✓ Don't mention this" in mira.last().labels
    assert mira.toast == "I will not mention it again."
    await life.taps(mira, "‹ Back")
    assert "Needing sudden space" not in mira.last().text
    assert mira.last().labels == ("Staying close", "What I do not mention")
    await life.taps(mira, "What I do not mention")
    await life.taps(mira, "Needing sudden space")
    await life.taps(mira, "That fits")
    await life.taps(mira, "‹ Back")
    assert mira.last().labels == ("Staying close", "Needing sudden space")


@pytest.mark.parametrize("data", ["p:99", "p:x", "p:-1", "p:0:z", "p", "p:0:f:1", "v:1:0:x"])
async def test_a_button_that_does_not_exist_is_answered_politely(life: Life, mira: Person, data: str) -> None:
    mira.tap_data(data, mira.last().message_id)
    await life.settle()
    assert mira.toast == "That button no longer works."


async def test_buttons_carry_no_content(life: Life, mira: Person) -> None:
    await live_week(life, mira)
    await life.taps(mira, "Needing sudden space")
    await life.says(mira, "/patterns")
    await life.taps(mira, "Needing sudden space")
    carried = [data for message in mira.hears() for _, data in message.data]
    assert not [data for data in carried for name in PATTERN_IDS if name in data]
    assert all(len(data.encode()) <= 64 for data in carried)


async def test_pictures_come_dark_for_who_likes_them_dark(life: Life, mira: Person) -> None:
    await live_week(life, mira)
    await life.says(mira, "/patterns")
    light = mira.hears()[-2].photo
    await choose(life, mira, "Pictures are: light", "dark")
    await life.says(mira, "/patterns")
    dark = mira.hears()[-2].photo
    assert light is not None
    assert dark is not None
    assert light != dark


async def test_why_tells_the_operator_what_was_chosen_and_nothing_that_was_written(life: Life, mira: Person) -> None:
    await live_week(life, mira)
    async with life.nearer.kit.store.read() as work:
        was = "\n".join(await explained(work, 1, date(2026, 11, 18)))
        will = "\n".join(await explained(work, 1, date(2026, 11, 23)))
        asked = await work.deliveries.asked_since([1], date(2026, 11, 18))
    prompt = asked[1][0][1].prompt
    assert was.startswith(f"asked: {prompt} (sent)\nchosen from what came before: {prompt}\n")
    assert "depth up to 1, in week 1" in was
    assert will.startswith("nothing was asked on that day\nchosen from what came before: ")
    library = life.nearer.kit.tongue("en").library
    for secret in ("drove", "drawer", *PATTERN_IDS, library.prompts[prompt].ask):
        assert secret not in was + will


async def test_not_today_is_known_to_the_next_choice(life: Life, mira: Person) -> None:
    await life.to(at(ZONE, 2026, 11, 16, 20, 45))
    await life.taps(mira, "Not today")
    async with life.nearer.kit.store.read() as work:
        told_why = "\n".join(await explained(work, 1, date(2026, 11, 17)))
        was = await explained(work, 1, date(2026, 11, 16))
    assert "a step back, after a day that was left" in told_why
    assert "left with Not today" in was[0]
