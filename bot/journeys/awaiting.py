"""What the next typed words are meant for. Kept in the database, so that a restart knows; and not for long.

Whoever opened something to type and then went away finds their next words kept as an answer, like any other.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.records import Subscriber
from bot.journeys.kit import Kit

#: After this long, what is typed is no longer meant for it.
LASTS = timedelta(minutes=30)


async def await_words(kit: Kit, person: Subscriber, what: str) -> Subscriber:
    """The next typed words are meant for this: "set_zone", "set_time", or "reply <id>"."""
    return await _wait(kit, person, f"{what} {int(kit.now().timestamp())}")


async def forget_words(kit: Kit, person: Subscriber) -> Subscriber:
    """The next typed words are an answer again."""
    return person if person.awaiting is None else await _wait(kit, person, None)


async def awaited(kit: Kit, person: Subscriber, at: datetime, reply_to: int | None) -> str | None:
    """What words typed at this moment are meant for; None for an answer.

    A question that came meanwhile, or one that the words point at, is what they answer.
    """
    what, _, since = (person.awaiting or "").rpartition(" ")
    if not what or at.timestamp() - int(since) > LASTS.total_seconds():
        return None
    async with kit.store.read() as work:
        asked = await work.deliveries.last_question(person.id)
        pointed = None if reply_to is None else await work.deliveries.of_message(person.id, reply_to)
    came = asked is not None and asked.due_at.timestamp() > int(since)
    return None if came or pointed is not None else what


async def _wait(kit: Kit, person: Subscriber, what: str | None) -> Subscriber:
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True) or person
        changed = replace(held, awaiting=what)
        await work.subscribers.save(changed)
    return changed
