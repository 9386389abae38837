"""`nearer content check`: proofreads the words of every language; needs no settings and changes nothing."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.chat.commands import COMMANDS
from bot.content import CONTENT, forbidden, languages, load
from bot.domain.library import Library
from bot.domain.records import Kind, Stage, State, Verdict
from bot.journeys.adjusting import SETTINGS
from bot.journeys.prompting import LATER
from bot.journeys.resting import OPEN, SPACES
from bot.proofreading import Manuscript, proofread
from bot.proofreading.uses import read_uses, spelled_out
from bot.words import Words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be done with the content, and where it lies."""
    parser.add_argument("what", choices=["check"], help="check: name all that is wrong, by file and key")
    parser.add_argument("--folder", type=Path, default=CONTENT, help="another folder than content/")


def run(asked: argparse.Namespace) -> int:
    """One line for each finding, and 1; or one line of counts, and 0. Raises ContentError for what cannot load."""
    found = 0
    for language in languages(asked.folder):
        desk = manuscript(language, asked.folder)
        for finding in proofread(desk):
            found += 1
            sys.stdout.write(f"{language}/{finding}\n")
        if not found:
            sys.stdout.write(counts(desk.library) + "\n")
    return 1 if found else 0


def manuscript(language: str = "en", root: Path = CONTENT) -> Manuscript:
    """A language as it is proofread: its words, what they may not be, and what the code asks of them."""
    library = load(language, root)
    return Manuscript(library, forbidden(language, root), spelled_out(read_uses(), families(library)))


def families(library: Library) -> Mapping[str, frozenset[str]]:
    """The keys that the code puts together while it runs, by their form in the source."""
    asked = _Asked(library)
    for setting in SETTINGS.values():
        for value in setting.values:
            setting.told(asked, value)
    members = {
        "space_*": (*SPACES, OPEN),
        "later_*": (*LATER, "evening"),
        "set_*": tuple(SETTINGS),
        "set_*_note": tuple(SETTINGS),
        "verdict_*": tuple(Verdict),
        "verdict_*_noted": tuple(Verdict),
        "*_unknown": ("zone", "time"),
        "command_*": tuple(name for name, command in COMMANDS.items() if command.listed),
        "stats_*": (*Stage, *Kind, *State),
        "number.*": tuple(map(str, range(1, 10))),
    }
    known = {form: frozenset(form.replace("*", name) for name in names) for form, names in members.items()}
    return known | {"set_*_*": frozenset(asked.keys)}


def counts(library: Library) -> str:
    """ "en: 16 themes, 476 questions, …"."""
    forms = sum(map(len, library.reflections.values()))
    return (
        f"{library.language}: {len(library.themes)} themes, {len(library.prompts)} questions, "
        f"{len(library.patterns)} patterns, {forms} forms of reflections, {len(library.phrases)} phrases. All is well."
    )


class _Asked(Words):
    """Notes which phrases it is asked for."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.keys: set[str] = set()

    def say(self, key: str, /, **_values: object) -> str:
        self.keys.add(key)
        return ""
