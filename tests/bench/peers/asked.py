"""What each of these programs is told on its command line."""

import sys
from dataclasses import dataclass

#: As in `nearer seed`: nobody's chats.
FIRST_CHAT = 2**52
TEXT = "Think of the last good moment with somebody. What did you do in the ten minutes after it?"


@dataclass(frozen=True)
class Asked:
    """Where Telegram is, and how many are due there at which moment (seconds since 1970)."""

    url: str
    token: str
    count: int
    rate: float
    at: float

    @property
    def chats(self) -> range:
        """Who is due."""
        return range(FIRST_CHAT, FIRST_CHAT + self.count)


def asked() -> Asked:
    """The command line, read."""
    url, token, count, rate, at = sys.argv[1:6]
    return Asked(url, token, int(count), float(rate), float(at))
