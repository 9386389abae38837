"""The shape of every Bot API call: names, types, required parameters, limits, as `bot_api.json` has them.

Only the shape: broken HTML or a message that is not there pass. Each method's check is compiled at its
first call, and a well-formed call builds no text, so that a thousand a second cost little.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]


class Problem(NamedTuple):
    """One thing wrong with a call. `path` is where, `kind` and `field` are for choosing Telegram's words."""

    kind: str
    field: str
    words: str
    path: tuple[str, ...] = ()

    def under(self, place: str) -> "Problem":
        """The same problem seen from one level further out."""
        return self._replace(path=(place, *self.path))

    def __str__(self) -> str:
        where = "".join(p if p.startswith("[") or not i else f".{p}" for i, p in enumerate(self.path))
        return f"{where}: {self.words}" if where else self.words


Check = Callable[[Any, Mapping[str, Any]], list[Problem]]
_NUMBER = {"Integer": re.compile(r"-?\d+"), "Float": re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")}
_SCALARS = ("Integer", "Float", "Boolean", "String", "InputFile")
_TAG = re.compile(r"<[^>]*>")
_NOT_ACTIONS = {"text", "icon_custom_emoji_id", "style"}


@cache
def _api() -> Json:
    loaded: Json = json.loads((Path(__file__).parent / "bot_api.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in _api()["methods"]}


def method_named(name: str) -> str | None:
    """The method's proper name, whatever the case; None where Bot API 10.3 has none such."""
    return _names().get(name.lower())


@cache
def parameters(method: str) -> frozenset[str]:
    """The parameter names of a method, by its proper name."""
    return frozenset(f["name"] for f in _api()["methods"][method]["params"])


def problems(method: str, params: Mapping[str, Any]) -> list[str]:
    """What is wrong with a call, in words; [] when well-formed.

    Values may be native or the strings of a form post ("5", "true", JSON text); an upload is bytes.
    """
    name = method_named(method)
    if name is None:
        return [f"unknown method {method!r}"]
    return [str(problem) for problem in found(name, params)]


def found(name: str, params: Mapping[str, Any]) -> list[Problem]:
    """As `problems`, for a method by its proper name, with what choosing Telegram's words needs."""
    given = {k: v for k, v in params.items() if v is not None}
    wrong = [p.under(name) for p in _method(name)(given, given)]
    if "reply_markup" in given:
        wrong += _buttons(_loaded(given["reply_markup"]))
    if "parse_mode" in given and given["parse_mode"] not in ("HTML", "MarkdownV2", "Markdown"):
        wrong.append(Problem("parse_mode", "parse_mode", f"unknown {given['parse_mode']!r}", (name, "parse_mode")))
    if "text" in given and name != "answerCallbackQuery" and not str(given["text"]).strip():
        wrong.append(Problem("blank", "text", "blank", (name, "text")))
    return wrong + _reactions(name, given) if "reaction" in given else wrong


def decoded(name: str, raw: Mapping[str, Any]) -> Json:
    """The parameters as native values: what a form post has as strings is read by its type."""
    readers = _readers(name)
    return {k: _read(v, readers.get(k)) if isinstance(v, str) else v for k, v in raw.items() if v is not None}


@cache
def _readers(name: str) -> dict[str, str]:
    readers = {}
    for field in _api()["methods"][name]["params"]:
        kinds = set(field["types"])
        if kinds - set(_SCALARS):
            readers[field["name"]] = "json"
        elif kinds & {"Integer", "Float", "Boolean"}:
            readers[field["name"]] = sorted(kinds & {"Integer", "Float", "Boolean"})[0]
    return readers


def _read(value: str, reader: str | None) -> Any:
    if reader == "json":
        return _loaded(value)
    if reader == "Boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    if reader in _NUMBER and _NUMBER[reader].fullmatch(value):
        return int(value) if reader == "Integer" else float(value)
    return value


@cache
def _method(name: str) -> Check:
    return _object(_api()["methods"][name]["params"])


@cache
def _type(name: str) -> Check:
    spec = _api()["types"].get(name, {})
    if "subtypes" in spec:
        return _one_of([_object(_api()["types"][s].get("fields", [])) for s in spec["subtypes"]])
    return _object(spec.get("fields", []))


def _one_of(checks: list[Check]) -> Check:
    def check(value: Any, call: Mapping[str, Any]) -> list[Problem]:
        fewest: list[Problem] | None = None
        for one in checks:
            wrong = one(value, call)
            if not wrong:
                return wrong
            fewest = wrong if fewest is None or len(wrong) < len(fewest) else fewest
        return fewest or []

    return check if len(checks) > 1 else checks[0]


def _object(fields: list[Json]) -> Check:
    known = {f["name"]: _field(f) for f in fields}
    required = [f["name"] for f in fields if f.get("required")]

    def check(value: Mapping[str, Any], call: Mapping[str, Any]) -> list[Problem]:
        wrong = []
        for name in value:
            if name not in known:
                wrong.append(Problem("unknown", name, f"unknown parameter {name!r}"))
            elif value[name] is not None and (inner := known[name](value[name], call)):
                wrong += [p.under(name) for p in inner]
        for name in required:
            if value.get(name) is None:
                wrong.append(Problem("missing", name, f"missing required {name!r}"))
        return wrong

    return check


def _field(field: Json) -> Check:
    name, limit = field["name"], field.get("limit")
    typed = _one_of([_value(kind, name) for kind in field["types"]])
    if limit is None:
        return typed
    return lambda value, call: typed(value, call) or _limit(value, limit, name, call)


def _value(kind: str, name: str) -> Check:
    if kind.startswith("Array of "):
        return _array(kind, name)
    if kind in _SCALARS:
        return _scalar(kind, name)

    def check(value: Any, call: Mapping[str, Any]) -> list[Problem]:
        value = _loaded(value)
        return _type(kind)(value, call) if isinstance(value, dict) else [Problem("type", name, f"expected {kind}")]

    return check


def _array(kind: str, name: str) -> Check:
    inner = _value(kind[len("Array of ") :], name)

    def check(value: Any, call: Mapping[str, Any]) -> list[Problem]:
        value = _loaded(value)
        if not isinstance(value, list | tuple):
            return [Problem("type", name, f"expected {kind}")]
        return [p.under(f"[{i}]") for i, item in enumerate(value) for p in inner(item, call)]

    return check


def _scalar(kind: str, name: str) -> Check:
    kinds: dict[str, Callable[[Any], bool]] = {
        "Integer": lambda v: _is_number(v, int, "Integer"),
        "Float": lambda v: _is_number(v, (int, float), "Float"),
        "Boolean": lambda v: isinstance(v, bool) or str(v).lower() in ("true", "false"),
        "String": lambda v: isinstance(v, str) or (isinstance(v, int) and not isinstance(v, bool)),
        "InputFile": lambda v: isinstance(v, bytes | bytearray),
    }
    good = kinds[kind]
    expected = "expected an upload" if kind == "InputFile" else f"expected {kind}"

    def check(value: Any, _call: Mapping[str, Any]) -> list[Problem]:
        if good(value):
            return []
        got = f", got {str(value)[:40]!r}" if kind in _NUMBER else ""
        return [Problem("type", name, expected + got)]

    return check


def _is_number(value: Any, kind: type | tuple[type, ...], name: str) -> bool:
    if isinstance(value, str):
        return _NUMBER[name].fullmatch(value) is not None
    return isinstance(value, kind) and not isinstance(value, bool)


def _limit(value: Any, limit: list[Any], name: str, call: Mapping[str, Any]) -> list[Problem]:
    low, high, unit = limit
    size = _size(value, unit, str(call.get("parse_mode", "")))
    if size is None or (size >= low and (high is None or size <= high)):
        return []
    words = f"{size} {unit}, " + (f"under the least {low}" if size < low else f"over the limit {high}")
    return [Problem("limit", name, words)]


def _size(value: Any, unit: str, parse_mode: str) -> int | None:
    if isinstance(value, str) and unit in ("items", "elements", "strings"):
        value = _loaded(value)
    if isinstance(value, str):
        plain = unescape(_TAG.sub("", value)) if parse_mode.lower() == "html" else value
        return len(plain.encode()) if unit == "bytes" else len(plain)
    return len(value) if isinstance(value, list | tuple) else None


def _buttons(keyboard: Any) -> list[Problem]:
    rows = keyboard.get("inline_keyboard") if isinstance(keyboard, dict) else None
    wrong = []
    for button in [b for row in rows or [] if isinstance(row, list) for b in row if isinstance(b, dict)]:
        actions = [k for k in button if k not in _NOT_ACTIONS]
        if len(actions) != 1:
            words = f"button {button.get('text')!r}: exactly one action wanted, has {actions}"
            wrong.append(Problem("actions" if actions else "no action", "inline_keyboard", words))
    return wrong


def _reactions(name: str, params: Mapping[str, Any]) -> list[Problem]:
    given = _loaded(params["reaction"])
    kinds = [r.get("type") for r in given if isinstance(r, dict)] if isinstance(given, list) else []
    words = "a bot like ours may use 'emoji' only, not "
    return [Problem("reaction", "reaction", f"{words}{k!r}", (name, "reaction")) for k in kinds if k != "emoji"]


def _loaded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
