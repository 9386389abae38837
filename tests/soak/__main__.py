"""`make soak`: ten simulated weeks with all that goes wrong, then the audit; its table is for docs/reliability.md."""

import argparse
import sys
from datetime import timedelta
from pathlib import Path

from tests.soak.run import Asked, soak
from tests.soak.table import told, write


def main() -> int:
    """The command; 0 when nothing disagrees."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Weeks in minutes, with faults.")
    parser.add_argument("--subscribers", type=int, default=5_000)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--grid", type=int, default=15, help="minutes from one stand of the clock to the next")
    parser.add_argument("--speed", type=float, default=10.0, help="how much shorter pauses and timeouts are")
    parser.add_argument("--write", type=Path, help="the page whose table is written")
    given = parser.parse_args()
    grid = timedelta(minutes=given.grid)
    asked = Asked(given.subscribers, given.weeks, given.seed, given.database, grid, given.speed, loud=True)
    result = soak(asked)
    sys.stdout.write(told(asked, result) + "\n")
    for words in result.findings.wrong[:50]:
        sys.stdout.write(f"  {words}\n")
    if given.write:
        write(given.write, asked, result)
    return 1 if result.findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
