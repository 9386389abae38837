"""Groups and channels: enough to see that a bot for private chats leaves them politely."""

from dataclasses import dataclass
from typing import Any

from bot.local.chats import Chat, ChatKind, Message, User
from bot.local.cloud import Cloud
from bot.local.membership import changed
from bot.local.people import text_of
from bot.local.seen import Seen, seen

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """A group or channel with the bot in it, until it leaves or is thrown out."""

    cloud: Cloud
    chat: Chat
    owner: User

    @classmethod
    def with_bot(cls, cloud: Cloud, chat: Chat, owner: User) -> "Group":
        """`owner` adds the bot: my_chat_member, and in a group the message that says so."""
        group = cls(cloud, chat, owner)
        in_channel = chat.kind is ChatKind.CHANNEL
        changed(cloud, chat, owner, "administrator" if in_channel else "member")
        if not in_channel:
            group._send({"new_chat_members": [cloud.bot.as_json()]}, owner)
        return group

    @property
    def has_bot(self) -> bool:
        """True while the bot is in."""
        return self.chat.bot_is not in ("left", "kicked")

    def say(self, text: str, by: User | None = None) -> int:
        """Somebody (the owner, if not named) says something; in a channel it is a post."""
        return self._send(text_of(text), None if self.chat.kind is ChatKind.CHANNEL else by or self.owner)

    def throw_out(self) -> None:
        """The owner removes the bot."""
        changed(self.cloud, self.chat, self.owner, "kicked")

    def move_to(self, chat_id: int) -> None:
        """The group becomes a supergroup of another id; a call to the old one is told so."""
        self.cloud.chats.add(Chat(chat_id, ChatKind.SUPERGROUP, self.chat.name))
        self._send({"migrate_to_chat_id": chat_id}, self.owner)
        self.chat.moved_to = chat_id

    def sees(self) -> list[Seen]:
        """The messages, oldest first."""
        return [seen(self.cloud, message) for message in self.chat.messages.values()]

    def _is_for_bot(self, content: Json) -> bool:
        """Privacy mode, as it is unless turned off: of texts only commands and what names the bot."""
        text = str(content.get("text", "/"))
        return text.startswith("/") or f"@{self.cloud.bot.username}" in text

    def _send(self, content: Json, sender: User | None) -> int:
        number = self.cloud.chats.next_message_id()
        message = self.cloud.keep_message(Message(self.chat, number, self.cloud.now(), sender, content))
        if self.has_bot and (sender is None or self._is_for_bot(content)):
            kind = "channel_post" if self.chat.kind is ChatKind.CHANNEL else "message"
            self.cloud.updates.add(kind, message.as_json())
        return number
