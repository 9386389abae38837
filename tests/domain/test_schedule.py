"""Questions and reflections over changes of clocks, of settings and of zones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.localtime import day_exists, local, local_day, zone_names
from bot.domain.records import EVERY_DAY, Kind
from bot.domain.schedule import (
    Due,
    next_question,
    next_reflection,
    question_instant,
    too_late,
    week_before,
)
from bot.domain.week import Week

DAY = timedelta(days=1)
FOUR = time(4)

STRANGE = ["America/Nuuk", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe", "America/Havana", "Europe/Berlin"]
zones = st.sampled_from(STRANGE) | st.sampled_from(zone_names())
walls = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59]))
starts = st.builds(time, st.integers(0, 8))
moments = st.datetimes(datetime(2011, 12, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def question(now: str, **settings: object) -> Due:
    plain: dict[str, object] = {"zone": "Europe/Berlin", "wall": time(20, 30), "day_start": FOUR}
    plain |= {"weekdays": EVERY_DAY, "every": 1, "last_day": None}
    return next_question(at(now), **(plain | settings))  # type: ignore[arg-type]  # given by name in each test


def test_the_first_question_comes_at_the_next_such_hour() -> None:
    assert question("2026-11-22T13:00") == Due(at("2026-11-22T19:30"), date(2026, 11, 22))
    assert question("2026-11-22T19:30") == Due(at("2026-11-23T19:30"), date(2026, 11, 23))


def test_a_question_in_the_small_hours_belongs_to_the_day_that_began_before() -> None:
    assert question("2026-11-22T13:00", wall=time(1)) == Due(at("2026-11-23T00:00"), date(2026, 11, 22))
    assert question("2026-11-22T13:00", wall=FOUR) == Due(at("2026-11-23T03:00"), date(2026, 11, 23))


@pytest.mark.parametrize("zone", ["America/Nuuk", "America/Scoresbysund"])
def test_a_question_that_the_spring_moves_past_midnight_is_still_that_days(zone: str) -> None:
    saturday = question("2026-03-28T12:00", zone=zone, wall=time(23, 30))
    assert saturday == Due(at("2026-03-29T01:00"), date(2026, 3, 28))
    assert local(saturday.at, zone) == datetime(2026, 3, 29)  # noqa: DTZ001
    sunday = question("2026-03-29T01:00", zone=zone, wall=time(23, 30), last_day=saturday.day)
    assert sunday == Due(at("2026-03-30T00:30"), date(2026, 3, 29))


def test_a_question_at_an_hour_that_comes_twice_is_sent_once() -> None:
    first = question("2026-10-24T12:00", wall=time(2, 30), day_start=time(0))
    assert first == Due(at("2026-10-25T00:30"), date(2026, 10, 25))
    second = question("2026-10-25T00:30", wall=time(2, 30), day_start=time(0), last_day=first.day)
    assert second.day == date(2026, 10, 26)


def test_a_day_that_the_zone_leaves_out_has_no_question() -> None:
    thursday = date(2011, 12, 29)
    due = question("2011-12-30T07:00", zone="Pacific/Apia", last_day=thursday)
    assert due == Due(at("2011-12-31T06:30"), date(2011, 12, 31))


def test_weekdays_are_those_of_the_local_day() -> None:
    fridays = frozenset({4})
    assert question("2026-11-22T13:00", weekdays=fridays).day == date(2026, 11, 27)
    assert question("2026-11-22T13:00", weekdays=fridays, wall=time(1)) == Due(
        at("2026-11-28T00:00"), date(2026, 11, 27)
    )


def test_the_days_between_are_counted_from_the_last_question() -> None:
    last = date(2026, 11, 22)
    assert question("2026-11-22T20:00", every=2, last_day=last).day == date(2026, 11, 24)
    assert question("2026-11-22T20:00", every=7, last_day=last).day == date(2026, 11, 29)
    assert question("2026-11-22T20:00", every=2, last_day=last, weekdays=frozenset({0})).day == date(2026, 11, 30)


def test_days_missed_are_not_caught_up() -> None:
    due = question("2026-11-22T13:00", last_day=date(2026, 10, 1))
    assert due == Due(at("2026-11-22T19:30"), date(2026, 11, 22))


def test_an_earlier_hour_chosen_after_the_question_waits_for_the_next_day() -> None:
    due = question("2026-11-22T20:00", wall=time(22), last_day=date(2026, 11, 22))
    assert due.day == date(2026, 11, 23)


def test_somebody_who_flies_west_has_no_second_question_that_day() -> None:
    due = question("2026-11-22T20:00", zone="America/Los_Angeles", last_day=date(2026, 11, 22))
    assert due == Due(at("2026-11-24T04:30"), date(2026, 11, 23))


@pytest.mark.parametrize(("days", "every"), [(frozenset(), 1), (frozenset({7}), 1), (EVERY_DAY, 0)])
def test_settings_that_allow_no_day_are_refused(days: frozenset[int], every: int) -> None:
    with pytest.raises(ValueError, match="no day can be found"):
        question("2026-11-22T13:00", weekdays=days, every=every)


@given(moments, zones, walls, starts)
def test_each_local_day_has_exactly_one_question(now: datetime, zone: str, wall: time, day_start: time) -> None:
    dues: list[Due] = []
    for _ in range(12):
        dues.append(
            next_question(now, zone=zone, wall=wall, day_start=day_start, weekdays=EVERY_DAY, every=1, last_day=None)
        )
        now = dues[-1].at
    days = [due.day for due in dues]
    first_to_last = [days[0] + count * DAY for count in range((days[-1] - days[0]).days + 1)]
    assert days == [day for day in first_to_last if day_exists(day, zone)]


@given(moments, zones, walls, starts, weekdays, st.integers(1, 9), st.integers(0, 20))
def test_the_next_question_is_the_earliest_that_is_allowed(
    now: datetime, zone: str, wall: time, day_start: time, days: frozenset[int], every: int, ago: int
) -> None:
    last_day = local_day(now, zone, day_start) - ago * DAY
    due = next_question(now, zone=zone, wall=wall, day_start=day_start, weekdays=days, every=every, last_day=last_day)
    assert due.at == question_instant(due.day, wall, zone, day_start) > now
    assert due.day.weekday() in days
    assert due.day >= last_day + every * DAY
    for earlier in (last_day + count * DAY for count in range(every, (due.day - last_day).days)):
        allowed = earlier.weekday() in days and day_exists(earlier, zone)
        assert not allowed or question_instant(earlier, wall, zone, day_start) <= now


@given(moments, st.lists(st.tuples(zones, walls, starts, st.integers(0, 40)), min_size=2, max_size=12))
def test_no_day_has_two_questions_however_settings_change(
    now: datetime, changes: list[tuple[str, time, time, int]]
) -> None:
    days: list[date] = []
    for zone, wall, day_start, hours in changes:
        due = next_question(
            now,
            zone=zone,
            wall=wall,
            day_start=day_start,
            weekdays=EVERY_DAY,
            every=1,
            last_day=days[-1] if days else None,
        )
        days.append(due.day)
        now = due.at + timedelta(hours=hours)
    assert days == sorted(set(days))


def reflection(now: str, *, last_day: date | None = None, wall: time = time(19), weekday: int = 6) -> Due:
    return next_reflection(at(now), zone="Europe/Berlin", weekday=weekday, wall=wall, day_start=FOUR, last_day=last_day)


def test_a_reflection_comes_on_its_weekday_once() -> None:
    sunday = reflection("2026-11-20T12:00")
    assert sunday == Due(at("2026-11-22T18:00"), date(2026, 11, 22))
    assert reflection("2026-11-22T12:00", last_day=sunday.day).day == date(2026, 11, 29)
    assert reflection("2026-11-22T18:00") == Due(at("2026-11-29T18:00"), date(2026, 11, 29))


def test_a_reflection_in_the_small_hours_belongs_to_the_day_that_began_before() -> None:
    assert reflection("2026-11-20T12:00", wall=time(1)) == Due(at("2026-11-23T00:00"), date(2026, 11, 22))


@given(moments, zones, st.integers(0, 6), walls, starts)
def test_reflections_come_seven_local_days_apart(
    now: datetime, zone: str, weekday: int, wall: time, day_start: time
) -> None:
    last_day: date | None = None
    for _ in range(5):
        due = next_reflection(now, zone=zone, weekday=weekday, wall=wall, day_start=day_start, last_day=last_day)
        assert due.at > now
        assert due.day.weekday() == weekday
        assert last_day is None or due.day == last_day + 7 * DAY
        now, last_day = due.at, due.day


def test_a_week_is_the_seven_days_that_ended_at_the_last_day_start() -> None:
    week = week_before(date(2026, 11, 23))
    assert week == Week(date(2026, 11, 16), date(2026, 11, 22))
    assert date(2026, 11, 16) in week
    assert date(2026, 11, 22) in week
    assert date(2026, 11, 23) not in week
    assert date(2026, 11, 15) not in week


@pytest.mark.parametrize(("kind", "hours"), [(Kind.QUESTION, 2), (Kind.REFLECTION, 48), (Kind.GOODBYE, 48)])
def test_what_is_late_is_still_sent_within_its_time_and_then_let_go(kind: Kind, hours: int) -> None:
    due_at = at("2026-11-22T19:30")
    assert not too_late(kind, due_at, due_at + timedelta(hours=hours))
    assert too_late(kind, due_at, due_at + timedelta(hours=hours, seconds=1))
    assert not too_late(kind, due_at, due_at - timedelta(hours=1))
