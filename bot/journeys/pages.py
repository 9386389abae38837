"""A pattern's page, and the dated words of some days: what it is, and a person's own answers that showed it.

Quotes and nothing else; what care sealed is nowhere in it (S3).
"""

from collections.abc import Sequence
from datetime import date

from bot.domain.letter import fits, isolated
from bot.domain.library import PATTERN_IDS
from bot.domain.localtime import local_day
from bot.domain.longview import began
from bot.domain.records import Delivery, Reply, Subscriber, Verdict
from bot.domain.schedule import week_before
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Rows
from bot.journeys.reflecting import VERDICT_SIGNS, entries_of
from bot.words import Words

#: A page shows so many of a person's own days, the latest ones.
LATEST = 3
#: Of a long answer so many characters are shown.
SHOWN = 300


def page_button(words: Words, pattern: str) -> Button:
    """The way to a pattern's page. The data is its place in the table of patterns, which never changes."""
    return Button(words.library.patterns[pattern].name, _page(pattern))


def pattern_at(written: str) -> str:
    """The pattern that such a button stands for. Raises ValueError or IndexError for what is none."""
    if not written.isdecimal():
        raise ValueError(written)
    return PATTERN_IDS[int(written)]


def _page(pattern: str) -> str:
    return f"p:{PATTERN_IDS.index(pattern)}"


async def page(kit: Kit, person: Subscriber, pattern: str) -> Message:
    """What a pattern is, why a mind may do it, what it protects, what can help; the person's own latest days."""
    return page_of(kit.tongue_of(person).words, person, await latest_replies(kit, person), pattern)


def page_of(words: Words, person: Subscriber, replies: Sequence[Reply], pattern: str) -> Message:
    """The page, given the replies of three months."""
    told = dated(words, person, replies, pattern)
    days = [words.say("page_days"), *told[-LATEST:]] if told else [words.say("page_no_days")]
    return message([*_explained(words, pattern), *days], (*_verdicts(words, person, pattern), back(words)))


def _explained(words: Words, pattern: str) -> list[str]:
    known = words.library.patterns[pattern]
    return [
        words.say("page", name=known.name),
        known.what,
        f"{words.say('page_why')} {known.why}",
        f"{words.say('page_protects')} {known.protects}",
        f"{words.say('page_helps')} {known.helps}",
    ]


def _verdicts(words: Words, person: Subscriber, pattern: str) -> Rows:
    said = person.mind.verdicts.get(pattern)
    tick = {verdict: f"{words.say('tick')} " if said == verdict else "" for verdict in Verdict}
    return tuple(
        (Button(tick[verdict] + words.say(f"verdict_{verdict}"), f"{_page(pattern)}:{sign}"),)
        for sign, verdict in VERDICT_SIGNS.items()
    )


def left_out(words: Words, person: Subscriber) -> Message:
    """The patterns that are not mentioned, each with the way to its page, where that can be taken back."""
    muted = [name for name in PATTERN_IDS if person.mind.verdicts.get(name) == Verdict.MUTED]
    return message([words.say("months_muted")], (*((page_button(words, name),) for name in muted), back(words)))


async def days_message(kit: Kit, person: Subscriber, delivery: Delivery, number: int) -> Message:
    """*Show me those days*: the dated words of a reflection's week that showed this pattern."""
    words, week, pattern = kit.tongue_of(person).words, week_before(delivery.day), delivery.patterns[number]
    async with kit.store.read() as work:
        replies = await work.replies.between(person.id, week.first, week.last)
    name = words.library.patterns[pattern].name
    title = words.say("days_of", name=name, span=words.span(week.first, week.last))
    return message([title, *(dated(words, person, replies, pattern) or [words.say("days_of_none")])], ())


def dated(words: Words, person: Subscriber, replies: Sequence[Reply], pattern: str) -> list[str]:
    """The answers that show a pattern, each under its day, oldest first; only the days where quotes are off."""
    entries = entries_of(replies, person)
    mine = [reply for reply, entry in zip(replies, entries, strict=True) if pattern in entry.shows]
    if not person.preferences.quotes:
        return [words.say("days_of_bare", day=words.day(day)) for day in sorted({reply.day for reply in mine})]
    return [_told(words, reply) for reply in mine]


def _told(words: Words, reply: Reply) -> str:
    key = "days_of_tap" if reply.tapped else "days_of_words"
    return words.say(key, day=words.day(reply.day), text=isolated(shortened(reply.text)))


def shortened(text: str) -> str:
    """A long answer cut after a word."""
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(maxsplit=1)[0] + "…"


async def latest_replies(kit: Kit, person: Subscriber) -> list[Reply]:
    """The replies of the three months up to today."""
    day = today(kit, person)
    async with kit.store.read() as work:
        return await work.replies.between(person.id, began(day), day)


def today(kit: Kit, person: Subscriber) -> date:
    """The person's local day."""
    return local_day(kit.now(), person.preferences.zone or "UTC", person.preferences.day_start)


def message(parts: Sequence[str], rows: Rows) -> Message:
    """As many of the parts as one message holds."""
    kept = list(parts)
    while not fits("\n\n".join(kept)):
        kept.pop()
    return Message("\n\n".join(kept), rows)


def back(words: Words) -> tuple[Button, ...]:
    """The way back to the three months."""
    return (Button(words.say("back"), "p:"),)
