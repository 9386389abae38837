"""What only operators can do: /stats, /notice, and the tap that sends a notice. For others these do not exist."""

from collections.abc import Sequence

from bot.chat.visit import OLD, Toast, Visit
from bot.journeys import operating
from bot.journeys.messenger import Message


async def stats(visit: Visit, _: str) -> None:
    """Counts, never content."""
    if await _may(visit):
        await visit.say(await operating.stats_message(visit.kit, visit.language))


async def notice(visit: Visit, text: str) -> None:
    """Shows a notice as all would read it, and asks."""
    if await _may(visit):
        await visit.say(await operating.draft_notice(visit.kit, visit.language, text))


async def _may(visit: Visit) -> bool:
    if visit.chat_id in visit.kit.house.operators:
        return True
    await visit.say(Message(visit.tongue.words.say("command_unknown")))
    return False


async def press_notice(visit: Visit, arguments: Sequence[str]) -> Toast:
    """Sends the notice that was shown, or leaves it."""
    if visit.chat_id not in visit.kit.house.operators:
        return OLD
    match arguments:
        case ["send", mark]:
            said = await operating.send_notice(visit.kit, visit.language, mark)
            if said is None:
                return OLD
            await visit.show(said)
        case ["leave"]:
            await visit.show(Message(visit.tongue.words.say("notice_left")))
        case _:
            return OLD
    return None
