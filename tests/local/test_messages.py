"""What the bot sends is kept as Telegram keeps it, and seen by the person as in their client."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.local.clock import TravellingClock
from bot.local.people import DOT, Person
from bot.local.telegram import LocalTelegram


async def test_html_becomes_text_with_entities_in_utf16_units(bot: Bot, mira: Person) -> None:
    sent = await bot.send_message(mira.id, " 😀 <b>a <i>b</i></b> &lt;c&gt; ", parse_mode="HTML")
    assert sent.text == "😀 a b <c>"
    assert sent.text_html == "😀 <b>a <i>b</i></b> &lt;c&gt;"
    assert [(e.offset, e.length) for e in sent.entities] == [(3, 3), (5, 1)]
    assert mira.last().html == "😀 <b>a <i>b</i></b> &lt;c&gt;"


async def test_commands_and_addresses_are_found_beside_the_marks_but_not_in_code(bot: Bot, mira: Person) -> None:
    markup = "<i>/help</i> <code>/stop</code> https://example.org/a. 1/2"
    sent = await bot.send_message(mira.id, markup, parse_mode="HTML")
    kinds = {(e.type, sent.parse_entity(e)) for e in sent.entities}
    assert kinds == {
        ("italic", "/help"),
        ("bot_command", "/help"),
        ("code", "/stop"),
        ("url", "https://example.org/a"),
    }


async def test_message_dates_come_from_the_bots_clock(bot: Bot, mira: Person, clock: TravellingClock) -> None:
    clock.move_to(datetime(2026, 12, 24, 18, 0, tzinfo=UTC))
    sent = await bot.send_message(mira.id, "x")
    assert sent.date == mira.last().date == datetime(2026, 12, 24, 18, 0, tzinfo=UTC)


async def test_silent_protected_and_edited_are_seen(bot: Bot, mira: Person) -> None:
    sent = await bot.send_message(mira.id, "x", disable_notification=True, protect_content=True)
    await sent.edit_text("y")
    assert (mira.last().text, mira.last().silent, mira.last().protected, mira.last().edited) == (
        "y",
        True,
        True,
        True,
    )


async def test_an_edit_without_a_keyboard_takes_the_keyboard_away(bot: Bot, mira: Person) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    sent = await bot.send_message(mira.id, "x", reply_markup=keyboard)
    assert mira.last().buttons == (("A",),)
    await sent.edit_text("x")
    assert mira.last().buttons == ()
    await sent.edit_reply_markup(keyboard)
    assert mira.last().labels == ("A",)


async def test_a_reply_keyboard_stays_until_removed_and_its_keys_are_said(bot: Bot, mira: Person) -> None:
    keyboard = ReplyKeyboardMarkup([["Berlin", KeyboardButton("Share", request_location=True)]])
    await bot.send_message(mira.id, "Where?", reply_markup=keyboard)
    assert mira.keys == [["Berlin", "Share"]]
    assert mira.message(mira.press("Berlin")).text == "Berlin"
    with pytest.raises(LookupError):
        mira.press("Paris")
    await bot.send_message(mira.id, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert mira.keys == []


async def test_pictures_and_files_arrive_whole_and_can_be_fetched(bot: Bot, mira: Person) -> None:
    photo = await bot.send_photo(mira.id, DOT, caption="<i>so</i>", parse_mode="HTML")
    assert (mira.last().photo, mira.last().html) == (DOT, "<i>so</i>")
    assert (photo.photo[0].width, photo.photo[0].height) == (1, 1)
    named = InputFile(b"dear diary", filename="journal.txt")
    document = await bot.send_document(mira.id, named, caption="yours")
    assert (mira.last().document, mira.last().document_name) == (b"dear diary", "journal.txt")
    assert document.document is not None
    assert document.document.mime_type == "text/plain"
    fetched = await (await bot.get_file(document.document.file_id)).download_as_bytearray()
    assert bytes(fetched) == b"dear diary"
    again = await bot.send_photo(mira.id, photo.photo[0].file_id)
    assert again.photo[0].file_id == photo.photo[0].file_id
    await photo.edit_caption("otherwise")
    assert mira.message(photo.message_id).text == "otherwise"


async def test_an_attached_upload_is_found(http: aiohttp.ClientSession, mira: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(mira.id), "document": "attach://it"})
    form.add_field("it", b"bytes", filename="a.bin")
    async with http.post("sendDocument", data=form) as answer:
        assert (await answer.json())["ok"]
    assert mira.last().document == b"bytes"


async def test_calls_may_come_as_query_form_or_json_in_any_case(http: aiohttp.ClientSession, mira: Person) -> None:
    params = {"chat_id": str(mira.id), "text": "one"}
    async with http.get("SENDMESSAGE", params=params) as answer:
        assert (await answer.json())["ok"]
    async with http.post("sendmessage", data={**params, "text": "two", "protect_content": "True"}) as answer:
        assert (await answer.json())["ok"]
    async with http.post("sendMessage", json={**params, "text": "three"}) as answer:
        assert (await answer.json())["ok"]
    assert [m.text for m in mira.hears()] == ["one", "two", "three"]


async def test_a_reply_to_a_gone_message_is_sent_plainly_if_allowed(bot: Bot, mira: Person) -> None:
    answer = await bot.send_message(mira.id, "x", reply_parameters=ReplyParameters(1))
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "/start"
    plain = await bot.send_message(
        mira.id, "x", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
    )
    assert plain.reply_to_message is None


async def test_a_client_sends_a_long_text_as_several_and_an_empty_one_not_at_all(bot: Bot, mira: Person) -> None:
    mira.say("x" + "😀" * 4096)
    said = [u.message.text for u in await bot.get_updates() if u.message and u.message.text][1:]
    assert [len(text) for text in said] == [2048, 2048, 1]
    with pytest.raises(ValueError, match="no client sends an empty text"):
        mira.say(" ")


async def test_copies_and_forwards(bot: Bot, mira: Person, telegram: LocalTelegram) -> None:
    ola = telegram.person("Ola")
    ola.start()
    said = mira.say("pass this on")
    await bot.copy_message(ola.id, mira.id, said)
    await bot.forward_message(ola.id, mira.id, said)
    assert [m.text for m in ola.hears()] == ["pass this on", "pass this on"]
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(ola.id, mira.id, 999)


async def test_commands_and_texts_are_kept_by_scope_and_language(
    bot: Bot, telegram: LocalTelegram, mira: Person
) -> None:
    await bot.set_my_commands([BotCommand("start", "Begin")])
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("start", "Anfangen")], scope=private, language_code="de")
    assert [c.description for c in await bot.get_my_commands()] == ["Begin"]
    assert [c.description for c in await bot.get_my_commands(private, "de")] == ["Anfangen"]
    profile = telegram.cloud.profile
    assert [profile.commands_in(mira.id, code)[0]["description"] for code in ("de", "fr")] == [
        "Anfangen",
        "Begin",
    ]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    await bot.set_my_description("Hello", language_code="en")
    await bot.set_my_short_description("Hi")
    await bot.set_my_name("Nearer still")
    assert (await bot.get_my_description("en")).description == "Hello"
    assert (await bot.get_my_short_description("fr")).short_description == "Hi"
    assert (await bot.get_my_name()).name == "Nearer still"


async def test_chats_and_members_can_be_asked_for(bot: Bot, mira: Person) -> None:
    mira.block()
    assert (await bot.get_chat(mira.id)).first_name == "Mira"
    assert (await bot.get_chat_member(mira.id, mira.id)).status == "member"
    assert (await bot.get_chat_member(mira.id, bot.id)).status == "kicked"
    await bot.set_chat_menu_button()
    assert (await bot.get_chat_menu_button()).type == "default"


async def test_a_toast_or_alert_answers_a_tap(bot: Bot, mira: Person) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    await bot.send_message(mira.id, "x", reply_markup=keyboard)
    tap = mira.tap("A")
    assert not tap.answered
    await bot.answer_callback_query(tap.query.id, "Kept", show_alert=True)
    assert (tap.answered, tap.toast, tap.alert, mira.toast) == (True, "Kept", True, "Kept")


async def test_waiting_ends_when_the_bot_speaks_and_tells_the_chat_when_it_does_not(bot: Bot, mira: Person) -> None:
    await bot.send_message(mira.id, "hello")
    assert (await mira.until(lambda me: me.hears()))[0].text == "hello"
    with pytest.raises(AssertionError, match="bot #2  'hello'"):
        await mira.until(lambda me: len(me.hears()) > 1, within=0.01)


def test_a_clock_stands_moves_on_and_never_goes_back() -> None:
    start = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
    clock = TravellingClock.standing_at(start)
    assert clock.now() == start
    clock.move_by(timedelta(hours=1))
    assert clock.now() == start + timedelta(hours=1)
    with pytest.raises(ValueError, match="a clock does not go back"):
        clock.move_to(start)
    clock.run()
    assert clock.now() >= start + timedelta(hours=1)


async def test_anybody_may_be_written_to_where_the_door_is_open_and_old_messages_are_forgotten() -> None:
    async with LocalTelegram(open_to_all=True, keep=2) as telegram:
        async with Bot(telegram.token, base_url=telegram.base_url) as bot:
            for n in range(3):
                await bot.send_message(1_000 + n, "x")
            with pytest.raises(BadRequest, match="Message to edit not found"):
                await bot.edit_message_text("y", 1_000, 1)
            await bot.edit_message_text("y", 1_002, 3)
        assert [call.chat_id for call in telegram.record.delivered()] == [1_000, 1_001, 1_002]
