"""Somebody blocks the bot, or lets it in again."""

from dataclasses import replace

from bot.domain.agenda import with_next
from bot.journeys.kit import Kit


async def turned(kit: Kit, chat_id: int, *, blocked: bool) -> None:
    """Marks or un-marks a person as unreachable (D8); nothing is sent either way."""
    now = kit.now()
    async with kit.store.write() as work:
        person = await work.subscribers.of_chat(chat_id, hold=True)
        if person is not None:
            changed = replace(person, unreachable_at=now if blocked else None)
            await work.subscribers.save(with_next(changed, now))
