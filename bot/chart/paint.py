"""Turns SVG text into PNG. The only door of resvg; fonts of the machine are never looked at."""

from collections.abc import Iterable

import resvg_py

from bot.chart.faces import FAMILY, font_files
from bot.chart.letters import family

WIDTH = 1280


def assemble(parts: Iterable[str], height: int) -> str:
    """The SVG text of a picture of 1280 by `height` pixels."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" {family()}>{"".join(parts)}</svg>'
    )


def paint(svg: str) -> bytes:
    """SVG text as PNG; the same text gives the same bytes on any machine."""
    png = resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=[str(path) for path in font_files()],
        font_family=FAMILY,
    )
    return bytes(png)
