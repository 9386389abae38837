"""`make bench`: every figure in one run, one table. `python -m tests.bench [--json FILE] [NAME …]` for some."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench import answers, flood, others, ours
from tests.bench.table import Row, keep, told

Scenario = Callable[[str], list[Row]]

SCENARIOS: Mapping[str, Scenario] = {
    "free": lambda name: ours.due_at_once(name, "sqlite", 1_000, 30),
    "paid": lambda name: ours.due_at_once(name, "sqlite", 10_000, 1_000, among=100_000),
    "paid-postgresql": lambda name: ours.due_at_once(name, "postgresql", 10_000, 1_000, among=100_000),
    "paid-million": lambda name: ours.due_at_once(name, "sqlite", 10_000, 1_000, among=1_000_000),
    "paid-million-postgresql": lambda name: ours.due_at_once(name, "postgresql", 10_000, 1_000, among=1_000_000),
    "reflections": lambda name: ours.due_at_once(name, "sqlite", 1_000, 30, reflections=True),
    "faults": lambda name: ours.faults(name, "sqlite", 3_000, 300),
    "killed": lambda name: ours.killed(name, "sqlite", 3_000, 300),
    "database-killed": lambda name: ours.database_killed(name, 3_000, 300),
    "starts": lambda name: ours.starts(name, "sqlite"),
    "replies-storage": lambda name: flood.storage_alone(name, "sqlite"),
    "replies-storage-postgresql": lambda name: flood.storage_alone(name, "postgresql"),
    "answers": lambda name: answers.answers(name, "sqlite"),
    "answers-free": lambda name: answers.answers(name, "sqlite", rate=30),
    "replies-killed": lambda name: flood.killed(name, "sqlite"),
    "replies-whole-way-postgresql": lambda name: flood.whole_way(name, "postgresql"),
    "replies-whole-way": lambda name: flood.whole_way(name, "sqlite"),
    "job-queue-300": lambda name: others.peer(name, "job_queue", 300, 30),
    "job-queue-600": lambda name: others.peer(name, "job_queue", 600, 30),
    "job-queue-1000": lambda name: others.peer(name, "job_queue", 1_000, 30),
    "one-by-one": lambda name: others.peer(name, "one_by_one", 1_000, 30),
    "rate-limiter": lambda name: others.peer(name, "rate_limiter", 1_000, 30),
    "plain-aiogram": lambda name: others.peer(name, "plain_aiogram", 1_000, 30),
}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures delivery.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--json", type=Path, help="a file for the figures")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(SCENARIOS):
        parser.error(f"not known: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for name in asked.names or SCENARIOS:
        new = SCENARIOS[name](name)
        sys.stdout.write(told(new) + "\n")
        sys.stdout.flush()
        rows += new
    if asked.json:
        keep(rows, asked.json)


if __name__ == "__main__":
    main()
