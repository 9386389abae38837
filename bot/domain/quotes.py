"""Choosing and cutting the words that a person gets back as a receipt.

A quote is theirs to the letter: nothing is collapsed, corrected or translated here.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: W3 asks for short quotes; a cut one has its "…" inside this length.
QUOTE_LIMIT = 90
CUT = "…"
#: A cut at the end of a sentence is taken from this length on; before it, a whole word says more.
SENTENCE_FROM = 30
#: Under this length a quote says little; another day's words are taken first.
TELLING = 15

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
SENTENCE_END = re.compile(r"[.!?…]+(?=\s)|[。！？]+")
LOOSE_END = " \t.,;:–—-(“\"'、，；：。" + CUT


@dataclass(frozen=True, slots=True)
class Quote:
    """A person's own words on one local day; a cut one ends in "…"."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What one entry offers for quoting. `alone`: its entry shows no other pattern."""

    day: date
    text: str
    confirmed: bool
    alone: bool


def excerpt(text: str) -> str:
    """The beginning of `text`, at most 90 characters and one line; "" where nothing is readable.

    Uncut, it is the whole text without the white space around it. Cut, it ends in "…" and the rest is a
    literal part of `text`: up to the end of a sentence or a word, or, in a script without spaces, between
    two whole characters as a reader sees them.
    """
    whole = text.strip().strip(ZERO_WIDTH).strip()
    lines = [line for line in whole.splitlines() if any(sign.isalnum() for sign in line)]
    if not lines:
        return ""
    if lines[0] == whole and len(whole) <= QUOTE_LIMIT:
        return whole
    head = _cut(lines[0].strip()).rstrip(LOOSE_END)
    return head + CUT if head else ""


def chosen(offers: Iterable[Words], used: frozenset[str], most: int) -> tuple[Quote, ...]:
    """The best quotes among `offers`, in the order of their days: distinct days, none alike."""
    taken: dict[date, str] = {}
    for words in sorted(offers, key=_worth):
        quote = excerpt(words.text)
        alike = {other.rstrip(CUT) for other in (*used, *taken.values())}
        if quote and words.day not in taken and quote.rstrip(CUT) not in alike:
            taken[words.day] = quote
        if len(taken) == most:
            break
    return tuple(Quote(day, taken[day]) for day in sorted(taken))


def _worth(words: Words) -> tuple[bool, bool, bool, bool, date]:
    quote = excerpt(words.text)
    short, cut = len(quote) < TELLING, quote != words.text.strip()
    return (not words.alone, not words.confirmed, short, cut, words.day)


def _cut(line: str) -> str:
    room = QUOTE_LIMIT - len(CUT)
    head = line[:room]
    ends = [end.end() for end in SENTENCE_END.finditer(line[: room + 1]) if SENTENCE_FROM <= end.end() <= room]
    if len(line) <= room:
        return head
    if ends:
        return head[: ends[-1]]
    if line[room].isspace():
        return head
    return _last_word(head) if _has_spaces(head, line[room]) else line[: _boundary(line, room)]


def _has_spaces(head: str, following: str) -> bool:
    return unicodedata.east_asian_width(following) not in "WF" and any(sign.isspace() for sign in head)


def _last_word(head: str) -> str:
    return head[: max(place for place, sign in enumerate(head) if sign.isspace())]


def _boundary(line: str, place: int) -> int:
    """The last place at or before `place` that splits no combined character (0 where there is none)."""
    while place > 0 and _joined(line, place):
        place -= 1
    return place


def _joined(line: str, place: int) -> bool:
    before, after = line[place - 1], line[place]
    if before == "\u200d" or after in ZERO_WIDTH or unicodedata.combining(before) == 9:
        return True
    if unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    flags = len(line[:place]) - len(line[:place].rstrip(FLAG_LETTERS))
    return after in FLAG_LETTERS and flags % 2 == 1


FLAG_LETTERS = "".join(chr(sign) for sign in range(0x1F1E6, 0x1F200))
