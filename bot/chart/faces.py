"""How wide a letter is: reads a font's own tables, so that no name runs out of its picture.

Knows TrueType and OpenType files with a Unicode character map of format 4 or 12; draws nothing.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "content" / "fonts"
#: First the family of the drawings, then those asked for a letter that it lacks.
FAMILY = "Manrope"


@dataclass(frozen=True, slots=True)
class Face:
    """The advance of every character, in ems."""

    advances: Mapping[int, float]


def font_files() -> list[Path]:
    """The fonts that ship with the project, the drawings' own first; a script is added by adding a file."""
    files = (path for path in FONTS.iterdir() if path.suffix in {".ttf", ".otf"})
    return sorted(files, key=lambda path: (not path.name.startswith(FAMILY), path.name))


@cache
def own_face() -> Face:
    """The drawings' own font."""
    return read_face(font_files()[0])


@cache
def all_faces() -> Face:
    """Every character that can be drawn, as wide as in the first font that has it."""
    advances: dict[int, float] = {}
    for path in reversed(font_files()):
        advances |= read_face(path).advances
    return Face(advances)


def read_face(path: Path) -> Face:
    """Reads one font file. Raises ValueError if it has no Unicode character map."""
    data = path.read_bytes()
    tables = dict(_tables(data))
    units = struct.unpack_from(">H", data, tables["head"] + 18)[0]
    count = struct.unpack_from(">H", data, tables["hhea"] + 34)[0]
    widths = [pair[0] for pair in struct.iter_unpack(">Hh", data[tables["hmtx"] :][: count * 4])]
    letters = _characters(data, tables["cmap"])
    return Face({code: widths[min(glyph, count - 1)] / units for code, glyph in letters})


def _tables(data: bytes) -> Iterator[tuple[str, int]]:
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        yield tag.decode("ascii"), offset


def _characters(data: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    """(character, glyph) pairs of the fullest Unicode map."""
    maps: dict[int, int] = {}
    for index in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        if platform in {0, 3}:
            maps[struct.unpack_from(">H", data, cmap + offset)[0]] = cmap + offset
    if 12 in maps:
        return _groups(data, maps[12])
    if 4 in maps:
        return _segments(data, maps[4])
    raise ValueError("a font without a Unicode character map")


def _groups(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    for index in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * index)
        for code in range(first, last + 1):
            yield code, glyph + code - first


def _segments(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    double = struct.unpack_from(">H", data, at + 6)[0]
    ends, starts, deltas, offsets = (at + 14, at + 16 + double, at + 16 + 2 * double, at + 16 + 3 * double)
    for step in range(0, double, 2):
        (end,), (start,), (delta,), (offset,) = (
            struct.unpack_from(">H", data, table + step) for table in (ends, starts, deltas, offsets)
        )
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", data, offsets + step + offset + 2 * (code - start))[0]
            if glyph or not offset:
                yield code, (glyph + delta) & 0xFFFF
