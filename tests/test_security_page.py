"""docs/security.md names tests; each of them exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
NAMED = re.compile(r"`(test_\w+)`")
THREATS = ("operator", "host", "database", "user", "webhook", "reply", "content", "supply")


def existing() -> set[str]:
    trees = (ast.parse(path.read_text()) for path in (ROOT / "tests").rglob("test_*.py"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)}


def test_every_test_that_the_security_page_names_exists() -> None:
    named = set(NAMED.findall(PAGE))
    assert len(named) > 20
    assert sorted(named - existing()) == []


def test_every_threat_has_a_part_with_a_test() -> None:
    parts = PAGE.split("\n## ")[1:]
    for threat in THREATS:
        found = [part for part in parts if threat in part.splitlines()[0].lower()]
        assert found, threat
        assert NAMED.search(found[0]), threat
