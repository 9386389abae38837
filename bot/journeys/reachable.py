"""Somebody blocks the bot, or lets it in again."""

from dataclasses import replace

from bot.domain.agenda import with_next
from bot.domain.records import Subscriber
from bot.journeys.kit import Kit


async def turned(kit: Kit, chat_id: int, *, blocked: bool) -> Subscriber | None:
    """Marks or un-marks a person as unreachable (D8); nothing is sent either way. None where nobody is known."""
    now = kit.now()
    async with kit.store.write() as work:
        person = await work.subscribers.of_chat(chat_id, hold=True)
        if person is None:
            return None
        changed = with_next(replace(person, unreachable_at=now if blocked else None), now)
        await work.subscribers.save(changed)
    return changed
