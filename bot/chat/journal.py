"""The buttons of the journal: turning its pages, and what is done with one answer."""

from collections.abc import Sequence
from datetime import date

from bot.chat.visit import OLD, Toast, Visit
from bot.domain.records import Reply
from bot.journeys import journal


async def press_journal(visit: Visit, arguments: Sequence[str]) -> Toast:
    """A day's page, or one answer of the person's own."""
    assert visit.person is not None
    match arguments:
        case ["d", day, at]:
            shown = await journal.journal(visit.kit, visit.person, date.fromisoformat(day), int(at))
            await visit.show(shown)
            return None
        case ["r", written, *what]:
            reply = await own_reply(visit, written)
            return OLD if reply is None else await _one(visit, reply, what)
        case _:
            return OLD


async def _one(visit: Visit, reply: Reply, what: Sequence[str]) -> Toast:
    kit, person, words = visit.kit, visit.person, visit.tongue.words
    assert person is not None
    match what:
        case []:
            await visit.show(journal.one_message(kit, person, reply))
        case ["c"] if not reply.tapped:
            await visit.show(await journal.change_message(kit, person, reply))
        case ["x"]:
            await visit.show(journal.delete_message(kit, person, reply))
        case ["xx"]:
            await visit.show(await journal.remove(kit, person, reply))
            return words.say("journal_deleted")
        case ["m"]:
            await visit.show(await journal.move_message(kit, person, reply))
        case ["m", day]:
            await visit.show(await journal.move(kit, person, reply, date.fromisoformat(day)))
            return words.say("journal_moved")
        case _:
            return OLD
    return None


async def own_reply(visit: Visit, written: str) -> Reply | None:
    """A reply by the number in a button, if it is this person's and still there."""
    async with visit.kit.store.read() as work:
        reply = await work.replies.of_id(int(written))
    mine = visit.person is not None and reply is not None and reply.subscriber_id == visit.person.id
    return reply if mine else None
