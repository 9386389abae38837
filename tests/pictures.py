"""Twelve weeks and four seasons, invented, and a contact sheet of how they are drawn.

python -m tests.pictures contact-sheet OUT.png
"""

import sys
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import resvg_py

from bot.chart import (
    DayPicture,
    LegendLine,
    MonthsLine,
    MonthsPicture,
    MonthStart,
    WeekPicture,
    draw_months,
    draw_week,
)

SPACE, JOKE, LEAVE = "sudden_space", "joking_away", "leaving_early"
NAMED, STAYED, SAFE = "naming_fear", "staying_present", "felt_safe"
NAMES = {
    SPACE: "Needing sudden space",
    JOKE: "A joke in place of an answer",
    LEAVE: "Leaving before it can hurt",
    NAMED: "Saying the fear out loud",
    STAYED: "Staying close",
    SAFE: "Feeling safe",
}
LONG = {
    SPACE: "Plötzlich ganz viel Abstand brauchen",
    JOKE: "Ein Scherz anstelle einer ehrlichen Antwort",
    NAMED: "Die Angst laut und deutlich aussprechen",
    STAYED: "In der Nähe bleiben, auch wenn es eng wird",
    SAFE: "Sich bei jemandem ganz sicher fühlen",
}
HEBREW = {
    SPACE: "צורך פתאומי במרחק",
    JOKE: "בדיחה במקום תשובה",
    STAYED: "להישאר קרוב",
    SAFE: "להרגיש בטוח",
}
ARABIC = {SPACE: "حاجة مفاجئة إلى المسافة", STAYED: "البقاء قريبا"}
MONDAY_FIRST = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GERMAN = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
HEBREW_DAYS = ("ב׳", "ג׳", "ד׳", "ה׳", "ו׳", "ש׳", "א׳")
ARABIC_DAYS = ("إثنين", "ثلاثاء", "أربعاء", "خميس", "جمعة", "سبت", "أحد")
#: A day without words.
QUIET = None

Day = Sequence[str] | None


def week(
    *days: Day,
    legend: Sequence[str] = (),
    title: str = "16 to 22 November",
    names: dict[str, str] = NAMES,
    labels: Sequence[str] = MONDAY_FIRST,
) -> WeekPicture:
    """A week from seven days: QUIET, or the patterns that came (none for words without any)."""
    growth = {NAMED, STAYED, SAFE}
    pictured = tuple(
        DayPicture(
            label,
            day is not QUIET,
            tuple(one for one in day or () if one not in growth),
            tuple(one for one in day or () if one in growth),
        )
        for label, day in zip(labels, days, strict=True)
    )
    return WeekPicture(title, pictured, tuple(LegendLine(one, names[one]) for one in legend))


def season(lines: dict[str, str], names: dict[str, str] = NAMES, title: str = "September to November") -> MonthsPicture:
    """Three months from a string of thirteen digits for each pattern."""
    months = (MonthStart("Aug", 0), MonthStart("Sep", 1), MonthStart("Oct", 5), MonthStart("Nov", 9))
    return MonthsPicture(
        title,
        months,
        tuple(MonthsLine(one, names[one], tuple(int(digit) for digit in days)) for one, days in lines.items()),
    )


EMPTY = week(*[QUIET] * 7)
ONE_REPLY = week(QUIET, QUIET, [], QUIET, QUIET, QUIET, QUIET, title="9 to 15 November")
TYPICAL = week([JOKE], [SPACE], [JOKE], QUIET, [SPACE, JOKE], [STAYED], QUIET, legend=[SPACE, JOKE, STAYED])
FULL = week(
    [SPACE, JOKE, NAMED, STAYED, SAFE],
    *[[SPACE, JOKE, NAMED, STAYED, SAFE]] * 6,
    legend=[SPACE, JOKE, NAMED, STAYED, SAFE],
    title="30 November to 6 December",
)
EACH_DAY = week(
    [SPACE], [JOKE], [SPACE], [SPACE], [JOKE], [JOKE], [SPACE], legend=[SPACE, JOKE], title="2 to 8 November"
)
OVERLAP = week(
    [],
    [SPACE, LEAVE],
    [SPACE],
    [],
    [SPACE, LEAVE],
    [LEAVE],
    QUIET,
    legend=[SPACE, LEAVE],
    title="26 October to 1 November",
)
GROWTH_ONLY = week([STAYED], QUIET, [NAMED], [], [SAFE], [STAYED, SAFE], [STAYED], legend=[STAYED, NAMED, SAFE])
BOTH = week(
    [JOKE],
    [SPACE],
    [JOKE],
    QUIET,
    [SPACE, JOKE, NAMED],
    [STAYED, SAFE],
    QUIET,
    legend=[STAYED, SAFE, NAMED, SPACE, JOKE],
)
LONG_NAMES = week(
    [SPACE],
    [JOKE],
    [STAYED, SAFE],
    QUIET,
    [SPACE, JOKE],
    [NAMED],
    [],
    legend=[STAYED, SAFE, NAMED, SPACE, JOKE],
    names=LONG,
    labels=GERMAN,
    title="30. November bis 6. Dezember",
)
IN_HEBREW = week(
    [SPACE],
    [],
    [JOKE],
    [SPACE, JOKE],
    QUIET,
    [STAYED, SAFE],
    [STAYED],
    legend=[SPACE, JOKE, STAYED, SAFE],
    names=HEBREW,
    labels=HEBREW_DAYS,
    title="16 עד 22 בנובמבר",
)
IN_ARABIC = week(
    [SPACE],
    [],
    QUIET,
    [SPACE],
    QUIET,
    [STAYED],
    [STAYED],
    legend=[SPACE, STAYED],
    names=ARABIC,
    labels=ARABIC_DAYS,
    title="من 16 إلى 22 نوفمبر",
)
#: Name, week, and whether it is drawn dark on the sheet.
WEEKS = {
    "typical": (TYPICAL, False),
    "typical, dark": (TYPICAL, True),
    "empty": (EMPTY, False),
    "one reply, dark": (ONE_REPLY, True),
    "one pattern each day": (EACH_DAY, False),
    "overlap, dark": (OVERLAP, True),
    "growth only": (GROWTH_ONLY, False),
    "growth only, dark": (GROWTH_ONLY, True),
    "both": (BOTH, False),
    "full, dark": (FULL, True),
    "long names": (LONG_NAMES, False),
    "from right to left, dark": (IN_HEBREW, True),
}
FADING = season({STAYED: "0001001120122", SPACE: "3220211010100", JOKE: "0011020102010"})
BUSY = season(
    {
        NAMED: "0000100010011",
        STAYED: "0110012101223",
        SAFE: "0000000101012",
        SPACE: "2320211012110",
        JOKE: "0112031102214",
        LEAVE: "0000020000000",
    },
)
GROWING = season({STAYED: "0010011122334", SAFE: "0000001011121"})
SEASONS = {
    "three months": (FADING, False),
    "three months, dark": (FADING, True),
    "all that fits, dark": (BUSY, True),
    "only growth": (GROWING, False),
}


def drawn() -> list[bytes]:
    """The sixteen pictures as PNG, weeks first."""
    weeks = [draw_week(one, dark=dark) for one, dark in WEEKS.values()]
    return weeks + [draw_months(one, dark=dark) for one, dark in SEASONS.values()]


def contact_sheet(path: Path) -> None:
    """Writes all of them, four in a row, as one PNG of 2600 pixels' width."""
    wide, gap, rows, y = 630, 16, [], 16
    pictures = drawn()
    for first in range(0, len(pictures), 4):
        row = pictures[first : first + 4]
        for column, png in enumerate(row):
            x, tall = gap + column * (wide + gap), wide * height_of(png) // 1280
            data = b64encode(png).decode()
            rows.append(f'<image x="{x}" y="{y}" width="{wide}" height="{tall}" href="data:image/png;base64,{data}"/>')
        y += max(wide * height_of(png) // 1280 for png in row) + gap
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="2600" height="{y}">'
        f'<rect width="2600" height="{y}" fill="#8a9094"/>{"".join(rows)}</svg>'
    )
    path.write_bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))


def height_of(png: bytes) -> int:
    """The height that a PNG says it has, in pixels."""
    return int.from_bytes(png[20:24], "big")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["contact-sheet", out]:
            contact_sheet(Path(out))
        case _:
            sys.exit(__doc__)
