"""Hearing off the loop: a text that cannot be heard takes no other with it, nor does a process that dies of it."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import pytest

from bot.domain.records import Impression, Spoken
from bot.hearing.judgement import Heard
from bot.hearing.listening import LEANING_MOST, LEANING_PER_TAP, Hearing, apart


class FragileEar:
    """Offers what it leans to; cannot bear some words."""

    def hear(
        self,
        texts: Sequence[str],
        *,
        asked: Sequence[tuple[str, ...]] | None = None,
        leanings: Sequence[Mapping[str, float]] | None = None,
    ) -> list[Heard]:
        if "unbearable" in texts:
            raise ValueError("unbearable")
        if "deadly" in texts:
            os._exit(1)
        return [Heard({}, tuple(leaning), frozenset(("what_if",)), 0.0) for leaning in leanings or ()]


@pytest.mark.parametrize("make", [partial(ThreadPoolExecutor, 1), apart])
async def test_what_cannot_be_heard_is_told_and_the_others_are_heard(make: Callable[[], Executor]) -> None:
    hearing = Hearing(FragileEar(), make)
    worst = "deadly" if make is apart else "unbearable"
    spoken = [Spoken("one", taps={"old_wound": 1}), Spoken(worst), Spoken("two")]
    heard = await hearing.hear(spoken)
    hearing.close()
    assert heard == [Impression(("old_wound",), ("what_if",)), None, Impression((), ("what_if",))]


class LeaningEar(FragileEar):
    """Offers what it leans to more than a little, in the order of how much."""

    def hear(
        self,
        texts: Sequence[str],
        *,
        asked: Sequence[tuple[str, ...]] | None = None,
        leanings: Sequence[Mapping[str, float]] | None = None,
    ) -> list[Heard]:
        most = LEANING_PER_TAP * LEANING_MOST
        return [
            Heard({}, tuple(name for name, by in one.items() if by == most), frozenset(), 0.0) for one in leanings or ()
        ]


async def test_a_persons_taps_lean_what_is_heard_and_no_further_than_so_far() -> None:
    hearing = Hearing(LeaningEar(), partial(ThreadPoolExecutor, 1))
    [heard] = await hearing.hear([Spoken("one", taps={"old_wound": 50, "what_if": -50, "felt_safe": 1})])
    hearing.close()
    assert heard is not None
    assert heard.offered == ("old_wound",)
