"""What many want done is done in one transaction; what fails for one fails for nobody else."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from bot.storage.together import MOST_TOGETHER, Together


class Ledger:
    """Counts transactions; "bad" breaks the one it is written in."""

    def __init__(self) -> None:
        self.ended: list[list[str]] = []
        self.open: list[str] = []

    async def transact(self, do: Callable[["Ledger"], Awaitable[Any]]) -> Any:
        self.open = []
        await asyncio.sleep(0)
        done = await do(self)
        self.ended.append(self.open)
        return done


async def write(ledger: Ledger, words: Sequence[str]) -> list[str]:
    if "bad" in words:
        raise ValueError("bad")
    ledger.open += words
    return [word.upper() for word in words]


async def write_loudly(ledger: Ledger, words: Sequence[str]) -> list[str]:
    return await write(ledger, [f"{word}!" for word in words])


async def test_what_comes_while_one_is_under_way_shares_the_next_and_each_gets_its_own() -> None:
    ledger = Ledger()
    together = Together(ledger.transact)
    wishes = [(write, "a"), (write_loudly, "b"), (write, "c")]
    assert await asyncio.gather(*(together.in_bulk(do, word) for do, word in wishes)) == ["A", "B!", "C"]
    assert ledger.ended == [["a", "c", "b!"]]


async def test_a_crowd_is_not_one_endless_transaction() -> None:
    ledger = Ledger()
    together = Together(ledger.transact)
    await asyncio.gather(*(together.in_bulk(write, str(number)) for number in range(MOST_TOGETHER + 1)))
    assert [len(group) for group in ledger.ended] == [MOST_TOGETHER, 1]


async def test_what_fails_for_one_is_done_for_the_others() -> None:
    ledger = Ledger()
    together = Together(ledger.transact)
    told = await asyncio.gather(*(together.in_bulk(write, word) for word in ("a", "bad", "c")), return_exceptions=True)
    assert [told[0], told[2]] == ["A", "C"]
    assert isinstance(told[1], ValueError)
    assert ledger.ended == [["a"], ["c"]]


async def test_whoever_stops_waiting_holds_up_nobody() -> None:
    ledger = Ledger()
    together = Together(ledger.transact)
    gone = asyncio.create_task(together.in_bulk(write, "a"))
    stays = asyncio.create_task(together.in_bulk(write, "b"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == "B"
    with pytest.raises(asyncio.CancelledError):
        await gone
