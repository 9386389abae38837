"""The colours of morning and of night.

Each pair that means something differs in lightness as well as in hue, for eyes that see fewer hues.
Words are as far from their ground in red as in green and blue: the PNG is a fifth smaller for it.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Stop(NamedTuple):
    """A colour at a height: 0 the top of its band, 1 the bottom."""

    at: float
    colour: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #rrggbb. `hills` go from the first named to the last, far to near."""

    sky: str
    title: str
    dawn: tuple[Stop, ...]
    sea: tuple[Stop, ...]
    swell: str
    foam: str
    shore: str
    text: str
    quiet: str
    stone: str
    islands: tuple[str, str]
    shade: str
    hills: tuple[str, str, str, str]
    light: str
    door: str
    halo: str


MORNING = Palette(
    sky="#dce8e6",
    title="#1c2826",
    dawn=(Stop(0, "#dce8e6"), Stop(0.5, "#f0eadb"), Stop(1, "#fde3c6")),
    sea=(Stop(0, "#c3d9d6"), Stop(0.3, "#a9cbce"), Stop(1, "#86b4bd")),
    swell="#d4e5e2",
    foam="#ffffff",
    shore="#f8f0e1",
    text="#383021",
    quiet="#807869",
    stone="#a79a8a",
    islands=("#2f5585", "#b8567f"),
    shade="#934066",
    hills=("#8fb3c0", "#6592a8", "#3f6f8c", "#234d6b"),
    light="#e08a00",
    door="#8a4b12",
    halo="#f3dcae",
)
NIGHT = Palette(
    sky="#151d35",
    title="#dde5fd",
    dawn=(Stop(0, "#151d35"), Stop(0.5, "#252c4e"), Stop(1, "#43456a")),
    sea=(Stop(0, "#343c60"), Stop(0.3, "#222c4e"), Stop(1, "#18213d")),
    swell="#3a4670",
    foam="#5d6b92",
    shore="#0f1526",
    text="#dfe5f6",
    quiet="#979dae",
    stone="#6e7488",
    islands=("#5b8fd0", "#e59ab5"),
    shade="#bd7496",
    hills=("#4a5b8c", "#394a78", "#293861", "#1b2748"),
    light="#ffe3a0",
    door="#7a5a34",
    halo="#3a4058",
)


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour in the first, 0 to 1."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def at_height(stops: tuple[Stop, ...], height: float) -> str:
    """The colour of a band at a height, 0 to 1."""
    for upper, lower in pairwise(stops):
        if height <= lower.at:
            return mix(upper.colour, lower.colour, (height - upper.at) / (lower.at - upper.at))
    return stops[-1].colour


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
