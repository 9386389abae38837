"""A language that nobody speaks, made of English: every letter with an accent, 40 % longer, marks of right to left.

What the bot says in it without an accent was never in a content file.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.content import CONTENT

LANGUAGE = "xx"
#: Whose names of days and months it borrows: no language that the content is written in.
LOCALE = "eo"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀçđéƒǵħíĵķľḿñóƥɋŕšťúṽŵẋýžÁɃÇĐÉƑǴĦÍĴĶĽḾÑÓƤɊŔŠŤÚṼŴẊÝŽ"
_SIGNS = str.maketrans(_PLAIN, _ACCENTED)
#: What is no word: tags, values to be put in, commands, addresses.
_KEPT = re.compile(r"<[^>]+>|\{\w+\}|/[a-z]+\b|findahelpline\.com")
#: Phrases that the code reads and nobody sees, or that are signs.
_FORMATS = ("locale", "pattern_", "span", "stop_words", "reaction", "tick")
#: The most that the content's own limits leave room for.
_ROOM = {"say": 30, "chip": 24, "name": 60, "ask": 240, "lighter": 240, "description": 512, "short_description": 120}


def made_up(text: str, room: int = 1500) -> str:
    """The text in the made-up language, at most `room` characters."""
    parts = re.split(f"({_KEPT.pattern})", text)
    said = "".join(part if _KEPT.fullmatch(part) else part.translate(_SIGNS) for part in parts)
    longer = max(0, min(len(text) * 4 // 10, room - len(said) - 2))
    return f"\u200f{said}{'ö' * longer}\u200f" if len(said) + 2 <= room else said


def write(root: Path) -> Path:
    """A content folder with English and the made-up language."""
    (root / "en").symlink_to(CONTENT / "en")
    folder = root / LANGUAGE
    for file in sorted((CONTENT / "en").rglob("*.yaml")):
        made = folder / file.relative_to(CONTENT / "en")
        made.parent.mkdir(parents=True, exist_ok=True)
        data = yaml.load(file.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        made.write_text(yaml.safe_dump(_translated(file, data), allow_unicode=True), "utf-8")
    return root


def _translated(file: Path, data: Any) -> Any:
    by_name: Mapping[str, Callable[[Any], Any]] = {
        "phrases": _phrases,
        "care": lambda care: {**care, "texts": _each(care["texts"])},
        "reflections": _each,
        "clock": lambda clock: clock,
        "forbidden": lambda shapes: shapes,
    }
    return by_name.get(file.stem, _each)(data)


def _phrases(phrases: dict[str, Any]) -> dict[str, Any]:
    made = {
        key: said if key.startswith(_FORMATS) else made_up(said, _ROOM.get(key, 1500)) for key, said in phrases.items()
    }
    return made | {"locale": LOCALE}


def _each(data: Any, key: str = "") -> Any:
    if isinstance(data, dict):
        return {name: value if name in _IDS else _each(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_each(value, key) for value in data]
    return made_up(data, _ROOM.get(key, 1500)) if isinstance(data, str) else data


_IDS = ("id", "form", "shows", "patterns", "side", "depth", "gentle")
