"""All that Telegram would hold of one bot: chats, files, profile, waiting updates, open callback queries.

State and the questions asked of it; the Bot API's methods and people's deeds change it. No HTTP.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.local.changes import Changes
from bot.local.chats import Chat, ChatKind, Chats, Message, User
from bot.local.clock import TravellingClock
from bot.local.files import Files
from bot.local.pace import Pace
from bot.local.profile import Profile
from bot.local.refusals import QUERY_GONE, bad
from bot.local.updates import Updates

Json = dict[str, Any]
#: How long a callback query may be answered. Telegram publishes no figure; minutes, and surely not hours.
QUERY_LIVES = timedelta(minutes=15)
#: The id of this machine's bot, as in its token "1:local".
BOT_ID = 1
_FIRST_PERSON = 5_000_000_001


class Happening(NamedTuple):
    """Something that a watcher (the chat page) may want to show.

    `what` is message, deleted, typing, toast, chat (its standing) or bot (its profile).
    """

    what: str
    chat_id: int = 0
    message_id: int = 0
    data: Json | None = None


@dataclass(eq=False)
class Query:
    """A tap on a button, and what the bot answered."""

    id: str
    chat_id: int
    at: datetime
    answered: bool = False
    toast: str | None = None
    alert: bool = False
    url: str | None = None


@dataclass
class Cloud:
    """Everything. `open_to_all` makes every positive chat id a private chat that the bot may write to."""

    clock: TravellingClock
    bot: User
    open_to_all: bool = False
    keep: int | None = None
    pace: Pace | None = None
    files: Files = field(default_factory=Files)
    changes: Changes = field(default_factory=Changes)
    watchers: set[Callable[[Happening], None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chats = Chats(self.keep)
        self.updates = Updates(self.clock)
        self.profile = Profile(self.bot.first_name, {("name", ""): self.bot.first_name})
        self._queries: dict[str, Query] = {}
        self._numbers = itertools.count(1)
        self._people = itertools.count(_FIRST_PERSON)

    def tell(self, happening: Happening) -> None:
        """Let watchers and waiters know."""
        for watcher in tuple(self.watchers):
            watcher(happening)
        self.changes.tell()

    def now(self) -> int:
        """The bot's present in whole seconds since 1970, as messages carry it."""
        return int(self.clock.now().timestamp())

    def next_person_id(self) -> int:
        """An id for a new person; above 32 bits, as real ones are."""
        return next(self._people)

    def chat(self, chat_id: Any) -> Chat:
        """The chat of that id. Refusal where there is none, or where it has moved."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None and self.open_to_all and isinstance(chat_id, int) and chat_id > 0:
            chat = self._welcome(chat_id)
        if chat is None:
            raise bad("chat not found")
        return chat

    def _welcome(self, chat_id: int) -> Chat:
        user = User(chat_id, f"Person {chat_id}", "en")
        return self.chats.add(Chat(chat_id, ChatKind.PRIVATE, user.first_name, user, started=True))

    def keep_message(self, message: Message) -> Message:
        """A new message is there: remembered, and told of."""
        self.chats.keep(message)
        self.tell(Happening("message", message.chat.id, message.message_id))
        return message

    def open_query(self, chat_id: int) -> Query:
        """A button was tapped."""
        query = Query(str(4_000_000_000_000 + next(self._numbers)), chat_id, self.clock.now())
        self._queries[query.id] = query
        return query

    def query(self, query_id: str) -> Query:
        """The open query of that id. Refusal where it is unknown, answered already, or too old."""
        query = self._queries.get(query_id)
        if query is None or query.answered or self.clock.now() - query.at > QUERY_LIVES:
            raise bad(QUERY_GONE)
        return query
