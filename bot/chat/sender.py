"""The messenger of Telegram: messages as calls of python-telegram-bot, each at its slot of the throttle.

Words come as HTML; buttons and toasts take none, so their entities are undone here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
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
from bot.chat.form import form_of, reaction_form
from bot.chat.throttle import Throttle
from bot.chat.transport import Form
from bot.domain.errors import MessageGone, SendFailed
from bot.journeys.messenger import Message, Picture, Rows
from bot.journeys.meter import Meter, Silent

#: Uploads of some tens of kilobytes over a slow line.
_UPLOAD_S = 60.0


class Sender:
    """Implements Messenger. `paced` senders wait for a slot themselves; a round has taken its own before."""

    def __init__(
        self, bot: Bot, throttle: Throttle, *, paced: bool, paid: bool = False, meter: Meter | None = None
    ) -> None:
        self._bot = bot
        self._throttle = throttle
        self._paced = paced
        self._paid = True if paid and not paced else None
        self._meter = meter or Silent()

    async def send(self, chat_id: int, message: Message) -> int:
        """Sends now; returns the message id.

        Past the library's message objects, which cost more than all the rest and are looked at by nobody.
        """
        await self._slot(chat_id)
        form = Form(form_of(chat_id, message, paid=bool(self._paid)))
        with self._calling("send"):
            sent: Any = await self._bot.request.post(f"{self._bot.base_url}/sendMessage", form.as_request())
        return int(sent["message_id"])

    async def send_picture(self, chat_id: int, picture: Picture) -> int:
        """Sends a picture; returns the message id."""
        await self._slot(chat_id)
        with self._calling("send_picture"):
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
        with self._calling("send_file"):
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
            with self._calling("edit"):
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
            with self._calling("edit_rows"):
                await self._bot.edit_message_reply_markup(
                    chat_id=chat_id, message_id=message_id, reply_markup=_keyboard(rows)
                )
        except Unchanged:
            return

    async def react(self, chat_id: int, message_id: int, emoji: str) -> None:
        """Puts the bot's reaction under a message."""
        form = Form(reaction_form(chat_id, message_id, emoji))
        with self._calling("react"):
            await self._bot.request.post(f"{self._bot.base_url}/setMessageReaction", form.as_request())

    async def answer_tap(self, tap_id: str, text: str = "", *, alert: bool = False) -> None:
        """Answers a tapped button, once; one that is too old to be answered is fine."""
        try:
            with self._calling("answer_tap"):
                await self._bot.answer_callback_query(tap_id, text=unescape(text) or None, show_alert=alert or None)
        except MessageGone:
            return

    async def leave(self, chat_id: int) -> None:
        """Leaves a group or channel."""
        with self._calling("leave"):
            await self._bot.leave_chat(chat_id)

    @contextmanager
    def _calling(self, method: str) -> Iterator[None]:
        """Telegram's door, and what became of the call is counted."""
        try:
            with telegram_door():
                yield
        except SendFailed as failure:
            self._meter.called(method, type(failure).__name__)
            raise
        self._meter.called(method, "done")

    async def _slot(self, chat_id: int) -> None:
        if self._paced:
            await self._throttle.answer(chat_id)


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    made = [[InlineKeyboardButton(unescape(button.label), callback_data=button.data) for button in row] for row in rows]
    return InlineKeyboardMarkup(made)
