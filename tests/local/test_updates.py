"""Each deed of a person becomes an update; polls and webhooks deliver them as Telegram does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import ChatMigrated, Conflict, TelegramError

from bot.local import rules
from bot.local.chats import ChatKind
from bot.local.clock import TravellingClock
from bot.local.people import Person, Tap
from bot.local.telegram import LocalTelegram

Json = dict[str, Any]
YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])


def raw(telegram: LocalTelegram) -> list[Json]:
    """The bodies of all waiting updates."""
    return [update.body for update in telegram.cloud.updates._waiting]


def block_and_unblock(mira: Person) -> None:
    mira.block()
    mira.unblock()


DEEDS: dict[str, Callable[[Person], int | Tap | None]] = {
    "text": lambda mira: mira.say("hello https://example.org", reply_to=1),
    "command": lambda mira: mira.say("/today"),
    "edit": lambda mira: mira.edit(1, "/start anew"),
    "photo": lambda mira: mira.send_photo("look"),
    "document": lambda mira: mira.send_document(b"x", "notes.txt"),
    "voice": lambda mira: mira.send_voice(),
    "sticker": lambda mira: mira.send_sticker(),
    "location": lambda mira: mira.share_location(52.52, 13.4),
    "tap": lambda mira: mira.tap_data("yes", 1),
    "tap on a gone message": lambda mira: mira.tap_data("yes", 999),
    "block": lambda mira: mira.block(),
    "unblock": block_and_unblock,
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_every_deed_is_an_update_of_the_bot_api(
    deed: str, telegram: LocalTelegram, bot: Bot, mira: Person
) -> None:
    DEEDS[deed](mira)
    body = raw(telegram)[-1]
    assert [str(p) for p in rules._type("Update")(body, {})] == []
    update = Update.de_json(body, bot)
    assert update is not None
    assert update.effective_user is not None
    assert update.effective_user.language_code == "en"
    assert update.effective_chat is not None
    assert update.effective_chat.id == mira.id


async def test_groups_and_channels_are_updates_too(telegram: LocalTelegram, bot: Bot, mira: Person) -> None:
    group = telegram.group("Family", by=mira)
    channel = telegram.group("News", by=mira, kind=ChatKind.CHANNEL)
    group.say("/start", by=telegram.person("Ola").user)
    channel.say("a post")
    assert len(raw(telegram)) == 6
    group.say("not for the bot")
    assert len(raw(telegram)) == 6
    for body in raw(telegram):
        assert [str(p) for p in rules._type("Update")(body, {})] == []
        assert Update.de_json(body, bot) is not None
    await bot.leave_chat(group.chat.id)
    assert not group.has_bot
    with pytest.raises(TelegramError, match="bot is not a member of the group chat"):
        await bot.send_message(group.chat.id, "x")


async def test_a_group_that_moved_says_where_to(telegram: LocalTelegram, bot: Bot, mira: Person) -> None:
    group = telegram.group("Family", by=mira)
    group.move_to(-1001234)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.chat.id, "x")
    assert moved.value.new_chat_id == -1001234


async def test_a_tap_under_a_deleted_message_carries_an_inaccessible_one(
    telegram: LocalTelegram, bot: Bot, mira: Person
) -> None:
    sent = await bot.send_message(mira.id, "x", reply_markup=YES)
    mira.tap("Yes")
    await sent.delete()
    mira.tap_data("yes", sent.message_id)
    updates = await bot.get_updates()
    under = [u.callback_query.message for u in updates if u.callback_query]
    assert [message.is_accessible for message in under if message] == [True, False]
    with pytest.raises(LookupError):
        mira.tap("Yes")


async def test_updates_come_again_until_confirmed(bot: Bot, mira: Person) -> None:
    mira.say("one")
    first = await bot.get_updates()
    assert [u.update_id for u in await bot.get_updates()] == [u.update_id for u in first]
    assert await bot.get_updates(offset=first[-1].update_id + 1) == ()


async def test_limit_and_negative_offset(bot: Bot, mira: Person) -> None:
    for n in range(5):
        mira.say(str(n))
    assert len(await bot.get_updates(limit=2)) == 2
    assert [u.message.text for u in await bot.get_updates(offset=-1) if u.message] == ["4"]
    assert len(await bot.get_updates()) == 1


async def test_a_long_poll_ends_with_the_first_update(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    telegram.cloud.updates.clear()
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.record_shows("getUpdates")
    mira.say("there")
    assert [u.message.text for u in await poll if u.message] == ["there"]


async def test_only_kinds_asked_for_are_kept(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
    telegram.cloud.updates.clear()
    mira.say("not this")
    mira.tap_data("yes", 1)
    assert [bool(u.callback_query) for u in await bot.get_updates()] == [True]


async def test_an_update_nobody_fetched_is_gone_after_a_day(bot: Bot, mira: Person, clock: TravellingClock) -> None:
    clock.move_by(timedelta(hours=23))
    mira.say("young")
    clock.move_by(timedelta(hours=2))
    assert [u.message.text for u in await bot.get_updates() if u.message] == ["young"]


async def test_an_update_can_come_twice(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    (update,) = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    telegram.deliver_again(update.update_id)
    assert [u.update_id for u in await bot.get_updates()] == [update.update_id]


async def test_the_earlier_of_two_polls_ends_in_conflict(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    telegram.cloud.updates.clear()
    earlier = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.record_shows("getUpdates")
    async with Bot(telegram.token, base_url=telegram.base_url) as other:
        later = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await earlier
        mira.say("x")
        assert len(await later) == 1


class Receiver:
    """A webhook that answers as told, and notes what came."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.secrets: list[str | None] = []
        self.answers: list[int] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    taking = Receiver()
    app = web.Application()
    app.router.add_post("/hook", taking.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taking.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taking
    await runner.cleanup()


async def test_a_webhook_gets_updates_in_order_and_again_until_200(
    bot: Bot, telegram: LocalTelegram, mira: Person, receiver: Receiver
) -> None:
    receiver.answers = [500, 200]
    await bot.set_webhook(receiver.url, secret_token="open-sesame")
    mira.say("second")
    await telegram.updates_delivered()
    assert [b["message"]["text"] for b in receiver.bodies] == ["/start", "/start", "second"]
    assert set(receiver.secrets) == {"open-sesame"}
    info = await bot.get_webhook_info()
    assert info.url == receiver.url
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"


async def test_getupdates_beside_a_webhook_is_a_conflict(bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_killed_poller_leaves_no_conflict_behind(telegram: LocalTelegram, bot: Bot, mira: Person) -> None:
    telegram.cloud.updates.clear()
    async with aiohttp.ClientSession() as session:
        gone = asyncio.create_task(
            session.get(f"{telegram.url}/bot{telegram.token}/getUpdates", params={"timeout": 30})
        )
        await telegram.record_shows("getUpdates")
        gone.cancel()
    mira.say("x")
    assert len(await bot.get_updates(timeout=5)) == 1
