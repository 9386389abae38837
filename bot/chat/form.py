"""Parameters of sendMessage and setMessageReaction as an encoded form; what many messages share is encoded once.

Knows the Bot API's names and no library; sends nothing.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import quote_plus

from bot.journeys.messenger import Button, Message

#: More than there are questions and answers to them in a language; what differs for each person is not kept here.
_SHARED = 4096
_ALWAYS = "&parse_mode=HTML&link_preview_options=" + quote_plus('{"is_disabled": true}')
_NO_REPLY_NEEDED = ', "allow_sending_without_reply": true}'
_ROWS, _ROW, _BUTTON = (quote_plus(sign) for sign in ('{"inline_keyboard": [[', "], [", ", "))
_ROWS_END, _BUTTON_END = (quote_plus(sign) for sign in ("]]}", '"}'))


def form_of(chat_id: int, message: Message, *, paid: bool) -> bytes:
    """The whole form, as `application/x-www-form-urlencoded`."""
    return "".join(_fields(chat_id, message, paid=paid)).encode()


def reaction_form(chat_id: int, message_id: int, emoji: str) -> bytes:
    """setMessageReaction's whole form."""
    return f"chat_id={chat_id}&message_id={message_id}&reaction={_reaction(emoji)}".encode()


@lru_cache
def _reaction(emoji: str) -> str:
    return quote_plus(json.dumps([{"type": "emoji", "emoji": emoji}]))


def _fields(chat_id: int, message: Message, *, paid: bool) -> Iterator[str]:
    yield f"chat_id={chat_id}&text={_shared(message.text) if message.common else quote_plus(message.text)}"
    yield _ALWAYS
    yield from _markup(message)
    if message.silent:
        yield "&disable_notification=true"
    if message.protected:
        yield "&protect_content=true"
    if message.reply_to is not None:
        yield "&reply_parameters=" + quote_plus(f'{{"message_id": {message.reply_to}{_NO_REPLY_NEEDED}')
    if paid:
        yield "&allow_paid_broadcast=true"


def _markup(message: Message) -> Iterator[str]:
    if message.ask_location:
        button = {"text": message.ask_location, "request_location": True}
        keyboard = {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
        yield "&reply_markup=" + quote_plus(json.dumps(keyboard))
    elif message.drop_keyboard:
        yield "&reply_markup=" + quote_plus('{"remove_keyboard": true}')
    elif message.rows:
        yield "&reply_markup=" + _ROWS
        yield _ROW.join(_BUTTON.join(map(_button, row)) for row in message.rows)
        yield _ROWS_END


def _button(button: Button) -> str:
    data = button.data
    plain = data.replace(":", "")
    encoded = data.replace(":", "%3A") if plain.isascii() and plain.isalnum() else quote_plus(json.dumps(data)[1:-1])
    return f"{_label(button.label)}{encoded}{_BUTTON_END}"


@lru_cache(_SHARED)
def _label(label: str) -> str:
    """A button as far as its data. Buttons take no markup, so a label's entities are undone."""
    return quote_plus(f'{{"text": {json.dumps(unescape(label))}, "callback_data": "')


@lru_cache(_SHARED)
def _shared(text: str) -> str:
    return quote_plus(text)
