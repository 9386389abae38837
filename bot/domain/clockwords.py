"""Reads a time of day as people type it. What may mean two times is given back as options, never guessed.

Knows digits and arithmetic only; every word is in `content/<language>/clock.yaml`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from bot.domain.errors import ContentError

#: Longer texts are something else than a time of day.
LONGEST = 100

HALF_A_DAY = 12 * 60
DAY = 24 * 60

#: Between digits stands a mark that parts hours from minutes, or one that makes a range, date or fraction.
_TOKEN = re.compile(r"(?<=\d)\s*[:.,٫]\s*(?=\d)|(?<=\d)\s*[-–—/⁄+]\s*(?=\d)|\d+|[^\W\d_]+")
_IDLE_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")

#: One letter a sign: Number, Part of an hour, past >, to <, minutes m, hours h, mark :, Named time.
_HANDS = re.compile(
    r"(?:(?P<amount>[NP])m?(?P<side>[<>])|(?P<half>P))?"
    r"(?P<clock>N(?::N){0,2}h?|NhN|NN|T|N(?::N)?T)"
)

#: The fields of clock.yaml that are lists of phrases, with their letters; those with keys; what half_of may say.
_PLAIN = {"past": ">", "to": "<", "minutes": "m", "hours": "h", "around": "around"}
_KEYED = ("numbers", "parts", "names", "day")
_SIDES = {"later": 30, "earlier": -30}


@dataclass(frozen=True, slots=True)
class Clear:
    """The one time that the text means."""

    time: time


@dataclass(frozen=True, slots=True)
class Unclear:
    """The times that the text may mean, two or more, from early to late."""

    options: tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """What a token stands for. `kind` is a letter of the grammar, "day" or "around".

    `digits` of a number are as typed ("09"); `minutes` are those of a part of an hour, of a named time, or
    the first and last of a part of the day.
    """

    kind: str
    digits: str = ""
    minutes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockWords:
    """The words of one language: phrases, as folded tokens, with what they stand for."""

    signs: Mapping[tuple[str, ...], Sign]
    longest: int
    half_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Face:
    """Minutes of the day that the hands may mean; `sure` is the one meant where nothing else is said."""

    readings: frozenset[int]
    sure: int | None = None


def clock_words(data: Mapping[str, Any]) -> ClockWords:
    """The words in a parsed clock.yaml. Raises ContentError, naming the key that is missing or wrong."""
    signs: dict[tuple[str, ...], Sign] = {}
    field = "half_of"
    try:
        half_of = tuple(_SIDES[side] for side in data[field])
        for field in (*_PLAIN, *_KEYED):
            signs |= {_tokens(phrase): sign for phrase, sign in _phrases(field, data[field])}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ContentError(f"clock.yaml: {field}: missing, or not as English has it ({error!r}).") from error
    return ClockWords(signs, max(map(len, signs)), half_of)


def read_time(text: str, words: ClockWords) -> Clear | Unclear | None:
    """The time of day that `text` says in `words`; None where it says none. Takes any text.

    "9", "9:30" and "12" are unclear (morning or evening); "09:30", "21", "2130" and "9pm" are clear.
    """
    signs = _signs(_tokens(text), words) if len(text) <= LONGEST else None
    if signs is None:
        return None
    hands = [sign for sign in signs if len(sign.kind) == 1]
    shape = _HANDS.fullmatch("".join(sign.kind for sign in hands))
    face = _face(hands[slice(*shape.span("clock"))]) if shape else None
    shifts = _shifts(shape, hands, words) if shape else ()
    if face is None or not shifts:
        return None
    return _answer(face, shifts, [sign.minutes for sign in signs if sign.kind == "day"])


def _phrases(field: str, value: Any) -> Iterator[tuple[str, Sign]]:
    if field in _PLAIN:
        yield from ((phrase, Sign(_PLAIN[field])) for phrase in _listed(value))
        return
    for key, phrases in value.items():
        sign = _keyed(field, str(key))
        yield from ((phrase, sign) for phrase in _listed(phrases))


def _keyed(field: str, key: str) -> Sign:
    """What a phrase under `key` stands for: "05" of numbers, "15" of parts, "12:00" of names, "18:00-23:59"."""
    if field == "numbers":
        return Sign("N", digits=_decimal(key))
    if field == "parts":
        return Sign("P", minutes=(int(_decimal(key)),))
    if field == "names":
        return Sign("T", minutes=(_minute_of_day(key),))
    first, last = key.split("-")
    return Sign("day", minutes=(_minute_of_day(first), _minute_of_day(last)))


def _listed(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list of phrases")
    return value


def _decimal(key: str) -> str:
    if not key.isdecimal():
        raise ValueError(f"{key!r} is no number")
    return key


def _minute_of_day(clock: str) -> int:
    wall = time.fromisoformat(clock)
    return wall.hour * 60 + wall.minute


def _tokens(text: str) -> tuple[str, ...]:
    """Numbers, words and marks between numbers; without case, accents, apostrophes, the dots of "p.m."."""
    folded = "".join(map(_plain, unicodedata.normalize("NFKD", text).casefold()))
    return tuple(piece.strip() for piece in _TOKEN.findall(_IDLE_DOT.sub("", folded)))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "" if category in ("Cf", "Mn") or character in "'’‘`´ʼ" else character


def _signs(tokens: Sequence[str], words: ClockWords) -> list[Sign] | None:
    """The tokens read from left to right, the longest phrase first; None where one means nothing."""
    signs: list[Sign] = []
    at = 0
    while at < len(tokens):
        lengths = range(min(words.longest, len(tokens) - at), 0, -1)
        found = next((length for length in lengths if tuple(tokens[at : at + length]) in words.signs), 0)
        sign = words.signs[tuple(tokens[at : at + found])] if found else _digits_or_mark(tokens[at])
        if sign is None:
            return None
        signs.append(sign)
        at += found or 1
    return signs


def _digits_or_mark(piece: str) -> Sign | None:
    if piece.isdecimal():
        return Sign("N", digits=piece)
    return Sign(":") if piece in (":", ".", ",", "٫") else None


def _face(hands: Sequence[Sign]) -> _Face | None:
    """The clock itself: numbers, a named time, or both ("12 noon")."""
    numbers = [sign.digits for sign in hands if sign.kind == "N"]
    named = frozenset(sign.minutes[0] for sign in hands if sign.kind == "T")
    if not numbers:
        return _Face(named, *named)
    if len(numbers) == 1 and 3 <= len(numbers[0]) <= 4:
        numbers = [numbers[0][:-2], numbers[0][-2:]]
    face = _hour_and_minute(*[*numbers, "00", "00"][:3])
    if face is None or not named:
        return face
    return _Face(named, *named) if named <= face.readings else None


def _hour_and_minute(hours: str, minutes: str, seconds: str) -> _Face | None:
    if len(hours) > 2 or any(len(part) != 2 or int(part) > 59 for part in (minutes, seconds)):
        return None
    hour, minute = int(hours), int(minutes)
    if hour > 24 or (hour == 24 and minute):
        return None
    there = (hour * 60 + minute) % DAY
    if not 1 <= hour <= 12:
        return _Face(frozenset({there}), there)
    both = frozenset({there, (there + HALF_A_DAY) % DAY})
    return _Face(both, there if hours.startswith("0") else None)


def _shifts(shape: re.Match[str], hands: Sequence[Sign], words: ClockWords) -> tuple[int, ...]:
    """How many minutes past (or before) its face the text means; none where it makes no sense."""
    if shape["half"]:
        return words.half_of if hands[0].minutes == (30,) else ()
    if not shape["side"]:
        return (0,)
    amount = hands[0].minutes[0] if shape["amount"] == "P" else int(hands[0].digits[:3])
    sign = 1 if shape["side"] == ">" else -1
    return (sign * amount,) if 0 < amount < 60 else ()


def _answer(face: _Face, shifts: Iterable[int], windows: Sequence[tuple[int, ...]]) -> Clear | Unclear:
    def inside(minute: int) -> bool:
        return all(_within(minute, first, last) for first, last in windows)

    moves = {(reading, (reading + shift) % DAY) for reading in face.readings for shift in shifts}
    # "Quarter to 12 in the evening" means a quarter before what the evening has, or a quarter in the evening.
    kept = {moved for reading, moved in moves if inside(reading) or inside(moved)}
    if not windows and face.sure is not None:
        kept = {(face.sure + shift) % DAY for shift in shifts}
    if not kept:
        kept = {minute % DAY for _, moved in moves for minute in (moved, moved + HALF_A_DAY)}
    times = tuple(time(*divmod(minute, 60)) for minute in sorted(kept))
    return Clear(times[0]) if len(times) == 1 else Unclear(times)


def _within(minute: int, first: int, last: int) -> bool:
    return first <= minute <= last if first <= last else minute >= first or minute <= last
