"""Telegram's HTML: messages have <b> and <i>, closed in order; buttons and short notes have no markup at all."""

import re
from collections.abc import Iterator

from bot.proofreading.manuscript import Finding, Kind, Manuscript, Text
from bot.proofreading.uses import Role

_TAG = re.compile(r"<[^<>]*>")
_TAKEN = re.compile(r"</?([bi])>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|#\d+|#x[0-9a-fA-F]+);)")

#: These are put in as they stand, and shown as they stand.
_PLAIN = frozenset({Kind.ASK, Kind.LIGHTER, Kind.TAP, Kind.PATTERN_NAME, Kind.CHIP})
_PROFILE = ("description", "short_description")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Names tags that Telegram would refuse or show as they are."""
    for text in manuscript.texts():
        wrong = _plain(text.said) if is_plain(text, manuscript) else _html(text.said)
        if wrong:
            yield Finding(text.file, text.key, wrong)


def is_plain(text: Text, manuscript: Manuscript) -> bool:
    """Whether a text is shown where no markup is read."""
    if text.kind is Kind.CARE:
        return text.key == "texts.pause"
    if text.kind is not Kind.PHRASE:
        return text.kind in _PLAIN
    if text.key in _PROFILE or text.key.startswith("command_"):
        return text.key != "command_unknown"
    return bool(manuscript.roles(text.key) & {Role.BUTTON, Role.TOAST})


def _plain(said: str) -> str:
    return "no markup is read here" if _TAG.search(said) or "&" in said else ""


def _html(said: str) -> str:
    open_tags: list[str] = []
    for tag in _TAG.findall(said):
        taken = _TAKEN.fullmatch(tag)
        if taken is None:
            return f"{tag} is not among <b> and <i>"
        if not tag.startswith("</"):
            open_tags.append(taken[1])
        elif not open_tags or open_tags.pop() != taken[1]:
            return f"{tag} closes nothing"
    rest = _TAG.sub("", said)
    if "<" in rest or ">" in rest or _ENTITY.search(rest):
        return "a bare <, > or & has to be &lt;, &gt; or &amp;"
    return f"<{open_tags[-1]}> is not closed" if open_tags else ""
