"""The few things that a drawing is made of: bands of sky and sea, islands, lights, dashes of water.

Each takes places in pixels and gives SVG. Colours are laid flat, without gradients, blurs or opacity, and
what is level lies on whole pixels: anything else costs the most time and the most bytes.
"""

from collections.abc import Iterable, Sequence

from bot.chart.palette import Palette, Stop, at_height, mix
from bot.domain.library import GROWTH_IDS

Point = tuple[float, float]

#: Islands on a base of 1 by 1, feet on the waterline, up is 1.
ROUND = ((-0.54, 0), (-0.4, 0.2), (-0.2, 0.82), (0, 0.98), (0.19, 0.7), (0.38, 0.34), (0.56, 0))
PEAKS = ((-0.54, 0), (-0.27, 0.56), (-0.19, 0.47), (0.05, 1), (0.25, 0.48), (0.33, 0.55), (0.54, 0))
SHADED = ((0.05, 1), (0.25, 0.48), (0.33, 0.55), (0.54, 0), (0.14, 0), (0.05, 0.42))
#: How tall a reflection is.
REFLECTED = 0.5
#: Where the water lies over a reflection, in parts of its depth.
RIPPLES = (0.3, 0.62)
#: Half width and depth of a light's path on the water in pixels, and how much light is in it.
GLITTER = ((36, 12, 0.95), (24, 32, 0.85), (32, 52, 0.75), (16, 74, 0.65), (8, 96, 0.55))


def bands(stops: tuple[Stop, ...], top: int, bottom: int, width: int, step: int) -> str:
    """Even stripes that go from one colour to the next: a gradient, as a woodcut would do it."""
    stripes = []
    for y in range(top, bottom, step):
        colour = at_height(stops, (y - top) / (bottom - top))
        stripes.append(rect(0, y, width, min(step, bottom - y), colour))
    return "".join(stripes)


def rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    """A level bar on whole pixels."""
    return f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{colour}"/>'


def curve(points: Sequence[Point]) -> str:
    """A path through the points without corners (Catmull-Rom)."""
    path = f"M{_pair(points[0])}"
    around = [points[0], *points, points[-1]]
    for before, here, there, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        leave = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        arrive = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        path += f"C{_pair(leave)} {_pair(arrive)} {_pair(there)}"
    return path


def straight(points: Iterable[Point]) -> str:
    """A path through the points with corners."""
    return "M" + "L".join(_pair(point) for point in points)


def fill(path: str, colour: str) -> str:
    """A closed shape."""
    return f'<path d="{path}Z" fill="{colour}"/>'


def island(slot: int, x: float, y: float, wide: float, tall: float, palette: Palette) -> str:
    """The first pattern's rounded hill or the second's rock; `y` is the waterline; `wide` < 0 turns it round."""
    colour = palette.islands[slot]
    if slot == 0:
        return fill(curve(_scaled(ROUND, x, y, wide, tall)), colour)
    rock = fill(straight(_scaled(PEAKS, x, y, wide, tall)), colour)
    return rock + fill(straight(_scaled(SHADED, x, y, wide, tall)), palette.shade)


def reflection(slot: int, x: float, y: float, wide: float, tall: float, palette: Palette) -> str:
    """The same island upside down in the water, paler and flatter."""
    water = at_height(palette.sea, 0.2)
    deep = tall * REFLECTED
    points = _scaled(PEAKS if slot else ROUND, x, y, wide, -deep)
    mirrored = fill(straight(points) if slot else curve(points), mix(water, palette.islands[slot], 0.45))
    half = abs(wide) / 2
    return mirrored + "".join(rect(x - half, y + deep * down, 2 * half, 3, water) for down in RIPPLES)


def glitter(x: float, y: float, palette: Palette) -> str:
    """A light's path on the water, below the horizon `y`."""
    water = at_height(palette.sea, 0.4)
    return "".join(
        rect(x - half, y + down, 2 * half, 7, mix(water, palette.light, share)) for half, down, share in GLITTER
    )


def light(pattern: str, x: float, y: float, size: float, palette: Palette) -> str:
    """The light of a growth pattern: naming is a young moon, staying a full one, feeling safe a lantern."""
    return (_crescent, _disc, _lantern)[GROWTH_IDS.index(pattern)](x, y, size, palette)


def _disc(x: float, y: float, size: float, palette: Palette) -> str:
    halo = f'<circle cx="{x:g}" cy="{y:g}" r="{size * 1.5:g}" fill="{palette.halo}"/>'
    return f'{halo}<circle cx="{x:g}" cy="{y:g}" r="{size:g}" fill="{palette.light}"/>'


def _crescent(x: float, y: float, size: float, palette: Palette) -> str:
    far, near = size * 1.15, size * 0.95
    path = (
        f"M{x + 0.2 * size:.1f} {y - far:.1f}A{far:.1f} {far:.1f} 0 1 0 {x + far:.1f} {y + 0.4 * size:.1f}"
        f"A{near:.1f} {near:.1f} 0 0 1 {x + 0.2 * size:.1f} {y - far:.1f}"
    )
    return fill(path, palette.light)


def _lantern(x: float, y: float, size: float, palette: Palette) -> str:
    top, foot, tall = size * 0.92, size * 0.56, size * 1.1
    paper = (
        f"M{x - foot:.1f} {y + tall:.0f}L{x - top:.1f} {y - tall * 0.35:.1f}"
        f"Q{x - top:.1f} {y - tall:.0f} {x:.1f} {y - tall:.0f}Q{x + top:.1f} {y - tall:.0f} "
        f"{x + top:.1f} {y - tall * 0.35:.1f}L{x + foot:.1f} {y + tall:.0f}"
    )
    flame = rect(x - foot * 0.7, y + tall * 0.62, foot * 1.4, 5, palette.flame)
    return fill(paper, palette.light) + flame


def _scaled(shape: Iterable[Point], x: float, y: float, wide: float, tall: float) -> list[Point]:
    return [(x + across * wide, y - up * tall) for across, up in shape]


def _pair(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
