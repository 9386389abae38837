"""What is on its way: parcels leave at the pace given, each for itself, and what becomes of them is settled together.

Sending stands between short transactions, outside any, so that Telegram's slowness never holds a row. The attempt
is written just before its send. An answer that does not come holds up nobody but its own parcel.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TypeVar

from bot.domain.errors import ChatMoved, SendFailed, Slowed, StorageFault, StorageTrouble, TokenRevoked
from bot.domain.records import Delivery, Outcome, State, Subscriber
from bot.journeys.delivering import after_failure, pause_of, settle
from bot.journeys.messenger import Pace
from bot.journeys.meter import Meter, Silent
from bot.storage.store import Store, Work

_T = TypeVar("_T")

#: Outcomes are settled together, at the latest so long after the first of them.
SETTLE_WITHIN_S = 0.04
#: What is known of a send is not dropped because the database is away: it is offered again so often.
DATABASE_PAUSE_S = 0.5
#: The operator hears of a database that stays away after so many tries, and then every so many: 5 seconds, a minute.
TOLD_FROM, TOLD_EVERY = 10, 120
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

    def __init__(
        self,
        store: Store,
        pace: Pace,
        worker: str,
        now: Callable[[], datetime],
        meter: Meter | None = None,
        alarm: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self._store, self._pace, self._worker, self._now = store, pace, worker, now
        self._meter = meter or Silent()
        self._alarm = alarm
        self._under_way: set[asyncio.Task[None]] = set()
        self._in_hand: set[int] = set()
        self._at_the_door: list[Parcel] = []
        self._marking = False
        self._streams = 0
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

    @property
    def empty_handed(self) -> bool:
        """Whether nothing is on its way, nor being claimed: what is still claimed by this worker was forgotten."""
        return self.idle and not self._streams

    async def stream(self, claim: Callable[[], Awaitable[Sequence[Parcel]]]) -> int:
        """Sends batch after batch until `claim` finds none, the next claimed while one leaves; returns how many left.

        Raises what a send before it died of, so that no death goes unseen.
        """
        left = 0
        self._streams += 1
        try:
            parcels = await claim()
            while parcels:
                coming = asyncio.ensure_future(claim())
                try:
                    await self.send(parcels)
                    left += len(parcels)
                    parcels = await coming
                finally:
                    coming.cancel()
        finally:
            self._streams -= 1
        self._see_to_the_dead()
        return left

    async def send(self, parcels: Sequence[Parcel]) -> None:
        """Returns once each of these has its slot; `empty` waits for what becomes of them.

        What is in hand already is passed over: a worker given up for dead by mistake may claim its own again.
        """
        waiting = [parcel for parcel in parcels if parcel.delivery.id not in self._in_hand]
        self._in_hand.update(parcel.delivery.id for parcel in waiting)
        while waiting:
            await self._until(lambda: self._open > 0)
            free = await self._pace.round(min(len(waiting), self._open))
            self._at_the_door += waiting[:free]
            waiting = waiting[free:]
            if not self._marking:
                self._marking = True
                self._watch(self._let_out())

    async def empty(self) -> None:
        """Returns once everything under way is settled."""
        await self._until(lambda: not self._under_way)

    async def surely(self, do: Callable[[Work], Awaitable[_T]]) -> _T:
        """Does this in one transaction with what others do, again and again while the database is away, and says so.

        `do` awaits nothing but its Work. Raises StorageFault for what no retry would mend: the process ends loudly
        and its claims are given up.
        """
        for tries in count():
            try:
                return await self._store.together(do)
            except StorageFault:
                raise
            except StorageTrouble as trouble:
                if tries % TOLD_EVERY == TOLD_FROM:
                    self._alarm(str(trouble))
                await asyncio.sleep(DATABASE_PAUSE_S)
        raise AssertionError("count() has no end")

    @property
    def _open(self) -> int:
        """How many more may be on their way."""
        return MOST_UNDER_WAY - len(self._under_way) - len(self._at_the_door)

    async def _let_out(self) -> None:
        """Marks whoever has a slot, and starts them; who gets theirs meanwhile is marked together the next time.

        Slots go on being taken while a transaction waits for the database, or the pace would be lost to it.
        """
        try:
            while group := self._at_the_door:
                self._at_the_door = []
                mine = await self._marked(group)
                for parcel in group:
                    if parcel.delivery.id in mine:
                        self._watch(self._attempt(parcel))
                    else:
                        self._in_hand.discard(parcel.delivery.id)
        finally:
            self._marking = False

    async def _marked(self, group: Sequence[Parcel]) -> set[int]:
        """The attempts, written, and what became of earlier ones; returns what is still ours to send."""
        going, noted = [parcel.delivery for parcel in group], self._taken()

        async def write(work: Work) -> set[int]:
            await settle(work, noted, self._now())
            return await work.deliveries.mark_sending(going, self._worker)

        return await self.surely(write)

    def _watch(self, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(doing)
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
        delivery = outcome.delivery
        self._meter.settled(delivery.kind, outcome.state, self._now() - delivery.first_due_at)
        self._unsettled.append((outcome, person))
        if len(self._unsettled) == 1:
            await asyncio.sleep(SETTLE_WITHIN_S)
            if noted := self._taken():
                await self.surely(lambda work: settle(work, noted, self._now()))

    def _taken(self) -> list[tuple[Outcome, Subscriber]]:
        taken, self._unsettled = self._unsettled, []
        self._in_hand.difference_update(outcome.delivery.id for outcome, _ in taken)
        return taken
