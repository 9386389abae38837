"""Three months as a country: each pattern that stepped back is a line of hills, each that stayed close a row
of lights in the sky. A hill rises, and a light grows, with the days of its week.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.chart.letters import Anchor, Setting, effort, fit, fit_together, runs_leftwards, write
from bot.chart.paint import WIDTH, assemble, paint
from bot.chart.palette import MORNING, NIGHT, Palette, Stop
from bot.chart.pictures import WEEKS, MonthsLine, MonthsPicture, is_growth
from bot.chart.shapes import bands, curve, fill, light, rect

MARGIN = 94
#: Whole pixels, as the days of a week are.
WEEK = (WIDTH - 2 * MARGIN) // WEEKS
TITLE = 96
#: The first name in the sky, and from name to name; its lights hang under it.
SKY_TOP = 186
SKY_ROW = 134
UNDER = 44
DAWN = 88
#: From one line of hills to the next, and where its name stands in it.
HILLS = 136
INSIDE = 54
WATER = 64
FOOT = 96
LEAST = 800
#: As in a week's legend: fewer names are larger, and very many letters are not smoothed.
FEW = 3
LARGE = range(46, 35, -2)
SMALLER = range(42, 35, -2)
MANY_LETTERS = 84
LABEL = 42
#: One day, two or three, four and more.
LIGHT = (0, 14, 19, 19, 24, 24, 24, 24)
#: How high a hill rises for one day, two, three and more.
RISE = (0, 26, 44, 56, 66, 74, 74, 74)


class Named(NamedTuple):
    """A line and how its name is set."""

    line: MonthsLine
    setting: Setting
    crisp: bool


def draw_months(months: MonthsPicture, *, dark: bool = False) -> bytes:
    """Three months as PNG, 1280 pixels wide, 800 or more high, as its lines ask; the same bytes each time."""
    return paint(compose_months(months, dark=dark))


def compose_months(months: MonthsPicture, *, dark: bool = False) -> str:
    """The same as SVG text."""
    palette = NIGHT if dark else MORNING
    mirrored = any(runs_leftwards(month.label) for month in months.months)
    named = _named(months.lines)
    lights = [one for one in named if is_growth(one.line.pattern)]
    hills = [one for one in named if not is_growth(one.line.pattern)]
    horizon = SKY_TOP + SKY_ROW * len(lights) + DAWN // 2
    horizon = max(horizon, LEAST - FOOT - WATER - HILLS * len(hills))
    sea = horizon + HILLS * len(hills)
    shore = sea + WATER
    parts = [
        rect(0, 0, WIDTH, horizon - DAWN, palette.sky),
        bands(palette.dawn, horizon - DAWN, horizon, WIDTH, 8),
        rect(0, horizon, WIDTH, WATER, palette.dawn[-1].colour),
        *_title(months.title, palette),
        *_lights(lights, palette, mirrored=mirrored),
        *_hills(hills, horizon, sea, palette, mirrored=mirrored),
        bands((Stop(0, palette.sea[1].colour), palette.sea[-1]), sea, shore, WIDTH, 8),
        *_foot(months, shore, palette, mirrored=mirrored),
    ]
    return assemble(parts, shore + FOOT)


def _title(title: str, palette: Palette) -> Iterator[str]:
    setting = fit(title, WIDTH - 160, range(60, 43, -2))
    for index, line in enumerate(setting.lines):
        y = TITLE + round((index - (len(setting.lines) - 1) / 2) * setting.size * 1.1)
        yield write(line, WIDTH // 2, y, setting.size, palette.title, "middle")


def _lights(named: list[Named], palette: Palette, *, mirrored: bool) -> Iterator[str]:
    for index, (line, setting, crisp) in enumerate(named):
        y = SKY_TOP + SKY_ROW * index
        yield _name(setting, y, palette.title, mirrored=mirrored, crisp=crisp)
        for x, days in zip(_places(mirrored=mirrored), line.days, strict=True):
            if days:
                yield light(line.pattern, x, y + UNDER, LIGHT[days], palette)


def _hills(named: list[Named], horizon: int, sea: int, palette: Palette, *, mirrored: bool) -> Iterator[str]:
    for index, (line, setting, crisp) in enumerate(named):
        y = horizon + HILLS * index
        tops = [(x, y - RISE[days]) for x, days in zip(_places(mirrored=mirrored), line.days, strict=True)]
        ridge = curve([(0, y), (MARGIN // 2, y), *sorted(tops), (WIDTH - MARGIN // 2, y), (WIDTH, y)])
        yield fill(f"{ridge}V{sea}H0", palette.hills[index])
        yield _name(setting, y + INSIDE, palette.inscription, mirrored=mirrored, crisp=crisp)


def _foot(months: MonthsPicture, shore: int, palette: Palette, *, mirrored: bool) -> Iterator[str]:
    yield rect(0, shore, WIDTH, FOOT, palette.shore)
    yield rect(0, shore, WIDTH, 6, palette.foam)
    starts = [*(month.week for month in months.months), WEEKS]
    for month, following in zip(months.months, starts[1:], strict=True):
        setting = fit(month.label, (following - month.week) * WEEK - 16, range(LABEL, LABEL - 1, -1), lines=1)
        # A month of which only a few days are left has no room for its name.
        if setting.size == LABEL:
            yield _name(setting, shore + 64, palette.text, mirrored=mirrored, x=MARGIN + WEEK * month.week)


def _named(lines: Sequence[MonthsLine]) -> list[Named]:
    names = [line.name for line in lines]
    settings = fit_together(names, WIDTH - 2 * MARGIN, LARGE if len(lines) <= FEW else SMALLER, lines=1)
    crisp = effort(names) > MANY_LETTERS
    return [Named(line, setting, crisp) for line, setting in zip(lines, settings, strict=True)]


def _name(setting: Setting, y: int, colour: str, *, mirrored: bool, x: int = MARGIN, crisp: bool = False) -> str:
    anchor: Anchor = "end" if mirrored else "start"
    start = WIDTH - x if mirrored else x
    return write(setting.lines[0], start, y, setting.size, colour, anchor, crisp=crisp)


def _places(*, mirrored: bool) -> list[int]:
    places = [MARGIN + WEEK // 2 + WEEK * week for week in range(WEEKS)]
    return places[::-1] if mirrored else places
