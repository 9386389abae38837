"""The few things that a drawing is made of: bands of sky and sea, islands, lights, stones, reeds.

Each takes places in pixels and gives SVG. Colours are laid flat, without gradients, blurs or opacity:
those cost the most time and the most bytes.
"""

from collections.abc import Iterable, Sequence

from bot.chart.palette import Palette, Stop, at_height, mix
from bot.domain.library import GROWTH_IDS

Point = tuple[float, float]

#: Islands on a base of 1 by 1, the left foot at (-0.5, 0), up is 1.
ROUND = ((-0.56, 0), (-0.34, 0.34), (-0.1, 0.98), (0.13, 0.84), (0.3, 0.42), (0.56, 0))
PEAKS = ((-0.52, 0), (-0.27, 0.55), (-0.19, 0.47), (0.04, 1), (0.24, 0.5), (0.32, 0.58), (0.54, 0))
SHADED = ((0.04, 1), (0.24, 0.5), (0.32, 0.58), (0.54, 0), (0.12, 0), (0.02, 0.34), (0.11, 0.5))
REFLECTED = 0.5
#: Half width and depth of the ripples, in parts of the island.
RIPPLES = ((0.5, 0.34), (0.36, 0.68))
#: Half width and depth in pixels, and how much light.
GLITTER = ((34, 14, 0.95), (22, 34, 0.85), (30, 56, 0.75), (14, 80, 0.65), (8, 104, 0.55))


def bands(stops: tuple[Stop, ...], top: float, bottom: float, width: float, step: int) -> str:
    """Even stripes that go from one colour to the next: a gradient, as a woodcut would do it."""
    tall = bottom - top
    stripes = []
    y = top
    while y < bottom:
        colour = at_height(stops, (y - top) / tall)
        stripes.append(f'<rect y="{y:g}" width="{width:g}" height="{bottom - y:g}" fill="{colour}"/>')
        y += step
    return "".join(stripes)


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


def stroke(path: str, colour: str, thickness: float) -> str:
    """A line with round ends."""
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thickness:g}" stroke-linecap="round"/>'
    )


def island(slot: int, x: float, y: float, wide: float, tall: float, palette: Palette) -> str:
    """The first pattern's rounded hill or the second's rock; `y` is the waterline."""
    colour = palette.islands[slot]
    if slot == 0:
        return fill(curve(_scaled(ROUND, x, y, wide, tall)), colour)
    shade = mix(colour, palette.shade, 0.34)
    return fill(straight(_scaled(PEAKS, x, y, wide, tall)), colour) + fill(
        straight(_scaled(SHADED, x, y, wide, tall)), shade
    )


def reflection(slot: int, x: float, y: float, wide: float, tall: float, palette: Palette) -> str:
    """The same island upside down in the water, paler and flatter, with two ripples across."""
    water = at_height(palette.sea, 0.25)
    colour = mix(water, palette.islands[slot], 0.5)
    down = -tall * REFLECTED
    points = _scaled(PEAKS if slot else ROUND, x, y, wide, down)
    path = straight(points) if slot else curve(points)
    ripples = (stroke(f"M{x - wide * w:.1f} {y - down * h:.1f}h{2 * wide * w:.1f}", water, 4) for w, h in RIPPLES)
    return fill(path, colour) + "".join(ripples)


def light(pattern: str, x: float, y: float, size: float, palette: Palette) -> str:
    """The light of a growth pattern; each of the three has its own form."""
    return LIGHTS[GROWTH_IDS.index(pattern)](x, y, size, palette)


def glitter(x: float, y: float, palette: Palette) -> str:
    """A light's path on the water, below the horizon `y`."""
    dashes = (
        stroke(f"M{x - half:g} {y + down}h{2 * half}", mix(at_height(palette.sea, 0.3), palette.light, share), 7)
        for half, down, share in GLITTER
    )
    return "".join(dashes)


def disc(x: float, y: float, size: float, palette: Palette) -> str:
    """A full light, with the air around it lit."""
    halo = f'<circle cx="{x:g}" cy="{y:g}" r="{size * 1.6:g}" fill="{palette.halo}"/>'
    return halo + _lit(f'<circle cx="{x:g}" cy="{y:g}" r="{size:g}"', palette)


def crescent(x: float, y: float, size: float, palette: Palette) -> str:
    """A young moon, open to the upper right."""
    far, near = size * 1.15, size * 0.9
    path = (
        f"M{x + 0.28 * size:g} {y - far:g}A{far:g} {far:g} 0 1 0 {x + far:g} {y + 0.34 * size:g}"
        f"A{near:g} {near:g} 0 0 1 {x + 0.28 * size:g} {y - far:g}Z"
    )
    return _lit(f'<path d="{path}"', palette)


def ringed(x: float, y: float, size: float, palette: Palette) -> str:
    """A small light with a ring around it, as of a lamp in mist."""
    ring = (
        f'<circle cx="{x:g}" cy="{y:g}" r="{size * 1.12:g}" fill="none" stroke="{palette.rim}" '
        f'stroke-width="{size * 0.24:g}"/>'
    )
    return ring + _lit(f'<circle cx="{x:g}" cy="{y:g}" r="{size * 0.56:g}"', palette)


#: The light of each growth pattern, in the order of GROWTH_IDS.
LIGHTS = (crescent, disc, ringed)


def _lit(opening: str, palette: Palette) -> str:
    return f'{opening} fill="{palette.light}" stroke="{palette.rim}" stroke-width="4"/>'


def _scaled(shape: Iterable[Point], x: float, y: float, wide: float, tall: float) -> list[Point]:
    return [(x + across * wide, y - up * tall) for across, up in shape]


def _pair(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
