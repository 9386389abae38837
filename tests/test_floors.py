"""The house stands: no import upwards, no cycle, each third-party package at its door, time read where it enters."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: Rooms by floor; a module's room is the longest name that begins its own. A floor imports only what is beneath it.
FLOORS = (
    ("bot.domain",),
    (
        *("bot.storage", "bot.hearing", "bot.content", "bot.words", "bot.tongues"),
        *("bot.chart", "bot.drawing", "bot.places", "bot.proofreading"),
    ),
    ("bot.journeys",),
    ("bot.chat", "bot.web", "bot.local"),
    ("bot.app", "bot.jobs", "bot.settings", "bot.console", "bot.__main__"),
)
#: Third-party packages and the rooms that may import them.
DOORS = {
    "aiohttp": ("bot.chat.transport", "bot.local", "bot.web"),
    "alembic": ("bot.storage.schema",),
    "apscheduler": ("bot.jobs",),
    "babel": ("bot.words",),
    "cryptography": ("bot.storage.sealing", "bot.storage.sealed_file"),
    "numpy": ("bot.hearing",),
    "onnx": ("bot.hearing.training",),
    "onnxruntime": ("bot.hearing",),
    "pydantic": ("bot.content", "bot.settings"),
    "pydantic_settings": ("bot.settings",),
    "prometheus_client": ("bot.web.metrics",),
    "pytz": ("bot.domain.localtime",),
    "pyphen": ("bot.proofreading.ease",),
    "rapidfuzz": ("bot.places", "bot.proofreading.twins"),
    "resvg_py": ("bot.chart",),
    "safetensors": ("bot.hearing.training",),
    "scipy": ("bot.hearing.training",),
    "sklearn": ("bot.hearing.training",),
    "sentry_sdk": ("bot.console.errors",),
    "sqlalchemy": ("bot.storage", "bot.app"),
    "starlette": ("bot.web",),
    "structlog": ("bot.chat", "bot.jobs", "bot.console"),
    "telegram": ("bot.chat", "bot.app"),
    "tokenizers": ("bot.hearing",),
    "torch": ("bot.hearing.training",),
    "tzfpy": ("bot.places",),
    "uvicorn": ("bot.web.serving",),
    "uvloop": ("bot.console.loop",),
    "yaml": ("bot.content",),
}
#: What reads the clock, and the rooms where time enters.
CLOCK = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime"}
CLOCKS = {"datetime", "date", "time"}
TIME_ENTERS = ("bot.app", "bot.jobs", "bot.console", "bot.local")
LONGEST = 300

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
    for path in sorted((ROOT / "bot").rglob("*.py"))
}


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def floor(module: str) -> int:
    return next((number for number, rooms in enumerate(FLOORS, start=1) if within(module, rooms)), 0)


def imported(module: str) -> Iterator[str]:
    """What a module imports, anywhere in it: modules, and names where it is not known which they are."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by dots"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(module: str) -> set[str]:
    found = {
        name if name in MODULES else name.rpartition(".")[0] for name in imported(module) if within(name, ("bot",))
    }
    return found - {"bot", module}


def reads_clock(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "time" and any(alias.name in CLOCK for alias in node.names)
    named = isinstance(node, ast.Attribute) and node.attr in CLOCK and isinstance(node.value, ast.Name)
    return named and node.value.id in CLOCKS  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"bot"}))
def test_a_module_keeps_to_its_floor_and_its_doors(module: str) -> None:
    assert floor(module), f"{module} is on no floor"
    assert [one for one in ours(module) if floor(one) > floor(module)] == []
    strange = {name.partition(".")[0] for name in imported(module)} - sys.stdlib_module_names - {"bot"}
    assert [package for package in sorted(strange) if not within(module, DOORS.get(package, ()))] == []
    if not within(module, TIME_ENTERS):
        assert [node.lineno for node in ast.walk(MODULES[module]) if reads_clock(node)] == []  # type: ignore[attr-defined]


def test_there_is_no_cycle() -> None:
    assert set(TopologicalSorter({module: ours(module) for module in MODULES}).static_order()) == set(MODULES)


def test_siblings_on_the_fourth_floor_do_not_know_each_other() -> None:
    rooms = FLOORS[3]
    across = {
        (module, one) for module in MODULES for one in ours(module) if within(module, rooms) and within(one, rooms)
    }
    assert {(a, b) for a, b in across if a.split(".")[1] != b.split(".")[1]} == set()


def test_no_module_is_too_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in (ROOT / "bot").rglob("*.py")}
    assert {path.name: length for path, length in lengths.items() if length > LONGEST} == {}


def test_migrations_know_nothing_of_ours() -> None:
    for path in (ROOT / "migrations").rglob("*.py"):
        assert "bot" not in {name.partition(".")[0] for name in imported_by(path)}


def imported_by(path: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return plain + [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
