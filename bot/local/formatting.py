"""Telegram's HTML: into plain text with entities, and back.

Offsets and lengths are UTF-16 units, as Telegram counts.
"""

import re
import unicodedata
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

Json = dict[str, Any]

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PIECE = re.compile(r"&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot);?|<(/?)([^\s<>/]*)([^<>]*)>|<|[^&<]+|&", re.S)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_FOUND = re.compile(r"(?<![\w/<])(?P<bot_command>/[A-Za-z0-9_]{1,64}\b)|(?P<url>\bhttps?://[^\s<>]*[^\s<>.,:;!?)'\"])")
_BLANK_LETTERS = set("\u2800\u3164\u115f\u1160\uffa0\u180e")


class BadHtml(ValueError):
    """Markup Telegram cannot read; the message is what follows `can't parse entities: `."""


def utf16(text: str) -> int:
    """The length of `text` as Telegram counts it: in UTF-16 units."""
    return len(text) + sum(c > "\uffff" for c in text) if not text.isascii() else len(text)


def is_blank(text: str) -> bool:
    """True where nothing would be seen: spaces, controls, zero-width marks and blank letters only."""
    return all(c.isspace() or c in _BLANK_LETTERS or unicodedata.category(c) in ("Cc", "Cf", "Zs") for c in text)


@dataclass(slots=True)
class _Open:
    tag: str
    entity: Json


class _Reader:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.text: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        for piece in _PIECE.finditer(self.markup):
            self._piece(piece)
        if self.open:
            raise BadHtml(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.text), self.entities

    def _piece(self, piece: re.Match[str]) -> None:
        whole, named, closing, tag, rest = piece[0], piece[1], piece[2], piece[3], piece[4]
        if named:
            self._add(_NAMED.get(named) or _letter(named[1:]) or whole)
        elif whole == "<":
            raise self._broken(piece)
        elif tag is None:
            self._add(whole)
        elif closing:
            self._close(tag.lower(), self._byte(piece))
        else:
            self._start(tag.lower(), rest, self._byte(piece))

    def _broken(self, piece: re.Match[str]) -> BadHtml:
        name = re.match(r"[^\s>]*", self.markup[piece.end() :])
        tag, at = name[0] if name else "", self._byte(piece)
        if piece.end() + len(tag) == len(self.markup):
            return BadHtml(f"Unclosed start tag at byte offset {at}")
        return BadHtml(f'Unsupported start tag "{tag.lower()}" at byte offset {at}')

    def _byte(self, piece: re.Match[str]) -> int:
        return len(self.markup[: piece.start()].encode())

    def _add(self, text: str) -> None:
        self.text.append(text)
        self.length += utf16(text)

    def _start(self, tag: str, rest: str, at: int) -> None:
        if tag not in _TYPES:
            raise BadHtml(f'Unsupported start tag "{tag}" at byte offset {at}')
        given = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(rest)}
        if tag == "span" and given.get("class") != "tg-spoiler":
            raise BadHtml(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        entity = {"type": _TYPES[tag], "offset": self.length, "length": 0} | _extra(tag, given)
        self.open.append(_Open(tag, entity))
        self.entities.append(entity)

    def _close(self, tag: str, at: int) -> None:
        if not self.open:
            raise BadHtml(f"Unexpected end tag at byte offset {at}")
        opened = self.open.pop()
        if tag not in ("", opened.tag):
            expected = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise BadHtml(f"Unmatched end tag at byte offset {at}, {expected}")
        if opened.tag != "a" or "url" in opened.entity:
            opened.entity["length"] = self.length - opened.entity["offset"]


def _letter(number: str) -> str | None:
    code = int(number[1:], 16) if number.startswith("x") else int(number)
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


def _extra(tag: str, given: dict[str, str]) -> Json:
    if tag == "a":
        return {"url": unescape(given["href"])} if given.get("href") else {}
    if tag == "tg-emoji":
        return {"custom_emoji_id": given.get("emoji-id", "")}
    if tag == "code" and given.get("class", "").startswith("language-"):
        return {"language": given["class"].removeprefix("language-")}
    return {"type": "expandable_blockquote"} if tag == "blockquote" and "expandable" in given else {}


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """Plain text, trimmed at both ends, and its entities in order. BadHtml for what Telegram cannot read."""
    return trimmed(*_Reader(markup).read())


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text without blanks at its ends, the entities moved and cut to fit."""
    kept = text.strip()
    if not kept:
        return "", []
    before, size = utf16(text[: len(text) - len(text.lstrip())]), utf16(kept)
    moved = [_cut(e, e["offset"] - before, size) for e in entities]
    return kept, sorted((e for e in moved if e["length"] > 0), key=lambda e: (e["offset"], -e["length"]))


def _cut(entity: Json, offset: int, size: int) -> Json:
    end = min(offset + entity["length"], size)
    offset = max(offset, 0)
    return entity | {"offset": offset, "length": end - offset}


def detected(text: str) -> list[Json]:
    """Bot commands and web addresses that Telegram finds by itself."""
    if "/" not in text:
        return []
    return [
        {"type": str(m.lastgroup), "offset": utf16(text[: m.start()]), "length": utf16(m[0])}
        for m in _FOUND.finditer(text)
    ]


def as_html(text: str, entities: list[Json]) -> str:
    """Text and entities as Telegram's HTML again (entities nest, as Telegram's do)."""
    marks: dict[int, list[str]] = {}
    for entity in entities:
        begin, end = _tags(entity)
        marks.setdefault(entity["offset"], []).append(begin)
        marks.setdefault(entity["offset"] + entity["length"], []).insert(0, end)
    out, at = [], 0
    for letter in text:
        out += [*marks.pop(at, ()), escape(letter, quote=False)]
        at += 2 if letter > "\uffff" else 1
    return "".join([*out, *marks.pop(at, ())])


def _tags(entity: Json) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "pre":
        return "<pre>", "</pre>"
    if kind.endswith("blockquote"):
        return "<blockquote expandable>" if kind.startswith("exp") else "<blockquote>", "</blockquote>"
    tag = _TAGS.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
