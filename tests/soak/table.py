"""The findings as the table of docs/reliability.md, between its markers."""

from pathlib import Path

from tests.soak.run import Asked, Result

BEGIN, END = "<!-- soak: begin -->", "<!-- soak: end -->"
ACCOUNTS = ("sent", "skipped", "late", "unknown", "unreachable", "failed", "waiting")

TOLD = (
    "people whose days fit the rules",
    "of them in more than one way",
    "local days with a question",
    "replies written",
    "replies kept",
    "acknowledgements that arrived",
    "answers by one tap",
    "answers by one tap kept",
    "spans after /stop looked at",
)


def told(asked: Asked, result: Result) -> str:
    """The whole table as Markdown."""
    counts = result.findings.counts
    lines = [
        f"`--subscribers {asked.subscribers} --weeks {asked.weeks} --seed {asked.seed} --database {asked.database}`",
        "",
        "| what | how many |",
        "|---|---|",
        f"| stands of the clock; of them in trouble | {result.steps:,}; {result.noisy:,} |",
        f"| calls of the Bot API | {counts['calls']:,} |",
    ]
    for kind in ("question", "reflection", "goodbye"):
        parts = {state: counts[f"{kind} {state}"] for state in ACCOUNTS}
        accounts = ", ".join(f"{state} {count:,}" for state, count in parts.items() if count)
        lines.append(f"| {kind}s due, and what became of them | {sum(parts.values()):,}: {accounts} |")
    lines += [f"| {name} | {counts[name]:,} |" for name in TOLD]
    lines += [f"| trouble: {kind.value} | {count:,} |" for kind, count in sorted(result.thrown.items())]
    answers = sorted(name for name in counts if name.startswith("call "))
    lines += [f"| calls answered “{name[5:]}” | {counts[name]:,} |" for name in answers]
    lines.append(f"| **disagreements** | **{len(result.findings.wrong):,}** |")
    return "\n".join(lines)


def write(page: Path, asked: Asked, result: Result) -> None:
    """Puts the table in the place of the one of this engine; ValueError where the page has no place for it."""
    begin, end = BEGIN.replace("soak", f"soak {asked.database}"), END.replace("soak", f"soak {asked.database}")
    text = page.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise ValueError(f"{page} has no place for the table: {begin}")
    before, rest = text.split(begin, 1)
    page.write_text(f"{before}{begin}\n{told(asked, result)}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")
