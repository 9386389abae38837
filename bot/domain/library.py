"""What the content files say, once read and checked: themes, prompts, patterns.

Plain data; reading the files is the task of `bot/content.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Protocol


class Side(StrEnum):
    """Whether a pattern steps back from closeness or towards it."""

    WITHDRAWAL = "withdrawal"
    GROWTH = "growth"


WITHDRAWAL_IDS = (
    "sudden_space",
    "pulling_back",
    "joking_away",
    "avoiding_eyes",
    "logical_excuses",
    "closeness_alarm",
    "curated_self",
    "hiding_weakness",
    "what_if",
    "leaving_early",
    "surface_social",
    "old_wound",
)
GROWTH_IDS = ("naming_fear", "staying_present", "felt_safe")
#: The fifteen patterns in the order that every table and model output uses.
PATTERN_IDS = WITHDRAWAL_IDS + GROWTH_IDS


class Form(StrEnum):
    """The shape of a prompt, so that one shape does not come day after day."""

    SCENE = "scene"
    SENTENCE = "sentence"
    BODY = "body"
    PERSON = "person"
    TONIGHT = "tonight"


@dataclass(frozen=True, slots=True)
class Tap:
    """A one-tap answer and the pattern it stands for, if any."""

    say: str
    shows: str | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question. `id` is unique over the library and never reused for another question."""

    id: str
    theme: str
    depth: int
    form: Form
    ask: str
    lighter: str
    patterns: tuple[str, ...]
    taps: tuple[Tap, ...]
    gentle: bool = False


#: Prompts by theme, each theme's in the library's order.
ByTheme = Mapping[str, tuple[Prompt, ...]]


class Catalogue:
    """A library's prompts by what a choice asks for: reckoned once, not for each person.

    `numbers` are 64 bits for each name of a prompt or theme, the same on every machine.
    """

    def __init__(self, prompts: Mapping[str, Prompt]) -> None:
        self.gentle = _by_theme(one for one in prompts.values() if one.gentle)
        self.up_to = {
            depth: _by_theme(one for one in prompts.values() if one.depth <= depth)
            for depth in sorted({prompt.depth for prompt in prompts.values()})
        }
        names = {*prompts, *(prompt.theme for prompt in prompts.values())}
        self.numbers = {name: int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) for name in names}


def _by_theme(prompts: Iterable[Prompt]) -> ByTheme:
    found: dict[str, list[Prompt]] = {}
    for prompt in prompts:
        found.setdefault(prompt.theme, []).append(prompt)
    return {theme: tuple(found[theme]) for theme in sorted(found)}


@dataclass(frozen=True, slots=True)
class Theme:
    """A family of prompts."""

    id: str
    name: str
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One of the fifteen, in the words that a person sees.

    `name` heads a paragraph ("Needing sudden space"), `chip` is a button (at most 24 characters),
    `what`, `why`, `protects`, `helps` are its page, `invitations` close a reflection.
    """

    id: str
    side: Side
    name: str
    chip: str
    what: str
    why: str
    protects: str
    helps: str
    invitations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Helpline:
    """Where somebody answers. `source_date` is the day the source itself gives, as YYYY-MM-DD."""

    name: str
    reach: str
    hours: str
    languages: tuple[str, ...]
    source: str
    source_date: str
    violence: bool = False


class Calendar(Protocol):
    """Dates and lists as one language writes them; `bot/content.py` has the Babel one."""

    def weekday(self, day: date) -> str:
        """ "Tuesday"."""
        ...

    def weekday_short(self, day: date) -> str:
        """ "Tue"."""
        ...

    def day(self, day: date) -> str:
        """ "Mon 23 Nov"."""
        ...

    def span(self, first: date, last: date) -> str:
        """ "16 to 22 November"; both ends are inside."""
        ...

    def listing(self, items: list[str]) -> str:
        """ "Monday, Wednesday and Friday"."""
        ...

    def count(self, number: int) -> str:
        """ "two"; digits from ten on."""
        ...


@dataclass(frozen=True, slots=True)
class Library:
    """All the words of one language. `care_phrases` are pairs of a phrase and its kind, "self" or "violence"."""

    language: str
    themes: tuple[Theme, ...]
    patterns: Mapping[str, Pattern]
    phrases: Mapping[str, str]
    reflections: Mapping[str, tuple[str, ...]]
    care_phrases: tuple[tuple[str, str], ...]
    care_idioms: tuple[str, ...]
    care_texts: Mapping[str, str]
    helplines: Mapping[str, tuple[Helpline, ...]]
    clock: Mapping[str, Any]
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    catalogue: Catalogue = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "catalogue", Catalogue(self.prompts))
