"""Somebody is removed whole, and noted on the list outside the database, so that no backup brings them back.

Where the list cannot be written they are removed all the same; the database keeps the note until it can.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.domain.errors import ListTrouble
from bot.journeys.kit import Kit
from bot.storage.departed import (
    DepartedList,
    Departure,
    drop_unlisted,
    keep_unlisted,
    list_secret,
    mark_of,
    unlisted,
)
from bot.storage.store import Work


async def remove_whole(kit: Kit, work: Work, people: Sequence[tuple[int, int]], now: datetime) -> None:
    """Removes people, as (id, chat), and all that is theirs; the list before the database.

    A line too many is harmless; a line that is missing would bring somebody back.
    """
    secret = await list_secret(work.facts)
    departures = [Departure(mark_of(secret, chat_id), now) for _, chat_id in people]
    if not await _listed(kit, departures):
        await keep_unlisted(work.facts, departures)
    for subscriber_id, chat_id in people:
        await work.subscribers.remove(subscriber_id)
        await work.inbox.forget(chat_id)


async def list_the_unlisted(kit: Kit) -> None:
    """Notes whom the list could not take when they left."""
    async with kit.store.write() as work:
        waiting = await unlisted(work.facts)
        if waiting and await _listed(kit, waiting):
            await drop_unlisted(work.facts, waiting)


async def _listed(kit: Kit, departures: Sequence[Departure]) -> bool:
    try:
        await asyncio.to_thread(DepartedList(kit.house.deleted_list).add, departures)
    except ListTrouble as trouble:
        kit.alarm(str(trouble))
        return False
    return True
