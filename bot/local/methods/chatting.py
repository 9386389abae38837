"""getChat, getChatMember, leaveChat, pinChatMessage: the bot and its chats."""

from typing import Any

from bot.local.chats import Chat, ChatKind, User
from bot.local.cloud import Cloud, Happening
from bot.local.membership import changed, member_json
from bot.local.methods.calls import Call, message_in, reachable
from bot.local.refusals import bad

Json = dict[str, Any]
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(cloud: Cloud, call: Call) -> Json:
    """A chat in full; also one that blocked the bot."""
    chat = cloud.chat(call.params["chat_id"])
    told: Json = {"accent_color_id": 0, "max_reaction_count": 11}
    return chat.as_json() | told | {"accepted_gift_types": dict.fromkeys(_GIFTS, False)}


def get_chat_member(cloud: Cloud, call: Call) -> Json:
    """What somebody is in a chat: the bot, or in a private chat the person."""
    chat, user_id = cloud.chat(call.params["chat_id"]), call.params["user_id"]
    if user_id == cloud.bot.id:
        private = "kicked" if chat.blocked else "member"
        return member_json(cloud.bot, private if chat.kind is ChatKind.PRIVATE else chat.bot_is)
    return member_json(_person(cloud, chat, user_id), "member")


def _person(cloud: Cloud, chat: Chat, user_id: int) -> User:
    person = cloud.chats.get(user_id)
    user = chat.user if chat.id == user_id else person.user if person is not None else None
    if user is None:
        raise bad("invalid user_id specified")
    return user


def leave_chat(cloud: Cloud, call: Call) -> bool:
    """The bot goes out of a group or channel."""
    chat = reachable(cloud, call.params["chat_id"])
    if chat.kind is ChatKind.PRIVATE:
        raise bad("chat member status can't be changed in private chats")
    changed(cloud, chat, cloud.bot, "left")
    return True


def pin_chat_message(cloud: Cloud, call: Call) -> bool:
    """Accepted where the message is there; nothing here shows pins."""
    chat = reachable(cloud, call.params["chat_id"])
    if call.params.get("message_id") is not None:
        message_in(chat, call.params["message_id"], "pin")
    cloud.tell(Happening("chat", chat.id))
    return True
