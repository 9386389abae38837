"""Where code comes from and what it may do: hashes for every requirement, no code made of data, YAML read safely."""

import ast
import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml

from bot import content

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
SOURCES = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
#: Modules and calls that turn data into code, or run a shell.
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "shelve", "marshal", "jsonpickle"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_VERBS = {
    ("os", "system"),
    ("os", "popen"),
    ("yaml", "unsafe_load"),
    ("yaml", "full_load"),
    ("subprocess", "Popen"),
    ("subprocess", "run"),
}
#: What trains the model runs on its maker's machine, from files of this tree.
MAKERS = ("hearing/training",)


def forbidden(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in FORBIDDEN_MODULES:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            found += _call(node.func) or _unsafe_load(node)
    return found


def _unsafe_load(call: ast.Call) -> list[str]:
    """yaml.load and numpy's load make objects of any kind, unless they are told not to."""
    if (
        not isinstance(call.func, ast.Attribute)
        or call.func.attr != "load"
        or not isinstance(call.func.value, ast.Name)
    ):
        return []
    told = {word.arg: ast.unparse(word.value) for word in call.keywords}
    safe = {"yaml": told.get("Loader") == "_Once", "np": told.get("allow_pickle") == "False"}
    return (
        [] if safe.get(call.func.value.id, call.func.value.id not in ("numpy", "torch")) else [ast.unparse(call.func)]
    )


def _call(called: ast.expr) -> list[str]:
    if isinstance(called, ast.Name) and called.id in FORBIDDEN_CALLS:
        return [called.id]
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        verb = (called.value.id, called.attr)
        return [".".join(verb)] if verb in FORBIDDEN_VERBS else []
    return []


def test_no_source_turns_data_into_code() -> None:
    found = {
        str(path.relative_to(ROOT)): said
        for path in SOURCES
        if not any(room in path.as_posix() for room in MAKERS) and (said := forbidden(ast.parse(path.read_text())))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source", ["eval('1')", "import pickle", "yaml.load(x)", "np.load(x)", "from marshal import loads", "os.system(x)"]
)
def test_what_turns_data_into_code_would_be_found(source: str) -> None:
    assert forbidden(ast.parse(source))


def test_yaml_is_read_by_a_safe_loader_only() -> None:
    safe = (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert issubclass(content._Once, safe)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    assert len(entries) == len(PINNED.findall(text)) > 10
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_is_installed_is_what_the_lock_names() -> None:
    locked: dict[str, set[str]] = {}
    for name, version in PINNED.findall((ROOT / "requirements-dev.txt").read_text()):
        locked.setdefault(_plain(name), set()).add(version)
    installed = {_plain(one.metadata["Name"]): one.version for one in distributions()}
    assert {name: has for name, has in installed.items() if has not in locked.get(name, {has})} == {}
    assert {"starlette", "uvicorn", "cryptography", "aiohttp"} <= installed.keys() & locked.keys()


def test_what_is_installed_has_all_that_it_needs_itself() -> None:
    installed = {_plain(one.metadata["Name"]) for one in distributions()}
    missing = {
        (one.metadata["Name"], wanted)
        for one in distributions()
        for wanted in map(_needed, one.requires or ())
        if wanted and wanted not in installed
    }
    assert missing == set()


def _needed(requirement: str) -> str:
    """The name of a requirement that holds everywhere; "" for one that depends on extras or the platform."""
    return "" if ";" in requirement else _plain(re.match(r"[A-Za-z0-9._-]+", requirement)[0])  # type: ignore[index]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
