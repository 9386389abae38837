"""The written form of a reflection: what was counted, put into the words of the library.

Decides the order and the wording, never what is true: that comes in with the `Telling`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape, unescape

from bot.domain.evidence import Before, PartOfDay
from bot.domain.forms import Forms
from bot.domain.library import Calendar
from bot.domain.quotes import Quote
from bot.domain.week import Week

#: Telegram counts a message after its tags are read, in UTF-16 units, and takes this many.
MESSAGE_LIMIT = 4096
#: From so many days on, weekdays are listed by their short names.
MANY_DAYS = 4
#: Up to so many days with an answer, a week has the words of a thin one.
THIN = 2

TAGS = re.compile(r"</?[bi]>")
BOTH_WAYS = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})


@dataclass(frozen=True, slots=True)
class Named:
    """A pattern with its receipts: the distinct days in order, up to two quotes, the days of last week."""

    pattern: str
    days: tuple[date, ...]
    quotes: tuple[Quote, ...]
    last_week: int


@dataclass(frozen=True, slots=True)
class Telling:
    """All that a letter may say. `before` and `parts` are by pattern, for those in `named`."""

    week: Week
    written: tuple[date, ...]
    longest: date | None
    care: bool
    growth: tuple[Named, ...]
    named: tuple[Named, ...]
    before: Mapping[str, Before]
    parts: Mapping[str, PartOfDay]


@dataclass(frozen=True, slots=True)
class Letter:
    """Writes one week for one person."""

    forms: Forms
    calendar: Calendar

    def write(self, telling: Telling) -> str:
        """Telegram HTML under 4,096 characters, whatever comes in: quotes go first, then the last lines."""
        bare = replace(telling, growth=_bare(telling.growth), named=_bare(telling.named))
        for attempt in (telling, bare):
            text = "\n\n".join(self._paragraphs(attempt))
            if fits(text):
                return text
        kept = list(self._paragraphs(bare))
        while not fits("\n\n".join(kept)):
            kept.pop()
        return "\n\n".join(kept)

    def _paragraphs(self, telling: Telling) -> Iterator[str]:
        yield self.forms.say("heading", span=escape(self.calendar.span(telling.week.first, telling.week.last)))
        if not telling.written and not telling.care:
            yield self.forms.say("silent_week")
            return
        if self.forms.number == 0:
            yield self.forms.say("first")
        yield from self._beginning(telling)
        for place, named in enumerate(telling.named):
            yield "\n".join(self._block(named, telling, place))
        yield self._invitation(telling)

    def _beginning(self, telling: Telling) -> Iterator[str]:
        opening, growth, found = self._opening(telling), self._growth(telling), self._found(telling)
        if growth:
            yield f"{opening} {growth}".strip()
            yield from filter(None, (found,))
        elif opening or found:
            yield f"{opening} {found}".strip()

    def _opening(self, telling: Telling) -> str:
        written, turn = telling.written, self.forms.number + self.forms.seed
        if telling.care:
            return self.forms.say("gentle_opening")
        if telling.growth:
            return ""
        if len(written) == 1:
            return self.forms.say("one_day", day=self._days(written))
        if len(written) <= THIN:
            return self.forms.say("two_days", days=self._days(written))
        if telling.longest and turn % 2:
            return self.forms.say("opening_longest", day=self._days([telling.longest]))
        first, last = self._days(written[:1]), self._days(written[-1:])
        return self.forms.say("opening", count=self._count(len(written)), first=first, last=last)

    def _growth(self, telling: Telling) -> str:
        if not telling.growth:
            return ""
        leading, others = telling.growth[0], [(seen, seen.days) for seen in telling.growth[1:]]
        if leading.quotes:
            quote = leading.quotes[0]
            said = self.forms.say(f"said_{leading.pattern}", day=self._days([quote.day]), quote=shown(quote.text))
            more = tuple(day for day in leading.days if day != quote.day)
            others = [(leading, more), *others] if more else others
        else:
            said = self.forms.say("growth_noted", name=self._name(leading.pattern), days=self._days(leading.days))
        return f"{said} {self._also(others)}".strip()

    def _also(self, others: Sequence[tuple[Named, tuple[date, ...]]]) -> str:
        if not others:
            return ""
        items = [
            self.forms.say("also_item", name=self._name(seen.pattern), days=self._days(days)) for seen, days in others
        ]
        return self.forms.say("growth_also", also=self.calendar.listing(items))

    def _found(self, telling: Telling) -> str:
        if telling.named:
            return self.forms.say("one_came_back" if len(telling.named) == 1 else "two_came_back")
        if telling.care:
            return ""
        if telling.growth:
            return self.forms.say("nothing_else")
        return self.forms.say("too_little" if len(telling.written) <= THIN else "quiet_week")

    def _block(self, named: Named, telling: Telling, place: int) -> Iterator[str]:
        yield self.forms.say("pattern_line", name=self._name(named.pattern), days=self._days(named.days))
        for quote in named.quotes:
            day = escape(self.calendar.weekday_short(quote.day))
            yield self.forms.say("quote_line", quote=shown(quote.text), day=day)
        past, part = telling.before[named.pattern], telling.parts.get(named.pattern)
        first = (self._when(named, past, part), self._movement(named, past))
        sentences = first if place == 0 else (self._then(past),)
        if any(sentences):
            yield " ".join(filter(None, sentences))

    def _when(self, named: Named, past: Before, part: PartOfDay | None) -> str:
        if part:
            return self.forms.say("part_of_day", part=self.forms.say(f"part_{part}"))
        again = [day for day in named.days if day.weekday() in past.weekdays]
        return self.forms.say("weekday_again", day=self._days(again)) if len(again) == 1 else ""

    def _movement(self, named: Named, past: Before) -> str:
        if past.last_week:
            now = len(named.days)
            less, more = past.last_week < now, past.last_week > now
            slot = "last_week_less" if less else "last_week_more" if more else "last_week_same"
            return self.forms.say(slot, then=self._counted(past.last_week))
        if past.last_seen:
            return self.forms.say("back_again", date=escape(self.calendar.day(past.last_seen)))
        if past.weeks_known >= 2:
            return self.forms.say("first_time", weeks=self._count(past.weeks_known))
        return self.forms.say("not_last_week") if past.spoke else ""

    def _then(self, past: Before) -> str:
        if past.last_week:
            return self.forms.say("second_then", then=self._counted(past.last_week))
        return self.forms.say("second_none") if past.spoke else ""

    def _invitation(self, telling: Telling) -> str:
        found = (*telling.named, *telling.growth)
        library = self.forms.library
        if telling.care:
            invitation = self.forms.say("gentle_invitations")
        elif found:
            invitation = self.forms.turn(found[0].pattern, library.patterns[found[0].pattern].invitations)
        else:
            invitation = self.forms.say("invitations")
        return f"{self.forms.say('invitation_lead')} {invitation}"

    def _name(self, pattern: str) -> str:
        return escape(self.forms.library.patterns[pattern].name)

    def _days(self, days: Sequence[date]) -> str:
        name = self.calendar.weekday_short if len(days) >= MANY_DAYS else self.calendar.weekday
        return escape(self.calendar.listing([name(day) for day in days]))

    def _count(self, number: int) -> str:
        return escape(self.calendar.count(number))

    def _counted(self, days: int) -> str:
        if days == 1:
            return self.forms.say("days_one")
        return self.forms.say("days_many", count=self._count(days))


def shown(quote: str) -> str:
    """A person's words as Telegram HTML; words of another direction keep it to themselves."""
    return escape(isolated(quote), quote=False)


def isolated(text: str) -> str:
    """A person's words, not yet HTML, so that a right-to-left word turns nothing around it."""
    two_ways = any(unicodedata.bidirectional(sign) in BOTH_WAYS for sign in text)
    return f"\u2068{text}\u2069" if two_ways else text


def plain(html: str) -> str:
    """Telegram HTML as it reads: without its tags, its entities resolved."""
    return unescape(TAGS.sub("", html))


def fits(html: str) -> bool:
    """Whether Telegram takes this HTML as one message."""
    return len(plain(html).encode("utf-16-le", "surrogatepass")) // 2 < MESSAGE_LIMIT


def _bare(named: Sequence[Named]) -> tuple[Named, ...]:
    return tuple(replace(one, quotes=()) for one in named)
