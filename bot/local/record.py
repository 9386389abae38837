"""Every call that reached this Telegram, and what became of it: the witness in tests and in the benchmark.

Kept in plain columns, some 44 bytes a call.
"""

import time
from array import array
from collections.abc import Iterator
from typing import Any, NamedTuple

OK = "ok"
#: Accepted, though the caller was not told.
UNTOLD = frozenset({"reset after accept", "never answered"})


class Call(NamedTuple):
    """One call. `at` is the bot's time, `real` the machine's, in seconds since 1970; ids are 0 for none."""

    method: str
    chat_id: int
    at: float
    real: float
    outcome: str
    message_id: int

    @property
    def accepted(self) -> bool:
        """True where the call took effect, whether or not its caller learned of it."""
        return self.outcome == OK or self.outcome in UNTOLD


class Record:
    """All calls in the order in which they came."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._word_numbers: dict[str, int] = {}
        self._method, self._outcome = array("I"), array("I")
        self._chat, self._message = array("q"), array("q")
        self._at, self._real = array("d"), array("d")
        self.problems: list[tuple[str, list[str]]] = []

    def begin(self, method: str, chat_id: int, at: float) -> int:
        """Note a call as it comes in; the number to settle it by."""
        self._method.append(self._number(method))
        self._outcome.append(self._number("in flight"))
        self._chat.append(chat_id)
        self._message.append(0)
        self._at.append(at)
        self._real.append(time.time())
        return len(self._method) - 1

    def settle(self, number: int, outcome: str, message_id: int = 0) -> None:
        """Note what became of it: "ok", a fault, or Telegram's description of the refusal."""
        self._outcome[number] = self._number(outcome)
        self._message[number] = message_id

    def malformed(self, method: str, problems: list[str]) -> None:
        """Note what was wrong with a call's shape (the first thousand are kept)."""
        if len(self.problems) < 1000:
            self.problems.append((method, problems))

    def __len__(self) -> int:
        return len(self._method)

    def calls(self, method: str | None = None, *, chat_id: int | None = None, since: int = 0) -> Iterator[Call]:
        """The calls, oldest first, of that method and chat where given, from number `since` on."""
        wanted = None if method is None else self._word_numbers.get(method, -1)
        for n in range(since, len(self._method)):
            if wanted in (None, self._method[n]) and chat_id in (None, self._chat[n]):
                yield self._call(n)

    def delivered(self, method: str = "sendMessage", *, since: int = 0) -> list[Call]:
        """The calls of `method` that took effect."""
        return [call for call in self.calls(method, since=since) if call.accepted]

    def columns(self, since: int = 0) -> dict[str, Any]:
        """Everything as lists of equal length, method and outcome as numbers into `words`: for JSON."""
        lists: dict[str, Any] = {"words": self._words, "problems": self.problems}
        for name in ("method", "chat", "at", "real", "outcome", "message"):
            lists[name] = getattr(self, f"_{name}")[since:].tolist()
        return lists

    def _call(self, n: int) -> Call:
        words = self._words
        method, outcome = words[self._method[n]], words[self._outcome[n]]
        return Call(method, self._chat[n], self._at[n], self._real[n], outcome, self._message[n])

    def _number(self, word: str) -> int:
        number = self._word_numbers.get(word)
        if number is None:
            number = self._word_numbers[word] = len(self._words)
            self._words.append(word)
        return number
