"""Every slot of a reflection is filled, often enough, and no sentence of a reflection stands twice (W6)."""

from collections.abc import Iterator

from bot.domain.forms import LEAST_FORMS, SLOTS, TURNING
from bot.proofreading.manuscript import REFLECTIONS, Finding, Kind, Manuscript


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names slots that are missing, unknown or too short, and sentences that come again."""
    forms = manuscript.library.reflections
    for slot in SLOTS.keys() - forms.keys():
        yield Finding(REFLECTIONS, slot, "is missing")
    for slot, said in forms.items():
        if slot not in SLOTS:
            yield Finding(REFLECTIONS, slot, "is no slot of a reflection")
        elif slot in TURNING and len(said) < LEAST_FORMS:
            yield Finding(REFLECTIONS, slot, f"has {len(said)} forms, and half a year needs {LEAST_FORMS}")
    yield from _too_few_invitations(manuscript)
    yield from _again(manuscript)


def _too_few_invitations(manuscript: Manuscript) -> Iterator[Finding]:
    for pattern in manuscript.library.patterns.values():
        if len(pattern.invitations) < LEAST_FORMS:
            wrong = f"has {len(pattern.invitations)}, and half a year needs {LEAST_FORMS}"
            yield Finding(f"patterns/{pattern.id}.yaml", "invitations", wrong)


def _again(manuscript: Manuscript) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for text in manuscript.texts():
        if text.kind not in (Kind.FORM, Kind.INVITATION):
            continue
        place = f"{text.file}: {text.key}"
        if text.said in first:
            yield Finding(text.file, text.key, f"says the same as {first[text.said]}")
        first.setdefault(text.said, place)
