"""A fault of ours while an update was handled: logged under a number, counted, and told to the person once final."""

from contextlib import suppress
from uuid import uuid4

import structlog

from bot.domain.errors import NearerError, SendFailed
from bot.journeys.kit import Kit
from bot.journeys.messenger import Message
from bot.storage.inbox import Arrived

log = structlog.get_logger()


async def answer_for(kit: Kit, arrived: Arrived, error: Exception) -> bool:
    """One more attempt at an update failed; True when it was the last, and the person was told so.

    Nothing of the error's own words is logged: they may hold what somebody wrote.
    """
    number = uuid4().hex[:8]
    kind, place = type(error).__name__, place_of(error)
    log.error("update.fault", update=arrived.update_id, fault=number, kind=kind, place=place)
    kit.report(error, number)
    async with kit.store.write() as work:
        last = await work.inbox.failed(arrived)
    if last and arrived.chat_id is not None:
        await _apologise(kit, arrived.chat_id, number)
    return last


def place_of(error: BaseException) -> str:
    """Where in the code it came from, as "function:line"; no value of any variable."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    return f"{where.tb_frame.f_code.co_qualname}:{where.tb_lineno}" if where else ""


async def set_aside(kit: Kit, arrived: Arrived) -> bool:
    """What was kept of an update does not open. Its person is told; True, for trying again would not help."""
    number = uuid4().hex[:8]
    log.error("update.damaged", update=arrived.update_id, fault=number, hint="nearer keys check --all")
    await kit.store.together(lambda work: work.inbox.set_aside(arrived.update_id))
    if arrived.chat_id is not None:
        await _apologise(kit, arrived.chat_id, number)
    return True


async def _apologise(kit: Kit, chat_id: int, number: str) -> None:
    words = kit.tongue(await _language_of(kit, chat_id)).words
    try:
        await kit.messenger.send(chat_id, Message(words.say("apology", number=number)))
    except SendFailed as failure:
        log.warning("apology.failed", fault=number, reason=type(failure).__name__)


async def _language_of(kit: Kit, chat_id: int) -> str:
    """Theirs, else English: what is known of them may be the very thing that does not open."""
    with suppress(NearerError, ValueError):
        async with kit.store.read() as work:
            person = await work.subscribers.of_chat(chat_id)
        return "en" if person is None else person.preferences.language
    return "en"
