"""The manners of W2 and W6: no word or shape of `forbidden.yaml`, and at most one emoji in a text."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.errors import ContentError
from bot.proofreading.manuscript import Finding, Manuscript

_EMOJI = re.compile("[\u2600-\u2712\u2714-\u27bf\U0001f1e6-\U0001faff](?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d.)*")
_TAG = re.compile(r"</?[bi]>")
#: People type either apostrophe; shapes are written with the straight one.
_APOSTROPHES = str.maketrans("’‘“”", "''\"\"")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names each forbidden shape with what it stands for. Raises ContentError for a shape that is none."""
    shapes = _compiled(manuscript.forbidden)
    for text in manuscript.texts():
        plain = _TAG.sub("", text.said).translate(_APOSTROPHES)
        for reason, shape in shapes:
            if found := shape.search(plain):
                yield Finding(text.file, text.key, f"“{found[0].strip()}”: {reason}")
        if len(_EMOJI.findall(plain)) > 1:
            yield Finding(text.file, text.key, "has more than one emoji")


def _compiled(forbidden: Mapping[str, Sequence[str]]) -> list[tuple[str, re.Pattern[str]]]:
    return [(reason, _shape(reason, shape)) for reason, shapes in forbidden.items() for shape in shapes]


def _shape(reason: str, shape: str) -> re.Pattern[str]:
    try:
        return re.compile(shape, re.IGNORECASE)
    except re.error as error:
        raise ContentError(f"forbidden.yaml: {reason}: {shape!r} is no regular expression: {error}.") from None
