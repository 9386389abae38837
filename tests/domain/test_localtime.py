"""Local time held against the standard library's reading of the same zone data."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import localtime
from bot.domain.localtime import (
    UnknownZone,
    country_of,
    current_name,
    day_begins,
    day_exists,
    instant,
    likely_clocks,
    likely_zones,
    local,
    local_day,
    zone_exists,
    zone_names,
    zones_of,
)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 22, 13, 7, 31, tzinfo=UTC)

# fmt: off
#: Zones whose clocks do what others do not: gaps at midnight, half hours, two hours, a day left out, Ramadan.
STRANGE = (
    "America/Nuuk", "America/Scoresbysund", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo",
    "Pacific/Apia", "Africa/Monrovia", "America/Havana", "America/Asuncion", "America/Santiago",
    "America/Sao_Paulo", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Amman", "Africa/Casablanca",
    "Atlantic/Azores", "Antarctica/Troll", "Antarctica/Casey", "Europe/Dublin", "Europe/Berlin",
    "Europe/Istanbul", "Pacific/Norfolk", "Pacific/Kwajalein", "Asia/Pyongyang", "America/Caracas",
    "Asia/Calcutta",
)
# fmt: on

# pytz counts whole minutes only, so Monrovia's half minutes before 1972 stay out.
days = st.dates(date(1972, 3, 1), date(2037, 6, 30))
walls = st.times().map(lambda wall: wall.replace(microsecond=0))
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
zones = st.sampled_from(zone_names()) | st.sampled_from(STRANGE)
moments = st.datetimes(datetime(1972, 3, 1), datetime(2037, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001


@lru_cache
def oracle(zone: str) -> ZoneInfo:
    with files("pytz").joinpath("zoneinfo", *zone.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, zone)


def first_reached(clock: datetime, zone: str) -> datetime:
    """The first moment at which the standard library's clock shows `clock` or later."""
    early, late = sorted(
        clock.replace(tzinfo=oracle(zone), fold=fold).astimezone(UTC).replace(microsecond=0) for fold in (0, 1)
    )
    if early.astimezone(oracle(zone)).replace(tzinfo=None) == clock:
        return early
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        reached = middle.astimezone(oracle(zone)).replace(tzinfo=None) >= clock
        early, late = (early, middle) if reached else (middle, late)
    return late


def changes(zone: str, first: int, last: int) -> list[datetime]:
    """The days after which the offset of `zone` is another than before."""
    noons = [datetime(first, 1, 1, tzinfo=UTC) + count * DAY for count in range((last - first) * 365)]
    offsets = [noon.astimezone(oracle(zone)).utcoffset() for noon in noons]
    return [noon for noon, before, after in zip(noons, offsets, offsets[1:], strict=False) if before != after]


@given(days, walls, zones)
def test_an_instant_is_the_first_moment_that_the_clock_reaches(day: date, wall: time, zone: str) -> None:
    assert instant(day, wall, zone) == first_reached(datetime.combine(day, wall), zone)


@pytest.mark.parametrize("zone", STRANGE)
def test_instants_are_right_around_every_change_of_clocks(zone: str) -> None:
    for change in changes(zone, 2006, 2037):
        for hours in range(-30, 55, 2):
            clock = change.replace(tzinfo=None) + timedelta(hours=hours, minutes=30 * (hours % 4 == 0))
            assert instant(clock.date(), clock.time(), zone) == first_reached(clock, zone)


@given(moments, zones)
def test_the_wall_clock_is_that_of_the_standard_library(moment: datetime, zone: str) -> None:
    assert local(moment, zone) == moment.astimezone(oracle(zone)).replace(tzinfo=None)


@given(days, minutes, zones)
def test_the_same_clock_comes_later_on_every_later_day(day: date, wall: time, zone: str) -> None:
    if day_exists(day, zone):
        assert instant(day, wall, zone) < instant(day + DAY, wall, zone)


@given(moments, minutes, zones)
def test_a_moment_lies_between_the_beginnings_of_its_day_and_the_next(
    moment: datetime, day_start: time, zone: str
) -> None:
    day = local_day(moment, zone, day_start)
    assert day_begins(day, zone, day_start) <= moment < day_begins(day + DAY, zone, day_start)


@pytest.mark.parametrize(
    ("zone", "clock", "moment"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/Nuuk", "2026-03-28T23:30", "2026-03-29T01:00"),
        ("America/Scoresbysund", "2026-03-28T23:30", "2026-03-29T01:00"),
        ("Africa/Cairo", "2026-04-24T00:30", "2026-04-23T22:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
        ("Asia/Kathmandu", "2026-11-22T20:30", "2026-11-22T14:45"),
        ("Pacific/Apia", "2011-12-30T20:30", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-31T20:30", "2011-12-31T06:30"),
        ("Africa/Monrovia", "1972-01-07T00:20", "1972-01-07T00:44:30"),
        ("Asia/Calcutta", "2026-11-22T20:30", "2026-11-22T15:00"),
    ],
)
def test_a_clock_that_is_leapt_over_or_comes_twice_has_one_instant(zone: str, clock: str, moment: str) -> None:
    wanted = datetime.fromisoformat(clock)
    assert instant(wanted.date(), wanted.time(), zone) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_day_that_begins_twice_begins_the_first_time() -> None:
    second_two_ten = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert local(second_two_ten, "Europe/Berlin").time() == time(2, 10)
    assert local_day(second_two_ten, "Europe/Berlin", time(2, 30)) == date(2026, 10, 25)


def test_the_small_hours_belong_to_the_day_before() -> None:
    tuesday_at_one = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert local_day(tuesday_at_one, "Europe/Berlin", time(4)) == date(2026, 11, 23)
    assert local_day(tuesday_at_one, "Europe/Berlin", time(0)) == date(2026, 11, 24)


def test_samoa_had_no_30_december_2011() -> None:
    assert not day_exists(date(2011, 12, 30), "Pacific/Apia")
    assert all(day_exists(date(2011, 12, 29) + count * DAY, "Pacific/Apia") for count in (0, 2))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        local(datetime(2026, 11, 22), "Europe/Berlin")  # noqa: DTZ001


@pytest.mark.parametrize(
    "name", ["Europe/Atlantis", "europe/berlin", "", "Berlin", "../etc/passwd", "Ünïcode", "+01:00"]
)
def test_a_zone_that_is_not_named_exactly_so_is_unknown(name: str) -> None:
    assert not zone_exists(name)
    with pytest.raises(UnknownZone, match=r"no zone .* in the zone data 20\d\d[a-z]"):
        local(NOW, name)


def test_the_release_of_the_zone_data_is_named() -> None:
    assert localtime.version()[:2] == "20"


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("US/Pacific", "US"),
        ("Iceland", "IS"),
        ("America/Coral_Harbour", "CA"),
        ("America/Virgin", "VI"),
        ("Atlantic/Jan_Mayen", "SJ"),
        ("Pacific/Yap", "FM"),
        ("Europe/Belfast", "GB"),
        ("Atlantic/Reykjavik", "IS"),
        ("Europe/Amsterdam", "NL"),
        ("UTC", None),
        ("Etc/GMT-3", None),
        ("CET", None),
        ("EST", None),
        ("EST5EDT", None),
        ("Europe/Atlantis", None),
    ],
)
def test_a_zone_names_the_country_of_its_people(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


@given(moments, st.sampled_from(zone_names()))
def test_todays_name_of_a_zone_keeps_the_same_clock_from_now_on(moment: datetime, zone: str) -> None:
    later = moment.replace(year=2026 + moment.year % 10, day=1)
    assert zone_exists(current_name(zone))
    assert local(later, current_name(zone)) == local(later, zone)


def test_an_old_name_has_a_name_of_today() -> None:
    assert current_name("Asia/Katmandu") == "Asia/Kathmandu"
    assert current_name("Europe/Berlin") == "Europe/Berlin"
    assert current_name("Europe/Atlantis") == "Europe/Atlantis"


def test_the_main_zone_of_a_country_comes_first() -> None:
    assert [zones_of(country)[0] for country in ("AU", "RU", "us", "DE")] == [
        "Australia/Sydney",
        "Europe/Moscow",
        "America/New_York",
        "Europe/Berlin",
    ]
    assert zones_of("XX") == ()


def test_a_clock_is_looked_for_in_the_persons_countries_first() -> None:
    assert likely_zones(NOW, time(14, 0), ["CH"])[0] == "Europe/Zurich"
    assert likely_zones(NOW, time(14, 0), [])[0] == "Europe/Berlin"
    assert likely_zones(NOW, time(18, 50), []) == ["Asia/Kolkata", "Asia/Kathmandu"]
    assert likely_zones(NOW, time(14, 30), ["DE"]) == []


def test_two_zones_of_a_country_both_stand_where_their_clocks_part_within_the_year() -> None:
    assert likely_zones(NOW, time(6, 5), ["US"])[:2] == ["America/Denver", "America/Phoenix"]
    assert likely_zones(NOW, time(8, 5), ["US"])[0] == "America/New_York"
    assert "America/Detroit" not in likely_zones(NOW, time(8, 5), ["US"])


def test_a_clock_read_around_midnight_is_near_on_both_sides() -> None:
    almost = datetime(2026, 11, 22, 22, 55, tzinfo=UTC)
    assert "Europe/Berlin" in likely_zones(almost, time(0, 5), ["DE"])


@given(moments, st.lists(st.sampled_from(["US", "RU", "DE", "AU", "KI", "AS", "TO", "XX"]), max_size=3))
def test_likely_clocks_are_few_and_distinct_and_true(now: datetime, countries: list[str]) -> None:
    zones = [zone for country in countries for zone in zones_of(country)]
    clocks = likely_clocks(now, zones)
    assert 1 <= len(clocks) == len({(zone, wall) for wall, zone in clocks}) <= 8
    for wall, zone in clocks:
        assert local(now, zone).time().replace(second=0, microsecond=0) == wall
        assert zone in (zones or localtime.MAIN_ZONES)
    assert clocks == sorted(clocks, key=lambda clock: local(now, clock[1]))


def test_countries_of_one_clock_are_each_offered_once() -> None:
    zones = [*zones_of("DE"), *zones_of("AT"), *zones_of("CH")]
    assert likely_clocks(NOW, zones) == [
        (time(14, 7), zone) for zone in ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich")
    ]


def test_without_a_zone_the_clocks_of_the_world_go_round_it_from_the_west_each_once() -> None:
    clocks = likely_clocks(NOW)
    zones = [zone for _, zone in clocks]
    assert zones[0] == "America/Los_Angeles"
    assert {"Europe/London", "Europe/Berlin", "Asia/Kolkata", "America/New_York"} < set(zones)
    assert len({wall for wall, _ in clocks}) == len(clocks)


def test_all_main_zones_are_zones_of_today() -> None:
    assert [zone for zone in localtime.MAIN_ZONES if not zone_exists(zone) or current_name(zone) != zone] == []
    assert len(set(localtime.MAIN_ZONES)) == len(localtime.MAIN_ZONES)
