"""Times of day as people type them, with the English words as they are shipped."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clockwords import Clear, ClockWords, Unclear, clock_words, read_time
from bot.domain.errors import ContentError

CLOCK = Path(__file__).parents[2] / "content" / "en" / "clock.yaml"


def english() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(CLOCK.read_text(encoding="utf-8"))
    return data


WORDS = clock_words(english())

minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
pieces = st.sampled_from([" ".join(phrase) for phrase in WORDS.signs] + list("0123456789:.,h-' ") + ["30", "09", "24"])


def told(*clocks: str) -> Clear | Unclear:
    times = tuple(time.fromisoformat(clock) for clock in clocks)
    return Clear(times[0]) if len(times) == 1 else Unclear(times)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9pm", "21:00"),
        ("9 PM!", "21:00"),
        ("9 p.m.", "21:00"),
        ("9.30 p. m.", "21:30"),
        ("8a", "08:00"),
        ("21:30", "21:30"),
        ("21.30", "21:30"),
        ("21 : 30", "21:30"),
        ("21,30", "21:30"),
        ("2130", "21:30"),
        ("21h30", "21:30"),
        ("21h", "21:00"),
        ("21:30:00", "21:30"),
        ("2100 hours", "21:00"),
        ("21", "21:00"),
        ("21³⁰", "21:30"),
        ("２１：３０", "21:30"),
        ("٢١:٣٠", "21:30"),
        ("۲۱٫۳۰", "21:30"),
        ("09:30", "09:30"),
        ("0930", "09:30"),
        ("09:30 pm", "21:30"),
        ("0:15", "00:15"),
        ("24:00", "00:00"),
        ("noon", "12:00"),
        ("12 noon", "12:00"),
        ("midnight", "00:00"),
        ("12:00 midnight", "00:00"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("8 in the morning", "08:00"),
        ("tonight at 9", "21:00"),
        ("at night, half past nine", "21:30"),
        ("12 at night", "00:00"),
        ("quarter to 7 in the evening", "18:45"),
        ("a quarter to seven in the evening", "18:45"),
        ("quarter to 12 in the evening", "23:45"),
        ("ten to 12 in the morning", "11:50"),
        ("ten to nine pm", "20:50"),
        ("twenty-five to ten p.m.", "21:35"),
        ("10 minutes past 21", "21:10"),
        ("quarter past midnight", "00:15"),
        ("half past noon", "12:30"),
        ("9 o’clock in the evening", "21:00"),
        ("nine thirty pm", "21:30"),
        ("nine oh five pm", "21:05"),
        ("Let's say 8-ish in the evening, please.", "20:00"),
        ("every day at 20:00", "20:00"),
        ("\u200f20:30\u200f", "20:30"),
    ],
)
def test_a_clear_time_is_read(text: str, clock: str) -> None:
    assert read_time(text, WORDS) == told(clock)


@pytest.mark.parametrize(
    ("text", "clocks"),
    [
        ("9", ["09:00", "21:00"]),
        ("nine", ["09:00", "21:00"]),
        ("9:30", ["09:30", "21:30"]),
        ("930", ["09:30", "21:30"]),
        ("9 30", ["09:30", "21:30"]),
        ("10:30", ["10:30", "22:30"]),
        ("12", ["00:00", "12:00"]),
        ("9 o'clock", ["09:00", "21:00"]),
        ("half past eight", ["08:30", "20:30"]),
        ("25 min to 10", ["09:35", "21:35"]),
        ("half nine", ["08:30", "09:30", "20:30", "21:30"]),
        ("half nine pm", ["20:30", "21:30"]),
        ("ten to 12 pm", ["11:50", "23:50"]),
        ("5 at night", ["05:00", "17:00"]),
        ("21 in the morning", ["09:00", "21:00"]),
        ("12 in the morning", ["00:00", "12:00"]),
    ],
)
def test_an_unclear_time_is_given_back_as_options(text: str, clocks: list[str]) -> None:
    assert read_time(text, WORDS) == told(*clocks)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "?",
        "evening",
        "tell me more",
        "9 days",
        "25 minutes",
        "in 2 weeks",
        "8-9",
        "9/10",
        "2026-11-22",
        "22.11.2026",
        "9:5",
        "99",
        "9:60",
        "24:30",
        "25:00",
        "61 past 9",
        "10 to",
        "past 9",
        "quarter nine",
        "9 noon",
        "1 2 3",
        "½ past 8",
        "I need some space at 9 or so",
    ],
)
def test_what_is_no_time_is_not_guessed_at(text: str) -> None:
    assert read_time(text, WORDS) is None


@pytest.mark.parametrize("piece", ["9", "9 ", "at ", "٩"])
def test_a_long_text_is_no_time(piece: str) -> None:
    assert read_time(piece * 5000, WORDS) is None
    assert read_time(piece * 40, WORDS) is None


@given(minutes)
def test_every_hour_and_minute_is_read_as_it_stands(wall: time) -> None:
    said = read_time(f"{wall:%H:%M}", WORDS)
    # Ten to twelve carry no sign of which half of the day is meant, so they are asked back.
    if 10 <= wall.hour <= 12:
        assert isinstance(said, Unclear)
        assert wall in said.options
    else:
        assert said == Clear(wall)


@given(minutes, st.sampled_from(["%I:%M %p", "%I.%M%p", "%I%M %p", "%H:%M %p"]))
def test_every_time_with_its_half_of_the_day_is_clear(wall: time, form: str) -> None:
    assert read_time(wall.strftime(form).lower(), WORDS) == Clear(wall)


@given(st.text(max_size=140) | st.lists(pieces, max_size=12).map("".join) | st.lists(pieces, max_size=8).map(" ".join))
def test_any_text_is_taken_and_options_are_several_in_order(text: str) -> None:
    said = read_time(text, WORDS)
    if isinstance(said, Unclear):
        assert len(said.options) >= 2
        assert list(said.options) == sorted(set(said.options))


def french() -> ClockWords:
    data = {
        "numbers": {8: ["huit"], 20: ["vingt"], 30: ["trente"]},
        "parts": {15: ["quart"], 30: ["demie"]},
        "past": ["et"],
        "to": ["moins"],
        "half_of": [],
        "minutes": ["minutes"],
        "hours": ["h", "heures"],
        "names": {"12:00": ["midi"], "00:00": ["minuit"]},
        "day": {"18:00-23:59": ["du soir"], "00:00-11:59": ["du matin"]},
        "around": ["à", "s’il vous plaît"],
    }
    return clock_words(data)


def test_another_language_brings_its_own_words() -> None:
    assert read_time("À MIDI, s'il vous plait", french()) == told("12:00")
    assert read_time("huit heures trente du soir", french()) == told("20:30")
    assert read_time("20h15", french()) == told("20:15")
    assert read_time("8 in the morning", french()) is None


@pytest.mark.parametrize("key", sorted(english()))
def test_a_missing_key_is_named(key: str) -> None:
    data = english()
    del data[key]
    with pytest.raises(ContentError, match=f"clock.yaml: {key}: missing"):
        clock_words(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("numbers", {"many": 3}),
        ("numbers", ["one"]),
        ("parts", {"x": ["half"]}),
        ("names", {"25:00": ["noon"]}),
        ("day", {"18:00": ["evening"]}),
        ("half_of", ["sooner"]),
        ("past", None),
        ("around", ["at", True]),
        ("numbers", {"9": "nine"}),
        ("numbers", {"-9": ["nine"]}),
    ],
)
def test_a_wrong_value_is_refused(key: str, value: object) -> None:
    with pytest.raises(ContentError, match=f"clock.yaml: {key}"):
        clock_words(english() | {key: value})
