"""Prompts are chosen up to a quarter of an hour ahead, so that the minute itself is for sending only.

A choice is kept sealed with the person. Saving the person discards it, so that a reply, a match of care, a setting
or /stop does; what changes their history without them discards it too. Where none is kept, it is made when due.
"""

from asyncio import sleep
from datetime import timedelta

from bot.journeys.kit import Kit
from bot.journeys.prompting import AT_A_STRETCH, choice_for, pasts_of
from bot.storage.store import Work
from bot.storage.subscribers import Place

#: So long before its time a question is chosen.
AHEAD = timedelta(minutes=15)
#: After each stretch whoever else wants to write has a turn.
PAUSE_S = 0.005


async def choose_ahead(kit: Kit) -> int:
    """Chooses for everybody whose question is due soon and has no choice yet; returns for how many."""
    chosen, place = 0, (kit.now(), 0, 0)
    while (found := await _choose_some(kit, place)) is not None:
        count, place = found
        chosen += count
        await sleep(PAUSE_S)
    return chosen


async def _choose_some(kit: Kit, begin: Place) -> tuple[int, Place] | None:
    """The next of them, held until their choice is written; None at the end."""
    now = kit.now()

    async def choose(work: Work) -> tuple[int, Place] | None:
        people, last = await work.subscribers.to_choose_for(begin, now + AHEAD, AT_A_STRETCH)
        pasts = await pasts_of(work, [person.id for person in people], now.date())
        chosen = {}
        for person in people:
            if person.question_day is not None:
                library = kit.tongue_of(person).library
                chosen[person.id] = choice_for(library, person, pasts[person.id], person.question_day).prompt.id
        await work.subscribers.choose(chosen)
        return None if last is None else (len(chosen), last)

    return await kit.store.together(choose)
