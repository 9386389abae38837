"""Leaving for good: /delete in two steps, and saying what stays in Telegram's own chat (P3)."""

from bot.domain.records import Subscriber
from bot.journeys.departing import remove_whole
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message


def delete_message(kit: Kit, person: Subscriber) -> Message:
    """The first step: what will go, what will stay, and the way back."""
    words = kit.tongue_of(person).words
    rows = (
        (Button(words.say("delete_export"), "d:export"),),
        (Button(words.say("delete_yes"), "d:yes"),),
        (Button(words.say("delete_no"), "d:no"),),
    )
    return Message(words.say("delete_ask"), rows)


async def delete(kit: Kit, person: Subscriber) -> Message:
    """The second step: everything goes, now."""
    async with kit.store.write() as work:
        await remove_whole(kit, work, [(person.id, person.chat_id)], kit.now())
    return Message(kit.tongue_of(person).words.say("deleted"))
