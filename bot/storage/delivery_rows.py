"""A delivery as its row is written and read. Statements and transactions are `deliveries.py`."""

from datetime import datetime
from typing import Any

from bot.domain.records import Asked, Delivery, Kind, Outcome, State
from bot.storage.sealing import Sealer

#: States that belong to a worker; when it is gone they are nobody's.
HELD = (State.CLAIMED, State.SENDING)


def new_row(delivery: Delivery, worker: str) -> dict[str, Any]:
    """A row that falls due for this worker, or that is settled at once."""
    return {
        "subscriber_id": delivery.subscriber_id,
        "kind": delivery.kind,
        "day": delivery.day,
        "state": delivery.state,
        "due_at": delivery.due_at,
        "first_due_at": delivery.first_due_at,
        "worker": worker if delivery.state in HELD else None,
        "attempts": 0,
        "picture_sent": False,
        "closed": False,
    }


def marked_row(delivery: Delivery, sealer: Sealer) -> dict[str, Any]:
    """What an attempt changes: it is counted, and what will be shown is kept."""
    patterns = None
    if delivery.patterns:
        patterns = sealer.seal(delivery.patterns, column="deliveries.patterns", owner=delivery.id)
    return {
        "key": delivery.id,
        "asked": None if delivery.asked is None else sealed_asked(delivery.asked, delivery.id, sealer),
        "patterns": patterns,
        "attempts": delivery.attempts + 1,
    }


def settled_row(outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What became of an attempt that did not surely arrive."""
    delivery = outcome.delivery
    return {
        "key": delivery.id,
        "state": outcome.state,
        "message_id": outcome.message_id or delivery.message_id,
        "due_at": outcome.due_at or delivery.due_at,
        "attempts": delivery.attempts + (0 if outcome.refund else 1),
        "settled_at": None if outcome.state is State.WAITING else now,
    }


def sealed_asked(asked: Asked, delivery_id: int, sealer: Sealer) -> bytes:
    """What a question showed, bound to its delivery."""
    written = {
        "prompt": asked.prompt,
        "lighter": asked.lighter,
        "shown": asked.shown,
        "swaps": asked.swaps,
        "declined": asked.declined,
        "swapped_by": asked.swapped_by,
    }
    return sealer.seal(written, column="deliveries.asked", owner=delivery_id)


def _opened_patterns(row: Any, sealer: Sealer) -> tuple[str, ...]:
    if row.patterns is None:
        return ()
    return tuple(sealer.open(row.patterns, column="deliveries.patterns", owner=row.id))


def opened_asked(row: Any, sealer: Sealer) -> Asked:
    """What a question showed, of a row with `id` and `asked`. Raises Damaged."""
    written = sealer.open(row.asked, column="deliveries.asked", owner=row.id)
    return Asked(**(written | {"shown": tuple(written["shown"])}))


def opened(row: Any, sealer: Sealer) -> Delivery:
    """The whole record. Raises Damaged."""
    return Delivery(
        id=row.id,
        subscriber_id=row.subscriber_id,
        kind=Kind(row.kind),
        day=row.day,
        state=State(row.state),
        due_at=row.due_at,
        first_due_at=row.first_due_at,
        attempts=row.attempts,
        message_id=row.message_id,
        asked=None if row.asked is None else opened_asked(row, sealer),
        patterns=_opened_patterns(row, sealer),
        closed=row.closed,
        picture_sent=row.picture_sent,
    )
