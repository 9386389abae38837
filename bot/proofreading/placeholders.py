"""Each text names the values that the code gives it: none that nobody gives, and none of what it is given left out."""

from collections.abc import Iterator, Mapping
from string import Formatter

from bot.domain.forms import SLOTS
from bot.proofreading.manuscript import Finding, Kind, Manuscript, Text
from bot.proofreading.uses import Role, Use

#: These slots have values to choose from; in every other a value left out would lose a receipt (W3).
TO_CHOOSE_FROM = frozenset({"opening", "last_week_same"})


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names unknown and missing placeholders, and braces that do not close."""
    for text in manuscript.texts():
        try:
            named = placeholders(text.said)
        except ValueError:
            yield Finding(text.file, text.key, "its braces do not match")
            continue
        known, needed = _values(text, manuscript)
        for name in sorted(named - known):
            yield Finding(text.file, text.key, f"nothing is given for {{{name}}}")
        for name in sorted(needed - named):
            yield Finding(text.file, text.key, f"{{{name}}} is left out")


def placeholders(said: str) -> frozenset[str]:
    """The names in braces. Raises ValueError where the braces do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(said) if name is not None)


def _values(text: Text, manuscript: Manuscript) -> tuple[frozenset[str], frozenset[str]]:
    """What may be named, and what has to be."""
    if text.kind is Kind.FORM:
        slot = text.key.partition(".")[0]
        known = SLOTS.get(slot, frozenset())
        return known, frozenset() if slot in TO_CHOOSE_FROM else known
    if text.kind is Kind.PHRASE:
        return _given(text.key, [use for use in manuscript.uses if use.role is not Role.CARE])
    if text.kind is Kind.CARE:
        return _given(text.key.removeprefix("texts."), [use for use in manuscript.uses if use.role is Role.CARE])
    return frozenset(), frozenset()


def _given(key: str, uses: list[Use]) -> tuple[frozenset[str], frozenset[str]]:
    """What every use of a key gives. A member of a family may leave a value to the others."""
    mine = [use for use in uses if use.is_of(key)]
    if not mine:
        return frozenset(), frozenset()
    given: Mapping[bool, list[frozenset[str]]] = {
        family: [use.given for use in mine if use.family is family] for family in (False, True)
    }
    everywhere = frozenset.intersection(*given[False], *given[True])
    # "one day" is written without its number.
    needed = everywhere - {"count"} if key.rpartition(".")[0] else everywhere
    return everywhere, needed if given[False] else frozenset()
