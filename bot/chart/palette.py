"""The colours of morning and of night.

Each pair that means something differs in lightness as well as in hue, for eyes that see fewer hues.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Stop(NamedTuple):
    """A colour at a height: 0 the top of its band, 1 the bottom."""

    at: float
    colour: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #rrggbb. `islands` and `hills` go from the first named to the last, far to near."""

    sky: tuple[Stop, ...]
    sea: tuple[Stop, ...]
    shore: str
    swell: str
    foam: str
    text: str
    quiet: str
    islands: tuple[str, str]
    shade: str
    hills: tuple[str, str, str, str]
    light: str
    rim: str
    halo: str
    stone: str
    reed: str


MORNING = Palette(
    sky=(Stop(0, "#cfe0e4"), Stop(0.55, "#e9ebe2"), Stop(1, "#fde8cc")),
    sea=(Stop(0, "#c3d9d6"), Stop(0.3, "#a9cbce"), Stop(1, "#86b4bd")),
    shore="#f8f0e1",
    swell="#d8e8e4",
    foam="#ffffff",
    text="#1f2f3a",
    quiet="#6b7479",
    islands=("#2f5585", "#cf6a57"),
    shade="#5a2c3c",
    hills=("#8fb3c0", "#6592a8", "#3f6f8c", "#234d6b"),
    light="#f4b11f",
    rim="#a86500",
    halo="#f8e0b0",
    stone="#8a7f74",
    reed="#7c8a63",
)
NIGHT = Palette(
    sky=(Stop(0, "#10182c"), Stop(0.55, "#1d2747"), Stop(1, "#3d4266")),
    sea=(Stop(0, "#343c60"), Stop(0.3, "#222c4e"), Stop(1, "#18213d")),
    shore="#0f1526",
    swell="#3a4670",
    foam="#5d6b92",
    text="#f1e9da",
    quiet="#8f97a8",
    islands=("#5b8fd0", "#eb9c8c"),
    shade="#3d4266",
    hills=("#4a5b8c", "#394a78", "#293861", "#1b2748"),
    light="#ffe3a0",
    rim="#ffe3a0",
    halo="#3f4360",
    stone="#b9b2a6",
    reed="#3f5260",
)


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour in the first, 0 to 1."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def at_height(stops: tuple[Stop, ...], height: float) -> str:
    """The colour of a band at a height, 0 to 1."""
    for upper, lower in zip(stops, stops[1:], strict=False):
        if height <= lower.at:
            return mix(upper.colour, lower.colour, (height - upper.at) / (lower.at - upper.at))
    return stops[-1].colour


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
