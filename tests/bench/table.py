"""Rows of figures, as a table and as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure of one scenario."""

    scenario: str
    figure: str
    value: float
    unit: str


def told(rows: Iterable[Row]) -> str:
    """A table for people."""
    lines, last = [], ""
    for row in rows:
        value = f"{row.value:,.0f}" if row.value == row.value and float(row.value).is_integer() else f"{row.value:,.2f}"
        lines.append(f"{row.scenario if row.scenario != last else '':<44} {row.figure:<24} {value:>10} {row.unit}")
        last = row.scenario
    return "\n".join(lines)


def keep(rows: Sequence[Row], path: Path) -> None:
    """The same as JSON."""
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
