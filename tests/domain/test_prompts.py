"""How the next question is chosen: fresh, in turn, no deeper than it fits, and the same for the same history."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import load
from bot.domain.library import GROWTH_IDS, PATTERN_IDS, Library, Prompt
from bot.domain.prompts import DEEPEST, FRESH_FOR, HEAVY, TURN_AFTER, Choice, Past, choose
from bot.domain.records import Asked, Marks

TODAY = date(2026, 11, 22)
PATTERNS = st.lists(st.sampled_from(PATTERN_IDS), max_size=3, unique=True).map(tuple)
SPACE, JOKE, STAYED = "sudden_space", "joking_away", "staying_present"


@cache
def real() -> Library:
    return load("en")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def asked(prompt: str, *, declined: bool = False) -> Asked:
    return Asked(prompt, shown=(prompt,), declined=declined)


def confirmed(*patterns: str) -> Marks:
    return Marks(confirmed=patterns)


def chosen(past: Past, *, weeks: int = 20, seed: int = 7, day: date = TODAY) -> Choice:
    return choose(real(), past, day=day, weeks=weeks, seed=seed)


def some(depth: int = 1, *, gentle: bool = False) -> str:
    return next(one.id for one in real().prompts.values() if one.depth == depth and one.gentle == gentle)


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Any history of a year: days with one to three prompts shown, replies with whatever they show."""
    ids = sorted(real().prompts)
    days = sorted(draw(st.sets(st.integers(1, 365), max_size=60)), reverse=True)
    questions = []
    for days_ago in days:
        shown = tuple(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3)))
        questions.append((ago(days_ago), Asked(shown[-1], shown=shown, declined=draw(st.booleans()))))
    replied = sorted(draw(st.sets(st.integers(0, 60), max_size=20)), reverse=True)
    marks = [(ago(one), Marks(draw(st.booleans()), draw(PATTERNS), (), draw(PATTERNS))) for one in replied]
    gentle = draw(st.none() | st.integers(-8, 8).map(ago))
    return Past(questions, marks, gentle)


@settings(max_examples=60)
@given(past=pasts(), weeks=st.integers(0, 60), seed=st.integers(1, 9999))
def test_what_was_shown_in_half_a_year_in_either_wording_does_not_come_again(past: Past, weeks: int, seed: int) -> None:
    lately = {name for on, one in past.asked if TODAY - on <= FRESH_FOR for name in (one.prompt, *one.shown)}
    assert chosen(past, weeks=weeks, seed=seed).prompt.id not in lately


@settings(max_examples=40)
@given(past=pasts(), weeks=st.integers(0, 60), seed=st.integers(1, 9999))
def test_the_same_history_gives_the_same_question_for_the_same_reasons(past: Past, weeks: int, seed: int) -> None:
    assert chosen(past, weeks=weeks, seed=seed) == chosen(replace(past), weeks=weeks, seed=seed)


@settings(max_examples=40)
@given(past=pasts(), weeks=st.integers(0, 60))
def test_reasons_name_no_pattern_and_no_words_of_the_question(past: Past, weeks: int) -> None:
    choice = chosen(past, weeks=weeks)
    told = " ".join(choice.reasons)
    assert not [name for name in PATTERN_IDS if name in told]
    assert choice.prompt.ask not in told
    assert choice.prompt.lighter not in told


@pytest.mark.parametrize(("days", "again"), [(180, False), (181, True)])
def test_half_a_year_is_180_days_and_the_day_after_it_is_fresh(days: int, again: bool) -> None:
    ids = list(real().prompts)
    others = [(ago(1 + number % 100), asked(name)) for number, name in enumerate(ids[1:])]
    past = Past([(ago(days), asked(ids[0])), *sorted(others, key=lambda one: one[0])])
    choice = chosen(past)
    assert choice.prompt.id == ids[0]
    assert ("nothing fresh is left: the one longest unseen" not in choice.reasons) is again


@given(order=st.permutations(range(476)))
@settings(max_examples=10)
def test_when_nothing_is_left_the_one_longest_unseen_comes(order: Sequence[int]) -> None:
    ids = sorted(real().prompts)
    questions = [(ago(1 + order[number] % 180), asked(name)) for number, name in enumerate(ids)]
    past = Past(sorted(questions, key=lambda one: one[0]))
    seen = {one.prompt: on for on, one in past.asked}
    assert seen[chosen(past).prompt.id] == min(seen.values())


@settings(max_examples=40)
@given(weeks=st.integers(0, 60), seed=st.integers(1, 9999))
def test_depth_grows_with_the_weeks(weeks: int, seed: int) -> None:
    depth = chosen(Past(), weeks=weeks, seed=seed).prompt.depth
    assert depth <= (1 if weeks < 2 else 2 if weeks < 4 else DEEPEST)


def test_every_depth_is_reached_in_time() -> None:
    found = {chosen(Past(), weeks=5, seed=seed).prompt.depth for seed in range(60)}
    assert found == {1, 2, 3}


HEAVY_REPLIES = [confirmed(SPACE, JOKE), Marks(heard=("old_wound",)), Marks(care=True), confirmed("closeness_alarm")]


@pytest.mark.parametrize("marks", HEAVY_REPLIES)
def test_depth_steps_back_after_a_heavy_reply_and_returns(marks: Marks) -> None:
    assert max(_depths(Past(marks=[(ago(1), marks)]))) == 2
    assert max(_depths(Past(marks=[(ago(4), marks)]))) == 3


def test_depth_steps_back_after_not_today_and_twice_after_both() -> None:
    left = [(ago(1), asked(some(), declined=True))]
    assert max(_depths(Past(left))) == 2
    assert max(_depths(Past(left, [(ago(2), HEAVY_REPLIES[0])]))) == 1
    assert max(_depths(Past([(ago(1), asked(some()))]))) == 3


@pytest.mark.parametrize("marks", [confirmed(), confirmed(SPACE), confirmed(STAYED, "felt_safe"), Marks(heard=(JOKE,))])
def test_an_ordinary_reply_is_not_heavy(marks: Marks) -> None:
    assert max(_depths(Past(marks=[(ago(1), marks)]))) == 3


def test_what_was_denied_does_not_weigh() -> None:
    assert max(_depths(Past(marks=[(ago(1), Marks(heard=tuple(HEAVY), denied=tuple(HEAVY)))]))) == 3


def _depths(past: Past) -> set[int]:
    return {chosen(past, seed=seed).prompt.depth for seed in range(40)}


@pytest.mark.parametrize(("until", "gentle"), [(TODAY, True), (ago(-6), True), (ago(1), False)])
def test_questions_are_gentle_up_to_the_day_that_care_set(until: date, gentle: bool) -> None:
    found = [chosen(Past(gentle_until=until), seed=seed).prompt for seed in range(20)]
    assert all(one.gentle for one in found) is gentle


def test_when_no_gentle_one_is_fresh_a_light_one_comes() -> None:
    spent = [(ago(3), asked(one.id)) for one in real().prompts.values() if one.gentle]
    found = [chosen(Past(spent, gentle_until=TODAY), seed=seed).prompt for seed in range(20)]
    assert {one.depth for one in found} == {1}


def week_of(*patterns: str, days: int = TURN_AFTER) -> Past:
    """A question and a reply on each of the last days, each reply showing these."""
    ids = [one.id for one in real().prompts.values() if not one.gentle]
    back = range(days, 0, -1)
    return Past([(ago(one), asked(ids[one])) for one in back], [(ago(one), confirmed(*patterns)) for one in back])


def test_the_same_heavy_thing_in_reply_after_reply_turns_the_next_question() -> None:
    assert chosen(week_of(SPACE)).prompt.gentle
    assert _is_restful(chosen(week_of(SPACE)).prompt)


@pytest.mark.parametrize("patterns", [(), (STAYED,), tuple(GROWTH_IDS)])
def test_good_moments_in_reply_after_reply_turn_nothing(patterns: tuple[str, ...]) -> None:
    assert not _turned(week_of(*patterns))


def test_two_replies_or_a_different_third_turn_nothing() -> None:
    assert not _turned(week_of(SPACE, days=TURN_AFTER - 1))
    past = week_of(SPACE)
    assert not _turned(replace(past, marks=[*past.marks[:-1], (ago(1), confirmed(JOKE))]))


def test_only_the_next_question_turns() -> None:
    past = week_of(SPACE)
    after = replace(past, asked=[*past.asked, (TODAY, asked(chosen(past).prompt.id))])
    assert _turned(after), "another question on the same day stays with the turn"
    assert not _turned(after, day=ago(-1))


def _turned(past: Past, day: date = TODAY) -> bool:
    return "gentle, because the same heavy thing came back" in chosen(past, day=day).reasons


def _is_restful(prompt: Prompt) -> bool:
    """To the body, to something small and concrete, to rest (W7): nothing that may bring up stepping back."""
    return set(prompt.patterns) <= set(GROWTH_IDS)


def test_themes_take_turns() -> None:
    themes = [real().prompts[name].theme for name in _lived(48)]
    assert all(len(set(themes[at : at + 16])) >= 13 for at in range(0, 48, 16))
    assert all(first != second for first, second in pairwise(themes))


def test_what_was_confirmed_lately_comes_more_often_than_it_would() -> None:
    leaning = [_touches(name, SPACE) for name in _lived(48, confirmed(SPACE))]
    plain = [_touches(name, SPACE) for name in _lived(48)]
    assert sum(leaning) > sum(plain)


def _touches(name: str, pattern: str) -> bool:
    theme = real().prompts[name].theme
    return sum(pattern in one.patterns for one in real().prompts.values() if one.theme == theme) >= 8


def _lived(days: int, now_and_then: Marks | None = None) -> list[str]:
    """A question a day, and a reply with these marks every second day."""
    past, shown = Past(), list[str]()
    for step in range(days):
        day = TODAY + timedelta(days=step)
        shown.append(choose(real(), past, day=day, weeks=10, seed=3).prompt.id)
        marks = [(day, now_and_then if step % 2 else Marks())] if now_and_then else []
        past = Past([*past.asked, (day, asked(shown[-1]))], [*past.marks, *marks])
    return shown


def test_one_form_does_not_follow_itself() -> None:
    forms = [real().prompts[name].form for name in _lived(30)]
    assert all(first is not second for first, second in pairwise(forms))
