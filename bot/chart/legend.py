"""The names under a week, each beside the thing that the drawing shows for it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.chart.letters import Setting, fit, write
from bot.chart.paint import WIDTH
from bot.chart.palette import Palette
from bot.chart.pictures import LegendLine, is_growth
from bot.chart.shapes import island, light

TOP = 764
PITCH = 72
#: The second line of a long name.
LEADING = 54
BELOW = 26
#: A picture without names ends here.
LEAST_HEIGHT = 800
EDGE = 84
MARK = 104
SIZES = range(50, 39, -2)


class Row(NamedTuple):
    """A name and the height of its first baseline."""

    line: LegendLine
    setting: Setting
    baseline: int


def rows(lines: Sequence[LegendLine]) -> tuple[list[Row], int]:
    """Where each name stands, all of one size if they can be, and the height of the whole picture."""
    room = WIDTH - 2 * EDGE - MARK
    smallest = min((fit(line.name, room, SIZES).size for line in lines), default=SIZES[0])
    placed = []
    baseline = TOP
    for line in lines:
        setting = fit(line.name, room, range(max(smallest, SIZES[-1]), SIZES[-1] - 1, -2))
        placed.append(Row(line, setting, baseline))
        baseline += PITCH + LEADING * (len(setting.lines) - 1)
    return placed, max(LEAST_HEIGHT, baseline - PITCH + LEADING + BELOW if lines else 0)


def draw_legend(placed: Sequence[Row], palette: Palette, *, mirrored: bool) -> Iterator[str]:
    """The marks and the names; on the right side where the language is written from there."""
    slots = [row.line.pattern for row in placed if not is_growth(row.line.pattern)]
    side = -1 if mirrored else 1
    start = WIDTH - EDGE if mirrored else EDGE
    for row in placed:
        x = start + side * 40
        pattern = row.line.pattern
        if is_growth(pattern):
            yield light(pattern, x, row.baseline - 18, 24, palette)
        else:
            yield island(slots.index(pattern), x, row.baseline, 0.5, palette)
        for index, words in enumerate(row.setting.lines):
            y = row.baseline + index * LEADING
            yield write(words, start + side * MARK, y, row.setting.size, palette.text, "end" if mirrored else "start")
