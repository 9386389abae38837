"""What goes wrong on the way: at random by share, or the next call by name.

Random faults come only to calls about a chat, so that a bot can start. A call that is `reset` or `never
answered` was accepted all the same: its sender cannot know, which is the point.
"""

import asyncio
import random
from dataclasses import dataclass, field
from enum import StrEnum

from bot.local.refusals import Refusal


class Fault(StrEnum):
    """How a call goes wrong."""

    REFUSED = "refused"
    RESET = "reset after accept"
    UNANSWERED = "never answered"
    DROPPED = "dropped before accept"


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of calls (0 to 1) that go wrong; `seed` makes them the same each time."""

    bad_gateway: float = 0.0
    reset_after_accept: float = 0.0
    never_answered: float = 0.0
    seed: int = 1


@dataclass(eq=False)
class Hold:
    """A call that was accepted and waits for its answer: until `release`, or for good."""

    arrived_event: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def arrived(self, within: float = 5.0) -> None:
        """Return once the call was accepted; TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            await self.arrived_event.wait()

    def release(self) -> None:
        """Let the call be answered."""
        self.released.set()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is to happen to one call."""

    fault: Fault
    refusal: Refusal | None = None
    hold: Hold | None = None


BAD_GATEWAY = Trouble(Fault.REFUSED, Refusal(502, "Bad Gateway"))
RESET = Trouble(Fault.RESET)
UNANSWERED = Trouble(Fault.UNANSWERED)
DROPPED = Trouble(Fault.DROPPED)


class Fate:
    """Decides for each call whether it goes wrong: what was planned first, then chance."""

    def __init__(self, faults: Faults | None) -> None:
        self.faults = faults
        self._dice = random.Random(faults.seed if faults else 0)  # noqa: S311
        self._planned: dict[str, list[Trouble]] = {}
        self.standing: Trouble | None = None

    def plan(self, method: str, trouble: Trouble, times: int) -> None:
        """The next `times` calls of `method` (proper name, or "*" for any) meet this."""
        self._planned.setdefault(method, []).extend([trouble] * times)

    def of(self, method: str, *, about_chat: bool) -> Trouble | None:
        """What happens to this call; None for nothing. Where one trouble is `standing`, every call meets it."""
        if self.standing is not None:
            return self.standing
        for name in (method, "*"):
            if planned := self._planned.get(name):
                return planned.pop(0)
        return self._chance() if self.faults is not None and about_chat else None

    def _chance(self) -> Trouble | None:
        assert self.faults is not None
        thrown = self._dice.random()
        for share, trouble in (
            (self.faults.bad_gateway, BAD_GATEWAY),
            (self.faults.reset_after_accept, RESET),
            (self.faults.never_answered, UNANSWERED),
        ):
            if thrown < share:
                return trouble
            thrown -= share
        return None
