"""The bot's standing in a chat: blocked, unblocked, added, left; each change tells the bot."""

from typing import Any

from bot.local.chats import Chat, ChatKind, User
from bot.local.cloud import Cloud, Happening

Json = dict[str, Any]
_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def member_json(user: User, status: str) -> Json:
    """A ChatMember of that status: member, left, kicked or administrator."""
    member: Json = {"user": user.as_json(), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= dict.fromkeys(_RIGHTS, False) | {"can_manage_chat": True, "can_post_messages": True}
    return member


def changed(cloud: Cloud, chat: Chat, by: User, status: str) -> None:
    """The bot's status in `chat` is now another: my_chat_member goes out, and watchers learn of it."""
    before = ("kicked" if chat.blocked else "member") if chat.kind is ChatKind.PRIVATE else chat.bot_is
    if chat.kind is ChatKind.PRIVATE:
        chat.blocked = status == "kicked"
    else:
        chat.bot_is = status
    update = {
        "chat": chat.as_json(),
        "from": by.as_json(),
        "date": cloud.now(),
        "old_chat_member": member_json(cloud.bot, before),
        "new_chat_member": member_json(cloud.bot, status),
    }
    cloud.updates.add("my_chat_member", update)
    cloud.tell(Happening("chat", chat.id))
