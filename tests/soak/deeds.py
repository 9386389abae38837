"""Plain records of a soak: what was done, what was seen, what stands in the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.local.people import Tap


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done. `at` is Telegram's time; `alone`: nothing else fell due then; `seq`: the record's length."""

    what: str
    chat_id: int
    at: datetime
    step: int
    alone: bool
    seq: int
    value: Any = None
    message_id: int = 0
    reply_to: int = 0
    tap: Tap | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came: which delivery, which message, how many taps it offers."""

    delivery_id: int
    message_id: int
    chat_id: int
    at: datetime
    taps: int


@dataclass(frozen=True, slots=True)
class Row:
    """What the audit needs of a delivery. `moved`: its first due time was changed by *Later*."""

    id: int
    kind: str
    day: date
    state: str
    first_due_at: datetime
    message_id: int | None
    moved: bool = False
