"""What a picture must keep to, whatever the week was."""

import math
import pickle
import subprocess
import sys
import zlib
from itertools import combinations, pairwise, product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chart import (
    DayPicture,
    LegendLine,
    MonthsLine,
    MonthsPicture,
    MonthStart,
    WeekPicture,
    draw_months,
    draw_week,
    missing_letters,
)
from bot.chart.faces import FONTS, font_files
from bot.chart.letters import family, fit, runs_leftwards, width, write
from bot.chart.months import compose_months
from bot.chart.paint import assemble, paint
from bot.chart.palette import MORNING, NIGHT, Palette
from bot.chart.week import compose_week
from bot.domain.library import GROWTH_IDS, PATTERN_IDS, WITHDRAWAL_IDS
from tests import pictures
from tests.pictures import JOKE, NAMED, NAMES, QUIET, SAFE, SPACE, STAYED, height_of, week

MOST_BYTES = 60_000
SVG = "{http://www.w3.org/2000/svg}"
THEMES = pytest.mark.parametrize("dark", [False, True], ids=["morning", "night"])

#: How the eye sees a colour that lacks one of its three kinds of cone (Machado, Oliveira and Fernandes
#: 2009, severity 1), on linear red, green and blue.
EYES = {
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
#: CIE 1976 distance; 2.3 is what an eye just notices side by side.
FAR_APART = 24
#: Hills that lie one behind the other share an edge, so less is enough.
APART_AT_AN_EDGE = 9


def all_pictures() -> list[tuple[str, bytes]]:
    weeks = [(name, draw_week(one, dark=dark)) for name, (one, _) in pictures.WEEKS.items() for dark in (False, True)]
    weeks += [("arabic", draw_week(pictures.IN_ARABIC))]
    return weeks + [
        (name, draw_months(one, dark=dark)) for name, (one, _) in pictures.SEASONS.items() for dark in (False, True)
    ]


def test_every_picture_is_large_enough_and_light_enough() -> None:
    for name, png in all_pictures():
        assert png.startswith(b"\x89PNG\r\n\x1a\n"), name
        assert int.from_bytes(png[16:20], "big") == 1280, name
        assert 800 <= height_of(png) <= 1280, name
        assert len(png) <= MOST_BYTES, f"{name}: {len(png)} bytes"


def longest_week(days: list[list[str]]) -> WeekPicture:
    names = {one: name for one, name in NAMES.items() if one in {SPACE, JOKE, *GROWTH_IDS}}
    names[SPACE] = "Leaving before it can hurt"
    return week(*days, legend=list(names), names=names, title="26 November to 2 December")


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([SPACE, JOKE, *GROWTH_IDS]), unique=True), min_size=7, max_size=7),
    st.booleans(),
)
def test_no_week_with_all_five_names_passes_sixty_kilobytes(days: list[list[str]], dark: bool) -> None:
    assert len(draw_week(longest_week(days), dark=dark)) <= MOST_BYTES


def test_names_twice_as_long_as_any_stay_below_sixty_kilobytes() -> None:
    everything = [SPACE, JOKE, *GROWTH_IDS]
    names = dict.fromkeys(everything, "Квадратные слова шире обычных, и всё-таки им хватит места")
    for dark in (False, True):
        png = draw_week(week(*[everything] * 7, legend=everything, names=names, title="Wm " * 16), dark=dark)
        assert len(png) <= MOST_BYTES


@pytest.mark.parametrize(
    "alphabet", ["qwetyuopasdfghjk ", "щжфдюыбмясцкгншв ", "شضظذثغقخجحعكسصطب ", "אבגדהזחטלמנסעפצק "]
)
def test_names_as_long_as_smoothed_letters_may_be_stay_below_sixty_kilobytes(alphabet: str) -> None:
    everything = [SPACE, JOKE, *GROWTH_IDS]
    names = {one: (alphabet[turn:] + alphabet * 2)[:21] for turn, one in enumerate(everything)}
    full = week(*[everything] * 7, legend=everything, names=names)
    assert len(draw_week(full)) <= MOST_BYTES
    shorter = {one: name[:15] for one, name in names.items()}
    assert len(draw_week(week(*[everything] * 7, legend=everything, names=shorter))) <= MOST_BYTES


def test_three_months_with_something_in_every_week_stay_below_sixty_kilobytes() -> None:
    lines = dict.fromkeys(["leaving_early", SPACE, JOKE, *GROWTH_IDS], "1213542715364")
    for length in (14, 30):
        dense = pictures.season(lines, {one: f"{one} and something more to it"[:length] for one in lines})
        assert len(draw_months(dense, dark=True)) <= MOST_BYTES


def test_the_same_week_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from bot.chart import draw_week; from tests.pictures import BOTH;"
        "print(hashlib.sha256(draw_week(BOTH)).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_drawing_needs_nothing_but_the_renderer() -> None:
    code = (
        "import sys; before = set(sys.modules); import bot.chart;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, '.'); {code}"], check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert set(done.stdout.split()) - set(sys.stdlib_module_names) == {"bot", "resvg_py"}


def test_pictures_travel_to_another_process() -> None:
    for one in (pictures.BOTH, pictures.BUSY):
        assert pickle.loads(pickle.dumps(one)) == one
    assert pickle.loads(pickle.dumps(draw_week)) is draw_week


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, eye: str) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as that eye sees it."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, light, strict=True)))) for row in EYES[eye]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    a, b, c = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in (x, y, z))
    return 116 * b - 16, 500 * (a - b), 200 * (b - c)


PALETTES = pytest.mark.parametrize("palette", [MORNING, NIGHT], ids=["morning", "night"])


@PALETTES
@pytest.mark.parametrize("eye", EYES)
def test_the_two_patterns_and_the_lights_stay_apart_for_every_eye(palette: Palette, eye: str) -> None:
    for one, other in combinations([*palette.islands, palette.light], 2):
        assert math.dist(seen(one, eye), seen(other, eye)) >= FAR_APART, (one, other)


@PALETTES
@pytest.mark.parametrize("eye", EYES)
def test_hills_behind_each_other_can_be_told_apart_by_every_eye(palette: Palette, eye: str) -> None:
    back_to_front = [palette.dawn[-1].colour, *palette.hills]
    for behind, before in pairwise(back_to_front):
        assert math.dist(seen(behind, eye), seen(before, eye)) >= APART_AT_AN_EDGE


@PALETTES
def test_words_and_marks_stand_out_from_their_ground(palette: Palette) -> None:
    assert contrast(palette.title, palette.sky) >= 7
    assert contrast(palette.text, palette.shore) >= 7
    assert contrast(palette.quiet, palette.shore) >= 4.5
    assert all(contrast(palette.inscription, hill) >= 4.5 for hill in palette.hills)
    grounds = [palette.shore, palette.dawn[-1].colour]
    assert all(contrast(mark, ground) >= 3 for mark, ground in product(palette.islands, grounds))
    assert all(contrast(palette.light, ground) >= 3 for ground in (palette.shore, palette.sky))


def elements(svg: str, tag: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f"{SVG}{tag}")


def words(svg: str) -> list[str]:
    return ["".join(one.itertext()).lstrip("\u200f") for one in elements(svg, "text")]


def extent(text: ElementTree.Element) -> tuple[float, float]:
    """Left and right edge of a line, in pixels."""
    said, size = "".join(text.itertext()).lstrip("\u200f"), int(text.attrib["font-size"])
    places = [float(one) for one in text.attrib["x"].split()]
    if "text-anchor" not in text.attrib:
        return places[0], places[-1] + width(said[-1], size)
    left = places[0] - width(said, size) * {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]]
    return left, left + width(said, size)


def outlines(svg: str) -> set[str]:
    """Every form that is drawn, wherever it stands and whatever its colour."""
    forms = set()
    for one in ElementTree.fromstring(svg):
        attributes = {key: value for key, value in one.attrib.items() if key in {"d", "r", "rx", "points"}}
        forms.add(f"{one.tag} {attributes}")
    return forms


def only(pattern: str) -> WeekPicture:
    return week([pattern], *[QUIET] * 6, legend=[pattern])


def test_two_patterns_and_three_lights_differ_in_form_too() -> None:
    quiet = outlines(compose_week(week([], *[QUIET] * 6)))
    both = week([SPACE], [JOKE], *[QUIET] * 5, legend=[SPACE, JOKE])
    assert len(outlines(compose_week(both)) - quiet) >= 4
    forms = [frozenset(outlines(compose_week(only(one))) - quiet) for one in GROWTH_IDS]
    assert len(set(forms)) == 3


def test_each_growth_pattern_keeps_its_form_from_week_to_week() -> None:
    alone = outlines(compose_week(only(SAFE)))
    among = outlines(compose_week(week([SAFE], [STAYED], *[QUIET] * 5, legend=[NAMED, STAYED, SAFE])))
    roof = {form for form in alone - outlines(compose_week(week([], *[QUIET] * 6))) if "path" in form}
    assert roof & among


def test_a_quiet_day_draws_nothing_and_a_written_one_a_stone() -> None:
    empty, one = compose_week(pictures.EMPTY), compose_week(pictures.ONE_REPLY)
    assert elements(empty, "ellipse") == []
    assert len(elements(one, "ellipse")) == 1
    for tag in ("rect", "path", "circle"):
        assert len(elements(empty, tag)) == len(elements(one, tag))


def test_a_pattern_that_the_legend_does_not_name_is_not_drawn() -> None:
    unnamed = week([SPACE, JOKE, STAYED], *[[]] * 6)
    assert compose_week(unnamed) == compose_week(week(*[[]] * 7))


@pytest.mark.parametrize("pattern", PATTERN_IDS)
def test_every_pattern_can_be_drawn(pattern: str) -> None:
    picture = week([pattern], *[QUIET] * 6, legend=[pattern], names={pattern: "One"})
    assert len(outlines(compose_week(picture))) > len(outlines(compose_week(pictures.EMPTY)))


@THEMES
def test_all_words_of_a_week_are_in_its_picture(dark: bool) -> None:
    said = words(compose_week(pictures.BOTH, dark=dark))
    assert said[:7] == list(pictures.MONDAY_FIRST)
    assert said[7] == "16 to 22 November"
    assert said[8:] == [line.name for line in pictures.BOTH.legend]


def test_markup_in_a_title_or_a_name_is_only_words() -> None:
    name = 'A <b>bold</b> & "quoted" name'
    picture = week([SPACE], *[QUIET] * 6, legend=[SPACE], names={SPACE: name}, title="</svg> & <rect/>")
    assert {"</svg> & <rect/>", name} <= set(words(compose_week(picture)))
    assert len(draw_week(picture)) <= MOST_BYTES


def test_a_week_written_from_the_right_is_drawn_from_the_right() -> None:
    svg = compose_week(pictures.IN_HEBREW)
    places = [extent(one)[0] for one in elements(svg, "text")[:7]]
    assert places == sorted(places, reverse=True)
    assert all(extent(one)[1] > 1000 for one in elements(svg, "text")[8:])


LETTERS = st.text(st.characters(exclude_categories=[]), max_size=90) | st.text("abcW אבגд жшщ ابت ", max_size=160)


@settings(max_examples=60, deadline=None)
@given(LETTERS, LETTERS, LETTERS)
@example("\ud800", "", "")
def test_nothing_that_can_be_written_leaves_the_picture(title: str, label: str, name: str) -> None:
    days = (DayPicture(label, True, (SPACE,), (STAYED,)),) * 7
    svg = compose_week(WeekPicture(title, days, (LegendLine(SPACE, name), LegendLine(STAYED, name))))
    svg_months = compose_months(MonthsPicture(title, (MonthStart(label, 0),), (MonthsLine(SPACE, name, (1,) * 13),)))
    for drawing in (svg, svg_months):
        height = int(ElementTree.fromstring(drawing).attrib["height"])
        for text in elements(drawing, "text"):
            left, right = extent(text)
            assert left >= 0
            assert right <= 1280
            assert 0 < float(text.attrib["y"]) < height


@pytest.mark.parametrize(
    "text",
    [
        "16 to 22 November",
        "Ein Scherz anstelle einer Antwort",
        "Щит и Ёлка, ή ώρα",
        "بدلا من الإجابة مزحة",
        "צורך פתאומי",
    ],
)
def test_a_line_is_not_wider_than_it_was_measured(text: str) -> None:
    size, left = 52, 100
    svg = assemble([write(text, left, 60, size, "#000000")], 90)
    columns = inked_columns(paint(svg))
    slack = size // 10
    assert left - slack <= min(columns)
    assert max(columns) <= left + width(text, size) + slack
    assert max(columns) >= left + width(text, size) * 0.7


def inked_columns(png: bytes) -> set[int]:
    """The columns of an RGBA PNG in which anything is drawn."""
    wide, data, at = int.from_bytes(png[16:20], "big"), b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw, above, inked = zlib.decompress(data), bytes(4 * wide), set()
    for start in range(0, len(raw), 4 * wide + 1):
        above = unfiltered(raw[start], raw[start + 1 : start + 1 + 4 * wide], above)
        inked |= {index // 4 for index in range(3, len(above), 4) if above[index]}
    return inked


def unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    """One row of a PNG by its filter (PNG specification, section 9)."""
    plain = bytearray(row)
    for index in range(len(row)):
        left = plain[index - 4] if index >= 4 else 0
        corner = above[index - 4] if index >= 4 else 0
        nearest = min((left, above[index], corner), key=lambda one: abs(left + above[index] - corner - one))
        guess = (0, left, above[index], (left + above[index]) // 2, nearest)[kind]
        plain[index] = (row[index] + guess) & 0xFF
    return bytes(plain)


def test_a_long_name_wraps_and_a_longer_one_ends_in_dots() -> None:
    assert len(fit("words " * 12, 900, range(50, 39, -2)).lines) == 2
    cut = fit("w" * 400, 900, range(50, 39, -2))
    assert len(cut.lines) == 2
    assert cut.lines[-1].endswith("…")


def test_letters_of_the_shipped_scripts_are_there_and_others_are_named() -> None:
    assert missing_letters("16–22 ноября, Ελληνικά, Tiếng Việt, İğş, עִברית, العربيّة…") == set()
    assert missing_letters("a 日本") == {"日", "本"}
    assert runs_leftwards("16 עד 22")
    assert not runs_leftwards("16 to 22")


def test_the_names_that_the_project_ships_can_all_be_written() -> None:
    for path in Path("content").glob("*/patterns/*.yaml"):
        first = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("name:"))
        assert missing_letters(first) == set(), path


def test_fonts_are_small_and_have_their_licence_beside_them() -> None:
    assert sum(path.stat().st_size for path in font_files()) <= 900_000
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert all(path.name in licence for path in font_files())
    assert "Manrope" in family()


def test_three_months_show_a_light_for_each_week_and_name_every_line() -> None:
    svg = compose_months(pictures.FADING)
    weeks_with_light = sum(days > 0 for days in pictures.FADING.lines[0].days)
    assert len(elements(svg, "circle")) == weeks_with_light
    assert [line.name for line in pictures.FADING.lines] == words(svg)[1:4]


def test_a_month_without_room_is_left_out_of_the_foot() -> None:
    assert words(compose_months(pictures.FADING))[-3:] == ["Sep", "Oct", "Nov"]


def test_pictures_that_cannot_be_drawn_are_refused() -> None:
    day = DayPicture("Mon", False, (), ())
    with pytest.raises(ValueError, match="7 days"):
        WeekPicture("A week", (day,) * 6, ())
    with pytest.raises(ValueError, match="room for 2"):
        WeekPicture("A week", (day,) * 7, tuple(LegendLine(one, one) for one in WITHDRAWAL_IDS[:3]))
    with pytest.raises(ValueError, match="twice"):
        WeekPicture("A week", (day,) * 7, (LegendLine(SPACE, "a"), LegendLine(SPACE, "b")))
    with pytest.raises(ValueError, match="thirteen weeks"):
        MonthsPicture("Months", (), (MonthsLine(SPACE, "a", (0,) * 12),))


def test_the_contact_sheet_holds_all_pictures(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    pictures.contact_sheet(sheet)
    assert int.from_bytes(sheet.read_bytes()[16:20], "big") == 2600
    assert len(pictures.WEEKS) == 12
