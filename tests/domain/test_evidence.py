"""Evidence is counted by distinct days; taps outrank hearing, and a no outranks both."""

from datetime import date, timedelta

import pytest

from bot.domain.evidence import Entry, PartOfDay, Sighting, before, longest_day, part_of_day, sightings
from bot.domain.week import Week

MONDAY = date(2026, 11, 16)
SPACE, JOKE, STAYED = "sudden_space", "joking_away", "staying_present"
NOTHING: frozenset[str] = frozenset()


def entry(
    day: int, *, confirmed: str = "", heard: str = "", denied: str = "", text: str = "x", hour: int = 20
) -> Entry:
    yes, maybe, no = (frozenset(names.split()) for names in (confirmed, heard, denied))
    return Entry(MONDAY + timedelta(days=day), text, hour, yes, maybe, no)


def ranked(*entries: Entry, muted: frozenset[str] = NOTHING, doubted: frozenset[str] = NOTHING) -> list[str]:
    return [seen.pattern for seen in sightings(entries, (SPACE, JOKE), muted=muted, doubted=doubted)]


def test_a_week_has_seven_days() -> None:
    week = Week.ending(MONDAY)
    assert week.days[0] == week.first
    assert len(week.days) == 7
    assert week.before.last == week.first - timedelta(days=1)
    with pytest.raises(ValueError, match="seven days"):
        Week(MONDAY, MONDAY)


def test_none_of_these_outranks_what_was_heard() -> None:
    assert entry(0, heard=f"{SPACE} {JOKE}", denied=SPACE).shows == {JOKE}


def test_what_was_tapped_comes_before_what_was_heard_more_often() -> None:
    heard = [entry(day, heard=SPACE) for day in range(4)]
    assert ranked(*heard, entry(0, confirmed=JOKE), entry(1, confirmed=JOKE)) == [JOKE, SPACE]


def test_among_equals_the_one_with_more_days_comes_first() -> None:
    space = [entry(day, heard=SPACE) for day in (0, 0, 1)]
    assert ranked(*space, *(entry(day, heard=JOKE) for day in (0, 1, 2))) == [JOKE, SPACE]


def test_a_muted_pattern_is_not_seen_at_all() -> None:
    assert ranked(entry(0, confirmed=SPACE), muted=frozenset({SPACE})) == []


def test_a_doubted_pattern_comes_back_with_a_tap() -> None:
    doubted = frozenset({SPACE})
    assert ranked(entry(0, heard=SPACE), entry(1, heard=SPACE), doubted=doubted) == []
    assert ranked(entry(0, heard=SPACE), entry(1, confirmed=SPACE), doubted=doubted) == [SPACE]


def test_looking_back_counts_the_week_before_and_no_other() -> None:
    entries = [entry(day, heard=SPACE) for day in (-20, -7, -6, -6, 1)]
    past = before(SPACE, entries, Week.ending(MONDAY + timedelta(days=6)))
    assert past.last_week == 2
    assert past.weekdays == {0, 1}
    assert past.last_seen == MONDAY - timedelta(days=6)
    assert past.spoke
    assert past.weeks_known == 0


def test_how_far_back_is_known_needs_some_days_to_speak_of() -> None:
    past = before(SPACE, [entry(-day) for day in (2, 9, 16, 17, 23)], Week.ending(MONDAY + timedelta(days=6)))
    assert past.weeks_known == 3
    assert past.last_seen is None


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (4, "morning"),
        (11, "morning"),
        (12, "afternoon"),
        (17, "evening"),
        (21, "evening"),
        (22, "night"),
        (3, "night"),
    ],
)
def test_every_hour_has_its_part_of_the_day(hour: int, part: str) -> None:
    assert PartOfDay.of(hour) == part


def test_a_time_of_day_is_told_only_where_other_answers_came_at_another() -> None:
    late = (entry(0, heard=SPACE, hour=20), entry(2, heard=SPACE, hour=21))
    seen = Sighting(SPACE, late)
    assert part_of_day(seen, late) is None
    assert part_of_day(seen, (*late, entry(3, hour=9))) is PartOfDay.EVENING
    assert part_of_day(Sighting(SPACE, (*late, entry(3, hour=9))), (*late, entry(3, hour=9))) is None


def test_a_longest_day_is_told_only_where_it_is_clear() -> None:
    short = [entry(day, text="a few words") for day in (0, 1)]
    assert longest_day([*short, entry(2, text="word " * 30)]) == MONDAY + timedelta(days=2)
    assert longest_day([*short, entry(2, text="word " * 10)]) is None
    assert longest_day([entry(1, text="word " * 30), entry(2, text="word " * 31)]) is None
    assert longest_day([entry(2, text="word " * 30)]) is None
    assert longest_day([]) is None
