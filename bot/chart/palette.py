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
    """Colours as #rrggbb. `hills` go from the first named to the last, far to near; an
    `inscription` is read on them."""

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
    reed: str
    islands: tuple[str, str]
    shade: str
    hills: tuple[str, str, str]
    inscription: str
    light: str
    door: str
    halo: str


MORNING = Palette(
    sky="#e2edeb",
    title="#222d2b",
    dawn=(Stop(0, "#e2edeb"), Stop(0.5, "#f0eadb"), Stop(1, "#fde3c6")),
    sea=(Stop(0, "#c3d9d6"), Stop(0.3, "#a9cbce"), Stop(1, "#86b4bd")),
    swell="#d4e5e2",
    foam="#ffffff",
    shore="#f8f0e1",
    text="#383021",
    quiet="#686051",
    stone="#8f8273",
    reed="#8d9a76",
    islands=("#1f4270", "#bf698d"),
    shade="#9b4b70",
    hills=("#b4d0d4", "#8cb5c1", "#6498aa"),
    inscription="#10201f",
    light="#dd6212",
    door="#6b2f14",
    halo="#f7d3b4",
)
NIGHT = Palette(
    sky="#151d35",
    title="#dde5fd",
    dawn=(Stop(0, "#151d35"), Stop(0.5, "#252c4e"), Stop(1, "#3b3d60")),
    sea=(Stop(0, "#343c60"), Stop(0.3, "#222c4e"), Stop(1, "#18213d")),
    swell="#3a4670",
    foam="#5d6b92",
    shore="#0f1526",
    text="#dfe5f6",
    quiet="#979dae",
    stone="#6e7488",
    reed="#33415c",
    islands=("#5b8fd0", "#e59ab5"),
    shade="#bd7496",
    hills=("#4f6394", "#394877", "#263258"),
    inscription="#e6ebf8",
    light="#ffe3a0",
    door="#a9713f",
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
