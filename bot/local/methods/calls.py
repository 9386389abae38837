"""What every method is given, and the questions several of them ask of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.local.chats import Chat, ChatKind, Message
from bot.local.cloud import Cloud
from bot.local.formatting import BadHtml, detected, parse_html, trimmed
from bot.local.refusals import Refusal, bad, forbidden, moved

Json = dict[str, Any]


class Upload(NamedTuple):
    """A file that came with a call."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A well-formed call: native parameters; uploads by the name of their form field."""

    method: str
    params: Json
    uploads: dict[str, Upload] = field(default_factory=dict)


#: Carries out a call and returns its `result`; raises Refusal.
Handler = Callable[[Cloud, Call], Any]


def reachable(cloud: Cloud, chat_id: Any) -> Chat:
    """The chat, where the bot may act in it. Refusal where it is unknown, blocked, left, never begun …"""
    chat = cloud.chat(chat_id)
    if (why := _unreachable(chat)) is not None:
        raise why
    return chat


def _unreachable(chat: Chat) -> Refusal | None:
    if chat.moved_to is not None:
        return moved(chat.moved_to)
    if chat.kind is not ChatKind.PRIVATE:
        if chat.bot_is in ("left", "kicked"):
            words = "was kicked from" if chat.bot_is == "kicked" else "is not a member of"
            return forbidden(f"bot {words} the {chat.kind} chat")
        return None
    if chat.deactivated:
        return forbidden("user is deactivated")
    if chat.blocked:
        return forbidden("bot was blocked by the user")
    return None if chat.started else forbidden("bot can't initiate conversation with a user")


def message_in(chat: Chat, message_id: Any, purpose: str) -> Message:
    """The chat's message; Refusal "message to <purpose> not found" where it is gone."""
    found = chat.messages.get(message_id)
    if found is None:
        raise bad(f"message to {purpose} not found")
    return found


def formatted(params: Json, key: str, entities_key: str) -> tuple[str, list[Json]]:
    """Text and entities as Telegram would keep them. Refusal for markup it cannot read."""
    raw, mode = str(params.get(key) or ""), params.get("parse_mode")
    if mode == "HTML":
        try:
            text, entities = parse_html(raw)
        except BadHtml as broken:
            raise bad(f"can't parse entities: {broken}") from None
    elif mode is not None:
        raise bad("can't parse entities: the Telegram on this machine reads HTML only")
    else:
        text, entities = trimmed(raw, params.get(entities_key) or [])
    return text, with_detected(text, entities)


def with_detected(text: str, entities: list[Json]) -> list[Json]:
    """The entities and those that Telegram finds by itself, where these fit among them."""
    found = [f for f in detected(text) if all(_fit(f, e) for e in entities)]
    return sorted(entities + found, key=lambda e: (e["offset"], -e["length"])) if found else entities


def _fit(found: Json, given: Json) -> bool:
    """Beside one another, or one within the other; nothing within code or a link."""
    begin, end = found["offset"], found["offset"] + found["length"]
    from_, to = given["offset"], given["offset"] + given["length"]
    if end <= from_ or begin >= to:
        return True
    nested = (from_ <= begin and end <= to) or (begin <= from_ and to <= end)
    return nested and given["type"] not in ("text_link", "code", "pre")


def inline_keyboard(params: Json) -> Json | None:
    """The inline keyboard given with a call, None for none or an empty one."""
    markup = params.get("reply_markup") or {}
    rows = [row for row in markup.get("inline_keyboard", []) if row]
    return {"inline_keyboard": rows} if rows else None
