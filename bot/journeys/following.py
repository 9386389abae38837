"""What follows a reply, behind the answers: it is heard, and its writer is asked what fits, or cared for.

Oldest first, by whichever process takes it; a kill loses none of it, and nothing is offered twice. A reply that is
deleted meanwhile, or whose writer does not want to be asked any more, is offered nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.domain.errors import SendFailed, Slowed, TokenRevoked, TryLater, Unreachable
from bot.domain.records import Delivery, Follows, Impression, Kind, Marks, Reply, Spoken, Stage, Subscriber
from bot.journeys import reachable
from bot.journeys.caring import answer_care
from bot.journeys.delivering import pause_of
from bot.journeys.kit import Kit
from bot.journeys.replying import chips
from bot.storage.store import Work

#: In their turn. A heart that nobody is at any more was lost with its process.
UNHEARD = (Follows.HEARING, Follows.HEARING_AGAIN, Follows.HEART)
UNASKED = (Follows.CARE, Follows.CHIPS)
#: So many are heard at a stretch, and so many asked.
BATCH = 16
#: Nobody is asked what fits of words older than this.
ASK_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a batch: how many were taken, and the replies that could not be heard."""

    taken: int
    unheard: tuple[int, ...] = ()


async def hear_some(kit: Kit) -> Followed:
    """Hears the oldest replies that wait for it."""
    taken = await kit.store.together(lambda work: _take(work, kit.worker))
    if not taken:
        return Followed(0)
    heard = await kit.ears.hear([_spoken(kit, *one) for one in taken])
    by_id = {reply.id: impression for (reply, _, _), impression in zip(taken, heard, strict=True)}
    await kit.store.together(lambda work: _write(work, kit, by_id))
    return Followed(len(taken), tuple(key for key, impression in by_id.items() if impression is None))


async def _take(work: Work, worker: str) -> list[tuple[Reply, Subscriber, Delivery | None]]:
    replies: list[Reply] = []
    for waiting in UNHEARD:
        if len(replies) < BATCH:
            replies += await work.following.take(waiting, worker, BATCH - len(replies))
    ids = {reply.subscriber_id for reply in replies}
    people = await work.subscribers.of_ids(ids)
    asked = await work.deliveries.of_days(ids, Kind.QUESTION, {reply.day for reply in replies})
    return [(one, people[one.subscriber_id], asked.get((one.subscriber_id, one.day))) for one in replies]


def _spoken(kit: Kit, reply: Reply, person: Subscriber, delivery: Delivery | None) -> Spoken:
    return Spoken(reply.text, asked_patterns(kit, person, delivery), person.mind.taps)


def asked_patterns(kit: Kit, person: Subscriber, delivery: Delivery | None) -> tuple[str, ...]:
    """What the question was about; nothing where there was none."""
    if delivery is None or delivery.asked is None:
        return ()
    prompt = kit.tongue_of(person).library.prompts.get(delivery.asked.prompt)
    return prompt.patterns if prompt else ()


async def _write(work: Work, kit: Kit, heard: Mapping[int, Impression | None]) -> None:
    """What was heard of each reply that is still there as it was heard, and whether it is to be asked about."""
    held = await work.following.held(kit.worker, list(heard))
    people = await work.subscribers.of_ids({reply.subscriber_id for reply in held})
    known: list[tuple[Reply, Marks, Follows | None]] = []
    for reply in held:
        impression, person = heard[reply.id] or Impression(), people[reply.subscriber_id]
        if impression.care and not reply.marks.care:
            known.append((reply, replace(reply.marks, care=True, heard=(), offered=()), Follows.CARE))
            continue
        marks = replace(reply.marks, heard=impression.named)
        if reply.waits_for is not Follows.HEARING_AGAIN:
            marks = replace(marks, offered=_offered(person, impression))
        follows = Follows.CHIPS if _asks(person, reply) and marks.offered else None
        known.append((reply, marks, follows))
    await work.following.heard(known)


def _offered(person: Subscriber, heard: Impression) -> tuple[str, ...]:
    muted = {name for name, verdict in person.mind.verdicts.items() if verdict == "muted"}
    return tuple(name for name in heard.offered if name not in muted)


def _asks(person: Subscriber, reply: Reply) -> bool:
    """Whether the writer is to be asked about this reply: not after a word for which care answered."""
    cared = person.mind.care_at is not None and person.mind.care_at >= reply.written_at
    wanted = person.stage is Stage.ACTIVE and person.preferences.chips and not cared
    return wanted and reply.waits_for is not Follows.HEARING_AGAIN and reply.chips_message_id is None


async def care_for_some(kit: Kit) -> int:
    """Answers the oldest replies in which hearing found a crisis that no phrase did (S1); returns how many.

    One that a kill cut off is answered again: twice is better than not at all.
    """
    taken = await kit.store.together(lambda work: _take_alarming(work, kit.worker))
    for reply, person in taken:
        try:
            await answer_care(kit, person.chat_id, person, person.preferences.language, "self")
        except (TokenRevoked, TryLater) as failure:
            kit.pace.pause(pause_of(failure).total_seconds())
            await kit.store.together(partial(_moved, kit=kit, reply=reply.id, follows=Follows.CARE))
            return 0
        except SendFailed as failure:
            if isinstance(failure, Unreachable):
                await reachable.turned(kit, person.chat_id, blocked=True)
        await kit.store.together(partial(_moved, kit=kit, reply=reply.id, follows=None))
    return len(taken)


async def _take_alarming(work: Work, worker: str) -> list[tuple[Reply, Subscriber]]:
    replies = await work.following.take(Follows.CARE, worker, BATCH)
    people = await work.subscribers.of_ids({reply.subscriber_id for reply in replies})
    return [(reply, people[reply.subscriber_id]) for reply in replies]


async def _moved(work: Work, *, kit: Kit, reply: int, follows: Follows | None) -> None:
    await work.following.move(kit.worker, [reply], follows)


async def ask_some(kit: Kit) -> int:
    """Offers the chips of the oldest replies that wait for it; returns how many were offered.

    The slots are had before the attempts are written, so that a kill leaves only those unknown that were on their
    way. They are a round's slots: whoever writes now is answered first.
    """
    taken = await kit.store.together(lambda work: _take_unasked(work, kit.worker))
    ready = [key for key, chat_id in taken.items() if kit.pace.may(chat_id)]
    free = await kit.pace.round(len(ready)) if ready else 0
    going, later = ready[:free], [key for key in taken if key not in ready[:free]]
    chosen = await kit.store.together(lambda work: _mark_offering(work, kit, going, later)) if taken else []
    return sum(await asyncio.gather(*(_offer(kit, reply, person) for reply, person in chosen)))


async def _take_unasked(work: Work, worker: str) -> dict[int, int]:
    """The oldest that wait, with their chats. Whether a chat may get a message now is for its pace to say."""
    found = await work.following.take(Follows.CHIPS, worker, BATCH)
    people = await work.subscribers.of_ids({reply.subscriber_id for reply in found})
    return {reply.id: people[reply.subscriber_id].chat_id for reply in found}


async def _mark_offering(
    work: Work, kit: Kit, ids: Sequence[int], later: Sequence[int]
) -> list[tuple[Reply, Subscriber]]:
    """Writes the attempts; returns those that are still to be asked about, as they and their writers are now."""
    await work.following.move(kit.worker, later, Follows.CHIPS)
    held = await work.following.held(kit.worker, ids)
    people = await work.subscribers.of_ids({reply.subscriber_id for reply in held})
    now = kit.now()
    going = [
        (reply, people[reply.subscriber_id])
        for reply in held
        if _asks(people[reply.subscriber_id], reply) and now - reply.written_at < ASK_WITHIN
    ]
    chosen = {reply.id for reply, _ in going}
    await work.following.move(kit.worker, chosen, Follows.OFFERING, keep=True)
    await work.following.move(kit.worker, [reply.id for reply in held if reply.id not in chosen], None)
    return going


async def _offer(kit: Kit, reply: Reply, person: Subscriber) -> bool:
    try:
        shown = await kit.on_round_to(person).send(chips(kit, person, reply))
    except (TokenRevoked, TryLater) as failure:
        if isinstance(failure, TokenRevoked | Slowed):
            kit.pace.pause(pause_of(failure).total_seconds())
        await kit.store.together(lambda work: work.following.move(kit.worker, [reply.id], Follows.CHIPS))
        return False
    except SendFailed as failure:
        if isinstance(failure, Unreachable):
            await reachable.turned(kit, person.chat_id, blocked=True)
        await kit.store.together(lambda work: work.following.move(kit.worker, [reply.id], None))
        return False
    await kit.store.in_bulk(_shown, (reply.id, shown))
    return True


async def _shown(work: Work, shown: Sequence[tuple[int, int]]) -> Sequence[None]:
    await work.following.offered(shown)
    return [None] * len(shown)
