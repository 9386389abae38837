"""Crisis is heard in whatever spelling it comes, plain speech is not taken for it, and somebody to reach is named.

The sittings in tests/care were written a sitting at a time, in many voices. The lines of those called `held-` were
not looked at when the phrases were changed; they are for measuring only: never change a phrase for one of them.
"""

import json
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import load
from bot.domain.care import CareReader, normalised
from bot.domain.library import Library
from bot.tongues import care_reader

SITTINGS = Path(__file__).parent.parent / "care"


class Said(NamedTuple):
    """A line of a sitting; `care` is the kind that it asks for, None where the sitting does not tell."""

    text: str
    care: str | None


@cache
def library() -> Library:
    return load("en")


@cache
def reader() -> CareReader:
    return care_reader(library())


def said(kind: str, *, held: bool) -> list[Said]:
    name = f"held-{kind}-*.jsonl" if held else f"{kind}-*.jsonl"
    rows = [json.loads(line) for path in sorted(SITTINGS.glob(name)) for line in path.read_text("utf-8").splitlines()]
    return [Said(row["text"], row.get("care")) for row in rows]


def heard(lines: list[Said]) -> float:
    return sum(reader().is_care(line.text) for line in lines) / len(lines)


def reads(phrase: str, text: str) -> bool:
    return CareReader((phrase,)).is_care(text)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I DON’T want to.", "i dont want to"),
        ("don't, don`t, don´t", "dont dont dont"),
        ("ｗａｎｔ", "want"),
        ("wa\u200bnt to\u00addie", "want todie"),
        ("wánt", "want"),
        ("wаnt to diе", "want to die"),  # the a and the e are Cyrillic
        ("su1c1d3 and $uicide", "suicide and suicide"),
        ("k*ll and d!e", "kll and die"),
        ("in 2019 I ran 10 kms", "in 2019 i ran 10 kms"),
        ("dieeeee", "die"),
        ("needed", "needed"),
        ("k y s", "kys"),
        ("s.u.i.c.i.d.e", "suicide"),
        ("a b", "a b"),
        ("want\n\n  to — die!!!", "want to die"),
        ("хочу умереть", "хочу умереть"),
        ("", ""),
        ("😂 … ", ""),
    ],
)
def test_text_is_read_as_plain_words(typed: str, plain: str) -> None:
    assert normalised(typed) == plain


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("want to die", "I want to die.", True),
        ("want to die", "i want to diet", False),
        ("die", "studied, died, diet", False),
        ("want|wanna_really die", "wanna really die", True),
        ("want|wanna_really die", "wanna die", False),
        ("i (really|just_so) want", "i want", True),
        ("i (really|just_so) want", "i just so want", True),
        ("i (really|just_so) want", "i never want", False),
        ("(just) want", "just want", True),
        ("suicid*", "suicidality", True),
        ("*myself", "killmyself", True),
        ("be a*", "be alone", True),
        ("think ... dying", "think all the time of dying", True),
        ("think ... dying", "think a lot and at night of dying", False),
        ("hate life !admin|insurance", "hate life admin", False),
        ("hate life !admin|insurance", "hate life", True),
        ("^end it$", "end it", True),
        ("^end it$", "end it with him", False),
        ("^end it$", "they end it", False),
        ("^end it$", "He left. End it! I mean it", True),
        ("want to die", "I want to. Die", True),
        ("think ... dying", "I think so. Nobody is dying", False),
        ("think ... dying", "I think... often... of dying", True),
        ("hate life !admin", "I hate life. Admin tomorrow", True),
    ],
)
def test_phrase_language(phrase: str, text: str, matches: bool) -> None:
    assert reads(phrase, text) is matches


def test_a_list_of_words_is_named_once_and_used_in_many_phrases() -> None:
    heard_in = CareReader(("want = want|wanna", "{want}|wish to die"), ("{want} to diet",), violence=("{want} out",))

    assert heard_in.care_kind("wanna to die") == "self"
    assert heard_in.care_kind("wish to die") == "self"
    assert heard_in.care_kind("want out") == "violence"
    assert heard_in.care_kind("want = wanna") is None


@pytest.mark.parametrize(
    "phrase",
    ["", "(may|be)", "want to (", "a || b", "... die", "die ...", "!not this", "die (now) !not", "{unknown} die"],
)
def test_what_is_not_written_in_the_language_is_named(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"care phrase|exclusion"):
        CareReader((phrase,))


def test_idioms_are_taken_out_before_phrases_are_looked_for() -> None:
    heard_in = CareReader(("to die", "kill me"), ("to die for", "will kill me if i"))

    assert not heard_in.is_care("that cake is to die for")
    assert not heard_in.is_care("she will kill me if I forget")
    assert heard_in.is_care("that cake is to die for and I want to die")


def test_no_phrase_reaches_across_an_idiom() -> None:
    assert not CareReader(("i want to die",), ("very much",)).is_care("i want very much to die")


def test_own_danger_comes_before_violence() -> None:
    both = CareReader(("want to die",), violence=("he hits me",))

    assert both.care_kind("he hits me and I want to die") == "self"
    assert both.care_kind("he hits me") == "violence"
    assert both.care_kind("good day") is None


@pytest.mark.parametrize(
    "text",
    [
        "k y s",
        "S U I C I D E",
        "suicde",
        "sui\u200bcide",
        "i wanna d1e",
        "I WANT TO DIEEEE",
        "i dont wanna be here anymore",
        "i don’t wanna be here anymore",
        "kms",
        "gonna unalive myself",
        "want to ki11 myself",
        "i want\n\nto die",
    ],
)
def test_spelling_hides_nothing(text: str) -> None:
    assert reader().care_kind(text) == "self"


@pytest.mark.parametrize("text", ["I don't want to die", "not suicidal, just tired", "i would never kill myself"])
def test_a_denial_is_cared_for_too(text: str) -> None:
    assert reader().is_care(text)


@pytest.mark.parametrize("size", [10_000])
@pytest.mark.parametrize("piece", ["a", "i want ", "he hit them ", "k y ", "*a", "'", "😂", "a\u0301", "... "])
def test_long_texts_are_read_to_the_end(piece: str, size: int) -> None:
    filler = (piece * size)[:size]

    assert not reader().is_care(filler)
    assert reader().is_care(f"{filler} and I want to kill myself")


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert reader().care_kind(text) in ("self", "violence", None)


@given(
    st.sampled_from(["i want to die", "he hits me"]), st.sampled_from(["", " ", "\n", "... ", "\u200b", "!!! ", "😭 "])
)
def test_what_stands_around_a_crisis_does_not_hide_it(crisis: str, around: str) -> None:
    assert reader().is_care(f"{around}{crisis.upper()}{around}")


def test_the_sittings_are_large_enough_and_repeat_nothing() -> None:
    benign = said("benign", held=False) + said("benign", held=True)
    crisis = [line for kind in ("direct", "veiled") for held in (False, True) for line in said(kind, held=held)]
    counts = Counter(line.text.casefold() for line in benign + crisis)

    assert len(crisis) >= 400
    assert len(benign) >= 800
    assert [text for text, times in counts.items() if times > 1] == []


def test_direct_crisis_is_heard_and_sent_to_the_right_helplines() -> None:
    lines = said("direct", held=False)
    kinds = [reader().care_kind(line.text) for line in lines]

    assert heard(lines) >= 0.99
    assert sum(kind in (line.care, None) for kind, line in zip(kinds, lines, strict=True)) / len(lines) >= 0.99


def test_near_misses_are_left_alone() -> None:
    assert heard(said("benign", held=False)) <= 0.005


def test_sittings_kept_aside_tell_what_phrases_alone_do_on_new_words() -> None:
    """Floors, as measured: 94.0 % of direct lines heard, 4.0 % of near misses alarmed, made to be hard."""
    assert heard(said("direct", held=True)) >= 0.935
    assert heard(said("benign", held=True)) <= 0.042


def test_helplines_cover_many_countries_and_say_when_they_were_checked() -> None:
    lines = [line for country in library().helplines.values() for line in country]

    assert len(library().helplines) >= 30
    assert all(re.fullmatch("[A-Z]{2}", country) for country in library().helplines)
    assert all(date.fromisoformat(line.source_date) <= date(2026, 11, 22) for line in lines)
    assert all("http" in line.source or "findahelpline.com" in line.source for line in lines)
    assert all(re.fullmatch(r"[a-z]{2,3}", language) for line in lines for language in line.languages)


def test_every_country_has_somebody_for_wanting_to_die() -> None:
    assert [land for land, lines in library().helplines.items() if all(line.violence for line in lines)] == []


@pytest.mark.parametrize("land", ["US", "GB", "IE", "DE", "ES", "FR", "AU", "ZA", "IN"])
def test_violence_has_helplines_of_its_own(land: str) -> None:
    assert any(line.violence for line in library().helplines[land])
