"""The messenger of Telegram: messages as calls of python-telegram-bot, each at its slot of the throttle.

Words come as HTML; buttons and toasts take none, so their entities are undone here.
"""

import json
from html import unescape
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

from bot.chat.failures import Unchanged, telegram_door
from bot.chat.throttle import Throttle
from bot.chat.transport import Fields
from bot.domain.errors import MessageGone
from bot.journeys.messenger import Message, Picture, Rows

_NO_PREVIEW = '{"is_disabled": true}'
#: Uploads of some tens of kilobytes over a slow line.
_UPLOAD_S = 60.0


class Sender:
    """Implements Messenger. `paced` senders wait for a slot themselves; a round has taken its own before."""

    def __init__(self, bot: Bot, throttle: Throttle, *, paced: bool, paid: bool = False) -> None:
        self._bot = bot
        self._throttle = throttle
        self._paced = paced
        self._paid = True if paid and not paced else None

    async def send(self, chat_id: int, message: Message) -> int:
        """Sends now; returns the message id.

        Past the library's message objects, which cost more than all the rest and are looked at by nobody.
        """
        await self._slot(chat_id)
        fields = _fields(chat_id, message)
        if self._paid:
            fields["allow_paid_broadcast"] = "true"
        with telegram_door():
            sent: Any = await self._bot.request.post(f"{self._bot.base_url}/sendMessage", Fields(fields).as_request())
        return int(sent["message_id"])

    async def send_picture(self, chat_id: int, picture: Picture) -> int:
        """Sends a picture; returns the message id."""
        await self._slot(chat_id)
        with telegram_door():
            sent = await self._bot.send_photo(
                chat_id,
                picture.png,
                caption=picture.caption,
                parse_mode=ParseMode.HTML,
                disable_notification=picture.silent or None,
                protect_content=picture.protected or None,
                allow_paid_broadcast=self._paid,
                filename="week.png",
                read_timeout=_UPLOAD_S,
            )
        return sent.message_id

    async def send_file(self, chat_id: int, name: str, content: bytes, caption: str) -> int:
        """Sends a file to download; never protected. Returns the message id."""
        await self._slot(chat_id)
        with telegram_door():
            sent = await self._bot.send_document(
                chat_id,
                content,
                caption=caption,
                filename=name,
                parse_mode=ParseMode.HTML,
                read_timeout=_UPLOAD_S,
            )
        return sent.message_id

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Replaces a message's text and buttons; one that says so already is fine."""
        await self._slot(chat_id)
        try:
            with telegram_door():
                await self._bot.edit_message_text(
                    message.text,
                    chat_id=chat_id,
                    message_id=message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=_keyboard(message.rows),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
        except Unchanged:
            return

    async def edit_rows(self, chat_id: int, message_id: int, rows: Rows) -> None:
        """Replaces a message's buttons only."""
        await self._slot(chat_id)
        try:
            with telegram_door():
                await self._bot.edit_message_reply_markup(
                    chat_id=chat_id, message_id=message_id, reply_markup=_keyboard(rows)
                )
        except Unchanged:
            return

    async def react(self, chat_id: int, message_id: int, emoji: str) -> None:
        """Puts the bot's reaction under a message."""
        with telegram_door():
            await self._bot.set_message_reaction(chat_id, message_id, reaction=emoji)

    async def answer_tap(self, tap_id: str, text: str = "", *, alert: bool = False) -> None:
        """Answers a tapped button, once; one that is too old to be answered is fine."""
        try:
            with telegram_door():
                await self._bot.answer_callback_query(tap_id, text=unescape(text) or None, show_alert=alert or None)
        except MessageGone:
            return

    async def leave(self, chat_id: int) -> None:
        """Leaves a group or channel."""
        with telegram_door():
            await self._bot.leave_chat(chat_id)

    async def _slot(self, chat_id: int) -> None:
        if self._paced:
            await self._throttle.answer(chat_id)


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    made = [[InlineKeyboardButton(unescape(button.label), callback_data=button.data) for button in row] for row in rows]
    return InlineKeyboardMarkup(made)


def _fields(chat_id: int, message: Message) -> dict[str, str]:
    """sendMessage's parameters, as the Bot API has them."""
    fields = {"chat_id": str(chat_id), "text": message.text, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW}
    if markup := _markup(message):
        fields["reply_markup"] = json.dumps(markup)
    if message.silent:
        fields["disable_notification"] = "true"
    if message.protected:
        fields["protect_content"] = "true"
    if message.reply_to is not None:
        fields["reply_parameters"] = json.dumps({"message_id": message.reply_to, "allow_sending_without_reply": True})
    return fields


def _markup(message: Message) -> dict[str, Any] | None:
    if message.ask_location:
        button = {"text": message.ask_location, "request_location": True}
        return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
    if message.drop_keyboard:
        return {"remove_keyboard": True}
    rows = [[{"text": unescape(button.label), "callback_data": button.data} for button in row] for row in message.rows]
    return {"inline_keyboard": rows} if rows else None
