"""Which phrases and care texts the source of the bot asks for, read from its syntax trees; runs nothing of it.

A hole in an f-string is written "*": `say(f"space_{name}")` asks for "space_*".
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fnmatch import fnmatchcase
from pathlib import Path

SOURCE = Path(__file__).parent.parent

#: These speak with other words: reflections have slots, the local Telegram and the checks say nothing.
_ELSEWHERE = ("domain", "local", "hearing", "storage", "proofreading")


class Role(Enum):
    """Where a text ends up; each place has room for so much."""

    TEXT = auto()
    BUTTON = auto()
    TOAST = auto()
    CARE = auto()
    FORMAT = auto()


@dataclass(frozen=True, slots=True)
class Use:
    """A key that the code asks for, the values it gives, and the line. An empty key could not be read."""

    key: str
    given: frozenset[str]
    role: Role
    line: str

    def is_of(self, key: str) -> bool:
        """Whether it may mean this key of the file; plural forms ("days.one") belong to their key."""
        return fnmatchcase(key, self.key) or fnmatchcase(key.rpartition(".")[0], self.key)


def read_uses(source: Path = SOURCE) -> list[Use]:
    """Every use in the Python files below `source`, except where other words are spoken."""
    files = sorted(source.rglob("*.py"))
    return [
        use
        for file in files
        if file.relative_to(source).parts[0] not in _ELSEWHERE
        for use in _uses(file, f"{source.name}/{file.relative_to(source).as_posix()}")
    ]


def spelled_out(uses: list[Use], families: Mapping[str, frozenset[str]]) -> list[Use]:
    """The uses with each family of keys replaced by its members, where `families` knows them."""
    return [
        Use(key, use.given, use.role, use.line)
        for use in uses
        for key in sorted(families.get(use.key, frozenset({use.key})))
    ]


def _uses(file: Path, shown: str) -> Iterator[Use]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    yield from _in(tree, _Scope(shown, {}, Role.TEXT))


@dataclass(frozen=True, slots=True)
class _Scope:
    file: str
    names: Mapping[str, ast.expr]
    role: Role

    def use(self, key: ast.expr, given: frozenset[str], role: Role) -> Iterator[Use]:
        line = f"{self.file}:{key.lineno}"
        for found in _keys(key, self.names):
            yield Use(found, given, role, line)


def _in(node: ast.AST, scope: _Scope) -> Iterator[Use]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        scope = _Scope(scope.file, dict(_assigned(node)), _returned(node))
    if isinstance(node, ast.Call):
        yield from _call(node, scope)
        if _name(node.func) in ("Button", "answer_tap"):
            scope = _Scope(scope.file, scope.names, Role.BUTTON if _name(node.func) == "Button" else Role.TOAST)
        elif _name(node.func) == "Message":
            scope = _Scope(scope.file, scope.names, Role.TEXT)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield from _subscript(node, scope)
    for child in ast.iter_child_nodes(node):
        yield from _in(child, scope)


def _call(call: ast.Call, scope: _Scope) -> Iterator[Use]:
    given = frozenset(word.arg for word in call.keywords if word.arg)
    func = call.func
    if _speaks(func) and call.args:
        yield from scope.use(call.args[0], given, scope.role)
    elif isinstance(func, ast.Attribute) and func.attr == "format" and isinstance(func.value, ast.Subscript):
        if _name(func.value.value) in _CARE_TABLES:
            yield from scope.use(func.value.slice, given, Role.CARE)
    elif isinstance(func, ast.Attribute) and func.attr == "get" and _name(func.value) == "phrases":
        yield from scope.use(call.args[0], given, scope.role)


_CARE_TABLES = ("texts", "care_texts")


def _subscript(node: ast.Subscript, scope: _Scope) -> Iterator[Use]:
    if isinstance(node.value, ast.Attribute) and node.value.attr == "phrases":
        yield from scope.use(node.slice, frozenset(), Role.FORMAT)
    elif _name(node.value) in _CARE_TABLES:
        yield from scope.use(node.slice, frozenset(), Role.CARE)


def _speaks(func: ast.expr) -> bool:
    """`words.say`, `….words.say`, a bare `say`, and `self.say` of the words themselves."""
    if isinstance(func, ast.Name):
        return func.id == "say"
    if not isinstance(func, ast.Attribute) or func.attr != "say":
        return False
    return _name(func.value) in ("words", "self")


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Role:
    toast = function.returns is not None and ast.unparse(function.returns) == "Toast"
    return Role.TOAST if toast else Role.TEXT


def _assigned(function: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _keys(node: ast.expr, names: Mapping[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _keys(node.body, names)
        yield from _keys(node.orelse, names)
    elif isinstance(node, ast.Name) and node.id in names:
        yield from _keys(names[node.id], {name: value for name, value in names.items() if name != node.id})
    else:
        yield ""
