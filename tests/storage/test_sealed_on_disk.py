"""A thief of the disk reads no words, no patterns, no prompts, no token and no key; on both engines."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.library import PATTERN_IDS
from bot.domain.records import Asked, Kind, Marks, Mind
from bot.storage.address import read_address
from bot.storage.inbox import Arrived
from bot.storage.rotation import rotate
from bot.storage.sealing import Sealer
from bot.storage.store import Store, make_engine
from tests.databases import KEY, Databases
from tests.storage.kept import back_up, nobody, put_back
from tests.storage.rows import LATER, NOON, claimed, person, reply

WORDS = "drove round the ring road twice before going up"
EDITED = "told my sister that I was tired"
WAITING = "put my phone in the drawer"
HANDLED = "said my therapist is the dog"
PROMPTS = ("after-ten-minutes", "body-jaw", "reach-one-line")
TOKEN = "5214563214:AAF-token_of_this-bot"
INVITE = "0123456789abcdef-hash-of-an-invite"
GENTLE_UNTIL = date(2031, 5, 17)
#: A moment that no other test on the same server writes into an open place.
CARED_AT = datetime(2031, 5, 3, 7, 13, tzinfo=UTC)


async def live(store: Store) -> None:
    """Somebody writes, edits, taps, is asked and answered, and something waits."""
    async with store.write() as work:
        await work.subscribers.add(2, "en", NOON, invite=INVITE)
    mind = Mind({"old_wound": "fits"}, {"what_if": 3}, GENTLE_UNTIL, CARED_AT, ("only_words",))
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


SECRETS = [WORDS, EDITED, WAITING, HANDLED, *PROMPTS, *PATTERN_IDS, TOKEN, INVITE, "Mirabelle"]
SECRETS += [GENTLE_UNTIL.isoformat(), CARED_AT.isoformat(), "only_words", KEY.hex()]
SECRETS += [base64.urlsafe_b64encode(KEY).decode()]


def told_by(disk: bytes) -> list[str]:
    """What may not be there and is."""
    return [secret for secret in SECRETS if secret.encode() in disk] + (["the key"] if KEY in disk else [])


async def test_nothing_personal_can_be_read_from_the_disk(database: str, store: Store, databases: Databases) -> None:
    await live(store)
    while_running = databases.on_disk(database)
    await store.close()
    after = databases.on_disk(database)
    for disk in (while_running, after):
        assert b"alembic_version" in disk
        assert told_by(disk) == []


async def test_nor_from_what_a_rotation_a_backup_and_a_restore_leave_behind(
    database: str, store: Store, databases: Databases, tmp_path: Path
) -> None:
    await live(store)
    async with store.write() as work:
        await work.facts.worker_leaves("w1")
    newer = Store(make_engine(read_address(database)), Sealer([bytes([7]) * 32, KEY]))
    assert (await rotate(newer, lambda: NOON, nobody)).left == {}
    await newer.close()
    backup = tmp_path / "backups" / "one"
    backup.parent.mkdir()
    await back_up(database, backup)
    again = databases.bare()
    await put_back(backup, again, keys=[KEY, bytes([7]) * 32])
    for disk in (databases.on_disk(database), databases.on_disk(again), backup.read_bytes()):
        assert told_by(disk) == []
    # A backup tells less than a database: not even whose chats these are, nor when anything is due.
    assert b"subscribers" not in backup.read_bytes()
    databases.drop(again)


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
