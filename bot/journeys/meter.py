"""Who is told, while the bot runs, of counts and errors; and those that keep silent. Never a person, never words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from bot.domain.records import Kind, State

#: Told of an error of ours, under the number by which the log knows it.
Reporter = Callable[[BaseException, str], None]


class Meter(Protocol):
    """Told of what happened; may not raise and may not wait."""

    def called(self, method: str, outcome: str) -> None:
        """A call of Telegram ended: which, and "done" or the kind of its failure."""
        ...

    def settled(self, kind: Kind, state: State, late: timedelta) -> None:
        """An attempt of a delivery ended in this state, so long after it was first due."""
        ...

    def kept(self, count: int) -> None:
        """So many updates were kept."""
        ...

    def handled(self, outcome: str, seconds: float) -> None:
        """An update was handled, or was not, in so many seconds."""
        ...


class Silent:
    """Counts nothing."""

    def called(self, method: str, outcome: str) -> None:
        """Nothing."""

    def settled(self, kind: Kind, state: State, late: timedelta) -> None:
        """Nothing."""

    def kept(self, count: int) -> None:
        """Nothing."""

    def handled(self, outcome: str, seconds: float) -> None:
        """Nothing."""


def tell_nobody(_error: BaseException, _number: str) -> None:
    """Errors stay in the log."""
