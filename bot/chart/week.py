"""A week as a shoreline: what stepped back are islands on the horizon, what stayed close is light.

Every day is a stretch of the same water. A day with words leaves a stone on the beach; a day without is
open water, and nothing marks it.
"""

from collections.abc import Iterator
from zlib import crc32

from bot.chart.legend import FEW, draw_legend, rows
from bot.chart.letters import fit, runs_leftwards, write
from bot.chart.paint import WIDTH, assemble, paint
from bot.chart.palette import MORNING, NIGHT, Palette
from bot.chart.pictures import DAYS, DayPicture, WeekPicture, is_growth
from bot.chart.shapes import bands, curve, fill, glitter, grass, halo, island, light, rect, reflection
from bot.domain.library import GROWTH_IDS

MARGIN = 80
#: A whole number of pixels: things that come again are then the same pixels, and cost next to nothing.
COLUMN = (WIDTH - 2 * MARGIN) // DAYS
TITLE = 98
#: The sky is even down to here.
DAWN = 316
HORIZON = 424
SHORE = 556
#: Each stripe of the sky and the water is one more row that the PNG has to tell.
STRIPE = 12
#: A kind of light always has its own height: naming and staying in the sky, feeling safe on the shore.
LANES = (182, 262, 534)
LIGHT = 28
STAYING, FELT_SAFE = GROWTH_IDS[1:]
LABELS = 630
#: On a day with both, how far each island stands aside, and its size.
APART = ((-28, 1.1), (36, 0.8))


def draw_week(week: WeekPicture, *, dark: bool = False) -> bytes:
    """A week as PNG, 1280 pixels wide and 800 or more high, as the legend asks; the same bytes each time."""
    return paint(compose_week(week, dark=dark))


def compose_week(week: WeekPicture, *, dark: bool = False) -> str:
    """The same as SVG text."""
    palette = NIGHT if dark else MORNING
    placed, height = rows(week.legend)
    mirrored = any(runs_leftwards(day.label) for day in week.days)
    scene = _scene(week, palette, height, mirrored=mirrored)
    return assemble([*scene, *draw_legend(placed, palette, mirrored=mirrored)], height)


def _scene(week: WeekPicture, palette: Palette, height: int, *, mirrored: bool) -> Iterator[str]:
    places = [MARGIN + COLUMN // 2 + COLUMN * index for index in range(DAYS)]
    days = list(zip(week.days, reversed(places) if mirrored else places, strict=True))
    named = [line.pattern for line in week.legend]
    yield rect(0, 0, WIDTH, DAWN, palette.sky)
    yield bands(palette.dawn, DAWN, HORIZON, WIDTH, STRIPE)
    yield bands(palette.sea, HORIZON, SHORE + 24, WIDTH, STRIPE)
    yield _swell(week.title, palette)
    for day, x in days:
        yield from _islands(day, named, x, palette)
    yield _beach(palette, height)
    if len(week.legend) <= FEW:
        yield grass(48 if mirrored else WIDTH - 48, SHORE + 26, palette)
    for day, x in days:
        yield from _lights(day, named, x, palette)
    for day, x in days:
        yield from _foot(day, x, palette)
    yield from _title(week.title, palette)


def _swell(title: str, palette: Palette) -> str:
    """A few still lines on the water, elsewhere every week."""
    lines = []
    for index in range(8):
        x = 20 + _whim(title, f"x{index}") * (WIDTH - 160)
        lines.append(rect(x, HORIZON + 20 + 15 * index, 50 + 70 * _whim(title, f"w{index}"), 3, palette.swell))
    return "".join(lines)


def _islands(day: DayPicture, named: list[str], x: float, palette: Palette) -> Iterator[str]:
    slots = [one for one in named if not is_growth(one)]
    today = [slot for slot, pattern in enumerate(slots) if pattern in day.patterns]
    for slot in today:
        aside, size = APART[slot] if len(today) > 1 else (0, 1)
        yield reflection(slot, x + aside, HORIZON, size, palette)
        yield island(slot, x + aside, HORIZON, size, palette)


def _lights(day: DayPicture, named: list[str], x: float, palette: Palette) -> Iterator[str]:
    lit = [pattern for pattern in GROWTH_IDS if pattern in named and pattern in day.growth]
    if set(lit) - {FELT_SAFE}:
        yield glitter(x, HORIZON, palette)
    if STAYING in lit and len(named) <= FEW:
        yield halo(x, LANES[1], LIGHT, palette)
    for pattern in lit:
        yield light(pattern, x, LANES[GROWTH_IDS.index(pattern)], LIGHT, palette)


def _beach(palette: Palette, height: int) -> str:
    edge = [(0, SHORE + 8), (300, SHORE + 10), (640, SHORE - 5), (980, SHORE + 8), (WIDTH, SHORE - 6)]
    foam = fill(f"{curve([(x, y - 6) for x, y in edge])}V{height}H0", palette.foam)
    return foam + fill(f"{curve(edge)}V{height}H0", palette.shore)


def _foot(day: DayPicture, x: float, palette: Palette) -> Iterator[str]:
    if day.written:
        yield f'<ellipse cx="{x:g}" cy="{LABELS - 51}" rx="16" ry="9" fill="{palette.stone}"/>'
    colour = palette.text if day.written else palette.quiet
    setting = fit(day.label, COLUMN - 14, range(42, 27, -2), lines=1)
    yield write(setting.lines[0], x, LABELS, setting.size, colour, "middle")


def _title(title: str, palette: Palette) -> Iterator[str]:
    setting = fit(title, WIDTH - 2 * MARGIN, range(64, 49, -2))
    first = TITLE - 0.55 * setting.size * (len(setting.lines) - 1)
    for index, line in enumerate(setting.lines):
        y = round(first + 1.1 * setting.size * index)
        yield write(line, WIDTH // 2, y, setting.size, palette.title, "middle")


def _whim(seed: str, what: str) -> float:
    """0 to 1, always the same for the same words."""
    return crc32(f"{seed} {what}".encode(errors="replace")) / 2**32
