"""The few things that a drawing is made of: bands of sky and sea, islands, lights, dashes of water.

Each takes places in pixels and gives SVG. Colours are laid flat, without gradients, blurs or opacity, and
what is level lies on whole pixels: anything else costs the most time and the most bytes.
"""

from collections.abc import Iterable, Sequence

from bot.chart.palette import Palette, Stop, at_height, mix
from bot.domain.library import GROWTH_IDS

Point = tuple[float, float]

#: Islands in pixels, feet on the waterline, up is more. Slopes of one to one repeat from row to row, which
#: leaves the PNG little to say; the hill is round all the same.
HILL = ((-98, 0), (-76, 16), (-38, 70), (0, 86), (36, 62), (70, 29), (102, 0))
ROCK = ((-88, 0), (-42, 46), (-34, 38), (6, 78), (42, 42), (50, 50), (100, 0))
SHADED = ((6, 78), (42, 42), (50, 50), (100, 0), (28, 0), (6, 44))
#: Half width, depth and strength of what an island and a light leave on the water, in pixels.
REFLECTION = (
    ((92, 5, 0.5), (78, 16, 0.42), (52, 28, 0.34), (22, 40, 0.26)),
    ((86, 5, 0.5), (60, 16, 0.42), (34, 28, 0.34)),
)
GLITTER = ((36, 12, 0.95), (24, 32, 0.85), (32, 52, 0.75), (16, 74, 0.65), (8, 96, 0.55))
#: Blades of beach grass: how far they lean over, and how tall they are.
BLADES = ((-38, 66), (-14, 88), (8, 74), (34, 60))


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


def island(slot: int, x: float, y: float, size: float, palette: Palette) -> str:
    """The first pattern's rounded hill or the second's rock; `y` is the waterline, `size` 1 in the scene."""
    colour = palette.islands[slot]
    if slot == 0:
        return fill(curve(_placed(HILL, x, y, size, size)), colour)
    rock = fill(straight(_placed(ROCK, x, y, size, size)), colour)
    return rock + fill(straight(_placed(SHADED, x, y, size, size)), palette.shade)


def reflection(slot: int, x: float, y: float, size: float, palette: Palette) -> str:
    """An island's image on the water, as bars."""
    return _on_water(REFLECTION[slot], x, y, size, palette, palette.islands[slot])


def glitter(x: float, y: float, palette: Palette) -> str:
    """A light's path on the water, below the horizon `y`."""
    return _on_water(GLITTER, x, y, 1, palette, palette.light)


def grass(x: float, y: float, palette: Palette) -> str:
    """A tuft of beach grass."""
    blades = (
        f"M{x + 0.3 * lean:.0f} {y}Q{x + 0.4 * lean:.0f} {y - 0.6 * tall:.0f} {x + lean:.0f} {y - tall}"
        for lean, tall in BLADES
    )
    return f'<path d="{"".join(blades)}" fill="none" stroke="{palette.reed}" stroke-width="5"/>'


def light(pattern: str, x: float, y: float, size: float, palette: Palette) -> str:
    """The light of a growth pattern: naming is a young moon, staying a full one, feeling safe a lit house."""
    return (_crescent, _disc, _house)[GROWTH_IDS.index(pattern)](x, y, size, palette)


def halo(x: float, y: float, size: float, palette: Palette) -> str:
    """The lit air around a light."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{size * 1.4:g}" fill="{palette.halo}"/>'


def _disc(x: float, y: float, size: float, palette: Palette) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{size:g}" fill="{palette.light}"/>'


def _crescent(x: float, y: float, size: float, palette: Palette) -> str:
    far, near = size * 1.15, size * 0.95
    path = (
        f"M{x + 0.2 * size:.1f} {y - far:.1f}A{far:.1f} {far:.1f} 0 1 0 {x + far:.1f} {y + 0.4 * size:.1f}"
        f"A{near:.1f} {near:.1f} 0 0 1 {x + 0.2 * size:.1f} {y - far:.1f}"
    )
    return fill(path, palette.light)


def _house(x: float, y: float, size: float, palette: Palette) -> str:
    half, eaves, foot, door = round(size * 0.8), round(size), round(y + size), round(size * 0.22)
    roof = straight([(x - eaves, y), (x, y - eaves), (x + eaves, y)])
    walls = rect(x - half, y, 2 * half, foot - y, palette.light)
    return walls + fill(roof, palette.door) + rect(x - door, y + size * 0.3, 2 * door, size * 0.7, palette.door)


def _on_water(
    bars: Iterable[tuple[int, int, float]], x: float, y: float, size: float, palette: Palette, colour: str
) -> str:
    water = at_height(palette.sea, 0.3)
    return "".join(
        rect(x - half * size, y + down * size, 2 * half * size, 7, mix(water, colour, share))
        for half, down, share in bars
    )


def _placed(shape: Iterable[Point], x: float, y: float, wide: float, tall: float) -> list[Point]:
    return [(x + across * wide, y - up * tall) for across, up in shape]


def _pair(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
