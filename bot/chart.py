"""A week as PNG. Provisional while the drawing is being made."""

from dataclasses import dataclass

import resvg_py


@dataclass(frozen=True, slots=True)
class DayPicture:
    label: str
    written: bool
    patterns: tuple[str, ...]
    growth: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegendLine:
    pattern: str
    name: str


@dataclass(frozen=True, slots=True)
class WeekPicture:
    title: str
    days: tuple[DayPicture, ...]
    legend: tuple[LegendLine, ...]


def draw_week(week: WeekPicture, *, dark: bool = False) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="800"/>'))
