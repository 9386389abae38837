"""Every phrase and care text that the code asks for is there, and none is there that nobody asks for."""

from collections.abc import Iterator, Mapping

from bot.proofreading.manuscript import CARE, PHRASES, Finding, Manuscript
from bot.proofreading.uses import Role, Use


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names missing and unused keys, and uses that cannot be read from the source."""
    library = manuscript.library
    care = [use for use in manuscript.uses if use.role is Role.CARE]
    said = [use for use in manuscript.uses if use.role is not Role.CARE]
    yield from _compared(PHRASES, "", library.phrases, said)
    yield from _compared(CARE, "texts.", library.care_texts, care)


def _compared(file: str, head: str, there: Mapping[str, str], asked: list[Use]) -> Iterator[Finding]:
    for use in {use.key: use for use in asked}.values():
        if not use.key or "*" in use.key:
            yield Finding(use.line, use.key or "say", "this key cannot be told from the source; list what it may be")
        elif use.key not in there and f"{use.key}.other" not in there:
            yield Finding(file, head + use.key, f"is missing; {use.line} says it")
    for key in there:
        if not any(use.is_of(key) for use in asked):
            yield Finding(file, head + key, "nothing says it")
