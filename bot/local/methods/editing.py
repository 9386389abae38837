"""editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessage, deleteMessages."""

from datetime import timedelta
from typing import Any

from bot.local.chats import Message
from bot.local.cloud import Cloud, Happening
from bot.local.methods.calls import Call, inline_keyboard, message_in, reachable
from bot.local.methods.sending import caption_content, text_content
from bot.local.refusals import NOT_MODIFIED, bad

Json = dict[str, Any]
#: After this a bot cannot take back a message.
DELETABLE_FOR = timedelta(hours=48)


def edit_text(cloud: Cloud, call: Call) -> Json:
    """Another text, and another inline keyboard: one that is not given goes away."""
    message = _own(cloud, call.params)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    return _edited(cloud, message, text_content(call.params, "MESSAGE_TOO_LONG"), inline_keyboard(call.params))


def edit_caption(cloud: Cloud, call: Call) -> Json:
    """Another caption, and another inline keyboard."""
    message = _own(cloud, call.params)
    if "text" in message.content:
        raise bad("there is no caption in the message to edit")
    media = {k: v for k, v in message.content.items() if not k.startswith("caption")}
    return _edited(cloud, message, media | caption_content(call.params), inline_keyboard(call.params))


def edit_reply_markup(cloud: Cloud, call: Call) -> Json:
    """Another inline keyboard, or none."""
    message = _own(cloud, call.params)
    return _edited(cloud, message, message.content, inline_keyboard(call.params))


def _own(cloud: Cloud, params: Json) -> Message:
    if params.get("inline_message_id") is not None or params.get("chat_id") is None:
        raise bad("chat_id is empty" if params.get("inline_message_id") is None else "MESSAGE_ID_INVALID")
    if params.get("message_id") is None:
        raise bad("message identifier is not specified")
    message = message_in(reachable(cloud, params["chat_id"]), params["message_id"], "edit")
    if not message.by_bot or message.plain_markup:
        raise bad("message can't be edited")
    return message


def _edited(cloud: Cloud, message: Message, content: Json, markup: Json | None) -> Json:
    if content == message.content and markup == message.markup:
        raise bad(NOT_MODIFIED)
    if content != message.content:
        message.edited_at = cloud.now()
    message.content, message.markup = content, markup
    cloud.tell(Happening("message", message.chat.id, message.message_id))
    return message.as_json()


def delete_message(cloud: Cloud, call: Call) -> bool:
    """Take a message away, for everyone; in a private chat the person's own too, as Telegram lets bots."""
    chat = reachable(cloud, call.params["chat_id"])
    _delete(cloud, message_in(chat, call.params["message_id"], "delete"))
    return True


def delete_messages(cloud: Cloud, call: Call) -> bool:
    """Take several away; those not found are skipped."""
    chat = reachable(cloud, call.params["chat_id"])
    wanted = call.params["message_ids"]
    if not 1 <= len(wanted) <= 100:
        raise bad("too many message identifiers specified" if wanted else "message identifiers are not specified")
    for message in [chat.messages[i] for i in wanted if i in chat.messages]:
        _delete(cloud, message)
    return True


def _delete(cloud: Cloud, message: Message) -> None:
    if cloud.now() - message.date > DELETABLE_FOR.total_seconds():
        raise bad("message can't be deleted for everyone")
    del message.chat.messages[message.message_id]
    cloud.tell(Happening("deleted", message.chat.id, message.message_id))
