"""sendMessage, sendPhoto, sendDocument, copyMessage, forwardMessage."""

from typing import Any

from bot.local import pictures
from bot.local.chats import Chat, Message
from bot.local.cloud import Cloud
from bot.local.files import StoredFile
from bot.local.formatting import is_blank, utf16
from bot.local.methods.calls import Call, Upload, formatted, inline_keyboard, message_in, reachable
from bot.local.refusals import CAPTION_TOO_LONG, TEXT_EMPTY, TOO_LONG, bad

Json = dict[str, Any]
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
_LARGEST_PHOTO = 10 * 1024 * 1024


def send_message(cloud: Cloud, call: Call) -> Json:
    """A text."""
    chat = reachable(cloud, call.params["chat_id"])
    return _sent(cloud, chat, text_content(call.params, TOO_LONG), call.params)


def text_content(params: Json, too_long: str) -> Json:
    """`text` and `entities` of a message. Refusal for blank or too long ones."""
    text, entities = formatted(params, "text", "entities")
    if is_blank(text):
        raise bad(TEXT_EMPTY)
    if utf16(text) > LONGEST_TEXT:
        raise bad(too_long)
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(params: Json) -> Json:
    """`caption` and `caption_entities`, {} for no caption. Refusal for a too long one."""
    text, entities = formatted(params, "caption", "caption_entities")
    if utf16(text) > LONGEST_CAPTION:
        raise bad(CAPTION_TOO_LONG)
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def send_photo(cloud: Cloud, call: Call) -> Json:
    """A picture with a caption."""
    chat = reachable(cloud, call.params["chat_id"])
    caption = caption_content(call.params)
    stored = _file(cloud, call, "photo", "photos")
    size = pictures.size_of(stored.data)
    if size is None or not stored.data:
        raise bad("IMAGE_PROCESS_FAILED")
    if len(stored.data) > _LARGEST_PHOTO or sum(size) > 10_000:
        raise bad("PHOTO_INVALID_DIMENSIONS" if sum(size) > 10_000 else "file is too big")
    photo = {**stored.reference(), "width": size[0], "height": size[1]}
    return _sent(cloud, chat, {"photo": [photo], **caption}, call.params)


def send_document(cloud: Cloud, call: Call) -> Json:
    """A file with a caption."""
    chat = reachable(cloud, call.params["chat_id"])
    caption = caption_content(call.params)
    stored = _file(cloud, call, "document", "documents")
    if not stored.data:
        raise bad("file must be non-empty")
    document = {**stored.reference(), "file_name": stored.name, "mime_type": stored.mime}
    return _sent(cloud, chat, {"document": document, **caption}, call.params)


def copy_message(cloud: Cloud, call: Call) -> Json:
    """A message's content as a new message of the bot."""
    chat = reachable(cloud, call.params["chat_id"])
    original = message_in(cloud.chat(call.params["from_chat_id"]), call.params["message_id"], "copy")
    sent = _sent(cloud, chat, dict(original.content), call.params)
    return {"message_id": sent["message_id"]}


def forward_message(cloud: Cloud, call: Call) -> Json:
    """A message passed on, with its origin."""
    chat = reachable(cloud, call.params["chat_id"])
    original = message_in(cloud.chat(call.params["from_chat_id"]), call.params["message_id"], "forward")
    if original.protected or original.sender is None:
        raise bad("message can't be forwarded")
    origin = {"type": "user", "date": original.date, "sender_user": original.sender.as_json()}
    return _sent(cloud, chat, {"forward_origin": origin, **original.content}, call.params)


def _file(cloud: Cloud, call: Call, field: str, folder: str) -> StoredFile:
    given = call.params[field]
    if isinstance(given, str) and given.startswith("attach://"):
        upload = call.uploads.get(given.removeprefix("attach://"))
    else:
        upload = call.uploads.get(field)
    if upload is not None:
        return cloud.files.keep(upload.data, upload.name or field, folder)
    if isinstance(given, bytes):
        return cloud.files.keep(given, Upload(field, given).name, folder)
    stored = cloud.files.by_id(str(given))
    if stored is None:
        raise bad("wrong file identifier/HTTP URL specified")
    return stored


def _sent(cloud: Cloud, chat: Chat, content: Json, params: Json) -> Json:
    reply_to = _answered(chat, params.get("reply_parameters"))
    plain = _place_keyboard(chat, params.get("reply_markup"))
    message = Message(
        chat,
        cloud.chats.next_message_id(),
        cloud.now(),
        cloud.bot,
        content,
        inline_keyboard(params),
        plain_markup=plain,
        silent=bool(params.get("disable_notification")),
        protected=bool(params.get("protect_content")),
        reply_to=reply_to,
    )
    return cloud.keep_message(message).as_json()


def _answered(chat: Chat, reply: Json | None) -> int | None:
    if not reply or reply.get("message_id") is None:
        return None
    message_id = int(reply["message_id"])
    if message_id in chat.messages:
        return message_id
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")


def _place_keyboard(chat: Chat, markup: Json | None) -> bool:
    """Show or take away the chat's reply keyboard; True where the markup is of that plain kind."""
    if not markup or "inline_keyboard" in markup:
        return False
    if "keyboard" in markup:
        chat.keyboard = markup
    elif markup.get("remove_keyboard"):
        chat.keyboard = None
    return True
