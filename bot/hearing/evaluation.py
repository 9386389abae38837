"""How well labelled replies are heard: the table of `nearer hear --evaluate`, counted, never estimated.

It is given what was heard; it opens nothing and decides nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.library import PATTERN_IDS
from bot.hearing.examples import Example
from bot.hearing.judgement import Heard

#: From this likelihood on a pattern counts as said, where a plain yes or no is asked for (micro F1).
SAID = 0.35


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled reply, what was heard in it, and whether care would answer."""

    example: Example
    heard: Heard
    care: bool = False

    @property
    def ranked(self) -> list[str]:
        """All fifteen patterns, the likeliest first."""
        return sorted(PATTERN_IDS, key=lambda name: -self.heard.likelihoods[name])

    @property
    def said(self) -> frozenset[str]:
        """The patterns heard at SAID or above."""
        return frozenset(name for name in PATTERN_IDS if self.heard.likelihoods[name] >= SAID)


@dataclass(frozen=True, slots=True)
class Figure:
    """`hits` of `count`, against the bar; `at_most` where less is better. With `count` 0 it says nothing."""

    name: str
    hits: float
    count: float
    bar: float
    at_most: bool = False

    @property
    def share(self) -> float | None:
        """Hits by count, None where there is nothing to count."""
        return self.hits / self.count if self.count else None

    @property
    def met(self) -> bool | None:
        """Whether the bar is met, None where there is nothing to count."""
        if self.share is None:
            return None
        return self.share <= self.bar if self.at_most else self.share >= self.bar


def evaluate(judged: Sequence[Judged]) -> list[Figure]:
    """The figures of the table; lines of the care corpus, and crisis lines anywhere, count for care alone."""
    calm = [one for one in judged if not one.example.crisis]
    plain = [one for one in calm if not one.example.kind]
    showing = [one for one in plain if one.example.labels]
    silent = [one for one in plain if not one.example.labels]
    crisis = [one for one in judged if one.example.crisis]
    named, right = _total(plain, lambda one: one.heard.named), _hits(plain, lambda one: one.heard.named)
    said, said_right = _total(plain, lambda one: one.said), _hits(plain, lambda one: one.said)
    labels = _total(plain, lambda one: one.example.labels)
    return [
        _share("a right pattern among the first three", showing, lambda one: _any(one, one.ranked[:3]), 0.91),
        _share("a right pattern among those offered", showing, lambda one: _any(one, one.heard.offered), 0.85),
        _share("the first guess right", showing, lambda one: _any(one, one.ranked[:1]), 0.72),
        Figure("micro F1, all fifteen", 2 * said_right, said + labels, 0.64),
        Figure("precision of what is named", right, named, 0.90),
        Figure("recall of what is named", right, labels, 0.25),
        _share("no pattern, chips all the same", silent, lambda one: bool(one.heard.offered), 0.25, at_most=True),
        *_care(crisis),
        _share("care: benign lines alarmed", calm, lambda one: one.care, 0.015, at_most=True),
    ]


def by_pattern(judged: Sequence[Judged]) -> list[tuple[str, int, float, float, float]]:
    """Of each pattern: name, replies that show it, precision and recall at SAID, recall among the offered."""
    plain = [one for one in judged if not one.example.crisis and not one.example.kind]
    return [_pattern(name, plain) for name in PATTERN_IDS]


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [f"| {one.name} | {_sign(one)} {one.bar:.3g} | {_value(one)} |" for one in figures]
    return "\n".join(["| figure | bar | found |", "|---|---|---|", *rows])


def _pattern(name: str, plain: Sequence[Judged]) -> tuple[str, int, float, float, float]:
    shows = [one for one in plain if name in one.example.labels]
    said = [one for one in plain if name in one.said]
    both = sum(name in one.said for one in shows)
    offered = sum(name in one.heard.offered for one in shows)
    count = max(1, len(shows))
    return name, len(shows), both / max(1, len(said)), both / count, offered / count


def _care(crisis: Sequence[Judged]) -> list[Figure]:
    """Lines of no kind stand in a file that does not tell direct from veiled; they are held to the higher bar."""
    veiled = [one for one in crisis if one.example.kind == "veiled"]
    others = [one for one in crisis if one.example.kind != "veiled"]
    return [
        _share("care: crisis lines caught", others, lambda one: one.care, 0.98),
        _share("care: veiled crisis lines caught", veiled, lambda one: one.care, 0.80),
    ]


def _any(one: Judged, patterns: Iterable[str]) -> bool:
    return not one.example.labels.isdisjoint(patterns)


def _share(
    name: str, among: Sequence[Judged], holds: Callable[[Judged], bool], bar: float, *, at_most: bool = False
) -> Figure:
    return Figure(name, sum(map(holds, among)), len(among), bar, at_most)


def _total(judged: Iterable[Judged], chosen: Callable[[Judged], Iterable[str]]) -> int:
    return sum(len(frozenset(chosen(one))) for one in judged)


def _hits(judged: Iterable[Judged], chosen: Callable[[Judged], Iterable[str]]) -> int:
    return sum(len(one.example.labels.intersection(chosen(one))) for one in judged)


def _sign(figure: Figure) -> str:
    return "≤" if figure.at_most else "≥"


def _value(figure: Figure) -> str:
    if figure.share is None:
        return "nothing to count"
    return f"{figure.share:.3f} ({figure.hits:g} of {figure.count:g}){'' if figure.met else ', not met'}"
