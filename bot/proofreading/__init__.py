"""Reads the words of one language as a proofreader would: a family of equal checks, and a line in CHECKS for each.

Says what is wrong and where; mends nothing. What cannot be loaded at all is a ContentError of `bot/content.py`.
"""

from collections.abc import Callable, Iterator, Sequence

from bot.proofreading import ease, lengths, markup, phrases, placeholders, reach, slots, tone, twins
from bot.proofreading.manuscript import Finding, Manuscript

__all__ = ["CHECKS", "Finding", "Manuscript", "proofread"]

CHECKS: Sequence[Callable[[Manuscript], Iterator[Finding]]] = (
    phrases.check,
    slots.check,
    placeholders.check,
    markup.check,
    lengths.check,
    tone.check,
    ease.check,
    twins.check,
    reach.check,
)


def proofread(manuscript: Manuscript) -> list[Finding]:
    """All that the checks find, in the order of CHECKS; empty where everything is well."""
    return [finding for check in CHECKS for finding in check(manuscript)]
