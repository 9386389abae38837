"""What a week's replies show, by counting: which patterns, on which days, how often the week before.

Never more than counting; what is made of it in words is the letter's task.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.quotes import Words
from bot.domain.week import Week

#: A pattern of withdrawal is named from so many distinct days on (W3); growth is told from one (W4).
DAYS_TO_NAME = 2
#: "For the first time" is said only when so many earlier days are known.
DAYS_TO_REMEMBER = 5
#: A long answer has so many characters at the least.
LONG = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One reply, opened. `text` is "" for a one-tap answer, `hour` local 0-23.

    `confirmed` are the person's own taps, `heard` what is sure enough to count without one, `denied` what
    they said no to. A `care` entry is no evidence, is not quoted and stands for nothing (S3).
    """

    day: date
    text: str
    hour: int | None
    confirmed: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    care: bool = False

    @property
    def shows(self) -> frozenset[str]:
        """The patterns this entry is evidence of."""
        return frozenset() if self.care else (self.confirmed | self.heard) - self.denied

    def offers(self, pattern: str) -> Words:
        """Its words, as a possible receipt for `pattern`."""
        return Words(self.day, self.text, pattern in self.confirmed, self.shows == {pattern})


class PartOfDay(StrEnum):
    """The part of a local day, by the hour."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"

    @classmethod
    def of(cls, hour: int) -> "PartOfDay":
        """Night is 22:00 to 04:00, morning until noon, afternoon until 17:00."""
        if hour >= 22 or hour < 4:
            return cls.NIGHT
        return cls.MORNING if hour < 12 else cls.AFTERNOON if hour < 17 else cls.EVENING


@dataclass(frozen=True, slots=True)
class Sighting:
    """One pattern in some stretch of days, with the entries that show it in the order of their days."""

    pattern: str
    entries: tuple[Entry, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The distinct days, in order."""
        return tuple(sorted({entry.day for entry in self.entries}))

    @property
    def confirmed_days(self) -> int:
        """On how many of the days the person tapped it themselves."""
        return len({entry.day for entry in self.entries if self.pattern in entry.confirmed})

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Sorts what comes first: confirmed before heard, then more days, then later ones."""
        return (not self.confirmed_days, -len(self.days), -self.confirmed_days, -self.days[-1].toordinal())


def sightings(
    entries: Sequence[Entry], patterns: Iterable[str], *, muted: frozenset[str], doubted: frozenset[str]
) -> tuple[Sighting, ...]:
    """Those of `patterns` that `entries` show, best first; a doubted one only with a tap among them (W5)."""
    found = [_sighting(entries, pattern) for pattern in patterns if pattern not in muted]
    told = [seen for seen in found if seen.entries and (seen.pattern not in doubted or seen.confirmed_days)]
    return tuple(sorted(told, key=lambda seen: seen.rank))


def _sighting(entries: Sequence[Entry], pattern: str) -> Sighting:
    showing = (entry for entry in entries if pattern in entry.shows)
    return Sighting(pattern, tuple(sorted(showing, key=lambda entry: entry.day)))


def days_written(entries: Iterable[Entry], week: Week | None = None) -> tuple[date, ...]:
    """The distinct days with an entry that counts, in order; all there are without a `week`."""
    return tuple(sorted({e.day for e in entries if not e.care and (week is None or e.day in week)}))


def part_of_day(seen: Sighting, entries: Sequence[Entry]) -> PartOfDay | None:
    """The part of the day that all its evidence shares, where other entries of the week came at another.

    Someone who is asked every evening answers every evening; that says nothing about the pattern.
    """
    theirs, everyone = (
        [None if entry.hour is None else PartOfDay.of(entry.hour) for entry in group if not entry.care]
        for group in (seen.entries, entries)
    )
    holds = len(theirs) > 1 and len(set(theirs)) == 1 and bool(set(everyone) - {None, theirs[0]})
    return theirs[0] if holds else None


def longest_day(entries: Sequence[Entry]) -> date | None:
    """The day of one clearly longer answer, where that day is also the one with the most words."""
    texts = [entry for entry in entries if not entry.care and entry.text]
    if not texts:
        return None
    day = max(texts, key=lambda entry: len(entry.text)).day
    theirs, others = ([entry for entry in texts if (entry.day == day) is own] for own in (True, False))
    totals = Counter[date]()
    for entry in others:
        totals[entry.day] += len(entry.text)
    longest = max(len(entry.text) for entry in theirs)
    clear = others and longest >= LONG and longest * 2 >= 3 * max(totals.values())
    return day if clear else None


@dataclass(frozen=True, slots=True)
class Before:
    """What the days before a week say of one pattern.

    `last_week` counts distinct days of the week before, `weekdays` are those days (Monday is 0), `last_seen`
    is the latest day at all, `weeks_known` the whole weeks back to the first known entry (0 where too few
    days are known to speak of), `spoke` whether the week before has any entry.
    """

    last_week: int
    weekdays: frozenset[int]
    last_seen: date | None
    weeks_known: int
    spoke: bool


def before(pattern: str, entries: Sequence[Entry], week: Week) -> Before:
    """Looks back from `week` over those of `entries` that are older than it."""
    older = [entry for entry in entries if entry.day < week.first]
    seen, known = _sighting(older, pattern).days, days_written(older)
    last = [day for day in seen if day in week.before]
    return Before(
        last_week=len(last),
        weekdays=frozenset(day.weekday() for day in last),
        last_seen=seen[-1] if seen else None,
        weeks_known=(week.first - known[0]).days // 7 if len(known) >= DAYS_TO_REMEMBER else 0,
        spoke=bool(days_written(older, week.before)),
    )
