"""What fell due is sent and settled.

Sending stands between short transactions, outside any, so that Telegram's slowness never holds a row. The
attempt is written just before its send.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from bot.domain.agenda import with_next
from bot.domain.errors import (
    ChatMoved,
    OutcomeUnknown,
    SendFailed,
    Slowed,
    StorageTrouble,
    TokenRevoked,
    TryLater,
    Unreachable,
)
from bot.domain.records import Delivery, Kind, Outcome, State, Subscriber
from bot.domain.schedule import too_late
from bot.journeys.kit import Kit
from bot.storage.store import Work

_T = TypeVar("_T")

#: A delivery is tried so often and no more, whatever happens.
MAX_ATTEMPTS = 8
#: Nothing leaves for so long after Telegram said that it does not know the token (D8).
TOKEN_PAUSE = timedelta(seconds=60)
#: Outcomes are settled together, at the latest so long after the first of them.
SETTLE_WITHIN_S = 0.04
#: What is known of a send is not dropped because the database is away: it is offered again so often.
DATABASE_PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery, its person, and how it is sent. `send` returns the message id."""

    delivery: Delivery
    person: Subscriber
    send: Callable[[], Awaitable[int]]


async def deliver(kit: Kit, parcels: Sequence[Parcel]) -> list[Outcome]:
    """Sends all of these at the pace given, and settles them as they end. Returns the outcomes."""
    ledger = Ledger(kit)
    left = list(parcels)
    async with asyncio.TaskGroup() as sending:
        while left:
            free = await kit.pace.round(len(left))
            group, left = left[:free], left[free:]
            mine = await _marked(kit, group)
            for parcel in group:
                if parcel.delivery.id in mine:
                    sending.create_task(_attempt(kit, parcel, ledger))
    await ledger.flush()
    return ledger.all


async def _marked(kit: Kit, group: Sequence[Parcel]) -> set[int]:
    """The attempts, written; returns the deliveries that are still this worker's to send."""
    going = [parcel.delivery for parcel in group]
    return await surely(kit, lambda work: work.deliveries.mark_sending(going, kit.worker))


async def surely(kit: Kit, do: Callable[[Work], Awaitable[_T]]) -> _T:
    """Does this in a transaction of its own, again and again while the database is away."""
    while True:
        try:
            async with kit.store.write() as work:
                done = await do(work)
        except StorageTrouble:
            await asyncio.sleep(DATABASE_PAUSE_S)
        else:
            return done


class Ledger:
    """Collects outcomes and settles them in bulk."""

    def __init__(self, kit: Kit) -> None:
        self.all: list[Outcome] = []
        self._kit = kit
        self._open: list[tuple[Outcome, Subscriber]] = []

    async def add(self, outcome: Outcome, person: Subscriber) -> None:
        """Notes an outcome; the first to be noted waits a moment for others and settles them all."""
        self.all.append(outcome)
        self._open.append((outcome, person))
        if len(self._open) == 1:
            await asyncio.sleep(SETTLE_WITHIN_S)
            await self.flush()

    async def flush(self) -> None:
        """Settles all that is noted in one transaction."""
        settled, self._open = self._open, []
        if settled:
            await surely(self._kit, lambda work: _settle(work, settled, self._kit.now()))


async def _settle(work: Work, settled: Sequence[tuple[Outcome, Subscriber]], now: datetime) -> None:
    await work.deliveries.settle([outcome for outcome, _ in settled], now)
    for outcome, person in settled:
        held = await work.subscribers.of_id(person.id, hold=True) if _concerns_person(outcome) else None
        if held is not None:
            await work.subscribers.save(with_next(_after(held, outcome, now), now))


def _concerns_person(outcome: Outcome) -> bool:
    """Whether the person's own row has to know of it: a question sent was counted when it was claimed."""
    if outcome.state is State.WAITING:
        return False
    return outcome.delivery.kind is Kind.REFLECTION or outcome.state is not State.SENT


def _after(person: Subscriber, outcome: Outcome, now: datetime) -> Subscriber:
    if outcome.state is State.UNREACHABLE:
        person = replace(person, unreachable_at=now)
    if outcome.delivery.kind is Kind.REFLECTION:
        return replace(person, reflections_sent=person.reflections_sent + (outcome.state is State.SENT))
    return replace(person, unanswered=max(0, person.unanswered - 1))


async def _attempt(kit: Kit, parcel: Parcel, ledger: Ledger) -> None:
    try:
        message_id = await parcel.send()
    except ChatMoved as moved:
        outcome = Outcome(parcel.delivery, State.WAITING, due_at=kit.now(), refund=True)
        person, chat_id = parcel.person.id, moved.chat_id
        await surely(kit, lambda work: work.subscribers.moved(person, chat_id))
    except SendFailed as failure:
        outcome = after_failure(failure, parcel.delivery, kit.now())
        if isinstance(failure, Slowed | TokenRevoked):
            kit.pace.pause(_pause_of(failure).total_seconds())
    else:
        outcome = Outcome(parcel.delivery, State.SENT, message_id)
    await ledger.add(outcome, parcel.person)


def after_failure(failure: SendFailed, delivery: Delivery, now: datetime) -> Outcome:
    """What a failed attempt means for the delivery (D8, D9)."""
    if isinstance(failure, Slowed | TokenRevoked):
        return Outcome(delivery, State.WAITING, due_at=now + _pause_of(failure), refund=True)
    if isinstance(failure, Unreachable):
        return Outcome(delivery, State.UNREACHABLE)
    if isinstance(failure, OutcomeUnknown) and delivery.kind is not Kind.REFLECTION:
        return Outcome(delivery, State.UNKNOWN)
    if isinstance(failure, OutcomeUnknown | TryLater):
        return _again(delivery, now)
    return Outcome(delivery, State.FAILED)


def _again(delivery: Delivery, now: datetime) -> Outcome:
    due_at = now + backoff(delivery.attempts, seed=delivery.id)
    if delivery.attempts + 1 >= MAX_ATTEMPTS:
        return Outcome(delivery, State.FAILED)
    if too_late(delivery.kind, delivery.first_due_at, due_at):
        return Outcome(delivery, State.LATE)
    return Outcome(delivery, State.WAITING, due_at=due_at)


def backoff(attempts: int, *, seed: int) -> timedelta:
    """Two seconds, doubling up to ten minutes, each with up to half as much again of jitter."""
    pause = min(2.0 * 2**attempts, 600.0)
    return timedelta(seconds=pause * (1 + Random(seed * 1000 + attempts).random() / 2))  # noqa: S311


def _pause_of(failure: SendFailed) -> timedelta:
    if isinstance(failure, Slowed) and failure.after is not None:
        return failure.after
    return TOKEN_PAUSE
