"""What one person's taps change in the hearing of their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hearing.leaning import FURTHEST, leaning_of
from bot.hearing.reader import load

COUNTS = st.integers(0, 10_000)


@given(fits=COUNTS, misses=COUNTS)
def test_taps_lean_the_way_they_were_given_and_not_too_far(fits: int, misses: int) -> None:
    shift = leaning_of({"what_if": fits}, {"what_if": misses})["what_if"]
    assert abs(shift) <= FURTHEST
    assert (shift > 0) == (fits > misses)
    assert (shift < 0) == (fits < misses)


def test_without_taps_nothing_leans() -> None:
    assert leaning_of({}, {}) == {}


def test_one_persons_taps_change_only_the_patterns_they_tapped() -> None:
    text = "drove round the ring road twice before going up"
    plain, leant = load().hear([text, text], leanings=[{}, leaning_of({}, {"sudden_space": 6})])
    assert leant.likelihoods["sudden_space"] < plain.likelihoods["sudden_space"]
    others = set(plain.likelihoods) - {"sudden_space"}
    assert all(leant.likelihoods[name] == plain.likelihoods[name] for name in others)


def test_a_pattern_not_to_be_mentioned_is_neither_offered_nor_named() -> None:
    text = "muted her chat for a week after she said she loved me"
    plain, leant = load().hear([text, text], leanings=[{}, leaning_of({}, {}, ["sudden_space"])])
    assert plain.offered[0] == "sudden_space"
    assert "sudden_space" not in leant.offered
    assert leant.likelihoods["sudden_space"] == pytest.approx(0, abs=1e-6)
