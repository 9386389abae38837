"""What is on its way: parcels leave at the pace given, each for itself, and what becomes of them is settled together.

Sending stands between short transactions, outside any, so that Telegram's slowness never holds a row. The attempt
is written just before its send. An answer that does not come holds up nobody but its own parcel.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.domain.errors import ChatMoved, SendFailed, Slowed, StorageTrouble, TokenRevoked
from bot.domain.records import Delivery, Outcome, State, Subscriber
from bot.journeys.delivering import after_failure, pause_of, settle
from bot.journeys.messenger import Pace
from bot.storage.store import Store, Work

_T = TypeVar("_T")

#: Outcomes are settled together, at the latest so long after the first of them.
SETTLE_WITHIN_S = 0.04
#: What is known of a send is not dropped because the database is away: it is offered again so often.
DATABASE_PAUSE_S = 0.5
#: So many may wait for Telegram's answer at once; below the transport's connections, so that none waits for one.
MOST_UNDER_WAY = 400
#: What is claimed at a time leaves in about so long, and is at least so many.
CLAIMED_FOR_S = 3.0
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery, its person, and how it is sent. `send` returns the message id."""

    delivery: Delivery
    person: Subscriber
    send: Callable[[], Awaitable[int]]


class Outbox:
    """Sends what was claimed by this worker. For one event loop."""

    def __init__(self, store: Store, pace: Pace, worker: str, now: Callable[[], datetime]) -> None:
        self._store, self._pace, self._worker, self._now = store, pace, worker, now
        self._under_way: set[asyncio.Task[None]] = set()
        self._in_hand: set[int] = set()
        self._unsettled: list[tuple[Outcome, Subscriber]] = []
        self._changed = asyncio.Event()
        self._died: BaseException | None = None

    def handful(self, most: int, messages: int = 1) -> int:
        """How many to claim at a time: what leaves in some seconds, so that several workers share what is due."""
        return min(most, max(FEWEST, self._pace.within(CLAIMED_FOR_S) // messages))

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._under_way

    async def stream(self, claim: Callable[[], Awaitable[Sequence[Parcel]]]) -> int:
        """Sends batch after batch until `claim` finds none, the next claimed while one leaves; returns how many left.

        Raises what a send before it died of, so that no death goes unseen.
        """
        left = 0
        parcels = await claim()
        while parcels:
            coming = asyncio.ensure_future(claim())
            try:
                await self.send(parcels)
                left += len(parcels)
                parcels = await coming
            finally:
                coming.cancel()
        self._see_to_the_dead()
        return left

    async def send(self, parcels: Sequence[Parcel]) -> None:
        """Returns once all of these have left, or are no longer ours to send; their answers are still to come.

        What is in hand already is passed over: a worker given up for dead by mistake may claim its own again.
        """
        waiting = [parcel for parcel in parcels if parcel.delivery.id not in self._in_hand]
        self._in_hand.update(parcel.delivery.id for parcel in waiting)
        while waiting:
            await self._until(lambda: len(self._under_way) < MOST_UNDER_WAY)
            free = await self._pace.round(min(len(waiting), MOST_UNDER_WAY - len(self._under_way)))
            group, waiting = waiting[:free], waiting[free:]
            mine = await self._marked(group)
            for parcel in group:
                if parcel.delivery.id in mine:
                    self._start(parcel)
                else:
                    self._in_hand.discard(parcel.delivery.id)

    async def empty(self) -> None:
        """Returns once everything under way is settled."""
        await self._until(lambda: not self._under_way)

    async def surely(self, do: Callable[[Work], Awaitable[_T]]) -> _T:
        """Does this in a transaction of its own, again and again while the database is away."""
        while True:
            try:
                async with self._store.write() as work:
                    done = await do(work)
            except StorageTrouble:
                await asyncio.sleep(DATABASE_PAUSE_S)
            else:
                return done

    async def _marked(self, group: Sequence[Parcel]) -> set[int]:
        """The attempts, written, and what became of earlier ones; returns what is still ours to send."""
        going, noted = [parcel.delivery for parcel in group], self._taken()

        async def write(work: Work) -> set[int]:
            await settle(work, noted, self._now())
            await work.deliveries.drop_stopped(going, self._now())
            return await work.deliveries.mark_sending(going, self._worker)

        return await self.surely(write)

    def _start(self, parcel: Parcel) -> None:
        task = asyncio.create_task(self._attempt(parcel))
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._died = self._died or (None if task.cancelled() else task.exception())
        self._changed.set()

    async def _until(self, so: Callable[[], bool]) -> None:
        while not so():
            self._see_to_the_dead()
            self._changed.clear()
            await self._changed.wait()
        self._see_to_the_dead()

    def _see_to_the_dead(self) -> None:
        if self._died is not None:
            raise self._died

    async def _attempt(self, parcel: Parcel) -> None:
        try:
            message_id = await parcel.send()
        except ChatMoved as moved:
            outcome = Outcome(parcel.delivery, State.WAITING, due_at=self._now(), refund=True)
            person, chat_id = parcel.person.id, moved.chat_id
            await self.surely(lambda work: work.subscribers.moved(person, chat_id))
        except SendFailed as failure:
            outcome = after_failure(failure, parcel.delivery, self._now())
            if isinstance(failure, Slowed | TokenRevoked):
                self._pace.pause(pause_of(failure).total_seconds())
        else:
            outcome = Outcome(parcel.delivery, State.SENT, message_id)
        await self._note(outcome, parcel.person)

    async def _note(self, outcome: Outcome, person: Subscriber) -> None:
        """The first outcome to be noted waits a moment for others, then settles all that nobody settled before."""
        self._unsettled.append((outcome, person))
        if len(self._unsettled) == 1:
            await asyncio.sleep(SETTLE_WITHIN_S)
            if noted := self._taken():
                await self.surely(lambda work: settle(work, noted, self._now()))

    def _taken(self) -> list[tuple[Outcome, Subscriber]]:
        taken, self._unsettled = self._unsettled, []
        self._in_hand.difference_update(outcome.delivery.id for outcome, _ in taken)
        return taken
