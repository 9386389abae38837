"""A language made ready for use: its words, its reader of crisis, its clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.domain.care import CareReader
from bot.domain.clockwords import ClockWords, clock_words
from bot.domain.library import Library
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language, ready for use."""

    words: Words
    care: CareReader
    clock: ClockWords

    @property
    def library(self) -> Library:
        """The checked content of the language."""
        return self.words.library


def read_tongues(languages: Sequence[str], root: Path = content.CONTENT) -> Mapping[str, Tongue]:
    """The languages, checked and ready. Raises ContentError; also for one that has no list of care (S1)."""
    return {language: _tongue(content.load(language, root)) for language in languages}


def _tongue(library: Library) -> Tongue:
    return Tongue(Words(library), care_reader(library), clock_words(library.clock))


def care_reader(library: Library) -> CareReader:
    """The reader of crisis of one language."""
    by_kind = {
        kind: tuple(match for match, known in library.care_phrases if known == kind) for kind in ("self", "violence")
    }
    return CareReader(by_kind["self"], library.care_idioms, violence=by_kind["violence"])
