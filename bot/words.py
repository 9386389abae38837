"""Speaks one language: phrases with their values put in, dates, times and lists.

The only door of Babel. Values are escaped here, so that nobody's words become markup.
"""

import html
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list

from bot.domain.errors import ContentError
from bot.domain.library import Library

#: A language spoken by fewer of a country's people says little about a person's country.
WIDELY_PERCENT = 33


class Words:
    """The words of one library. Implements `Calendar`."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.locale = Locale.parse(library.phrases["locale"])

    def say(self, key: str, /, **values: object) -> str:
        """The phrase of this key as Telegram HTML; `count` chooses its plural form.

        Raises ContentError when the key, or a value that the phrase names, is missing.
        """
        template = self._template(key, values)
        try:
            return template.format(**{name: _escaped(value) for name, value in values.items()})
        except KeyError as missing:
            raise ContentError(f"phrases.yaml: {key}: nothing is given for {missing}.") from None

    def _template(self, key: str, values: dict[str, object]) -> str:
        phrases = self.library.phrases
        if "count" in values and key not in phrases:
            form = self.locale.plural_form(int(str(values["count"])))
            key = f"{key}.{form}" if f"{key}.{form}" in phrases else f"{key}.other"
        if key not in phrases:
            raise ContentError(f"phrases.yaml: {key} is missing.")
        return phrases[key]

    def weekday(self, day: date) -> str:
        """ "Tuesday"."""
        return format_date(day, "EEEE", self.locale)

    def weekday_named(self, number: int, *, short: bool = False) -> str:
        """The name of a weekday by its number, Monday = 0."""
        day = date(2024, 1, 1 + number)
        return self.weekday_short(day) if short else self.weekday(day)

    def weekday_short(self, day: date) -> str:
        """ "Tue"."""
        return format_date(day, "EEE", self.locale)

    def day(self, day: date) -> str:
        """ "Mon 23 Nov"."""
        return format_date(day, self.library.phrases["pattern_day"], self.locale)

    def span(self, first: date, last: date) -> str:
        """ "16 to 22 November", "28 November to 4 December"; both ends are inside."""
        whole = self.library.phrases["pattern_day_of_month"]
        short = whole if first.month != last.month else self.library.phrases["pattern_day_alone"]
        ends = (format_date(first, short, self.locale), format_date(last, whole, self.locale))
        return self.say("span", first=ends[0], last=ends[1])

    def month_day(self, day: date) -> str:
        """ "23 November 2026"."""
        return format_date(day, "long", self.locale)

    def month_short(self, day: date) -> str:
        """ "Nov"."""
        return format_date(day, "LLL", self.locale)

    def month(self, day: date) -> str:
        """ "November 2026"."""
        return format_date(day, "LLLL y", self.locale)

    def clock(self, wall: time) -> str:
        """ "20:30", as this language writes a time of day."""
        return format_time(wall, self.library.phrases["pattern_clock"], locale=self.locale)

    def moment(self, wall: datetime) -> str:
        """ "Mon 23 Nov, 20:30"."""
        return f"{self.day(wall.date())}, {self.clock(wall.time())}"

    def listing(self, items: list[str]) -> str:
        """ "Monday, Wednesday and Friday"."""
        return str(format_list(items, "standard", self.locale))

    def count(self, number: int) -> str:
        """ "two"; digits from ten on."""
        return self.library.phrases.get(f"number.{number}", str(number))

    def territory(self, country: str) -> str:
        """ "Germany" for "DE"."""
        return str(self.locale.territories.get(country, country))

    def city(self, zone: str) -> str:
        """The city that a zone is named after: "Zürich" for "Europe/Zurich", as this language writes it."""
        return str(get_timezone_location(zone, locale=self.locale, return_city=True)).rpartition("/")[2]

    @property
    def direction(self) -> str:
        """ "ltr" or "rtl"."""
        return str(self.locale.text_direction)


def countries_speaking(language: str) -> tuple[str, ...]:
    """Where a language is official and spoken by a third or more: "de" -> AT, CH, DE, LI, LU. By CLDR's figures."""
    territories = get_global("territory_languages")
    return tuple(sorted(land for land, spoken in territories.items() if _widely(spoken, language.casefold())))


def _widely(spoken: Mapping[str, Mapping[str, Any]], language: str) -> bool:
    return any(
        name.partition("_")[0] == language
        and figures["official_status"] in ("official", "de_facto_official")
        and figures["population_percent"] >= WIDELY_PERCENT
        for name, figures in spoken.items()
    )


def _escaped(value: object) -> str:
    return html.escape(str(value), quote=False)
