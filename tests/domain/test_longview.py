"""Three months at a glance: counted days, what comes again, and what came on more or fewer days of late."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.evidence import Entry
from bot.domain.library import GROWTH_IDS, PATTERN_IDS, WITHDRAWAL_IDS
from bot.domain.longview import LATELY, MOST_WITHDRAWAL, WEEKS, Course, LongView, Movement, began, look_back

LAST = date(2026, 11, 22)
SPACE, JOKE, STAYED = "sudden_space", "joking_away", "staying_present"


def entry(days_ago: int, *patterns: str, care: bool = False, heard: tuple[str, ...] = ()) -> Entry:
    return Entry(LAST - timedelta(days=days_ago), "words", 20, frozenset(patterns), frozenset(heard), care=care)


def look(*entries: Entry, muted: str = "", doubted: str = "") -> LongView:
    return look_back(entries, last=LAST, muted=frozenset(muted.split()), doubted=frozenset(doubted.split()))


def course(view: LongView, pattern: str) -> Course | None:
    return next((one for one in (*view.growth, *view.withdrawal) if one.pattern == pattern), None)


def every_day(*patterns: str, of: range) -> list[Entry]:
    """An answer on every third day of ninety, showing the patterns where its day is in `of`."""
    return [entry(ago, *(patterns if ago in of else ())) for ago in range(0, 90, 3)]


def test_the_view_spans_thirteen_weeks_up_to_today() -> None:
    view = look(entry(90, STAYED), entry(91, STAYED), entry(-1, STAYED))
    assert (view.first, view.last) == (began(LAST), LAST)
    assert (view.last - view.first).days == WEEKS * 7 - 1
    assert view.written == 1
    assert view.growth[0].weeks == (1, *[0] * 12)


def test_stepping_back_is_told_from_two_days_on_and_staying_from_one() -> None:
    view = look(entry(1, SPACE, STAYED), entry(1, SPACE), entry(5, JOKE), entry(9, JOKE))
    assert [one.pattern for one in view.withdrawal] == [JOKE]
    assert [one.pattern for one in view.growth] == [STAYED]


@pytest.mark.parametrize(
    ("of", "movement"),
    [
        (range(30), Movement.MORE),
        (range(50, 90), Movement.LESS),
        (range(90), Movement.AGAIN),
        (range(40, 44), None),
        (range(36, 49), Movement.AGAIN),
    ],
)
def test_more_fewer_and_again(of: range, movement: Movement | None) -> None:
    found = course(look(*every_day(SPACE, of=of)), SPACE)
    assert (found.movement if found else None) is movement


def test_a_few_days_in_one_week_are_not_a_coming_back() -> None:
    found = course(look(entry(0, SPACE), entry(2, SPACE)), SPACE)
    assert found is not None
    assert found.movement is Movement.FEW


def test_who_has_only_begun_is_told_of_no_more_and_no_fewer() -> None:
    found = course(look(*(entry(ago, SPACE) for ago in range(20))), SPACE)
    assert found is not None
    assert found.movement is Movement.AGAIN


def test_who_merely_writes_more_does_not_show_more() -> None:
    seldom = [entry(ago, *([SPACE] if ago % 8 == 2 else [])) for ago in range(42, 91, 4)]
    often = [entry(ago, *([SPACE] if ago % 2 == 0 else [])) for ago in range(42)]
    found = course(look(*seldom, *often), SPACE)
    assert found is not None
    assert found.lately > found.earlier + 2
    assert found.movement is Movement.AGAIN


def test_what_is_muted_or_doubted_without_a_tap_or_sealed_by_care_is_left_out() -> None:
    entries = [entry(ago, SPACE) for ago in (1, 8)] + [entry(ago, heard=(JOKE,)) for ago in (1, 8)]
    assert not look(*entries, muted=SPACE, doubted=JOKE).withdrawal
    assert [one.pattern for one in look(*entries, doubted=SPACE).withdrawal] == [SPACE, JOKE]
    assert not look(*(entry(ago, SPACE, care=True) for ago in (1, 8))).withdrawal


ENTRIES = st.builds(
    lambda ago, patterns, care: entry(ago, *patterns, care=care),
    st.integers(-3, 120),
    st.lists(st.sampled_from(PATTERN_IDS), max_size=4),
    st.booleans(),
)


@settings(max_examples=60)
@given(entries=st.lists(ENTRIES, max_size=80))
def test_every_number_is_a_count_of_distinct_days(entries: list[Entry]) -> None:
    view = look(*entries)
    within = [one for one in entries if view.first <= one.day <= view.last and not one.care]
    assert view.written == len({one.day for one in within})
    for one in (*view.growth, *view.withdrawal):
        days = {each.day for each in within if one.pattern in each.confirmed}
        assert set(one.days) == days
        assert sum(one.weeks) == len(days) == one.earlier + one.lately
        assert one.lately == sum(day > LAST - LATELY for day in days)
        assert all(0 <= count <= 7 for count in one.weeks)
    assert {one.pattern for one in view.growth} <= set(GROWTH_IDS)
    assert {one.pattern for one in view.withdrawal} <= set(WITHDRAWAL_IDS)
    assert len(view.withdrawal) <= MOST_WITHDRAWAL
    assert all(len(one.days) >= 2 for one in view.withdrawal)
