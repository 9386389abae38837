"""After an outage longer than Telegram keeps updates, each person is told once that something may be lost (D8)."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import SendFailed
from bot.domain.records import Stage
from bot.journeys.kit import Kit
from bot.journeys.messenger import Message
from bot.storage.store import Work

#: Telegram keeps updates that nobody fetched for so long.
KEPT_BY_TELEGRAM = timedelta(hours=24)
#: Who writes no earlier than this is not told any more.
TOLD_WITHIN = timedelta(days=14)
_HEARD, _GAP = "heard_at", "gap_at"


async def note_heard(kit: Kit) -> None:
    """Telegram has just been heard."""
    async with kit.store.write() as work:
        await work.facts.write(_HEARD, kit.now().isoformat().encode())


async def heard_at(work: Work) -> datetime | None:
    """When Telegram was last heard, to the minute; None where it never was."""
    heard = await work.facts.read(_HEARD)
    return None if heard is None else datetime.fromisoformat(heard.decode())


async def note_gap(kit: Kit) -> None:
    """At a start: whether Telegram was not heard for longer than it keeps updates."""
    now = kit.now()
    async with kit.store.write() as work:
        heard = await work.facts.read(_HEARD)
        if heard is not None and now - datetime.fromisoformat(heard.decode()) > KEPT_BY_TELEGRAM:
            await work.facts.write(_GAP, now.isoformat().encode())


async def gap_known(work: Work) -> bytes | None:
    """The last such gap, if there ever was one."""
    return await work.facts.read(_GAP)


async def tell_of_gap(kit: Kit, chat_id: int, gap: bytes) -> None:
    """Tells a person, at their first sign of life after such a gap, once."""
    if kit.now() - datetime.fromisoformat(gap.decode()) > TOLD_WITHIN:
        return
    mark = f"gap {gap.decode()}"
    async with kit.store.write() as work:
        person = await work.subscribers.of_chat(chat_id, hold=True)
        if person is None or person.stage is not Stage.ACTIVE or mark in person.mind.told:
            return
        if person.joined_at > datetime.fromisoformat(gap.decode()):
            return
        mind = replace(person.mind, told=(*person.mind.told, mark))
        await work.subscribers.save(replace(person, mind=mind))
    text = kit.tongue_of(person).words.say("gap")
    try:
        await kit.to(person).send(Message(text, silent=True))
    except SendFailed:
        return
