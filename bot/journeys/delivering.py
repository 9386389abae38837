"""What became of an attempt, what follows from it (D8, D9), and how it is written down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from bot.domain.agenda import with_next
from bot.domain.errors import (
    OutcomeUnknown,
    SendFailed,
    Slowed,
    TokenRevoked,
    TryLater,
    Unreachable,
)
from bot.domain.records import Delivery, Kind, Outcome, State, Subscriber
from bot.domain.schedule import too_late
from bot.storage.store import Work

#: A delivery is tried so often and no more, whatever happens.
MAX_ATTEMPTS = 8
#: Nothing leaves for so long after Telegram said that it does not know the token (D8).
TOKEN_PAUSE = timedelta(seconds=60)


async def settle(work: Work, settled: Sequence[tuple[Outcome, Subscriber]], now: datetime) -> None:
    """Writes outcomes in bulk, and to those people's own rows that have to know of theirs."""
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
    if outcome.delivery.kind is Kind.NOTICE:
        return person
    if outcome.delivery.kind is Kind.REFLECTION:
        return replace(person, reflections_sent=person.reflections_sent + (outcome.state is State.SENT))
    return replace(person, unanswered=max(0, person.unanswered - 1))


def after_failure(failure: SendFailed, delivery: Delivery, now: datetime) -> Outcome:
    """What a failed attempt means for the delivery (D8, D9)."""
    if isinstance(failure, Slowed | TokenRevoked):
        return Outcome(delivery, State.WAITING, due_at=now + pause_of(failure), refund=True)
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


def pause_of(failure: SendFailed) -> timedelta:
    """How long nothing leaves after this: as Telegram says, or until the token may be known again."""
    if isinstance(failure, Slowed) and failure.after is not None:
        return failure.after
    return TOKEN_PAUSE
