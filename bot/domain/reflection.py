"""A week's reflection, composed from what a person wrote and tapped: counting, quoting and nothing else.

Pure and without a clock: the same week of the same person gives the same message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import evidence
from bot.domain.evidence import DAYS_TO_NAME, Entry, Sighting
from bot.domain.forms import Forms
from bot.domain.letter import Letter, Named, Telling
from bot.domain.library import GROWTH_IDS, WITHDRAWAL_IDS, Calendar, Library
from bot.domain.quotes import Quote, chosen, excerpt
from bot.domain.week import Week

__all__ = ["DayMarks", "Entry", "Named", "Quote", "Reflection", "Week", "compose"]

#: W3: a reflection names at most two patterns, each with at most two quotes.
MOST_NAMED = 2
MOST_QUOTES = 2


@dataclass(frozen=True, slots=True)
class DayMarks:
    """One day for the picture. `withdrawal` holds only what the reflection names: a picture tells no more."""

    day: date
    written: bool
    withdrawal: tuple[str, ...]
    growth: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reflection:
    """One week: `text` is Telegram HTML under 4,096 characters, `days` are seven, first to last."""

    week: Week
    growth: tuple[Named, ...]
    named: tuple[Named, ...]
    text: str
    days: tuple[DayMarks, ...]


def compose(
    *,
    week: Week,
    entries: Sequence[Entry],
    muted: frozenset[str],
    doubted: frozenset[str],
    quotes: bool,
    number: int,
    seed: int,
    library: Library,
    calendar: Calendar,
) -> Reflection:
    """The reflection of `week`; entries before it are history, entries after it are ignored.

    `muted` patterns are not mentioned, `doubted` ones only with a tap of the week among their evidence,
    `number` counts the reflections sent before, `seed` stays with the person (W3 to W6).
    """
    within = [entry for entry in entries if entry.day in week]
    back = evidence.sightings(within, WITHDRAWAL_IDS, muted=muted, doubted=doubted)
    back = tuple(seen for seen in back if len(seen.days) >= DAYS_TO_NAME)[:MOST_NAMED]
    grown = _words_first(evidence.sightings(within, GROWTH_IDS, muted=muted, doubted=doubted))
    past = {seen.pattern: evidence.before(seen.pattern, entries, week) for seen in (*grown, *back)}
    parts = {seen.pattern: evidence.part_of_day(seen, within) for seen in back}
    receipts = _receipts((*grown[:1], *back, *grown[1:]) if quotes else ())
    growth, named = (
        tuple(Named(s.pattern, s.days, receipts.get(s.pattern, ()), past[s.pattern].last_week) for s in group)
        for group in (grown, back)
    )
    telling = Telling(
        week=week,
        written=evidence.days_written(within),
        longest=evidence.longest_day(within),
        care=any(entry.care for entry in within),
        growth=growth,
        named=named,
        before=past,
        parts={pattern: part for pattern, part in parts.items() if part},
    )
    text = Letter(Forms(library, seed, number), calendar).write(telling)
    return Reflection(week, growth, named, text, _marks(telling))


def _words_first(grown: Sequence[Sighting]) -> tuple[Sighting, ...]:
    return tuple(sorted(grown, key=lambda seen: not any(excerpt(entry.text) for entry in seen.entries)))


def _receipts(told: Sequence[Sighting]) -> dict[str, tuple[Quote, ...]]:
    receipts: dict[str, tuple[Quote, ...]] = {}
    for seen in told:
        used = frozenset(quote.text for given in receipts.values() for quote in given)
        most = 1 if seen.pattern in GROWTH_IDS else MOST_QUOTES
        receipts[seen.pattern] = chosen((entry.offers(seen.pattern) for entry in seen.entries), used, most)
    return receipts


def _marks(telling: Telling) -> tuple[DayMarks, ...]:
    return tuple(
        DayMarks(
            day,
            day in telling.written,
            tuple(seen.pattern for seen in telling.named if day in seen.days),
            tuple(seen.pattern for seen in telling.growth if day in seen.days),
        )
        for day in telling.week.days
    )
