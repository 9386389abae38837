"""SQLite without a loop: a whole transaction is done at one stretch in a thread, its statements one after another.

Each statement of an AsyncConnection costs four hand-overs between threads, and in a busy loop each of them waits its
turn. The rooms of storage are the same for both: what they await is done when they ask.
"""

from collections.abc import Awaitable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Dialect, Result
from sqlalchemy.ext.asyncio import AsyncConnection

_T = TypeVar("_T")


class Straight:
    """Stands where the rooms of storage have an AsyncConnection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """That of the database."""
        return self._connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> Result[Any]:
        """Runs one statement, now."""
        return self._connection.execute(statement, parameters)

    def as_connection(self) -> AsyncConnection:
        """Itself, as the type that the rooms are given."""
        return cast("AsyncConnection", self)


def at_a_stretch(work: Awaitable[_T]) -> _T:
    """Does what awaits nothing but a Straight. RuntimeError where it awaits anything else: nobody is there to wait."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as end:
        done: _T = end.value
        return done
    raise RuntimeError("only the database may be awaited in a transaction that is shared")
