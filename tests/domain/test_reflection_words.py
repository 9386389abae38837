"""The words of a reflection: whatever comes in, they keep the rules, and half a year repeats nothing."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.forms import LEAST_FORMS, SLOTS, TURNING
from bot.domain.letter import plain
from bot.domain.library import GROWTH_IDS, PATTERN_IDS, WITHDRAWAL_IDS, Library, Pattern, Side
from bot.domain.reflection import Entry, Week, compose

CONTENT = Path(__file__).parents[2] / "content" / "en"
MONDAY = date(2026, 11, 16)
WEEK = Week(MONDAY, MONDAY + timedelta(days=6))
SPACE, JOKE, STAYED, SAFE = "sudden_space", "joking_away", "staying_present", "felt_safe"
SENTENCE_END = re.compile(r"(?<=[.?!])[”\"]?\s+|\n+")


class PlainCalendar:
    """English dates, written out by hand."""

    def weekday(self, day: date) -> str:
        return f"{day:%A}"

    def weekday_short(self, day: date) -> str:
        return f"{day:%a}"

    def day(self, day: date) -> str:
        return f"{day:%a} {day.day} {day:%b}"

    def span(self, first: date, last: date) -> str:
        return f"{first.day} {first:%B} to {last.day} {last:%B}"

    def listing(self, items: list[str]) -> str:
        return " and ".join(items)

    def count(self, number: int) -> str:
        return str(number)


@cache
def real() -> Library:
    """Patterns and forms as they are in the content files."""
    forms = yaml.safe_load((CONTENT / "reflections.yaml").read_text("utf-8"))
    patterns = {path.stem: pattern(path) for path in (CONTENT / "patterns").glob("*.yaml")}
    return Library("en", (), patterns, {}, {slot: tuple(said) for slot, said in forms.items()}, (), (), {}, {}, {})


def pattern(path: Path) -> Pattern:
    read = yaml.safe_load(path.read_text("utf-8"))
    invitations = tuple(read.pop("invitations"))
    return Pattern(id=path.stem, side=Side(read.pop("side")), invitations=invitations, **read)


def entry(day: int, text: str = "", confirmed: str = "", *, hour: int = 20, care: bool = False) -> Entry:
    return Entry(MONDAY + timedelta(days=day), text, hour, frozenset(confirmed.split()), care=care)


def written(entries: list[Entry], *, number: int, seed: int) -> str:
    """The message of week `number` from MONDAY on."""
    none: frozenset[str] = frozenset()
    return compose(
        week=Week.ending(MONDAY + timedelta(days=7 * number + 6)),
        entries=entries,
        muted=none,
        doubted=none,
        quotes=True,
        number=number + 1,
        seed=seed,
        library=real(),
        calendar=PlainCalendar(),
    ).text


def test_the_same_week_of_the_same_person_gives_the_same_message() -> None:
    week = list(weeks_of("one pattern", 0))
    assert written(week, number=0, seed=5) == written(week, number=0, seed=5)


def test_neighbours_read_different_words() -> None:
    week = list(weeks_of("one pattern", 0))
    assert len({written(week, number=0, seed=seed) for seed in range(30)}) > 25


@pytest.mark.parametrize("seed", range(20))
def test_a_message_has_no_loose_ends(seed: int) -> None:
    for kind in KINDS:
        text = plain(written(list(weeks_of(kind, 3)), number=3, seed=seed))
        assert not re.search(r"[{}]|  | [.,:;?]|\.\.|^[a-z]", text, re.MULTILINE), text


replies = st.builds(
    Entry,
    day=st.dates(MONDAY - timedelta(days=20), MONDAY + timedelta(days=8)),
    text=st.text(max_size=300) | st.text("𝒜<&>", min_size=80, max_size=2000),
    hour=st.none() | st.integers(0, 23),
    confirmed=st.frozensets(st.sampled_from(PATTERN_IDS), max_size=3),
    heard=st.frozensets(st.sampled_from(PATTERN_IDS), max_size=3),
    denied=st.frozensets(st.sampled_from(PATTERN_IDS), max_size=2),
    care=st.booleans(),
)
some = st.frozensets(st.sampled_from(PATTERN_IDS), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(replies, max_size=25), some, some, st.booleans(), st.integers(0, 60), st.integers(0, 999))
def test_every_reflection_keeps_the_rules(
    entries: list[Entry], muted: frozenset[str], doubted: frozenset[str], quotes: bool, number: int, seed: int
) -> None:
    reflection = compose(
        week=WEEK,
        entries=entries,
        muted=muted,
        doubted=doubted,
        quotes=quotes,
        number=number,
        seed=seed,
        library=real(),
        calendar=PlainCalendar(),
    )
    assert len(plain(reflection.text).encode("utf-16-le", "surrogatepass")) // 2 < 4096
    assert len(reflection.named) <= 2
    assert all(one.pattern in WITHDRAWAL_IDS and len(set(one.days)) >= 2 for one in reflection.named)
    assert all(one.pattern in GROWTH_IDS and one.days for one in reflection.growth)
    assert not {one.pattern for one in (*reflection.named, *reflection.growth)} & muted
    said = [quote for one in (*reflection.named, *reflection.growth) for quote in one.quotes]
    assert len({quote.text for quote in said}) == len(said)
    assert not said or quotes
    for one in (*reflection.named, *reflection.growth):
        shown = {e.day for e in entries if not e.care and one.pattern in (e.confirmed | e.heard) - e.denied}
        assert set(one.days) == {day for day in shown if day in WEEK}
        assert all(quote.day in one.days for quote in one.quotes)
        assert len({quote.day for quote in one.quotes}) == len(one.quotes) <= 2
    for quote in said:
        sources = [e.text for e in entries if e.day == quote.day and not e.care]
        assert any(quote.text in text or quote.text.removesuffix("…") in text for text in sources)
        assert len(quote.text) <= 90


def weeks_of(kind: str, number: int) -> Iterator[Entry]:
    """The same week again and again, of different kinds."""
    start = 7 * number
    if kind == "one pattern":
        yield from (entry(start + day, "went out for some air", SPACE) for day in (1, 4))
        yield entry(start + 5, "slept", hour=9)
    if kind == "two patterns and growth":
        yield from (entry(start + day, "went out for some air", SPACE) for day in (1, 4, 5))
        yield from (entry(start + day, "said my dog knows", JOKE) for day in (0, 2))
        yield from (entry(start + day, "stayed on the sofa", f"{STAYED} {SAFE}") for day in (3, 6))
    if kind == "up and down":
        yield from (entry(start + day, "", SPACE) for day in ((1, 4) if number % 2 else (1, 4, 6)))
        yield entry(start + 2, "", SAFE)
    if kind == "one tap of growth":
        yield entry(start + 2, "", "naming_fear")
    if kind == "quiet":
        yield from (entry(start + day, "rain") for day in (0, 2, 3))
    if kind == "two days":
        yield from (entry(start + day, "rain") for day in (0, 2))
    if kind == "hard":
        yield from (entry(start + day, "words", care=True) for day in (0, 2))


KINDS = [
    "one pattern",
    "two patterns and growth",
    "up and down",
    "one tap of growth",
    "quiet",
    "two days",
    "hard",
    "silent",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [1, 2, 77])
def test_half_a_year_of_the_same_week_repeats_no_sentence(kind: str, seed: int) -> None:
    history: list[Entry] = []
    said: dict[str, int] = {}
    for number in range(26):
        history += weeks_of(kind, number)
        text = written(history, number=number, seed=seed)
        lines = [line for line in text.splitlines() if line and not line.startswith(("<b>", "“"))]
        for sentence in SENTENCE_END.split("\n".join(lines)):
            assert sentence not in said, f"week {said[sentence]} and week {number}"
            said[sentence] = number


def forms() -> Iterator[tuple[str, str]]:
    yield from ((slot, form) for slot, said in real().reflections.items() for form in said)


def test_every_slot_has_enough_forms_and_only_known_placeholders() -> None:
    assert set(real().reflections) == set(SLOTS)
    few = {slot: len(real().reflections[slot]) for slot in TURNING if len(real().reflections[slot]) < LEAST_FORMS}
    assert few == {}
    unknown = [
        (slot, form)
        for slot, form in forms()
        if not {name for _, name, _, _ in Formatter().parse(form) if name} <= SLOTS[slot]
    ]
    assert unknown == []


def test_what_a_form_is_given_to_tell_it_tells() -> None:
    telling = {"said_naming_fear": "quote", "said_felt_safe": "quote", "said_staying_present": "quote"}
    telling |= {
        "growth_noted": "name",
        "growth_also": "also",
        "part_of_day": "part",
        "one_day": "day",
        "two_days": "days",
    }
    telling |= {"pattern_line": "days", "second_then": "then", "back_again": "date", "weekday_again": "day"}
    missing = [(slot, form) for slot, form in forms() if slot in telling and f"{{{telling[slot]}}}" not in form]
    assert missing == []


def test_no_sentence_stands_in_two_forms() -> None:
    invitations = [(name, said) for name, one in real().patterns.items() for said in one.invitations]
    seen: dict[str, str] = {}
    for slot, form in [*forms(), *invitations]:
        for sentence in SENTENCE_END.split(form.replace("“{quote}”", "")):
            key = sentence.strip().casefold()
            assert key not in seen or not key, f"{slot} and {seen[key]}: {sentence}"
            seen[key] = slot


def test_every_pattern_has_its_page_and_half_a_year_of_invitations() -> None:
    assert set(real().patterns) == set(PATTERN_IDS)
    for name, one in real().patterns.items():
        assert (one.side is Side.GROWTH) == (name in GROWTH_IDS)
        assert len(one.chip) <= 24
        assert len(set(one.invitations)) >= LEAST_FORMS, name
        assert all(40 <= len(said) <= 200 for said in one.invitations), name
        assert all(80 <= len(text) <= 400 for text in (one.what, one.why, one.protects, one.helps)), name


FORBIDDEN = re.compile(
    r"\b(always|never|should|must|why are you|avoidant|avoidance|attachment|anxious|anxiety"
    r"|trauma\w*|trigger\w*|symptom\w*|disorder\w*|therap\w*|diagnos\w*|vulnerab\w*|coping|intimacy|streak\w*|score\w*)\b|!",
    re.IGNORECASE,
)


def test_no_form_commands_judges_or_diagnoses() -> None:
    pages = [
        (name, text)
        for name, one in real().patterns.items()
        for text in (one.name, one.chip, one.what, one.why, one.protects, one.helps, *one.invitations)
    ]
    assert [(where, text) for where, text in [*forms(), *pages] if FORBIDDEN.search(text)] == []
