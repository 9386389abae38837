"""Quotes are a person's own words to the letter, short, and cut where a reader would cut."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quotes import QUOTE_LIMIT, Words, chosen, excerpt

MONDAY = date(2026, 11, 16)


def words(text: str, day: int = 0, *, confirmed: bool = True, alone: bool = True) -> Words:
    return Words(MONDAY + timedelta(days=day), text, confirmed, alone)


def test_a_short_reply_is_quoted_whole_without_the_space_around_it() -> None:
    assert excerpt("  said it was   fine ") == "said it was   fine"


def test_a_long_reply_is_cut_at_a_word() -> None:
    kept = "drove round the ring road twice before going up because the light was on and she was home"
    quote = excerpt(f"{kept} and I was not ready")
    assert quote == f"{kept}…"
    assert len(quote) == QUOTE_LIMIT


def test_a_reply_that_is_exactly_as_long_as_a_quote_stays_whole() -> None:
    text = ("abcd " * 18)[:89] + "e"
    assert len(text) == QUOTE_LIMIT
    assert excerpt(text) == text


def test_a_sentence_that_ends_in_time_is_the_better_cut() -> None:
    later = "Then I walked the long way home along the river in the rain."
    assert (
        excerpt(f"I put the phone in the drawer and left it there. {later}")
        == "I put the phone in the drawer and left it there…"
    )


def test_a_reply_of_several_lines_gives_its_first_line() -> None:
    assert excerpt("went home early\n\nshe had asked about dad") == "went home early…"


def test_a_script_without_spaces_is_cut_between_characters() -> None:
    text = "彼女が笑ったとき、私はすぐに立ち上がって台所へ行った" * 6
    quote = excerpt(text)
    assert 40 < len(quote) <= QUOTE_LIMIT
    assert text.startswith(quote.removesuffix("…"))


@pytest.mark.parametrize(
    "whole", ["👨‍👩‍👧", "👍🏽", "é̂", "🇩🇪", "क्षि"], ids=["family", "skin", "accents", "flag", "conjunct"]
)
def test_a_cut_splits_no_character_that_is_seen_as_one(whole: str) -> None:
    for lead in range(len(whole) + 1):
        quote = excerpt("a" * lead + whole * 60).removesuffix("…")
        assert quote == "a" * lead + whole * (len(quote[lead:]) // len(whole))


@pytest.mark.parametrize("text", ["", "  \n ", "🙂", "...", "\u200b\u200d", "—\n—"])
def test_what_cannot_be_read_is_not_quoted(text: str) -> None:
    assert excerpt(text) == ""


@given(st.text(max_size=400) | st.text("ab .\n", max_size=400))
def test_a_quote_is_literal_and_short_and_one_line(text: str) -> None:
    quote = excerpt(text)
    assert len(quote) <= QUOTE_LIMIT
    assert len(quote.splitlines()) <= 1
    assert quote in text or (quote.endswith("…") and quote.removesuffix("…") in text)


@given(st.lists(st.text("abcdefg", min_size=1, max_size=12), min_size=25, max_size=60))
def test_a_cut_quote_ends_with_a_whole_word(parts: list[str]) -> None:
    text = " ".join(parts)
    quote = excerpt(text)
    if quote != text:
        assert text.startswith(quote.removesuffix("…") + " ")


def test_two_quotes_come_from_different_days_in_their_order() -> None:
    offers = [
        words("left without saying goodbye", 4),
        words("sat in the car a while", 1),
        words("took the stairs", 1),
    ]
    quotes = chosen(offers, frozenset(), 2)
    assert [(quote.day.day, quote.text) for quote in quotes] == [
        (17, "sat in the car a while"),
        (20, "left without saying goodbye"),
    ]


def test_words_that_show_only_this_pattern_are_preferred() -> None:
    offers = [words("told a joke and then went out", 0, alone=False), words("went out for some air", 3)]
    assert [quote.text for quote in chosen(offers, frozenset(), 1)] == ["went out for some air"]


def test_what_was_tapped_is_preferred_to_what_was_heard() -> None:
    offers = [words("left the kitchen again", 0, confirmed=False), words("went out for some air", 3)]
    assert [quote.text for quote in chosen(offers, frozenset(), 1)] == ["went out for some air"]


def test_the_same_words_are_not_quoted_twice() -> None:
    offers = [words("the same as yesterday", 0), words("the same as yesterday", 1), words("used before", 2)]
    assert len(chosen(offers, frozenset({"used before"}), 2)) == 1
