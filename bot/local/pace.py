"""Flood control: how fast a bot may send, in all and to one chat. Real time, not the bot's clock.

Telegram's broadcasting FAQ: about 30 messages a second over all, about one a second in one chat
with short bursts; paid broadcasts up to 1,000 a second, 0.1 Stars for each message.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

#: What is counted; reactions, callback answers, edits and chat actions are not.
COUNTED = frozenset({"sendMessage", "sendPhoto", "sendDocument", "copyMessage", "forwardMessage"})
_STARS_A_MESSAGE = 0.1


@dataclass(slots=True)
class Pace:
    """The limits. `None` for a rate turns that limit off; `stars` pays for `allow_paid_broadcast`."""

    rate: float | None = 30.0
    burst: float | None = None
    chat_rate: float | None = 1.0
    chat_burst: float = 3.0
    paid_rate: float = 1000.0
    stars: float = 0.0


class Bucket:
    """A token bucket, full at first."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate, self._burst, self._left, self._at = rate, burst, burst, now

    def lacks(self, now: float) -> float:
        """Seconds until one may be taken; 0 when it may be now."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._left >= 1 else (1 - self._left) / self._rate

    def take(self) -> None:
        """Take one; after `lacks` said 0."""
        self._left -= 1

    @property
    def full(self) -> bool:
        """True when a new bucket would be no different."""
        return self._left >= self._burst


class Throttle:
    """Says of each message whether it may pass now."""

    def __init__(self, pace: Pace, time: Callable[[], float] = monotonic) -> None:
        self.pace = pace
        self._time = time
        now = time()
        self._all = Bucket(pace.rate, pace.burst or pace.rate, now) if pace.rate else None
        self._paid = Bucket(pace.paid_rate, pace.paid_rate, now)
        self._chats: dict[int, Bucket] = {}

    def wait_of(self, chat_id: int, *, paid: bool) -> int:
        """0, and counted, where the message may pass; else the whole seconds to wait, not counted."""
        now = self._time()
        paid = paid and self.pace.stars >= _STARS_A_MESSAGE
        buckets = [b for b in (self._paid if paid else self._all, self._chat(chat_id, now)) if b is not None]
        lacking = max((b.lacks(now) for b in buckets), default=0.0)
        if lacking > 0:
            return math.ceil(lacking)
        for bucket in buckets:
            bucket.take()
        self.pace.stars -= _STARS_A_MESSAGE if paid else 0
        return 0

    def _chat(self, chat_id: int, now: float) -> Bucket | None:
        if not self.pace.chat_rate:
            return None
        if len(self._chats) > 50_000:
            self._chats = {c: b for c, b in self._chats.items() if b.lacks(now) or not b.full}
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = Bucket(self.pace.chat_rate, self.pace.chat_burst, now)
        return bucket
