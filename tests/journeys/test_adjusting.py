"""/settings: one message, everything of the person's to set in it, the value ticked, Back on every level."""

import re
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from bot.domain.records import Preferences
from bot.local.people import Person
from tests import madeup
from tests.life import Life, at, lived

ZONE = "Europe/Berlin"
EVERYTHING = (
    *("Question at: 20:30", "Time zone: Europe/Berlin", "How often: every day", "Days: every day"),
    *("Reflection on: Sunday", "Reflection at: 19:00", "Questions come: with a sound", "Asking what fits: yes"),
    *("When you answer: a heart", "My own words are: quoted", "Pictures are: light", "Forwarding: allowed"),
    *("Service notes: yes", "A new day starts at: 04:00", "Done"),
)


async def wishes(life: Life, person: Person) -> Preferences:
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(person.id)
    assert known is not None
    return known.preferences


async def test_everything_that_can_be_set_stands_in_one_message(life: Life, mira: Person) -> None:
    await life.says(mira, "/settings")
    assert mira.last().labels == EVERYTHING
    assert "Next question: Mon 16 Nov, 20:30 (Europe/Berlin)" in mira.last().text


@pytest.mark.parametrize(
    ("line", "choice", "field", "value"),
    [
        ("Question at: 20:30", "22:00", "ask_at", time(22)),
        ("Time zone: Europe/Berlin", "14:30 · Kolkata", "zone", "Asia/Kolkata"),
        ("How often: every day", "every third day", "every", 3),
        ("Days: every day", "✓ Sunday", "weekdays", frozenset(range(6))),
        ("Reflection on: Sunday", "Friday", "reflect_weekday", 4),
        ("Reflection at: 19:00", "21:00", "reflect_at", time(21)),
        ("Questions come: with a sound", "silent", "silent", True),
        ("Asking what fits: yes", "no", "chips", False),
        ("When you answer: a heart", "a word", "ack_in_words", True),
        ("My own words are: quoted", "not quoted", "quotes", False),
        ("Pictures are: light", "dark", "picture", "dark"),
        ("Forwarding: allowed", "not allowed", "private", True),
        ("Service notes: yes", "no", "notices", False),
        ("A new day starts at: 04:00", "06:00", "day_start", time(6)),
    ],
)
async def test_each_is_set_in_place_ticked_and_led_back_from(
    life: Life, mira: Person, line: str, choice: str, field: str, value: object
) -> None:
    await life.says(mira, "/settings")
    menu = mira.last()
    await life.taps(mira, line)
    assert mira.last().labels[-1] == "‹ Back"
    await life.taps(mira, choice)
    assert getattr(await wishes(life, mira), field) == value
    assert mira.last().message_id == menu.message_id, "one message, edited in place"
    if field == "weekdays":
        assert "Sunday" in mira.last().labels
        assert "✓ Saturday" in mira.last().labels
    elif field != "zone":
        assert f"✓ {choice}" in mira.last().labels
    if field != "zone":
        await life.taps(mira, "‹ Back")
    assert mira.last().message_id == menu.message_id
    assert f"{line.split(':', maxsplit=1)[0]}: " in " ".join(mira.last().labels)
    assert mira.last().labels != menu.labels
    await life.taps(mira, "Done")
    assert mira.last().labels == ()
    assert re.search(r"\w{3} \d+ Nov, \d\d:\d\d \(.+\)", mira.last().text), "the next question is echoed"


async def test_a_language_more_is_a_line_more_and_changes_every_word(tmp_path: Path) -> None:
    spoken: dict[str, Any] = {"content": madeup.write(tmp_path), "languages": ("en", madeup.LANGUAGE)}
    async with lived(tmp_path, at(ZONE, 2026, 11, 16, 10), **spoken) as life:
        mira = life.person("Mira")
        await life.subscribes(mira, ZONE, time(20, 30))
        await life.says(mira, "/settings")
        await life.taps(mira, "Language: English")
        other = next(label for label in mira.last().labels if not label.isascii() and "✓" not in label)
        await life.taps(mira, other)
        assert (await wishes(life, mira)).language == madeup.LANGUAGE
        assert "Language" not in mira.last().text


async def test_stop_stops_while_a_time_or_a_zone_is_awaited(life: Life, mira: Person) -> None:
    for line in ("Question at: 20:30", "Time zone: Europe/Berlin"):
        await life.says(mira, "/settings")
        await life.taps(mira, line)
        await life.says(mira, "Stop.")
        assert mira.last().labels == ("Start again",)
        await life.taps(mira, "Start again")
    assert (await wishes(life, mira)).ask_at == time(20, 30)


async def test_stop_stops_on_the_way_in_and_start_goes_on_there(life: Life) -> None:
    mira = life.person()
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    await life.says(mira, "stop")
    assert mira.last().labels == ("Start again",)
    await life.says(mira, "Berlin")
    assert mira.last().labels == ("Start again",), "nothing but the way back"
    await life.taps(mira, "Start again")
    assert mira.last().text.startswith("What does your clock say now?")
    await life.says(mira, "Berlin")
    await life.says(mira, "/stop")
    await life.says(mira, "/start")
    assert mira.last().text.startswith("It is 10:00 where you are")


async def test_what_is_no_time_and_no_place_is_an_answer_like_any_other(life: Life, mira: Person) -> None:
    await life.says(mira, "/settings")
    await life.taps(mira, "Question at: 20:30")
    await life.says(mira, "we sat in the car for an hour")
    assert (await wishes(life, mira)).ask_at == time(20, 30)
    await life.says(mira, "/today")
    assert "we sat in the car for an hour" in mira.last().text


async def test_apologies_are_in_the_persons_language(tmp_path: Path) -> None:
    spoken: dict[str, Any] = {"content": madeup.write(tmp_path), "languages": ("en", madeup.LANGUAGE)}
    async with lived(tmp_path, at(ZONE, 2026, 11, 16, 10), **spoken) as life:
        mira = life.person("Mira", madeup.LANGUAGE)
        mira.start()
        await life.settle()
        mira.tap_data("b:begin", mira.last().message_id)
        await life.settle()
        for words in ("Berlin", "20:30", "something said"):
            await life.says(mira, words)
        async with life.nearer.engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE replies SET text = x'00'")
        mira.say("/journal")
        await life.telegram.updates_delivered()
        async with life.nearer.engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE inbox SET attempts = 4 WHERE state = 'waiting'")
        await life.settle()
        assert "went wrong" not in mira.last().text
        assert madeup.made_up("went wrong").strip("\u200fö") in mira.last().text
        assert re.search(r"\b[0-9a-f]{8}\b", mira.last().text)
