"""Which wording a week gets: every slot of a reflection has many, and each takes its turn.

Knows no sentence itself; content/<language>/reflections.yaml holds them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from zlib import crc32

from bot.domain.library import Library

#: So many forms a slot has at the least, so that half a year repeats nothing (W6).
LEAST_FORMS = 26

#: Layout and small parts of sentences: one form is enough.
LAYOUT: Mapping[str, frozenset[str]] = {
    "heading": frozenset({"span"}),
    "pattern_line": frozenset({"name", "days"}),
    "quote_line": frozenset({"quote", "day"}),
    "also_item": frozenset({"name", "days"}),
    "days_one": frozenset(),
    "days_many": frozenset({"count"}),
    "part_morning": frozenset(),
    "part_afternoon": frozenset(),
    "part_evening": frozenset(),
    "part_night": frozenset(),
    "first": frozenset(),
}

#: Sentences that may come week after week: at least `LEAST_FORMS` of each.
TURNING: Mapping[str, frozenset[str]] = {
    "opening": frozenset({"count", "first", "last"}),
    "opening_longest": frozenset({"day"}),
    "gentle_opening": frozenset(),
    "silent_week": frozenset(),
    "one_day": frozenset({"day"}),
    "two_days": frozenset({"days"}),
    "too_little": frozenset(),
    "quiet_week": frozenset(),
    "said_naming_fear": frozenset({"day", "quote"}),
    "said_staying_present": frozenset({"day", "quote"}),
    "said_felt_safe": frozenset({"day", "quote"}),
    "growth_noted": frozenset({"name", "days"}),
    "growth_also": frozenset({"also"}),
    "nothing_else": frozenset(),
    "one_came_back": frozenset(),
    "two_came_back": frozenset(),
    "part_of_day": frozenset({"part"}),
    "weekday_again": frozenset({"day"}),
    "first_time": frozenset({"weeks"}),
    "back_again": frozenset({"date"}),
    "not_last_week": frozenset(),
    "last_week_less": frozenset({"then"}),
    "last_week_same": frozenset({"then"}),
    "last_week_more": frozenset({"then"}),
    "second_then": frozenset({"then"}),
    "second_none": frozenset(),
    "invitation_lead": frozenset(),
    "invitations": frozenset(),
    "gentle_invitations": frozenset(),
}

#: Every slot of reflections.yaml with the placeholders that its forms may use.
SLOTS: Mapping[str, frozenset[str]] = {**LAYOUT, **TURNING}


@dataclass(frozen=True, slots=True)
class Forms:
    """The wordings of one person's reflection: `seed` stays with the person, `number` counts their weeks.

    In as many weeks as a list is long, every form comes once; two people go through it in different orders.
    """

    library: Library
    seed: int
    number: int

    def say(self, slot: str, **values: str) -> str:
        """The form whose turn it is, filled in. `values` are Telegram HTML already."""
        said = self.turn(slot, self.library.reflections[slot]).format(**values)
        return said[:1].upper() + said[1:] if slot in TURNING else said

    def turn(self, name: str, forms: Sequence[str]) -> str:
        """The one of `forms` whose turn it is; `name` keeps lists from going in step."""
        own = crc32(f"{self.seed}/{name}".encode())
        strides = [step for step in range(1, len(forms) + 1) if gcd(step, len(forms)) == 1]
        return forms[(own + self.number * strides[own // 97 % len(strides)]) % len(forms)]
