"""The throttle, on a clock that leaps: counts and order, never timings."""

import asyncio
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.throttle import CHAT_BURST, CHAT_GAP_S, SLACK_S, Throttle
from tests.chat.leaping import leap

RATES = [1.0, 7.5, 30.0, 250.0, 1000.0]


@dataclass
class Sent:
    """What left, when: seconds since the start, and the chat (0 for a round)."""

    throttle: Throttle
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    slots: list[tuple[float, int]] = field(default_factory=list)

    async def answer(self, chat_id: int, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        await self.throttle.answer(chat_id)
        self._leave(chat_id)

    async def round(self, wanted: int, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        while wanted:
            free = await self.throttle.round(wanted)
            assert 1 <= free <= wanted
            for _ in range(free):
                self._leave(0)
            wanted -= free

    def of(self, *chats: int) -> list[float]:
        return [at for at, chat in self.slots if chat in chats]

    def _leave(self, chat_id: int) -> None:
        self.slots.append((round(asyncio.get_running_loop().time() - self.began, 6), chat_id))


async def all_of(sent: Sent, *work: Awaitable[None]) -> Sent:
    await asyncio.gather(*work)
    assert sent.throttle.waiting == 0
    return sent


def most_within(moments: Sequence[float], seconds: float) -> int:
    """The most slots in any window, half-open; the moments are in order."""
    return max(bisect_left(moments, start + seconds) - number for number, start in enumerate(moments))


def allowed(rate: float, seconds: float) -> float:
    """What the pace allows: evenly spaced, one at the start, and what a late timer may make up for."""
    return rate * (seconds + SLACK_S) + 1 + 1e-6


@pytest.mark.parametrize("rate", RATES)
def test_a_round_leaves_evenly_at_the_rate_and_no_faster(rate: float) -> None:
    count = int(rate * 3) + 2

    async def work() -> Sent:
        sent = Sent(Throttle(rate))
        return await all_of(sent, sent.round(count))

    moments = leap(work()).of(0)
    assert len(moments) == count
    for seconds in (0.1, 0.5, 1.0, 2.0):
        assert most_within(moments, seconds) <= allowed(rate, seconds)
    assert moments[-1] - moments[0] == pytest.approx(count / rate, abs=SLACK_S + 1 / rate + 0.01)


@pytest.mark.parametrize("rate", RATES)
def test_nothing_bursts_at_the_start_nor_after_a_rest(rate: float) -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(rate))
        return await all_of(sent, sent.round(int(rate) + 5), sent.round(int(rate) + 5, after=60))

    moments = leap(work()).of(0)
    for start in (0.0, 60.0):
        assert sum(at == start for at in moments) <= allowed(rate, 0)


ARRIVALS = st.lists(
    st.tuples(st.sampled_from(["answer", "round"]), st.integers(1, 6), st.floats(0, 4)), min_size=1, max_size=60
)


@given(arrivals=ARRIVALS, rate=st.sampled_from(RATES), seed=st.none() | st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_when_the_pace_is_kept_and_everything_leaves(
    arrivals: list[tuple[str, int, float]], rate: float, seed: int | None
) -> None:
    """With timers that are punctual, or up to 80 ms late."""
    dice = Random(seed)

    async def work() -> Sent:
        sent = Sent(Throttle(rate))
        do: dict[str, Callable[[int, float], Awaitable[None]]] = {"answer": sent.answer, "round": sent.round}
        return await all_of(sent, *(do[kind](number, after) for kind, number, after in arrivals))

    sent = leap(work(), late=(lambda _wait: 0.0) if seed is None else (lambda _wait: dice.random() * 0.08))
    assert len(sent.slots) == sum(number if kind == "round" else 1 for kind, number, _ in arrivals)
    assert most_within([at for at, _ in sent.slots], 1.0) <= allowed(rate, 1.0)
    for chat in {chat for _, chat in sent.slots} - {0}:
        assert most_within(sent.of(chat), CHAT_GAP_S) <= CHAT_BURST + 1
        assert most_within(sent.of(chat), 4 * CHAT_GAP_S) <= CHAT_BURST + 4


def test_late_timers_do_not_slow_the_pace() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(30.0))
        return await all_of(sent, sent.round(300))

    moments = leap(work(), late=lambda wait: 0.02).of(0)
    assert moments[-1] <= 300 / 30 + 0.05


def test_answers_leave_before_rounds() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(10.0))
        return await all_of(sent, sent.round(50), *(sent.answer(chat, after=1.01) for chat in range(1, 6)))

    slots = leap(work()).slots
    assert {chat for at, chat in slots if at > 1.01}.issuperset(range(1, 6))
    assert 0 not in [chat for at, chat in slots if at > 1.01][:5]
    assert len(slots) == 55


def test_answers_of_one_moment_leave_in_their_order() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(10.0))
        return await all_of(sent, *(sent.answer(chat) for chat in (5, 3, 9, 1)))

    assert [chat for _, chat in leap(work()).slots] == [5, 3, 9, 1]


def test_one_chat_has_three_at_once_and_then_one_a_second() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(1000.0))
        return await all_of(sent, *(sent.answer(7) for _ in range(8)))

    moments = leap(work()).of(7)
    assert [int(at + 0.001) for at in moments] == [0, 0, 0, 1, 2, 3, 4, 5]


def test_a_chat_that_rested_has_its_burst_again() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(1000.0))
        await all_of(sent, *(sent.answer(7) for _ in range(3)))
        return await all_of(sent, *(sent.answer(7, after=10) for _ in range(3)))

    assert [round(at) for at in leap(work()).of(7)] == [0, 0, 0, 10, 10, 10]


def test_a_chat_that_has_to_wait_holds_up_no_other_chat_and_no_round() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(30.0))
        slow = [sent.answer(7) for _ in range(6)]
        return await all_of(sent, *slow, sent.answer(8, after=0.3), sent.round(2, after=0.5))

    sent = leap(work())
    assert sent.of(8) == [0.3]
    assert [at for at in sent.of(0) if at < 0.6] == sent.of(0)


def test_after_429_nothing_leaves_for_so_long_and_no_burst_follows() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(30.0))
        asyncio.get_running_loop().call_later(1.0, sent.throttle.pause, 5.0)
        asyncio.get_running_loop().call_later(2.0, sent.throttle.pause, 1.0)
        return await all_of(sent, sent.round(90), *(sent.answer(chat, after=3.0) for chat in (1, 2)))

    sent = leap(work())
    moments = [at for at, _ in sent.slots]
    assert [at for at in moments if 1.0 < at < 6.0] == []
    assert sum(at == 6.0 for at in moments) <= allowed(30.0, 0)
    assert [chat for at, chat in sent.slots if at >= 6.0][:2] == [1, 2]
    assert most_within(moments, 1.0) <= allowed(30.0, 1.0)


def test_those_who_no_longer_wait_cost_nothing() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(10.0))
        await sent.round(1)
        gone = [asyncio.create_task(sent.answer(chat)) for chat in range(1, 200)]
        gone += [asyncio.create_task(sent.round(100))]
        staying = asyncio.create_task(sent.answer(1000))
        await asyncio.sleep(0)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        await staying
        return sent

    sent = leap(work())
    assert [chat for _, chat in sent.slots] == [0, 1000]
    assert sent.of(1000)[0] <= 2 / 10.0


def test_a_chat_that_no_longer_waits_delays_nobody() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(30.0))
        for _ in range(CHAT_BURST):
            await sent.answer(7)
        gone = asyncio.create_task(sent.answer(7))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        return await all_of(sent, sent.answer(7, after=1.0))

    assert leap(work()).of(7)[-1] == pytest.approx(1.0, abs=0.1)


def test_many_chats_are_forgotten_without_losing_their_pace() -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(1000.0))
        for first in range(0, 20_500, 500):
            await all_of(sent, *(sent.answer(chat) for chat in range(first, first + 500)))
        return await all_of(sent, *(sent.answer(20_499) for _ in range(4)))

    last = leap(work()).of(20_499)
    assert last[-1] - last[0] >= CHAT_GAP_S


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_on_a_real_loop_everything_leaves(loop_factory: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def work() -> Sent:
        sent = Sent(Throttle(1000.0))
        slow = [sent.answer(7) for _ in range(CHAT_BURST + 1)]
        others = [sent.answer(chat, after=chat / 5000) for chat in range(100, 200)]
        return await all_of(sent, sent.round(50), *slow, *others, sent.round(50, after=0.01))

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        assert len(runner.run(work()).slots) == 200 + CHAT_BURST + 1
