"""The names under a week, each beside the thing that the drawing shows for it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.chart.letters import Anchor, Setting, effort, fit_together, write
from bot.chart.paint import WIDTH
from bot.chart.palette import Palette
from bot.chart.pictures import LegendLine, is_growth
from bot.chart.shapes import island, light

TOP = 708
#: From one name to the next, and to the second line of a long one, in parts of the letters' size.
PITCH = 1.3
LEADING = 1.1
BELOW = 46
#: A picture without names ends here.
LEAST_HEIGHT = 800
EDGE = 84
MARK = 104
#: The fewer names, the larger; four or five still leave room for a quick drawing.
FEW = 3
#: Beyond this their edges are not smoothed, or the PNG would pass 60 kB.
MANY_LETTERS = 108
LARGE = range(50, 39, -2)
SMALLER = range(42, 39, -2)


class Row(NamedTuple):
    """A name and the height of its first baseline."""

    line: LegendLine
    setting: Setting
    baseline: int


def rows(lines: Sequence[LegendLine]) -> tuple[list[Row], int]:
    """Where each name stands, all of one size, and the height of the whole picture."""
    sizes = LARGE if len(lines) <= FEW else SMALLER
    settings = fit_together([line.name for line in lines], WIDTH - 2 * EDGE - MARK, sizes)
    placed = []
    baseline = float(TOP)
    last = baseline
    for line, setting in zip(lines, settings, strict=True):
        placed.append(Row(line, setting, round(baseline)))
        last = baseline + setting.size * LEADING * (len(setting.lines) - 1)
        baseline = last + setting.size * PITCH
    return placed, max(LEAST_HEIGHT, round(last) + BELOW)


def draw_legend(placed: Sequence[Row], palette: Palette, *, mirrored: bool) -> Iterator[str]:
    """The marks and the names; on the right side where the language is written from there."""
    slots = [row.line.pattern for row in placed if not is_growth(row.line.pattern)]
    side = -1 if mirrored else 1
    start = WIDTH - EDGE if mirrored else EDGE
    anchor: Anchor = "end" if mirrored else "start"
    crisp = effort(row.line.name for row in placed) > MANY_LETTERS
    for row in placed:
        yield _mark(row, slots, start + side * 40, palette)
        for index, words in enumerate(row.setting.lines):
            y = row.baseline + round(index * row.setting.size * LEADING)
            x = start + side * MARK
            yield write(words, x, y, row.setting.size, palette.text, anchor, crisp=crisp)


def _mark(row: Row, slots: list[str], x: float, palette: Palette) -> str:
    pattern = row.line.pattern
    if is_growth(pattern):
        return light(pattern, x, row.baseline - 17, 22, palette)
    return island(slots.index(pattern), x, row.baseline, 0.5, palette)
