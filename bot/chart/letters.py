"""Sets words: measures, shrinks and wraps them, and writes them as SVG text.

Letters stand on whole pixels. Equal letters of a line then are equal pixels, which takes a quarter off
the PNG, and a line is exactly as wide as it was measured.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal

from bot.chart.faces import FAMILY, all_faces, own_face

#: Weight 600; the only one that ships.
WEIGHT = 600
#: Control characters, lone surrogates and code points that are no characters.
NOT_XML = {"Cc", "Cs", "Cn"}
#: Where no font has the letter, a box is drawn; it is about this wide, in ems.
UNKNOWN = 0.7

#: Says that a line runs leftwards even where it begins with a figure.
RIGHT_TO_LEFT = "\u200f"
#: A letter that is shaped by its neighbours is not the same pixels twice.
NOT_PLAIN = 1.6
#: Smaller than this is not read on a phone.
SMALLEST = 28

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Setting:
    """Text that fits: its size in pixels, and its lines."""

    size: int
    lines: tuple[str, ...]


def tidy(text: str) -> str:
    """Composed characters in one line, without those that XML refuses."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(char) in NOT_XML else char for char in composed)
    return " ".join("".join(kept).split())


def width(text: str, size: int) -> int:
    """Pixels that `text` takes at `size`; for joined scripts not less than it takes."""
    return sum(_advances(text, size))


def runs_leftwards(text: str) -> bool:
    """Whether the first letter with a direction is of a script written from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def missing_letters(text: str) -> set[str]:
    """Characters that no font of the project has; a picture would show boxes in their place."""
    known = all_faces().advances
    return {char for char in tidy(text) if not _joins(char) and ord(char) not in known}


def fit(text: str, room: int, sizes: range, *, lines: int = 2) -> Setting:
    """The largest of `sizes` (falling) at which `text` takes one line of `room` pixels, else `lines` of them.

    Where even the smallest is too wide, goes on to SMALLEST, and cuts at last. Never overflows.
    """
    clean = tidy(text)
    for size in sizes:
        if width(clean, size) <= room:
            return Setting(size, (clean,))
    for size in range(sizes[-1], SMALLEST - 1, -2):
        wrapped = _wrap(clean, room, size)
        if len(wrapped) <= lines and all(width(line, size) <= room for line in wrapped):
            return Setting(size, _balanced(clean, room, size, len(wrapped)))
    return Setting(SMALLEST, tuple(_cut(clean, room, SMALLEST, lines)))


def fit_together(texts: list[str], room: int, sizes: range, *, lines: int = 2) -> list[Setting]:
    """Fits several texts to the one size that all of them can have."""
    alone = [fit(text, room, sizes, lines=lines) for text in texts]
    if not alone:
        return []
    smallest = min(setting.size for setting in alone)
    return [fit(text, room, range(smallest, smallest - 1, -1), lines=lines) for text in texts]


def effort(texts: Iterable[str]) -> float:
    """How much the PNG has to say of these texts' edges, in Latin letters."""
    return sum(len(text) * (1 if _plain(text) else NOT_PLAIN) for text in texts)


def write(text: str, x: float, y: float, size: int, fill: str, anchor: Anchor = "start", *, crisp: bool = False) -> str:
    """One line as an SVG element; `anchor` is the end of the line that stands at `x`.

    `crisp` leaves the edges unsmoothed, which takes a quarter of the bytes.
    """
    if not text:
        return ""
    attributes = f'y="{y:g}" font-size="{size}" fill="{fill}"'
    if crisp:
        attributes += ' text-rendering="optimizeSpeed"'
    if not _plain(text):
        mark = RIGHT_TO_LEFT if runs_leftwards(text) else ""
        return f'<text x="{x:g}" {attributes} text-anchor="{anchor}">{mark}{escape(text)}</text>'
    advances = _advances(text, size)
    place = round(x - sum(advances) * {"start": 0, "middle": 0.5, "end": 1}[anchor])
    places = []
    for advance in advances:
        places.append(f"{place}")
        place += advance
    return f'<text x="{" ".join(places)}" {attributes}>{escape(text)}</text>'


def family() -> str:
    """The attributes that choose the font, for the picture's root element."""
    return f'font-family="{FAMILY}" font-weight="{WEIGHT}"'


def _joins(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me", "Cf"}


def _advances(text: str, size: int) -> list[int]:
    known = all_faces().advances
    return [0 if _joins(char) else round(size * known.get(ord(char), UNKNOWN)) for char in text]


def _plain(text: str) -> bool:
    """Whether every letter stands for itself, so that each may be placed alone."""
    own = own_face().advances
    return all(ord(char) in own and not _joins(char) for char in text)


def _wrap(text: str, room: int, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _balanced(text: str, room: int, size: int, count: int) -> tuple[str, ...]:
    """The same number of lines, made as even as words allow."""
    best = _wrap(text, room, size)
    for narrower in range(room, room // count, -20):
        wrapped = _wrap(text, narrower, size)
        if len(wrapped) > count:
            break
        best = wrapped
    return tuple(best)


def _cut(text: str, room: int, size: int, lines: int) -> list[str]:
    cut = [""]
    for char in text:
        if width(cut[-1] + char, size) > room:
            cut.append("")
        cut[-1] += char
    kept = cut[:lines]
    if len(cut) > lines:
        while kept[-1] and width(kept[-1] + "…", size) > room:
            kept[-1] = kept[-1][:-1]
        kept[-1] += "…"
    return [line.strip() for line in kept]
