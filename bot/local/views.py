"""People and messages as the chat page gets them: plain JSON, no HTML. Text goes with its entities."""

from typing import Any

from bot.local.chats import Chat, Message
from bot.local.cloud import Cloud

Json = dict[str, Any]
#: Kinds of content whose fields the page shows as they are.
_PLAIN = ("location", "voice", "sticker")


def person_view(cloud: Cloud, chat: Chat) -> Json:
    """A person's side of the chat, without its messages."""
    language = chat.user.language_code if chat.user is not None else None
    profile = cloud.profile
    return {
        "id": chat.id,
        "name": chat.name,
        "language": language,
        "started": chat.started,
        "blocked": chat.blocked,
        "keyboard": chat.keyboard,
        "bot": profile.text("name", language),
        "description": profile.text("description", language),
        "commands": profile.commands_in(chat.id, language),
    }


def message_view(message: Message) -> Json:
    """One message. `date` is seconds since 1970 in the bot's time."""
    content = message.content
    view: Json = {
        "id": message.message_id,
        "mine": not message.by_bot,
        "date": message.date,
        "text": content.get("text") or content.get("caption") or "",
        "entities": content.get("entities") or content.get("caption_entities") or [],
        "edited": message.edited_at is not None,
        "silent": message.silent,
        "protected": message.protected,
        "reaction": message.reactions[0] if message.reactions else None,
        "buttons": (message.markup or {}).get("inline_keyboard", []),
        "reply": _answered(message),
    }
    return view | {kind: content[kind] for kind in _PLAIN if kind in content} | _files(content)


def _files(content: Json) -> Json:
    found: Json = {}
    if "photo" in content:
        photo = content["photo"][-1]
        found["photo"] = {"file": photo["file_id"], "width": photo["width"], "height": photo["height"]}
    if "document" in content:
        document = content["document"]
        names = {"name": document["file_name"], "size": document["file_size"]}
        found["document"] = {"file": document["file_id"], **names}
    return found


def _answered(message: Message) -> Json | None:
    answered = message.chat.messages.get(message.reply_to) if message.reply_to else None
    if answered is None:
        return None
    content = answered.content
    kinds = {"photo": "Picture", "document": "File", "voice": "Voice message", "location": "Location"}
    kind = next((words for key, words in kinds.items() if key in content), "Message")
    text = content.get("text") or content.get("caption") or kind
    return {"id": answered.message_id, "mine": not answered.by_bot, "text": text[:120]}
