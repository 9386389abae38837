"""The shape of an update, as far as Nearer reads one: what has another shape is not Telegram's and is not kept."""

from collections.abc import Mapping
from typing import Any

from telegram import Bot, Update

#: A field's type, or the shape of the object in it; "?" at the end of its name says that it may be missing.
_Shape = Mapping[str, Any]

_USER: _Shape = {"id": int, "is_bot": bool, "first_name": str, "language_code?": str}
_CHAT: _Shape = {"id": int, "type": str}
_MESSAGE: _Shape = {
    "message_id": int,
    "date": int,
    "chat": _CHAT,
    "from?": _USER,
    "text?": str,
    "caption?": str,
    "reply_to_message?": {"message_id": int, "date": int, "chat": _CHAT},
    "location?": {"latitude": float, "longitude": float},
}
_MEMBER: _Shape = {"status": str, "user": _USER}
_UPDATE: _Shape = {
    "update_id": int,
    "message?": _MESSAGE,
    "edited_message?": _MESSAGE,
    "channel_post?": _MESSAGE,
    "callback_query?": {
        "id": str,
        "from": _USER,
        "data?": str,
        "message?": {"message_id": int, "date": int, "chat": _CHAT},
    },
    "my_chat_member?": {"chat": _CHAT, "from": _USER, "date": int, "new_chat_member": _MEMBER},
}
#: Telegram's ids have at most 52 significant bits, and dates and update numbers stay below that too.
_LARGEST = 2**52
#: The last second that a date can hold.
_LAST_DATE = 253_402_300_799


def is_update(body: Mapping[str, Any], bot: Bot) -> bool:
    """Whether this is an update that can be kept and read. A kind that is not known is: nothing will come of it."""
    if not _has(body, _UPDATE) or body["update_id"] < 0:
        return False
    try:
        Update.de_json(dict(body), bot)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError, OSError):
        return False
    return True


def _has(value: Any, shape: Any) -> bool:
    if not isinstance(shape, Mapping):
        return _is(value, shape)
    if not isinstance(value, Mapping):
        return False
    return (
        all(
            _has(value[name.rstrip("?")], wanted) if name.rstrip("?") in value else name.endswith("?")
            for name, wanted in shape.items()
        )
        and 0 <= value.get("date", 0) <= _LAST_DATE
    )


def _is(value: Any, kind: type) -> bool:
    if kind is bool:
        return isinstance(value, bool)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 360
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST
    return isinstance(value, kind)
