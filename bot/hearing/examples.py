"""Labelled replies as they lie in `content/<language>/replies/`: one JSON object a line.

Files named `held-*` are kept aside as development and test sets; training never reads them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.library import PATTERN_IDS

#: The beginning of the name of every file that is never trained on.
HELD = "held-"


@dataclass(frozen=True, slots=True)
class Example:
    """One reply, the patterns it shows (several or none), whether it is a crisis line, and who wrote it.

    `sitting` is the stem of the file: one writer or one sitting. `kind` is set in the care corpus alone:
    "direct" and "veiled" crisis lines and "benign" ones that come near; nobody looked for patterns there.
    """

    text: str
    labels: frozenset[str]
    crisis: bool
    sitting: str
    asked: str = ""
    kind: str = ""


def read_file(path: Path) -> list[Example]:
    """The examples of one file; ValueError names the file and line that cannot be understood."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_example(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def read_training(folder: Path) -> list[Example]:
    """Every example of a folder that may be trained on, files in the order of their names."""
    return [example for path in training_files(folder) for example in read_file(path)]


def training_files(folder: Path) -> Iterator[Path]:
    """The files of a folder that are not held aside, by name."""
    return (path for path in sorted(folder.glob("*.jsonl")) if not path.name.startswith(HELD))


def _example(path: Path, number: int, line: str) -> Example:
    try:
        found: dict[str, Any] = json.loads(line)
        labels = frozenset(found["labels"])
        text, asked, kind = str(found["text"]), found.get("asked", ""), found.get("kind", "")
        example = Example(text, labels, bool(found["crisis"]), path.stem, asked, kind)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name}, line {number}: not a labelled reply ({error})") from error
    unknown = labels.difference(PATTERN_IDS)
    if unknown:
        raise ValueError(f"{path.name}, line {number}: unknown labels {sorted(unknown)}")
    return example
