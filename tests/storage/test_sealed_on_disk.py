"""A thief of the disk reads no words, no patterns, no prompts, no token and no key; on both engines."""

import base64
from dataclasses import replace
from datetime import date

from bot.domain.library import PATTERN_IDS
from bot.domain.records import Asked, Kind, Marks, Mind
from bot.storage.inbox import Arrived
from bot.storage.store import Store
from tests.databases import KEY, Databases
from tests.storage.rows import LATER, NOON, claimed, person, reply

WORDS = "drove round the ring road twice before going up"
EDITED = "told my sister that I was tired"
WAITING = "put my phone in the drawer"
HANDLED = "said my therapist is the dog"
PROMPTS = ("after-ten-minutes", "body-jaw", "reach-one-line")
TOKEN = "5214563214:AAF-token_of_this-bot"
INVITE = "0123456789abcdef-hash-of-an-invite"
GENTLE_UNTIL = date(2031, 5, 17)


async def live(store: Store) -> None:
    """Somebody writes, edits, taps, is asked and answered, and something waits."""
    async with store.write() as work:
        await work.subscribers.add(2, "en", NOON, invite=INVITE)
    mind = Mind({"old_wound": "fits"}, {"what_if": 3}, GENTLE_UNTIL, LATER, ("only_words",))
    one = await person(store, mind=mind)
    asked = replace(await claimed(store, one), asked=Asked(PROMPTS[0], shown=PROMPTS[:2]))
    reflection = replace(await claimed(store, one, Kind.REFLECTION), patterns=("leaving_early", "felt_safe"))
    marks = Marks(False, ("sudden_space",), ("joking_away", "hiding_weakness"), ("curated_self",), ("what_if",))
    async with store.write() as work:
        await work.deliveries.mark_sending([asked, reflection], "w1")
        await work.deliveries.reopen(asked.id, Asked(PROMPTS[2]))
        kept = await work.replies.keep(reply(one, text=WORDS, marks=marks))
        await work.replies.rewrite(kept, EDITED, marks, LATER)
        await work.inbox.keep([update(1, WAITING), update(2, HANDLED)], NOON)
    async with store.write() as work:
        await work.inbox.done([2])


def update(number: int, text: str) -> Arrived:
    return Arrived(number, 1, {"message": {"text": text, "from": {"first_name": "Mirabelle"}}, "token": TOKEN})


async def test_nothing_personal_can_be_read_from_the_disk(database: str, store: Store, databases: Databases) -> None:
    await live(store)
    while_running = databases.on_disk(database)
    await store.close()
    after = databases.on_disk(database)
    secrets = [WORDS, EDITED, WAITING, HANDLED, *PROMPTS, *PATTERN_IDS, TOKEN, INVITE, "Mirabelle"]
    secrets += [GENTLE_UNTIL.isoformat(), LATER.isoformat(), "only_words", KEY.hex()]
    secrets += [base64.urlsafe_b64encode(KEY).decode()]
    for disk in (while_running, after):
        assert b"alembic_version" in disk
        assert [secret for secret in secrets if secret.encode() in disk] == []
        assert KEY not in disk


async def test_everything_of_somebody_who_is_deleted_leaves_the_file(
    database: str, store: Store, databases: Databases
) -> None:
    one = await person(store)
    async with store.write() as work:
        kept = await work.replies.keep(reply(one, source="m424242"))
        await work.inbox.keep([update(1, WAITING)], NOON)
    assert b"m424242" in databases.on_disk(database)
    async with store.write() as work:
        await work.inbox.forget(one.chat_id)
        await work.subscribers.remove(one.id)
    async with store.read() as work:
        assert await work.replies.of_id(kept.id) is None
        assert await work.inbox.waiting(9) == []
    await store.close()
    if databases.name == "sqlite":
        assert b"m424242" not in databases.on_disk(database)
