"""How wishes and what is known of a person are written: JSON, sealed or not by whoever keeps it."""

import json
from dataclasses import asdict
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from bot.domain.records import Mind, Preferences


@lru_cache(maxsize=4096)
def preferences_written(preferences: Preferences) -> str:
    """Wishes as JSON: only what differs from the defaults, so that a new setting needs no migration.

    Remembered, because many people wish the same.
    """
    plain = asdict(preferences)
    usual = asdict(Preferences())
    return json.dumps(
        {name: _json(value) for name, value in plain.items() if value != usual[name] or name == "language"}
    )


def _json(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    return sorted(value) if isinstance(value, frozenset) else value


@lru_cache(maxsize=4096)
def preferences_read(written: str) -> Preferences:
    """The wishes again; a setting that is no more is passed over."""
    known = {name: value for name, value in json.loads(written).items() if name in Preferences.__dataclass_fields__}
    for name in ("ask_at", "reflect_at", "day_start"):
        if known.get(name) is not None:
            known[name] = time.fromisoformat(known[name])
    if "weekdays" in known:
        known["weekdays"] = frozenset(known["weekdays"])
    return Preferences(**known)


def mind_written(mind: Mind) -> dict[str, Any]:
    """A JSON value: only what there is."""
    written = asdict(mind)
    written["gentle_until"] = mind.gentle_until and mind.gentle_until.isoformat()
    written["care_at"] = mind.care_at and mind.care_at.isoformat()
    return {name: value for name, value in written.items() if value}


def mind_read(written: dict[str, Any]) -> Mind:
    """The same again."""
    gentle, care = written.get("gentle_until"), written.get("care_at")
    return Mind(
        verdicts=written.get("verdicts", {}),
        taps=written.get("taps", {}),
        gentle_until=date.fromisoformat(gentle) if gentle else None,
        care_at=datetime.fromisoformat(care) if care else None,
        told=tuple(written.get("told", ())),
    )
