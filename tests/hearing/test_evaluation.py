"""The table of figures, counted by hand on a few lines."""

from dataclasses import replace

from bot.domain.library import PATTERN_IDS
from bot.hearing.evaluation import Judged, by_pattern, evaluate, table
from bot.hearing.examples import Example
from bot.hearing.judgement import NOTHING, Heard


def heard(likely: dict[str, float], offered: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> Heard:
    return Heard(dict.fromkeys(PATTERN_IDS, 0.0) | likely, offered, frozenset(named), 0.0)


def line(*labels: str, crisis: bool = False) -> Example:
    return Example("x", frozenset(labels), crisis, "a sitting")


JUDGED = [
    Judged(line("what_if"), heard({"what_if": 0.9}, ("what_if",), ("what_if",))),
    Judged(line("old_wound"), heard({"what_if": 0.4, "old_wound": 0.2}, ("what_if",), ("what_if",))),
    Judged(line(), heard({"felt_safe": 0.2}, ("felt_safe",)), care=True),
    Judged(line(), NOTHING),
    Judged(line(crisis=True), NOTHING, care=True),
    Judged(replace(line(crisis=True), kind="veiled"), NOTHING),
    Judged(replace(line(), kind="benign"), heard({"felt_safe": 0.2}, ("felt_safe",))),
]


def test_the_figures_are_those_counted_by_hand() -> None:
    found = {figure.name: (figure.hits, figure.count) for figure in evaluate(JUDGED)}
    assert found == {
        "a right pattern among the first three": (2, 2),
        "a right pattern among those offered": (1, 2),
        "the first guess right": (1, 2),
        "micro F1, all fifteen": (2, 4),
        "precision of what is named": (1, 2),
        "recall of what is named": (1, 2),
        "no pattern, chips all the same": (1, 2),
        "care: crisis lines caught": (1, 1),
        "care: veiled crisis lines caught": (0, 1),
        "care: benign lines alarmed": (1, 5),
    }


def test_a_bar_is_met_from_above_or_from_below() -> None:
    figures = {figure.name: figure for figure in evaluate(JUDGED)}
    assert figures["a right pattern among the first three"].met
    assert figures["care: benign lines alarmed"].met is False
    assert replace(figures["care: benign lines alarmed"], hits=0).met


def test_no_lines_are_nothing_to_count() -> None:
    assert all(figure.met is None for figure in evaluate([]))
    assert "nothing to count" in table(evaluate([]))


def test_each_pattern_has_its_row() -> None:
    rows = {row[0]: row[1:] for row in by_pattern(JUDGED)}
    assert tuple(rows) == PATTERN_IDS
    assert rows["what_if"] == (1, 0.5, 1.0, 1.0)
