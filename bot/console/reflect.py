"""`nearer reflect FILE`: composes one reflection from a diary; needs no settings and keeps nothing."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.chart import draw_week
from bot.content import load
from bot.domain.errors import NearerError
from bot.domain.letter import plain
from bot.hearing.reader import load as load_reader
from bot.journeys.diary import as_json, reflect_diary
from bot.journeys.reflecting import week_picture
from bot.tongues import care_reader
from bot.words import Words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The diary, and what is wanted of it."""
    parser.add_argument("file", type=Path, help='lines of {"date": "2026-11-16", "text": "…", "chips": […]}')
    parser.add_argument("--json", action="store_true", help="print the reflection as JSON")
    parser.add_argument("--week", type=date.fromisoformat, metavar="DATE", help="the week that this day is the last of")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="also write the picture")


def run(asked: argparse.Namespace) -> int:
    """Prints the message, or the JSON; writes the picture where one is asked for."""
    library = load("en")
    words, care, reader = Words(library), care_reader(library), load_reader()

    def hear(texts: Sequence[str]) -> list[frozenset[str]]:
        return [heard.named for heard in reader.hear(texts)]

    lines = _read(asked.file).split("\n")
    reflection = reflect_diary(lines, week=asked.week, hear=hear, is_care=care.is_care, library=library, calendar=words)
    told = json.dumps(as_json(reflection), ensure_ascii=False, indent=1) if asked.json else plain(reflection.text)
    sys.stdout.write(told + "\n")
    if asked.picture is not None:
        _write(asked.picture, draw_week(week_picture(words, reflection)))
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise NearerError(f"{path} is not UTF-8 text.") from None
    except OSError as error:
        raise NearerError(f"{path} cannot be read: {error.strerror}.") from None


def _write(path: Path, png: bytes) -> None:
    try:
        path.write_bytes(png)
    except OSError as error:
        raise NearerError(f"{path} cannot be written: {error.strerror}.") from None
