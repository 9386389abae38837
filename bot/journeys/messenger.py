"""What a journey needs of a messenger: a protocol, and the messages it is handed."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: what it says, and what comes back when it is tapped (at most 64 bytes, no content)."""

    label: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message: Telegram HTML under 4,096 characters and its inline buttons.

    `protected` is set by Voice and nowhere else; `shareable` keeps a message with helplines from it.
    `common`: the same words go to many people, so that their encoding is worth remembering; never words of anybody's.
    `ask_location` shows the phone's own button for sharing a place, labelled so; `drop_keyboard` takes it away.
    """

    text: str
    rows: Rows = ()
    silent: bool = False
    protected: bool = False
    reply_to: int | None = None
    shareable: bool = False
    common: bool = False
    ask_location: str | None = None
    drop_keyboard: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with a caption of at most 1,024 characters."""

    png: bytes
    caption: str
    silent: bool = False
    protected: bool = False


class Messenger(Protocol):
    """Sends to private chats. Every method may raise SendFailed or one of its kinds."""

    async def send(self, chat_id: int, message: Message) -> int:
        """Sends now; returns the message id."""
        ...

    async def send_picture(self, chat_id: int, picture: Picture) -> int:
        """Sends a picture; returns the message id."""
        ...

    async def send_file(self, chat_id: int, name: str, content: bytes, caption: str) -> int:
        """Sends a file to download; never protected. Returns the message id."""
        ...

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        """Replaces a message's text and buttons; one that says so already is fine."""
        ...

    async def edit_rows(self, chat_id: int, message_id: int, rows: Rows) -> None:
        """Replaces a message's buttons only."""
        ...

    async def react(self, chat_id: int, message_id: int, emoji: str) -> None:
        """Puts the bot's reaction under a message."""
        ...

    async def answer_tap(self, tap_id: str, text: str = "", *, alert: bool = False) -> None:
        """Answers a tapped button, once; one that is too old to be answered is fine."""
        ...

    async def leave(self, chat_id: int) -> None:
        """Leaves a group or channel."""
        ...


class Pace(Protocol):
    """Slots for what is sent on a schedule."""

    async def round(self, wanted: int) -> int:
        """Waits until at least one slot is free and takes up to `wanted` of them; returns how many."""
        ...

    def pause(self, seconds: float) -> None:
        """Nothing leaves for so long."""
        ...

    def paused_for(self) -> float:
        """For how many seconds still nothing leaves; 0.0 where it does."""
        ...

    def within(self, seconds: float) -> int:
        """How many slots this process has in so many seconds."""
        ...

    def may(self, chat_id: int) -> bool:
        """Whether this chat may get one more message now; if so, it counts as got."""
        ...

    def share(self, among: int) -> None:
        """From now on this process has one of so many equal parts of the pace."""
        ...
