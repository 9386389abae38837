"""What many want done at about the same time is done in one transaction: group commit, and group reading."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

#: So much is done in one transaction at the most, some tens of milliseconds.
MOST_TOGETHER = 100

_Work = TypeVar("_Work")
_T = TypeVar("_T")
_Item = TypeVar("_Item")


#: Does something in one transaction; it has ended well when its result is given.
Transact = Callable[[Callable[[_Work], Awaitable[Any]]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Wish:
    do: Callable[[Any, Sequence[Any]], Awaitable[Sequence[Any]]]
    item: Any
    done: "asyncio.Future[Any]"


class Together(Generic[_Work]):
    """Wishes of one event loop, granted in the order in which they came, a transaction for all that wait."""

    def __init__(self, transact: Transact[_Work]) -> None:
        self._transact = transact
        self._waiting: list[_Wish] = []
        self._leader: asyncio.Task[None] | None = None

    async def in_bulk(self, do: Callable[[_Work, Sequence[_Item]], Awaitable[Sequence[_T]]], item: _Item) -> _T:
        """What `do` gives for this item, once the transaction has ended well.

        `do` is handed all items that wait for it and gives a result for each. Where a transaction fails, each
        wish is tried again alone: `do` may run twice, changes nothing but the database, and awaits nothing else.
        """
        done: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Wish(do, item, done))
        if self._leader is None or self._leader.done():
            self._leader = asyncio.create_task(self._lead())
        return await done

    async def _lead(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            try:
                results = await self._transact(partial(_granted, group=group))
            except Exception:  # noqa: BLE001 - each is done again alone, and fails for itself
                await self._each_alone(group)
            else:
                for wish, result in zip(group, results, strict=True):
                    _tell(wish.done, result=result)

    async def _each_alone(self, group: Sequence[_Wish]) -> None:
        for wish in group:
            try:
                [result] = await self._transact(partial(_granted, group=[wish]))
            except Exception as error:  # noqa: BLE001 - whoever waits for it hears of it
                _tell(wish.done, error=error)
            else:
                _tell(wish.done, result=result)


async def _granted(work: Any, group: Sequence[_Wish]) -> list[Any]:
    """What a group wishes, each kind of wish at its first one's turn; the results in the group's order."""
    kinds: dict[Any, list[int]] = {}
    for place, wish in enumerate(group):
        kinds.setdefault(wish.do, []).append(place)
    results: list[Any] = [None] * len(group)
    for do, places in kinds.items():
        for place, result in zip(places, await do(work, [group[place].item for place in places]), strict=True):
            results[place] = result
    return results


def _tell(done: "asyncio.Future[Any]", *, result: Any = None, error: Exception | None = None) -> None:
    """Whoever waited may have gone meanwhile."""
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)
