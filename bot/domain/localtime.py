"""Local clocks and days: the only door of pytz. Moments in and out are aware UTC, zones are their names.

Reads no clock. pytz knows no change of clocks after 2037, and no offset finer than a minute (Monrovia
until 1972).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import pytz

DAY = timedelta(days=1)

#: How far a clock read off a wall may be from the right one.
CLOCK_SLACK = timedelta(minutes=15)

#: More buttons than this are not read.
MOST_CLOCKS = 8

# fmt: off
#: The zones that most people who are asked live in, roughly in that order; they come first in every choice.
MAIN_ZONES = (
    "Europe/London", "America/New_York", "Asia/Kolkata", "Europe/Berlin", "America/Los_Angeles",
    "Europe/Moscow", "America/Sao_Paulo", "Asia/Shanghai", "America/Chicago", "Asia/Jakarta",
    "Europe/Istanbul", "Asia/Tehran", "Africa/Lagos", "Africa/Cairo", "Asia/Tokyo", "Australia/Sydney",
    "Asia/Karachi", "Asia/Dhaka", "America/Mexico_City", "America/Bogota", "Asia/Manila", "Europe/Kyiv",
    "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Africa/Johannesburg", "Africa/Nairobi",
    "America/Denver", "America/Argentina/Buenos_Aires", "America/Santiago", "Asia/Almaty", "Asia/Dubai",
    "Asia/Seoul", "Asia/Yangon", "Asia/Kathmandu", "Asia/Kabul", "America/Caracas", "America/Halifax",
    "America/Toronto", "America/Winnipeg", "Pacific/Auckland", "Australia/Brisbane", "Australia/Perth",
    "Australia/Adelaide", "Australia/Darwin", "America/Vancouver", "America/Anchorage", "Pacific/Honolulu",
    "Atlantic/Azores", "Atlantic/Cape_Verde", "America/St_Johns", "Asia/Yekaterinburg", "Asia/Novosibirsk",
    "Asia/Vladivostok", "Asia/Omsk", "Asia/Irkutsk", "Europe/Kaliningrad", "Europe/Samara",
    "America/Manaus", "America/Rio_Branco", "America/Tijuana", "America/Edmonton", "Pacific/Guadalcanal",
    "Pacific/Tongatapu", "Pacific/Pago_Pago", "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Chatham",
)
# fmt: on

#: Old names that the zone data joins with another country's zone, and where their people really are.
MOVED = {
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Virgin": "America/St_Thomas",
    "Antarctica/South_Pole": "Antarctica/McMurdo",
    "Atlantic/Jan_Mayen": "Arctic/Longyearbyen",
    "Iceland": "Atlantic/Reykjavik",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Yap": "Pacific/Chuuk",
}

#: Rules of the clock that the zone data joins with one country, and that belong to none.
COUNTRYLESS = frozenset({"CET", "EET", "EST", "HST", "MET", "MST", "WET"})


class UnknownZone(ValueError):
    """The zone data at hand has no zone of this name."""


def version() -> str:
    """The release of the zone data, such as "2026f"."""
    return str(pytz.OLSON_VERSION)  # type: ignore[attr-defined]  # the stubs leave it out


def zone_exists(name: str) -> bool:
    """Whether `name`, written exactly so, is a zone; old names such as "Asia/Calcutta" are."""
    return name in pytz.all_timezones_set


def zone_names() -> tuple[str, ...]:
    """Every name that `zone_exists` knows, old ones too."""
    return tuple(pytz.all_timezones)


def current_name(zone: str) -> str:
    """Today's name of an old zone name ("Europe/Kiev" -> "Europe/Kyiv"); any other name unchanged."""
    if zone in _countries() or zone in COUNTRYLESS:
        return zone
    target = MOVED.get(zone) or _links().get(zone, zone)
    return target if target in _countries() else zone


def local(moment: datetime, zone: str) -> datetime:
    """What the wall clock of `zone` shows at this moment, as a naive datetime.

    Raises ValueError for a moment without a zone of its own, UnknownZone for a zone that does not exist.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} is not a moment: it has no zone")
    return moment.astimezone(_tz(zone)).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def instant(day: date, wall: time, zone: str) -> datetime:
    """The first moment at which the clock of `zone` shows `wall` of `day`, or later (D4).

    So a time that the clock leaps over is the moment after the leap, and one that comes twice is the first.
    """
    clock = datetime.combine(day, wall)
    guesses = {_guess(clock, clock + shift, zone) for shift in (-DAY, DAY)}
    for guess in sorted(guesses):
        if local(guess, zone) == clock:
            return guess
    return _after_the_leap(clock, zone)


def day_begins(day: date, zone: str, day_start: time) -> datetime:
    """The moment at which the local day `day` begins."""
    return instant(day, day_start, zone)


def local_day(moment: datetime, zone: str, day_start: time) -> date:
    """The date of the local day that this moment falls in: the one that began last at `day_start` (D1).

    Tuesday 01:00 with days that begin at 04:00 belongs to Monday.
    """
    begun = timedelta(hours=day_start.hour, minutes=day_start.minute, seconds=day_start.second)
    day = (local(moment, zone) - begun).date()
    # On the night that the clock goes back, the day may have begun before the clock shows its start again.
    return day + DAY if moment >= day_begins(day + DAY, zone, day_start) else day


def day_exists(day: date, zone: str) -> bool:
    """Whether `zone` had, or will have, this date at all; Samoa had no 30 December 2011."""
    return local(instant(day, time(12), zone), zone).date() == day


def zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country ("DE", any case), main ones first; none for a country that is not known."""
    found = pytz.country_timezones.get(country.upper(), ())
    return tuple(sorted(found, key=_rank))


def country_of(zone: str) -> str | None:
    """The country whose zone this is, as two capital letters; None for "UTC" and its like."""
    return _countries().get(current_name(zone))


def likely_zones(now: datetime, wall: time, countries: Sequence[str]) -> list[str]:
    """The zones whose clock shows `wall` now, give or take a quarter of an hour.

    Those of `countries` come first, then the main ones of the world. Two zones of one country both stand only
    if their clocks differ some time in the coming year.
    """
    asked = [zone for country in countries for zone in zones_of(country)]
    near = [zone for zone in _each_once([*asked, *MAIN_ZONES]) if _apart(local(now, zone), wall) <= CLOCK_SLACK]
    return _telling_apart(now, near)


def likely_clocks(now: datetime, zones: Sequence[str] = ()) -> list[tuple[time, str]]:
    """What clocks may show now, to the minute, each with its zone: from west to east, at most eight.

    Those of `zones`, the likeliest first; two of one country both stand only where their clocks differ some time in
    the coming year. Without any, the most common clocks of the world, each once.
    """
    likely = _telling_apart(now, zones) if zones else _by_clock(now)
    chosen = sorted(likely[:MOST_CLOCKS], key=lambda zone: local(now, zone))
    return [(_shown(now, zone), zone) for zone in chosen]


def _by_clock(now: datetime) -> list[str]:
    seen: dict[time, str] = {}
    for zone in MAIN_ZONES:
        seen.setdefault(_shown(now, zone), zone)
    return list(seen.values())


def _telling_apart(now: datetime, zones: Iterable[str]) -> list[str]:
    """The first zone of each clock that a country has."""
    seen: dict[tuple[str | None, tuple[timedelta, ...]], str] = {}
    for zone in zones:
        seen.setdefault((country_of(zone), _coming_year(now.date(), zone)), zone)
    return list(seen.values())


def _shown(now: datetime, zone: str) -> time:
    return local(now, zone).time().replace(second=0, microsecond=0)


def _tz(zone: str) -> tzinfo:
    if not zone_exists(zone):
        raise UnknownZone(f"there is no zone {zone!r} in the zone data {version()}")
    return pytz.timezone(zone)


def _guess(clock: datetime, near: datetime, zone: str) -> datetime:
    """When `clock` would be shown, were the offset the one in force around `near`."""
    there = near.replace(tzinfo=UTC)
    return (clock - (local(there, zone) - near)).replace(tzinfo=UTC)


def _after_the_leap(clock: datetime, zone: str) -> datetime:
    about = clock.replace(microsecond=0, tzinfo=UTC)
    before, after = about - 2 * DAY, about + 2 * DAY
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) // 2).replace(microsecond=0)
        before, after = (before, middle) if local(middle, zone) >= clock else (middle, after)
    return after


def _apart(shown: datetime, wall: time) -> timedelta:
    there = datetime.combine(shown.date(), wall)
    gap = abs(shown - there)
    return min(gap, DAY - gap)


@lru_cache(maxsize=1024)
def _coming_year(from_day: date, zone: str) -> tuple[timedelta, ...]:
    noon = datetime.combine(from_day, time(12), UTC)
    moments = (noon + week * timedelta(weeks=1) for week in range(53))
    return tuple(local(moment, zone) - moment.replace(tzinfo=None) for moment in moments)


def _each_once(zones: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(zones))


def _rank(zone: str) -> int:
    return MAIN_ZONES.index(zone) if zone in MAIN_ZONES else len(MAIN_ZONES)


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    return {zone: country for country in pytz.country_timezones for zone in pytz.country_timezones[country]}


@lru_cache(maxsize=1)
def _links() -> Mapping[str, str]:
    with pytz.open_resource("tzdata.zi") as data:  # type: ignore[attr-defined]  # the stubs leave it out
        lines = (line.split() for line in data.read().decode("ascii").splitlines())
        return {words[2]: words[1] for words in lines if words[:1] == ["L"]}
