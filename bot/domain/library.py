"""What the content files say, once read and checked: themes, prompts, patterns.

Plain data; reading the files is the task of `bot/content.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Library:
    """All the words of one language."""

    language: str
    themes: tuple[Theme, ...]
    patterns: Mapping[str, Pattern]
    phrases: Mapping[str, str]
    reflections: Mapping[str, tuple[str, ...]]
    care_phrases: tuple[str, ...]
    care_idioms: tuple[str, ...]
    helplines: Mapping[str, tuple[Helpline, ...]]
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
