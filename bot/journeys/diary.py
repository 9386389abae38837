"""A diary in a file becomes a reflection, for `nearer reflect`: no database, no clock, nothing kept.

One JSON object a line: `{"date": "2026-11-16", "text": "…", "chips": ["sudden_space"]}`, `chips` optional.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.errors import NearerError
from bot.domain.letter import plain
from bot.domain.library import PATTERN_IDS, Calendar, Library
from bot.domain.reflection import Entry, Named, Reflection, Week, compose

#: A diary has no subscriber; every one goes through the wordings in the same order.
SEED = 4


class DiaryError(NearerError):
    """The diary cannot be read. The message names the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a diary. `chips` are the patterns that its writer tapped."""

    day: date
    text: str
    chips: frozenset[str]


def reflect_diary(
    lines: Iterable[str],
    *,
    week: date | None,
    hear: Callable[[Sequence[str]], Sequence[frozenset[str]]],
    is_care: Callable[[str], bool],
    library: Library,
    calendar: Calendar,
) -> Reflection:
    """The reflection of the seven days ending with `week`, or with the last day of the diary.

    `hear` gets all texts that are not care, in one call, and gives the patterns sure enough to count.
    Raises DiaryError for a line that cannot be read, and for a diary without lines where no week is given.
    """
    read = read_diary(lines)
    if week is None and not read:
        raise DiaryError("The diary has no entry; write at least one line, or name a week.")
    last = week or max(line.day for line in read)
    return compose(
        week=_week_ending(last),
        entries=_entries(read, hear, is_care),
        muted=frozenset(),
        doubted=frozenset(),
        quotes=True,
        number=1 + last.toordinal() // 7,
        seed=SEED,
        library=library,
        calendar=calendar,
    )


def read_diary(lines: Iterable[str]) -> tuple[Line, ...]:
    """The lines of a diary in their order, without blank ones. Raises DiaryError naming the first bad one."""
    numbered = enumerate((line.strip("\ufeff \t\r\n") for line in lines), start=1)
    return tuple(_line(number, line) for number, line in numbered if line)


def as_json(reflection: Reflection) -> dict[str, Any]:
    """A reflection as plain data, as `nearer reflect --json` prints it; dates are YYYY-MM-DD."""
    return {
        "week": {"from": reflection.week.first.isoformat(), "to": reflection.week.last.isoformat()},
        "named": [_named(one) for one in reflection.named],
        "growth": [_named(one) for one in reflection.growth],
        "text": plain(reflection.text),
    }


def _named(one: Named) -> dict[str, Any]:
    return {
        "pattern": one.pattern,
        "days": [day.isoformat() for day in one.days],
        "quotes": [{"date": quote.day.isoformat(), "text": quote.text} for quote in one.quotes],
    }


def _week_ending(last: date) -> Week:
    if last.year <= date.min.year:
        raise DiaryError(f"No week with a week before it ends on {last}.")
    return Week.ending(last)


def _entries(
    read: Sequence[Line],
    hear: Callable[[Sequence[str]], Sequence[frozenset[str]]],
    is_care: Callable[[str], bool],
) -> list[Entry]:
    cares = [is_care(line.text) for line in read]
    told = [line.text for line, care in zip(read, cares, strict=True) if line.text.strip() and not care]
    heard = dict(zip(told, hear(told), strict=True)) if told else {}
    return [
        Entry(
            line.day,
            line.text,
            None,
            line.chips,
            frozenset() if care else heard.get(line.text, frozenset()),
            care=care,
        )
        for line, care in zip(read, cares, strict=True)
    ]


def _line(number: int, line: str) -> Line:
    try:
        read = json.loads(line)
    except ValueError as error:
        raise DiaryError(f"Line {number} is not JSON: {error}.") from None
    if not isinstance(read, dict):
        raise DiaryError(f"Line {number} is not a JSON object with date and text.")
    return Line(_date(number, read), _text(number, read), _chips(number, read))


def _date(number: int, read: dict[str, Any]) -> date:
    try:
        return date.fromisoformat(read["date"])
    except KeyError:
        raise DiaryError(f"Line {number} has no date.") from None
    except (TypeError, ValueError):
        raise DiaryError(f"Line {number}: date is {read['date']!r}; write it as 2026-11-16.") from None


def _text(number: int, read: dict[str, Any]) -> str:
    text = read.get("text")
    if not isinstance(text, str):
        raise DiaryError(f"Line {number} has no text; it is a string, and may be empty.")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise DiaryError(f"Line {number}: text has half a character (a lone surrogate).")
    return text


def _chips(number: int, read: dict[str, Any]) -> frozenset[str]:
    chips = read.get("chips") or []
    if not isinstance(chips, list) or not all(isinstance(chip, str) for chip in chips):
        raise DiaryError(f"Line {number}: chips is a list of pattern ids.")
    unknown = sorted(set(chips) - set(PATTERN_IDS))
    if unknown:
        raise DiaryError(f"Line {number}: no pattern is called {unknown[0]!r}; there are {', '.join(PATTERN_IDS)}.")
    return frozenset(chips)
