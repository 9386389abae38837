"""One pace for all that leaves: evenly spaced slots, answers before rounds, each chat at its own pace.

Knows nothing of Telegram; times are seconds of the event loop's clock.
"""

import asyncio
from collections import deque

#: A late timer may be made up for by this much, so that the pace is kept and no burst builds up.
SLACK_S = 0.035
#: Slots closer together than this are handed out several at a time.
QUANTUM_S = 0.025
#: Telegram's advice is one message a second to one chat; short bursts pass ("a few").
CHAT_GAP_S = 1.0
CHAT_BURST = 3
#: Chats are forgotten in batches once so many are remembered.
_REMEMBERED = 20_000

_Answer = tuple[int, "asyncio.Future[None]"]
_Round = tuple[int, "asyncio.Future[int]"]


class Throttle:
    """Hands out slots at `rate` a second, and to one chat every `chat_gap` seconds. For one event loop."""

    def __init__(self, rate: float, *, chat_gap: float = CHAT_GAP_S) -> None:
        self._rate = rate
        self._gap = 1.0 / rate
        self._chat_gap = chat_gap
        self._free_at = 0.0
        self._closed_until = 0.0
        self._answers: deque[_Answer] = deque()
        self._rounds: deque[_Round] = deque()
        self._chats: dict[int, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0

    async def answer(self, chat_id: int) -> None:
        """Waits for a slot for somebody who is here now; before every round."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers.append((chat_id, waiting))
        self._arm()
        await waiting

    async def round(self, wanted: int) -> int:
        """Waits for slots of a round; gives at least one and at most `wanted` that are free now."""
        waiting: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._rounds.append((wanted, waiting))
        self._arm()
        return await waiting

    def pause(self, seconds: float) -> None:
        """Nothing leaves for so long: Telegram asked everybody to wait (429)."""
        self._closed_until = max(self._closed_until, asyncio.get_running_loop().time() + seconds)

    def may(self, chat_id: int) -> bool:
        """Whether this chat may get one more message now; if so, it counts as got."""
        now = asyncio.get_running_loop().time()
        if self._ready_at(chat_id) > now:
            return False
        self._chat_takes(chat_id, now)
        return True

    def paused_for(self) -> float:
        """For how many seconds still nothing leaves; 0.0 where it does."""
        return max(0.0, self._closed_until - asyncio.get_running_loop().time())

    def within(self, seconds: float) -> int:
        """How many slots this process has in so many seconds."""
        return int(seconds / self._gap)

    def share(self, among: int) -> None:
        """From now on this process has one of so many equal parts of the pace: the limit is the bot's, not its own."""
        self._gap = among / self._rate

    @property
    def waiting(self) -> int:
        """How many answers and rounds wait for a slot."""
        return len(self._answers) + len(self._rounds)

    def _arm(self) -> None:
        """Sets the timer, or sets it earlier: it may be waiting for one chat when another comes."""
        if not (self._answers or self._rounds):
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        soon = now + QUANTUM_S if self._gap < QUANTUM_S else now
        at = max(soon if self._free_at > now else now, self._free_at, self._closed_until)
        if self._timer is not None and self._timer_at <= at:
            return
        if not self._rounds:
            at = max(at, min(self._ready_at(chat_id) for chat_id, _ in self._answers))
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._timer_at = loop.call_at(at, self._release), at

    def _release(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        if now >= self._closed_until:
            self._release_answers(now)
            self._release_rounds(now)
        self._arm()

    def _release_answers(self, now: float) -> None:
        for _ in range(len(self._answers)):
            chat_id, waiting = self._answers.popleft()
            if waiting.done():
                continue
            if self._free_at > now or self._ready_at(chat_id) > now:
                self._answers.append((chat_id, waiting))
                continue
            self._take(now)
            self._chat_takes(chat_id, now)
            waiting.set_result(None)

    def _release_rounds(self, now: float) -> None:
        while self._rounds and self._free_at <= now:
            wanted, waiting = self._rounds.popleft()
            if waiting.done():
                continue
            given = 0
            while given < wanted and self._free_at <= now:
                self._take(now)
                given += 1
            waiting.set_result(given)

    def _take(self, now: float) -> None:
        self._free_at = max(self._free_at, now - SLACK_S) + self._gap

    def _ready_at(self, chat_id: int) -> float:
        """The generic cell rate algorithm: `_chats` holds each chat's theoretical arrival time."""
        return self._chats.get(chat_id, 0.0) - (CHAT_BURST - 1) * self._chat_gap

    def _chat_takes(self, chat_id: int, now: float) -> None:
        if len(self._chats) >= _REMEMBERED:
            self._chats = {chat: at for chat, at in self._chats.items() if at > now}
        self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), now) + self._chat_gap
