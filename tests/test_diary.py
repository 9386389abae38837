"""A diary in a file gives the reflection of one of its weeks; a bad line is named by its number."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from bot.domain.forms import SLOTS
from bot.domain.library import GROWTH_IDS, PATTERN_IDS, Library, Pattern, Side
from bot.domain.reflection import Reflection
from bot.journeys.diary import DiaryError, as_json, read_diary, reflect_diary


class IsoCalendar:
    """Dates as numbers, lists with commas."""

    def weekday(self, day: date) -> str:
        return day.isoformat()

    weekday_short = day = weekday

    def span(self, first: date, last: date) -> str:
        return f"{first} to {last}"

    def listing(self, items: list[str]) -> str:
        return ", ".join(items)

    def count(self, number: int) -> str:
        return str(number)


class Hearing:
    """Hears space wherever air is spoken of, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[frozenset[str]]:
        self.asked += texts
        return [frozenset({"sudden_space"}) if "air" in text else frozenset() for text in texts]


def library() -> Library:
    forms = {
        slot: (f"<b>{slot}</b> " + " ".join(f"{{{name}}}" for name in sorted(names)),) for slot, names in SLOTS.items()
    }
    patterns = {
        name: Pattern(
            name,
            Side.GROWTH if name in GROWTH_IDS else Side.WITHDRAWAL,
            name,
            name,
            "",
            "",
            "",
            "",
            ("try it",),
        )
        for name in PATTERN_IDS
    }
    return Library("en", (), patterns, {}, forms, (), (), {}, {}, {})


def line(day: str, text: str, *chips: str) -> str:
    return json.dumps({"date": day, "text": text, **({"chips": list(chips)} if chips else {})})


def reflect(*lines: str, week: date | None = None, hearing: Hearing | None = None) -> Reflection:
    return reflect_diary(
        lines,
        week=week,
        hear=hearing or Hearing(),
        is_care=lambda text: "end it" in text,
        library=library(),
        calendar=IsoCalendar(),
    )


def printed(*lines: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(as_json(reflect(*lines))))
    return read


WEEK = (
    line("2026-11-10", "went out for air"),
    line("2026-11-16", "went out for air"),
    line("2026-11-18", "", "sudden_space"),
    line("2026-11-20", "left <i>early</i> & ran", "sudden_space"),
    line("2026-11-22", "let her make the tea", "staying_present"),
)


def test_the_week_is_the_one_that_ends_with_the_last_day_of_the_file() -> None:
    assert printed(*WEEK)["week"] == {"from": "2026-11-16", "to": "2026-11-22"}
    assert printed(WEEK[0])["week"] == {"from": "2026-11-04", "to": "2026-11-10"}


def test_another_week_can_be_named_and_may_be_empty() -> None:
    reflection = reflect(*WEEK, week=date(2026, 11, 15))
    assert reflection.week.first == date(2026, 11, 9)
    assert reflection.named == ()
    assert "silent_week" in reflect(*WEEK, week=date(2020, 1, 1)).text


def test_what_is_named_is_told_with_days_and_quotes() -> None:
    read = printed(*WEEK)
    assert read["named"] == [
        {
            "pattern": "sudden_space",
            "days": ["2026-11-16", "2026-11-18", "2026-11-20"],
            "quotes": [
                {"date": "2026-11-16", "text": "went out for air"},
                {"date": "2026-11-20", "text": "left <i>early</i> & ran"},
            ],
        }
    ]
    assert [one["pattern"] for one in read["growth"]] == ["staying_present"]
    assert reflect(*WEEK).named[0].last_week == 1


def test_the_text_is_given_plain() -> None:
    text = printed(*WEEK)["text"]
    assert "left <i>early</i> & ran" in text
    assert "<b>" not in text


def test_care_is_neither_heard_nor_quoted_nor_counted() -> None:
    hearing = Hearing()
    hard = line("2026-11-21", "no air, i want to end it", "sudden_space")
    reflection = reflect(WEEK[1], hard, hearing=hearing)
    assert hearing.asked == ["went out for air"]
    assert reflection.named == ()
    assert "end it" not in reflection.text


def test_a_tap_without_words_is_not_heard() -> None:
    hearing = Hearing()
    reflect(line("2026-11-16", " ", "what_if"), hearing=hearing)
    assert hearing.asked == []


def test_two_weeks_of_one_diary_take_turns_in_their_words() -> None:
    forms = {slot: tuple(f"{form} {turn}" for turn in range(26)) for slot, (form,) in library().reflections.items()}
    turning = Library("en", (), library().patterns, {}, forms, (), (), {}, {}, {})
    texts = {
        reflect_diary(
            [],
            week=date.fromordinal(740_000 + 7 * week),
            hear=Hearing(),
            is_care=lambda _: False,
            library=turning,
            calendar=IsoCalendar(),
        ).text.split("\n\n")[1]
        for week in range(26)
    }
    assert len(texts) == 26


def test_blank_lines_order_and_unknown_keys_do_not_matter() -> None:
    lines = ["\ufeff" + WEEK[1], "", '{"date": "2026-11-02", "text": "x", "mood": 3}\r\n', "  "]
    assert [read.day.day for read in read_diary(lines)] == [16, 2]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "Line 2 is not JSON"),
        ("[]", "Line 2 is not a JSON object"),
        ('{"text": "x"}', "Line 2 has no date"),
        ('{"date": "16.11.2026", "text": "x"}', "Line 2: date is '16.11.2026'"),
        ('{"date": 5, "text": "x"}', "Line 2: date is 5"),
        ('{"date": "2026-11-16"}', "Line 2 has no text"),
        ('{"date": "2026-11-16", "text": 7}', "Line 2 has no text"),
        ('{"date": "2026-11-16", "text": "x \\ud800"}', "Line 2: text has half a character"),
        ('{"date": "2026-11-16", "text": "x", "chips": "sudden_space"}', "Line 2: chips is a list"),
        ('{"date": "2026-11-16", "text": "x", "chips": ["sudden"]}', "Line 2: no pattern is called 'sudden'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(bad: str, says: str) -> None:
    with pytest.raises(DiaryError, match="^" + says.replace("[", r"\[").replace(".", r"\.")):
        read_diary([WEEK[0], bad])


def test_an_empty_diary_is_refused_where_no_week_is_named() -> None:
    with pytest.raises(DiaryError, match="no entry"):
        reflect("", "  ")
    assert reflect("", week=date(2026, 11, 22)).named == ()


def test_a_week_before_all_calendars_is_refused() -> None:
    with pytest.raises(DiaryError, match="No week with a week before"):
        reflect(week=date(1, 1, 9))
