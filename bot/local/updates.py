"""What waits for the bot: updates in order, until they are confirmed, for a day at most.

Long polling lives here; webhooks take from the same queue. Only the waiting is real time.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.local.changes import Changes
from bot.local.clock import TravellingClock
from bot.local.refusals import Refusal, ended_by_webhook, polled_twice

Json = dict[str, Any]
#: Telegram keeps an update that nobody fetched for a day.
KEPT_FOR = timedelta(hours=24)
#: Telegram shortens a longer poll to this.
LONGEST_POLL = 50
#: Sent only to a bot that asks for them by name.
ONLY_WHEN_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Update(NamedTuple):
    """One update, with the moment it came to be."""

    id: int
    at: datetime
    body: Json


class Updates:
    """The queue of one bot."""

    def __init__(self, clock: TravellingClock) -> None:
        self._clock = clock
        self._waiting: deque[Update] = deque()
        self._ids = itertools.count(701)
        self._allowed: frozenset[str] = frozenset()
        self._confirmed: deque[Update] = deque(maxlen=1000)
        self._poller: asyncio.Future[Refusal] | None = None
        self.arrived = Changes()

    def add(self, kind: str, content: Json) -> int | None:
        """Put an update into the queue; its id, or None where the bot did not ask for that kind."""
        if not self._wants(kind):
            return None
        update_id = next(self._ids)
        body = {"update_id": update_id, kind: content}
        self._waiting.append(Update(update_id, self._clock.now(), body))
        self.arrived.tell()
        return update_id

    def again(self, update_id: int) -> None:
        """Deliver a confirmed update once more, as Telegram does when a confirmation was lost."""
        update = next(update for update in self._confirmed if update.id == update_id)
        self._waiting.appendleft(update)
        self.arrived.tell()

    def ask_for(self, kinds: Iterable[str] | None) -> None:
        """Which kinds are kept from now on; an empty list means the usual ones, None leaves it as it was."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    def allowed(self) -> list[str]:
        """The kinds asked for by name, [] for the usual ones."""
        return sorted(self._allowed)

    def pending(self) -> int:
        """How many wait."""
        self._drop_old()
        return len(self._waiting)

    def first(self) -> Update | None:
        """The oldest that waits."""
        self._drop_old()
        return self._waiting[0] if self._waiting else None

    def confirm(self, offset: int) -> None:
        """Forget all below `offset`; a negative one keeps only that many from the end."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._confirmed.append(self._waiting.popleft())
        while offset > 0 and self._waiting and self._waiting[0].id < offset:
            self._confirmed.append(self._waiting.popleft())

    def clear(self) -> None:
        """Forget all."""
        self._waiting.clear()

    async def poll(self, *, offset: int, limit: int, timeout: float) -> list[Json]:
        """getUpdates. Ends an earlier poll still waiting with Telegram's 409, as Telegram does."""
        self._end_poll(polled_twice())
        self.confirm(offset)
        self._drop_old()
        if not self._waiting and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        return [update.body for update in itertools.islice(self._waiting, limit)]

    def webhook_set(self) -> None:
        """A webhook was set: a waiting poll ends with 409."""
        self._end_poll(ended_by_webhook())

    def close(self) -> None:
        """End a waiting poll at once: the server goes."""
        self._end_poll(Refusal(502, "Bad Gateway"))

    async def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._poller = mine = loop.create_future()
        arrival = asyncio.ensure_future(self.arrived.next())
        try:
            await asyncio.wait({arrival, mine}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if mine.done():
                raise mine.result()
        finally:
            arrival.cancel()
            if self._poller is mine:
                self._poller = None

    def _end_poll(self, why: Refusal) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(why)

    def _wants(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in ONLY_WHEN_ASKED

    def _drop_old(self) -> None:
        oldest = self._clock.now() - KEPT_FOR
        while self._waiting and self._waiting[0].at < oldest:
            self._waiting.popleft()
