"""Wherever Telegram would refuse a call, so does this one, in Telegram's own words."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.local.clock import TravellingClock
from bot.local.methods.reacting import REACTIONS
from bot.local.pace import Pace
from bot.local.people import DOT, Person
from bot.local.telegram import LocalTelegram

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
CallOf = Callable[[Bot, Person], Awaitable[Any]]

TEXTS: dict[str, CallOf] = {
    "Chat not found": lambda bot, mira: bot.send_message(42, "hello"),
    "Message text is empty": lambda bot, mira: bot.send_message(mira.id, "\u200b \u2800"),
    "Message is too long": lambda bot, mira: bot.send_message(mira.id, "😀" * 2049),
    "Message caption is too long": lambda bot, mira: bot.send_photo(mira.id, DOT, caption="x" * 1025),
    "Image_process_failed": lambda bot, mira: bot.send_photo(mira.id, b"no picture"),
    "File must be non-empty": lambda bot, mira: bot.send_document(mira.id, b""),
    "Wrong file identifier/http url specified": lambda bot, mira: bot.send_photo(mira.id, "nothing"),
    "Message to edit not found": lambda bot, mira: bot.edit_message_text("x", mira.id, 999),
    "Message can't be edited": lambda bot, mira: bot.edit_message_text("x", mira.id, 1),
    "Message to delete not found": lambda bot, mira: bot.delete_message(mira.id, 999),
    "Message to react not found": lambda bot, mira: bot.set_message_reaction(mira.id, 999, "❤"),
    "Message to be replied not found": lambda bot, mira: bot.send_message(
        mira.id, "x", reply_parameters=ReplyParameters(999)
    ),
    "Reaction_invalid": lambda bot, mira: bot.set_message_reaction(mira.id, 1, "❤️"),
    "Wrong parameter action in request": lambda bot, mira: bot.send_chat_action(mira.id, "pondering"),
    "Query is too old and response timeout expired or query id is invalid": lambda bot, mira: bot.answer_callback_query(
        "12345"
    ),
    "Invalid file_id": lambda bot, mira: bot.get_file("nothing"),
    "Invalid user_id specified": lambda bot, mira: bot.get_chat_member(mira.id, 77),
    "Bot_command_invalid": lambda bot, mira: bot.set_my_commands([("Big", "letters")]),
    "Unsupported parse_mode": lambda bot, mira: bot.send_message(mira.id, "x", parse_mode="html5"),
    "Can't parse entities: can't find end tag corresponding to start tag \"b\"": lambda bot, mira: bot.send_message(
        mira.id, "<b>x", parse_mode="HTML"
    ),
    'Can\'t parse entities: unsupported start tag "br" at byte offset 4': lambda bot, mira: bot.send_message(
        mira.id, "one <br> two", parse_mode="HTML"
    ),
    "The telegram on this machine does not carry out senddice": lambda bot, mira: bot.send_dice(mira.id),
}


@pytest.mark.parametrize("words", TEXTS)
async def test_a_call_is_refused_in_telegrams_words(words: str, bot: Bot, mira: Person) -> None:
    with pytest.raises(BadRequest) as refused:
        await TEXTS[words](bot, mira)
    assert refused.value.message.lower() == words.lower()


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, "object expected as reply markup"),
        ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
        ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
        ("setWebhook", {"url": "https://example.org/x"}, "bad webhook: "),
        ("setWebhook", {"url": "http://127.0.0.1/", "secret_token": "ü"}, "secret token contains unallowed"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "colour": "red"},
            "sendMessage: unknown parameter 'colour'",
        ),
    ],
)
async def test_a_malformed_call_is_refused(
    method: str, params: dict[str, Any], words: str, http: aiohttp.ClientSession, telegram: LocalTelegram
) -> None:
    async with http.post(method, json=params) as answer:
        body = await answer.json()
    assert answer.status == body["error_code"] == 400
    assert body["ok"] is False
    assert body["description"].startswith(f"Bad Request: {words}")


async def test_what_was_wrong_with_a_malformed_call_is_recorded(
    http: aiohttp.ClientSession, telegram: LocalTelegram
) -> None:
    async with http.post("sendMessage", json={"chat_id": 1, "text": "x", "colour": "red"}):
        assert telegram.record.problems == [("sendMessage", ["sendMessage: unknown parameter 'colour'"])]


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "a", "callback_data": "ä" * 33}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
    ],
)
async def test_a_button_that_telegram_would_not_take_is_refused(
    button: dict[str, str], words: str, http: aiohttp.ClientSession, mira: Person
) -> None:
    keyboard = json.dumps({"inline_keyboard": [[button]]})
    params = {"chat_id": str(mira.id), "text": "x", "reply_markup": keyboard}
    async with http.post("sendMessage", data=params) as answer:
        assert (await answer.json())["description"] == f"Bad Request: {words}"


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, mira: Person) -> None:
    sent = await bot.send_message(mira.id, "<b>One</b>", parse_mode="HTML", reply_markup=YES)
    same = "Message is not modified: specified new message content and reply markup are exactly the same"
    with pytest.raises(BadRequest, match=same):
        await sent.edit_text("<b>One</b> ", parse_mode="HTML", reply_markup=YES)
    with pytest.raises(BadRequest, match=same):
        await sent.edit_reply_markup(YES)
    await sent.edit_text("One", reply_markup=YES)
    assert mira.last().html == "One"


async def test_text_and_caption_edits_go_only_to_messages_that_have_one(bot: Bot, mira: Person) -> None:
    text, photo = await bot.send_message(mira.id, "x"), await bot.send_photo(mira.id, DOT)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await text.edit_caption("y")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await photo.edit_text("y")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.edit_message_text("y" * 4097, mira.id, text.message_id)


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(bot: Bot, mira: Person) -> None:
    sent = await bot.send_message(mira.id, "x", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("Here")]]))
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await sent.edit_text("y")


async def test_a_query_is_answered_once_and_in_time(bot: Bot, mira: Person, clock: TravellingClock) -> None:
    await bot.send_message(mira.id, "x", reply_markup=YES)
    once, late = mira.tap("Yes"), mira.tap("Yes")
    assert await bot.answer_callback_query(once.query.id)
    clock.move_by(timedelta(minutes=16))
    for query in (once, late):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query.query.id)


def test_the_reactions_are_those_of_python_telegram_bot() -> None:
    assert [emoji.value for emoji in ReactionEmoji] == list(REACTIONS)


async def test_a_bot_has_one_reaction_under_a_message(bot: Bot, mira: Person) -> None:
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(mira.id, 1, ["❤", "🔥"])
    await bot.set_message_reaction(mira.id, 1, "❤")
    assert mira.message(1).reaction == "\u2764"
    await bot.set_message_reaction(mira.id, 1, [])
    assert mira.message(1).reaction is None


async def test_a_message_older_than_48_hours_stays(bot: Bot, mira: Person, clock: TravellingClock) -> None:
    old = await bot.send_message(mira.id, "old")
    clock.move_by(timedelta(hours=48, seconds=1))
    young = await bot.send_message(mira.id, "young")
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await old.delete()
    await bot.delete_messages(mira.id, [young.message_id, 999])
    assert mira.last().text == "old"


async def test_the_bot_cannot_write_to_who_never_wrote_or_blocked_it_or_is_gone(
    bot: Bot, mira: Person, telegram: LocalTelegram
) -> None:
    stranger = telegram.person("Ola")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "hello")
    mira.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(mira.id, "hello")
    mira.unblock()
    await bot.send_message(mira.id, "hello")
    mira.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(mira.id, "hello")


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(telegram: LocalTelegram) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{telegram.url}/bot1:wrong/getMe") as answer:
            assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        async with session.get(f"{telegram.url}/bot{telegram.token}/getHappy") as answer:
            assert await answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    mistaken = Bot("1:wrong", base_url=telegram.base_url)
    with pytest.raises(InvalidToken):
        await mistaken.initialize()
    await mistaken.shutdown()


async def send(telegram: LocalTelegram, chat_id: int, **more: object) -> dict[str, Any]:
    """One message by plain HTTP; the body of the answer."""
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    params = {"chat_id": chat_id, "text": "x", **more}
    async with aiohttp.ClientSession() as session, session.post(url, json=params) as answer:
        body: dict[str, Any] = await answer.json()
    return body


async def test_a_flood_in_one_chat_is_told_how_long_to_wait() -> None:
    async with LocalTelegram(pace=Pace(chat_rate=0.1, chat_burst=3)) as telegram:
        mira = telegram.person("Mira")
        mira.start()
        for _ in range(3):
            assert (await send(telegram, mira.id))["ok"]
        flood = await send(telegram, mira.id)
    assert flood == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 10",
        "parameters": {"retry_after": 10},
    }


async def test_a_flood_over_all_chats_is_refused_unless_paid_for() -> None:
    async with LocalTelegram(pace=Pace(rate=0.001, burst=1, stars=0.15)) as telegram:
        people = [telegram.person(f"Person {n}") for n in range(4)]
        for person in people:
            person.start()
        one, two, three, four = (person.id for person in people)
        assert (await send(telegram, one))["ok"]
        assert (await send(telegram, two))["error_code"] == 429
        assert (await send(telegram, three, allow_paid_broadcast=True))["ok"]
        assert (await send(telegram, four, allow_paid_broadcast=True))["error_code"] == 429
