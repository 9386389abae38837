"""Hears replies off the event loop, and lets a person's own taps lean what is heard in theirs."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context, parent_process
from typing import Protocol

from bot.domain.records import Impression, Spoken
from bot.hearing.judgement import Heard

#: Each of a person's own taps moves a pattern's log-odds for them by so much, up to so many taps.
LEANING_PER_TAP = 0.15
LEANING_MOST = 6
#: How far hearing steps back behind answers and questions, as `nice` counts.
BEHIND = 10


class Ear(Protocol):
    """What hears: the Reader, or a test's own."""

    def hear(
        self,
        texts: Sequence[str],
        *,
        asked: Sequence[tuple[str, ...]] | None = None,
        leanings: Sequence[Mapping[str, float]] | None = None,
    ) -> list[Heard]:
        """What each text may show."""
        ...


class LateEar:
    """The reader of replies, loaded when there is one to read: it weighs as much as all the rest."""

    def hear(
        self,
        texts: Sequence[str],
        *,
        asked: Sequence[tuple[str, ...]] | None = None,
        leanings: Sequence[Mapping[str, float]] | None = None,
    ) -> list[Heard]:
        """What each text may show."""
        return _shipped().hear(texts, asked=asked, leanings=leanings)


@cache
def _shipped() -> Ear:
    from bot.hearing.reader import load  # noqa: PLC0415 - onnxruntime and numpy come with it

    return load()


def apart() -> Executor:
    """One process for hearing alone, started with the first reply: it shares neither the interpreter nor the turn."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_step_back)


def _step_back() -> None:
    """Behind everything else on the machine; ends with its parent, even one that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(BEHIND)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(0)


class Hearing:
    """An ear on an executor that is made when there is something to hear, and anew where it broke."""

    def __init__(self, ear: Ear, make: Callable[[], Executor]) -> None:
        self._ear = ear
        self._make = make
        self._executor: Executor | None = None

    async def hear(self, spoken: Sequence[Spoken]) -> list[Impression | None]:
        """What each text may show. One that cannot be heard takes none of the others with it: it gives None."""
        try:
            return list(await self._run(spoken))
        except Exception:  # noqa: BLE001 - whatever one of them did, the others are heard
            return [await self._alone(one) for one in spoken]

    def close(self) -> None:
        """Ends; what is being heard is not waited for."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    async def _alone(self, one: Spoken) -> Impression | None:
        try:
            [heard] = await self._run([one])
        except Exception:  # noqa: BLE001 - whoever asked is told that it was not heard
            return None
        return heard

    async def _run(self, spoken: Sequence[Spoken]) -> list[Impression]:
        if self._executor is None:
            self._executor = self._make()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, _heard_by, self._ear, spoken)
        except BrokenExecutor:
            self.close()
            self._executor = None
            raise


def _heard_by(ear: Ear, spoken: Sequence[Spoken]) -> list[Impression]:
    heard = ear.hear(
        [one.text for one in spoken],
        asked=[one.asked for one in spoken],
        leanings=[_leaning(one.taps) for one in spoken],
    )
    return [Impression(tuple(one.offered), tuple(sorted(one.named)), one.alarming) for one in heard]


def _leaning(taps: Mapping[str, int]) -> dict[str, float]:
    """`taps` count how often the person confirmed a pattern less how often they denied it."""
    return {name: LEANING_PER_TAP * max(-LEANING_MOST, min(LEANING_MOST, count)) for name, count in taps.items()}
