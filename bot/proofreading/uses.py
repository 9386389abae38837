"""Which phrases and care texts the source of the bot asks for, read from its syntax trees; runs nothing of it.

A hole in an f-string is written "*": `say(f"space_{name}")` asks for "space_*".
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    """A key that the code asks for, the values it gives, and the line. An empty key could not be read.

    `family`: one of several keys that the same line asks for.
    """

    key: str
    given: frozenset[str]
    role: Role
    line: str
    family: bool = False

    def is_of(self, key: str) -> bool:
        """Whether it may mean this key of the file; plural forms ("days.one") belong to their key."""
        return bool(self.key) and any(fnmatchcase(one, self.key) for one in (key, key.rpartition(".")[0]))


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
        replace(use, key=key, family=use.key in families)
        for use in uses
        for key in sorted(families.get(use.key, frozenset({use.key})))
    ]


def _uses(file: Path, shown: str) -> Iterator[Use]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    yield from _in(tree, _Scope(shown, {}, Role.TEXT, Role.TEXT))


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where in a file: the names a function gives to its values, where a text here ends up, and what it returns."""

    file: str
    names: Mapping[str, list[ast.expr]]
    role: Role
    returns: Role

    def use(self, key: ast.expr, given: frozenset[str], role: Role) -> Iterator[Use]:
        line = f"{self.file}:{key.lineno}"
        for found in _keys(key, self.names):
            yield Use(found, given, role, line)

    def within(self, node: ast.AST) -> "_Scope":
        """The scope of what stands inside `node`."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return replace(self, names=_assigned(node), role=Role.TEXT, returns=_returned(node))
        if isinstance(node, ast.Return):
            return replace(self, role=self.returns)
        if isinstance(node, ast.Call) and (role := _TAKERS.get(_name(node.func))):
            return replace(self, role=role)
        return self


_TAKERS = {"Button": Role.BUTTON, "answer_tap": Role.TOAST, "Message": Role.TEXT}


def _in(node: ast.AST, scope: _Scope) -> Iterator[Use]:
    parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):
        yield from _call(node, scope)
        parts = parts[1:] if _is_filled(node) else parts
    elif isinstance(node, ast.Subscript):
        yield from _subscript(node, scope)
    for part in parts:
        yield from _in(part, scope.within(node))


def _call(call: ast.Call, scope: _Scope) -> Iterator[Use]:
    given = frozenset(word.arg for word in call.keywords if word.arg)
    func = call.func
    if call.args and _speaks(func, call.args[0]):
        yield from scope.use(call.args[0], given, scope.role)
    elif _is_filled(call):
        assert isinstance(func, ast.Attribute)
        assert isinstance(func.value, ast.Subscript)
        yield from scope.use(func.value.slice, given, Role.CARE)
    elif isinstance(func, ast.Attribute) and func.attr == "get" and _name(func.value) == "phrases":
        yield from scope.use(call.args[0], given, scope.role)


_CARE_TABLES = ("texts", "care_texts")


def _is_filled(call: ast.Call) -> bool:
    """`texts["answer"].format(helplines=…)`."""
    func = call.func
    if not (isinstance(func, ast.Attribute) and func.attr == "format" and isinstance(func.value, ast.Subscript)):
        return False
    return _name(func.value.value) in _CARE_TABLES


def _subscript(node: ast.Subscript, scope: _Scope) -> Iterator[Use]:
    if isinstance(node.value, ast.Attribute) and node.value.attr == "phrases":
        yield from scope.use(node.slice, frozenset(), Role.FORMAT)
    elif _name(node.value) in _CARE_TABLES:
        yield from scope.use(node.slice, frozenset(), Role.CARE)


def _speaks(func: ast.expr, first: ast.expr) -> bool:
    """`words.say`, `….words.say`, a bare `say`, and `self.say("…")` of the words themselves."""
    if isinstance(func, ast.Name):
        return func.id == "say"
    if not isinstance(func, ast.Attribute) or func.attr != "say":
        return False
    return _name(func.value) == "words" or (_name(func.value) == "self" and isinstance(first, ast.Constant))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Role:
    toast = function.returns is not None and ast.unparse(function.returns) == "Toast"
    return Role.TOAST if toast else Role.TEXT


def _assigned(function: ast.AST) -> Mapping[str, list[ast.expr]]:
    """What each name of a function may stand for: by assignment, or by a loop over values that are written out."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            _bind(found, node.targets[0], node.value)
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple | ast.List):
            for value in node.iter.elts:
                _bind(found, node.target, value)
    return found


def _bind(found: dict[str, list[ast.expr]], target: ast.expr, value: ast.expr) -> None:
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for part, its in zip(target.elts, value.elts, strict=True):
            _bind(found, part, its)


def _keys(node: ast.expr, names: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _keys(node.body, names)
        yield from _keys(node.orelse, names)
    elif isinstance(node, ast.Name) and node.id in names:
        others = {name: values for name, values in names.items() if name != node.id}
        for value in names[node.id]:
            yield from _keys(value, others)
    else:
        yield ""
