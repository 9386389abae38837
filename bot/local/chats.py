"""Who and what is in this Telegram: users, chats, messages. Plain records that know their Bot API shape."""

import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class ChatKind(StrEnum):
    """Chat types, in Telegram's words."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot."""

    id: int
    first_name: str
    language_code: str | None = None
    is_bot: bool = False
    username: str | None = None

    def as_json(self) -> Json:
        """Shaped as the Bot API's User."""
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            body["username"] = self.username
        if self.language_code:
            body["language_code"] = self.language_code
        return body


@dataclass(slots=True)
class Message:
    """A message as Telegram keeps it. `content` holds text, photo, caption … in Bot API shape."""

    chat: "Chat"
    message_id: int
    date: int
    sender: User | None
    content: Json
    markup: Json | None = None
    plain_markup: bool = False
    silent: bool = False
    protected: bool = False
    edited_at: int | None = None
    reactions: list[str] = field(default_factory=list)
    reply_to: int | None = None

    def as_json(self, *, with_reply: bool = True) -> Json:
        """Shaped as the Bot API's Message."""
        body: Json = {"message_id": self.message_id, "date": self.date, "chat": self.chat.as_json()}
        if self.sender is not None:
            body["from"] = self.sender.as_json()
        else:
            body["sender_chat"] = self.chat.as_json()
        body |= self.content
        if self.edited_at is not None:
            body["edit_date"] = self.edited_at
        if self.markup:
            body["reply_markup"] = self.markup
        if self.protected:
            body["has_protected_content"] = True
        answered = self.chat.messages.get(self.reply_to) if with_reply and self.reply_to else None
        return body | {"reply_to_message": answered.as_json(with_reply=False)} if answered else body

    @property
    def by_bot(self) -> bool:
        """True for what the bot sent."""
        return self.sender is not None and self.sender.is_bot


@dataclass(slots=True)
class Chat:
    """A private chat, group or channel, and the bot's standing in it."""

    id: int
    kind: ChatKind
    name: str
    user: User | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    bot_is: str = "member"
    moved_to: int | None = None
    keyboard: Json | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    _json: Json | None = None

    def as_json(self) -> Json:
        """Shaped as the Bot API's Chat; not to be changed by the caller."""
        if self._json is None:
            key = "first_name" if self.kind is ChatKind.PRIVATE else "title"
            self._json = {"id": self.id, "type": str(self.kind), key: self.name}
        return self._json


class Chats:
    """Every chat by id, and the one count of message ids. `keep` limits how many messages are remembered."""

    def __init__(self, keep: int | None = None) -> None:
        self._chats: dict[int, Chat] = {}
        self._message_ids = itertools.count(1)
        self._keep = keep
        self._order: deque[Message] = deque()

    def get(self, chat_id: int) -> Chat | None:
        """The chat of that id, if there is one."""
        return self._chats.get(chat_id)

    def add(self, chat: Chat) -> Chat:
        """Make a chat known."""
        self._chats[chat.id] = chat
        return chat

    def remove(self, chat_id: int) -> None:
        """Forget a chat."""
        self._chats.pop(chat_id, None)

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def next_message_id(self) -> int:
        """A message id never given before."""
        return next(self._message_ids)

    def keep(self, message: Message) -> Message:
        """Remember a message in its chat, and forget the oldest of all beyond the limit."""
        message.chat.messages[message.message_id] = message
        if self._keep is not None:
            self._order.append(message)
            if len(self._order) > self._keep:
                oldest = self._order.popleft()
                oldest.chat.messages.pop(oldest.message_id, None)
        return message
