"""What the local Telegram's record says of a run: how many, how fast, how late, how often."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

#: Accepted, whether or not the sender learned of it.
ACCEPTED = ("ok", "reset after accept", "never answered")


@dataclass(frozen=True)
class Seen:
    """A call that took effect: when, to whom."""

    at: float
    chat: int


class Witness:
    """The record's columns, read."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self._columns = columns
        self._words = columns["words"]

    def delivered(self, method: str = "sendMessage") -> list[Seen]:
        """The calls of a method that took effect, oldest first."""
        columns = self._columns
        rows = zip(columns["method"], columns["outcome"], columns["real"], columns["chat"], strict=True)
        named = [(self._words[m], self._words[o], at, chat) for m, o, at, chat in rows]
        return [Seen(at, chat) for name, outcome, at, chat in named if name == method and outcome in ACCEPTED]

    def first_to(self, chats: Collection[int], method: str, since: float) -> dict[int, tuple[float, int]]:
        """Of each of these chats the first call of a method since a moment: when it came, and its message."""
        columns = self._columns
        first: dict[int, tuple[float, int]] = {}
        for m, at, chat, message in zip(
            columns["method"], columns["real"], columns["chat"], columns["message"], strict=True
        ):
            if chat in chats and at >= since and self._words[m] == method:
                first.setdefault(chat, (at, message))
        return first

    def refused(self, sign: str = "Too Many Requests") -> int:
        """How many calls were refused with these words."""
        words = [number for number, word in enumerate(self._words) if sign.lower() in word.lower()]
        return sum(outcome in words for outcome in self._columns["outcome"])

    def twice(self, method: str = "sendMessage") -> int:
        """How many chats got a second message of this kind."""
        return sum(count > 1 for count in Counter(one.chat for one in self.delivered(method)).values())

    def most_in_a_second(self, method: str = "sendMessage") -> int:
        """The most in any second, wherever it begins."""
        moments = [one.at for one in self.delivered(method)]
        return max((bisect_left(moments, at + 1.0) - n for n, at in enumerate(moments)), default=0)

    @property
    def malformed(self) -> int:
        """Calls of a wrong shape."""
        return len(self._columns["problems"])


def share(moments: list[float], rate: float, since: float) -> float:
    """The part of `rate` that was reached from the moment all were due to the last."""
    return len(moments) / rate / max(moments[-1] - since, 1e-9) if moments else 0.0


def percentile(values: list[float], part: float) -> float:
    """The value below which so large a part lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else 0.0
