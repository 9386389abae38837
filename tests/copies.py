"""Copies of content/ to make mistakes in."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.content import CONTENT

JOKES, DOOR = "themes/jokes.yaml", "themes/the-door.yaml"


def copied(folder: Path) -> Path:
    return shutil.copytree(CONTENT, folder / "content", ignore=shutil.ignore_patterns("replies", "places.*"))


def small_copy(folder: Path) -> Path:
    """Two themes are enough where loading stops at the first thing wrong."""
    root = copied(folder)
    for path in (root / "en" / "themes").iterdir():
        if path.name not in (Path(JOKES).name, Path(DOOR).name):
            path.unlink()
    return root


def mend(root: Path, file: str, change: Callable[[Any], None]) -> None:
    path = root / "en" / file
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
