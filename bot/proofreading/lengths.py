"""How long a text may be: W1 for questions, Telegram's own limits, and what a phone shows of a button."""

import re
from collections.abc import Iterator, Mapping

from bot.proofreading.manuscript import PHRASES, Finding, Kind, Manuscript, Text
from bot.proofreading.uses import Role

#: Least and most characters. A button wider than this is cut on a phone.
LIMITS: Mapping[Kind, tuple[int, int]] = {
    Kind.ASK: (40, 240),
    Kind.LIGHTER: (20, 200),
    Kind.TAP: (1, 30),
    Kind.PATTERN_NAME: (1, 30),
    Kind.CHIP: (1, 24),
    Kind.PAGE: (80, 400),
    Kind.INVITATION: (20, 240),
    Kind.FORM: (1, 240),
    Kind.PHRASE: (1, 1500),
    Kind.CARE: (1, 1500),
}
BUTTON, TOAST = (1, 30), (1, 200)
#: "Time zone: Europe/Berlin": a setting's button has its name and its value.
SETTING = 36
#: Telegram's limits for the profile.
PROFILE: Mapping[str, tuple[int, int]] = {"description": (1, 512), "short_description": (1, 120)}
COMMAND = (1, 256)
_NAME = re.compile(r"\{\w+\}")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names texts that are too short or too long; what the code puts in is not counted."""
    for text in manuscript.texts():
        least, most = _limits(text, manuscript)
        length = len(_NAME.sub("", text.said))
        if length > most:
            yield Finding(text.file, text.key, f"has {length} characters, {most} at most")
        elif len(text.said) < least:
            yield Finding(text.file, text.key, f"has {length} characters, {least} at least")
    yield from _settings(manuscript.library.phrases)


def _limits(text: Text, manuscript: Manuscript) -> tuple[int, int]:
    if text.kind is Kind.PHRASE:
        if text.key in PROFILE:
            return PROFILE[text.key]
        if text.key.startswith("command_"):
            return COMMAND
        roles = manuscript.roles(text.key)
        if Role.BUTTON in roles or Role.TOAST in roles:
            return BUTTON if Role.BUTTON in roles else TOAST
    return LIMITS[text.kind]


def _settings(phrases: Mapping[str, str]) -> Iterator[Finding]:
    for key, name in phrases.items():
        values = [
            said for other, said in phrases.items() if other.startswith(f"{key}_") and not other.endswith("_note")
        ]
        line = f"{name}: {max(values, key=len, default='')}"
        if re.fullmatch(r"set_[a-z]+", key) and len(line) > SETTING:
            yield Finding(PHRASES, key, f'the button "{line}" has {len(line)} characters, {SETTING} at most')
