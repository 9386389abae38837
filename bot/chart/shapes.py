"""The few things that a drawing is made of: bands of sky and sea, islands, lights, stones, reeds.

Each takes places in pixels and gives SVG. Colours are laid flat, without gradients, blurs or opacity:
those cost the most time and the most bytes.
"""

from collections.abc import Iterable, Sequence

from bot.chart.palette import Palette, Stop, at_height, mix

Point = tuple[float, float]

#: Islands on a base of 1 by 1, the left foot at (-0.5, 0), up is 1.
ROUND = ((-0.56, 0), (-0.34, 0.34), (-0.1, 0.98), (0.13, 0.84), (0.3, 0.42), (0.56, 0))
PEAKS = ((-0.52, 0), (-0.27, 0.55), (-0.19, 0.47), (0.04, 1), (0.24, 0.5), (0.32, 0.58), (0.54, 0))
PEAKS_SHADE = ((0.04, 1), (0.24, 0.5), (0.32, 0.58), (0.54, 0), (0.12, 0), (0.02, 0.34), (0.11, 0.5))
REFLECTED = 0.42


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


def round_island(x: float, y: float, wide: float, tall: float, colour: str) -> str:
    """A rounded hill out of the water; `y` is the waterline. A negative `tall` is its reflection."""
    return fill(curve(_scaled(ROUND, x, y, wide, tall)), colour)


def peaked_island(x: float, y: float, wide: float, tall: float, colour: str, shade: str) -> str:
    """A rock with edges and a shaded side."""
    lit = fill(straight(_scaled(PEAKS, x, y, wide, tall)), colour)
    return lit + fill(straight(_scaled(PEAKS_SHADE, x, y, wide, tall)), shade)


def disc(x: float, y: float, size: float, palette: Palette, ground: str) -> str:
    """A full light, with the air around it lit."""
    halo = f'<circle cx="{x:g}" cy="{y:g}" r="{size * 1.6:g}" fill="{mix(ground, palette.light, palette.halo)}"/>'
    return halo + _lit(f'<circle cx="{x:g}" cy="{y:g}" r="{size:g}"', palette)


def crescent(x: float, y: float, size: float, palette: Palette, ground: str) -> str:
    """A young moon, open to the upper right."""
    del ground
    far, near = size * 1.15, size * 0.9
    path = (
        f"M{x + 0.28 * size:g} {y - far:g}A{far:g} {far:g} 0 1 0 {x + far:g} {y + 0.34 * size:g}"
        f"A{near:g} {near:g} 0 0 1 {x + 0.28 * size:g} {y - far:g}Z"
    )
    return _lit(f'<path d="{path}"', palette)


def ringed(x: float, y: float, size: float, palette: Palette, ground: str) -> str:
    """A small light with a ring around it, as of a lamp in mist."""
    del ground
    ring = (
        f'<circle cx="{x:g}" cy="{y:g}" r="{size * 1.12:g}" fill="none" stroke="{palette.rim}" '
        f'stroke-width="{size * 0.24:g}"/>'
    )
    return ring + _lit(f'<circle cx="{x:g}" cy="{y:g}" r="{size * 0.56:g}"', palette)


def _lit(opening: str, palette: Palette) -> str:
    return f'{opening} fill="{palette.light}" stroke="{palette.rim}" stroke-width="4"/>'


def _scaled(shape: Iterable[Point], x: float, y: float, wide: float, tall: float) -> list[Point]:
    return [(x + across * wide, y - up * tall) for across, up in shape]


def _pair(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
