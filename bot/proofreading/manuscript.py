"""What a proofreader has on the desk: every text of one language with its file and key, and how the code uses it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.library import Library
from bot.proofreading.uses import Role, Use


class Kind(Enum):
    """Where in the chat a text stands."""

    ASK = auto()
    LIGHTER = auto()
    TAP = auto()
    PATTERN_NAME = auto()
    CHIP = auto()
    PAGE = auto()
    INVITATION = auto()
    FORM = auto()
    PHRASE = auto()
    CARE = auto()


@dataclass(frozen=True, slots=True)
class Text:
    """Something the bot says, as it stands in the file."""

    file: str
    key: str
    kind: Kind
    said: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where. Reads "file: key: what is wrong"."""

    file: str
    key: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.wrong}"


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One language. `forbidden` are regular expressions by what they stand for."""

    library: Library
    forbidden: Mapping[str, Sequence[str]]
    uses: Sequence[Use]

    def texts(self) -> Iterator[Text]:
        """Every text, in the order of the files; formats of dates and lists of words are none."""
        yield from _prompts(self.library)
        yield from _patterns(self.library)
        for slot, forms in self.library.reflections.items():
            for number, form in enumerate(forms):
                yield Text(REFLECTIONS, f"{slot}.{number}", Kind.FORM, form)
        for key, said in self.library.phrases.items():
            if not self.is_format(key):
                yield Text(PHRASES, key, Kind.PHRASE, said)
        for key, said in self.library.care_texts.items():
            yield Text(CARE, f"texts.{key}", Kind.CARE, said)

    def roles(self, key: str) -> frozenset[Role]:
        """How the code uses a phrase."""
        return frozenset(use.role for use in self.uses if use.is_of(key))

    def is_format(self, key: str) -> bool:
        """Whether a phrase is read by the code and never shown."""
        return self.roles(key) == {Role.FORMAT}


PHRASES, REFLECTIONS, CARE = "phrases.yaml", "reflections.yaml", "care.yaml"


def theme_file(theme: str) -> str:
    """The file of a theme."""
    return f"themes/{theme}.yaml"


def pattern_file(pattern: str) -> str:
    """The file of a pattern."""
    return f"patterns/{pattern}.yaml"


def _prompts(library: Library) -> Iterator[Text]:
    for prompt in library.prompts.values():
        file = theme_file(prompt.theme)
        yield Text(file, f"{prompt.id}.ask", Kind.ASK, prompt.ask)
        yield Text(file, f"{prompt.id}.lighter", Kind.LIGHTER, prompt.lighter)
        for number, tap in enumerate(prompt.taps):
            yield Text(file, f"{prompt.id}.taps.{number}", Kind.TAP, tap.say)


def _patterns(library: Library) -> Iterator[Text]:
    for pattern in library.patterns.values():
        file = pattern_file(pattern.id)
        yield Text(file, "name", Kind.PATTERN_NAME, pattern.name)
        yield Text(file, "chip", Kind.CHIP, pattern.chip)
        for key in ("what", "why", "protects", "helps"):
            yield Text(file, key, Kind.PAGE, getattr(pattern, key))
        for number, said in enumerate(pattern.invitations):
            yield Text(file, f"invitations.{number}", Kind.INVITATION, said)
