"""An update cut down to what Nearer reads, with what the library wants and Telegram may leave out put in.

Names and everything else that came along go no further. What lacks its ids is no update of use: only its number stays.
"""

from collections.abc import Mapping
from typing import Any

#: What a message may carry besides words; any of them is told that only words are kept.
_ATTACHED = frozenset(
    {
        *("animation", "audio", "document", "live_photo", "paid_media", "photo", "sticker", "story", "video"),
        *("video_note", "voice", "checklist", "contact", "dice", "game", "poll"),
    }
)
#: What stands for any of them: the least that the library takes for an attachment.
_SOMETHING = {"voice": {"file_id": "-", "file_unique_id": "-", "duration": 0}}
#: Of a chat member's states, who can be written to; the others' many rights are of no use here.
_GONE = ("left", "kicked")
_Json = dict[str, Any]


def plain(body: Mapping[str, Any]) -> _Json:
    """The update as it is read. Takes any JSON object with an "update_id"."""
    made: _Json = {"update_id": _number(body.get("update_id")) or 0}
    for kind, read in _KINDS.items():
        one = body.get(kind)
        found = read(one) if isinstance(one, Mapping) else None
        if found is not None:
            return made | {kind: found}
    return made


def _message(body: Mapping[str, Any]) -> _Json | None:
    made = _stub(body)
    if made is None:
        return None
    sender, pointed, place = body.get("from"), body.get("reply_to_message"), body.get("location")
    made |= {name: body[name] for name in ("text", "caption") if isinstance(body.get(name), str)}
    if edited := _number(body.get("edit_date")):
        made["edit_date"] = edited
    if isinstance(sender, Mapping):
        made["from"] = _user(sender, made["chat"]["id"])
    if isinstance(pointed, Mapping) and (replied := _stub(pointed)) is not None:
        made["reply_to_message"] = replied
    if isinstance(place, Mapping) and (found := _place(place)) is not None:
        made["location"] = found
    return made | (_SOMETHING if _ATTACHED & body.keys() else {})


def _stub(body: Mapping[str, Any]) -> _Json | None:
    """Which message, of when and where; a message that the bot cannot see any more has the date 0."""
    number, chat = _number(body.get("message_id")), body.get("chat")
    where = _number(chat.get("id")) if isinstance(chat, Mapping) else None
    if number is None or where is None or not isinstance(chat, Mapping):
        return None
    kind = str(chat.get("type") or ("private" if where > 0 else "group"))
    return {"message_id": number, "date": _number(body.get("date")) or 0, "chat": {"id": where, "type": kind}}


def _user(body: Mapping[str, Any], otherwise: int) -> _Json:
    language = body.get("language_code")
    made: _Json = {"id": _number(body.get("id")) or otherwise, "is_bot": bool(body.get("is_bot")), "first_name": ""}
    return made | ({"language_code": language} if isinstance(language, str) and language else {})


def _place(body: Mapping[str, Any]) -> _Json | None:
    found = {name: body.get(name) for name in ("latitude", "longitude")}
    return found if all(isinstance(value, int | float) for value in found.values()) else None


def _tap(body: Mapping[str, Any]) -> _Json | None:
    sender = body.get("from")
    who = _number(sender.get("id")) if isinstance(sender, Mapping) else None
    if body.get("id") is None or who is None or not isinstance(sender, Mapping):
        return None
    made: _Json = {"id": str(body["id"]), "from": _user(sender, who), "chat_instance": ""}
    message = body.get("message")
    if isinstance(message, Mapping) and (under := _stub(message)) is not None:
        made["message"] = under
    return made | ({"data": body["data"]} if isinstance(body.get("data"), str) else {})


def _membership(body: Mapping[str, Any]) -> _Json | None:
    number = {"message_id": 0, **body}
    where, after = _stub(number), body.get("new_chat_member")
    if where is None or not isinstance(after, Mapping):
        return None
    user = _user({}, where["chat"]["id"])
    status = after.get("status")
    gone: _Json = {"status": status, "user": user, "until_date": 0}
    now = gone if status in _GONE else {"status": "member", "user": user}
    return {"chat": where["chat"], "date": where["date"], "from": user, "old_chat_member": now, "new_chat_member": now}


def _number(value: Any) -> int | None:
    """A number, also where it came as a string of digits."""
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


#: The kinds that are read, and how. A channel's posts only tell where to leave.
_KINDS = {
    "message": _message,
    "edited_message": _message,
    "callback_query": _tap,
    "my_chat_member": _membership,
    "channel_post": _stub,
}
