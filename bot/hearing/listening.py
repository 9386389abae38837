"""Hears replies off the event loop, and lets a person's own taps lean what is heard in theirs."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Protocol

from bot.domain.records import Impression
from bot.hearing.judgement import Heard

#: Each of a person's own taps moves a pattern's log-odds for them by so much, up to so many taps.
LEANING_PER_TAP = 0.15
LEANING_MOST = 6


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


class Hearing:
    """An ear on an executor of one thread."""

    def __init__(self, ear: Ear, executor: Executor) -> None:
        self._ear = ear
        self._executor = executor

    async def hear(self, text: str, asked: tuple[str, ...], taps: Mapping[str, int]) -> Impression:
        """What a text may show; `taps` count how often the person confirmed a pattern less how often they denied it."""
        leaning = {name: LEANING_PER_TAP * max(-LEANING_MOST, min(LEANING_MOST, count)) for name, count in taps.items()}
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self._hear, text, asked, leaning)

    def _hear(self, text: str, asked: tuple[str, ...], leaning: Mapping[str, float]) -> Impression:
        heard = self._ear.hear([text], asked=[asked], leanings=[leaning])[0]
        return Impression(tuple(heard.offered), tuple(sorted(heard.named)))
