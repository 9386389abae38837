"""The buttons about patterns: those under a reflection, and the pages of the long view."""

from collections.abc import Sequence

from bot.chat.visit import OLD, Toast, Visit
from bot.domain.records import Delivery, Subscriber
from bot.journeys import looking_back, pages, reflecting


async def press_verdict(visit: Visit, arguments: Sequence[str]) -> Toast:
    """Under a reflection: a pattern, then what the person says of it, or its days."""
    delivery = await _reflection(visit, arguments[0])
    if delivery is None or visit.message_id is None:
        return OLD
    kit, person = visit.kit, _person(visit)
    match arguments[1:]:
        case []:
            rows = reflecting.pattern_rows(kit, person, delivery)
        case [number] | [number, "-"]:
            rows = reflecting.verdict_rows(kit, person, delivery, int(number))
        case [number, reflecting.SHOW_DAYS]:
            await visit.say(await pages.days_message(kit, person, delivery, int(number)))
            return None
        case [number, sign] if sign in reflecting.VERDICT_SIGNS:
            verdict = reflecting.VERDICT_SIGNS[sign]
            visit.person = await reflecting.take_verdict(kit, person, delivery.patterns[int(number)], verdict)
            rows = reflecting.pattern_rows(kit, visit.person, delivery)
            await kit.messenger.edit_rows(visit.chat_id, visit.message_id, rows)
            return visit.tongue.words.say(f"verdict_{verdict}_noted")
        case _:
            return OLD
    await kit.messenger.edit_rows(visit.chat_id, visit.message_id, rows)
    return None


async def _reflection(visit: Visit, written: str) -> Delivery | None:
    async with visit.kit.store.read() as work:
        delivery = await work.deliveries.of_id(int(written))
    return delivery if delivery is not None and delivery.subscriber_id == _person(visit).id else None


async def press_page(visit: Visit, arguments: Sequence[str]) -> Toast:
    """In the long view: back to it, a pattern's page, what is left out, or a verdict on a page."""
    kit, person, words = visit.kit, _person(visit), visit.tongue.words
    match arguments:
        case [""]:
            view = await looking_back.long_view(kit, person)
            await visit.show(looking_back.overview(words, person, view))
        case [looking_back.LEFT_OUT]:
            await visit.show(pages.left_out(words, person))
        case [written]:
            await visit.show(await pages.page(kit, person, pages.pattern_at(written)))
        case [written, sign] if sign in reflecting.VERDICT_SIGNS:
            pattern, verdict = pages.pattern_at(written), reflecting.VERDICT_SIGNS[sign]
            visit.person = await reflecting.take_verdict(kit, person, pattern, verdict)
            await visit.show(await pages.page(kit, visit.person, pattern))
            return words.say(f"verdict_{verdict}_noted")
        case _:
            return OLD
    return None


def _person(visit: Visit) -> Subscriber:
    assert visit.person is not None
    return visit.person
