"""People of this Telegram: what they can do and what they see, as verbs for tests and for the chat page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.local.chats import Chat, Message, User
from bot.local.cloud import Cloud, Happening, Query
from bot.local.formatting import trimmed
from bot.local.membership import changed
from bot.local.methods.calls import with_detected
from bot.local.methods.sending import LONGEST_TEXT
from bot.local.seen import Seen, seen, transcript

Json = dict[str, Any]
T = TypeVar("T")
#: The smallest picture there is: one dot.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63389112000003"
    "74017d4fba16a90000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a button, and what the bot answers to it."""

    query: Query

    @property
    def answered(self) -> bool:
        """True once the bot answered."""
        return self.query.answered

    @property
    def toast(self) -> str | None:
        """The words of the answer, None for none (yet)."""
        return self.query.toast

    @property
    def alert(self) -> bool:
        """True where the words come as a window to be closed."""
        return self.query.alert


class Person:
    """Somebody in a private chat with the bot."""

    def __init__(self, cloud: Cloud, chat: Chat) -> None:
        if chat.user is None:
            raise ValueError(f"{chat.name} is no private chat")
        self._cloud = cloud
        self.chat = chat
        self.user: User = chat.user
        self.taps: list[Tap] = []

    @property
    def id(self) -> int:
        """The user id, which is the chat id too."""
        return self.user.id

    @property
    def toast(self) -> str | None:
        """The words that answered the newest tap."""
        return self.taps[-1].toast if self.taps else None

    def say(self, text: str, *, reply_to: int | None = None) -> int:
        """Send a text; its message id, the first where a client would make several of a long one."""
        text, _ = trimmed(text, [])
        if not text:
            raise ValueError("no client sends an empty text")
        first, *_ = [self._send(text_of(piece), reply_to) for piece in _pieces(text)]
        return first

    def start(self, code: str = "") -> int:
        """Press Start, with the code of a link where given."""
        return self.say(f"/start {code}".strip())

    def edit(self, message_id: int, text: str) -> None:
        """Change an own message."""
        self._must_be_able()
        message = self._own(message_id)
        message.content = text_of(trimmed(text, [])[0])
        message.edited_at = self._cloud.now()
        self._cloud.updates.add("edited_message", message.as_json())
        self._cloud.tell(Happening("message", self.id, message_id))

    def tap(self, label: str) -> Tap:
        """Press the newest inline button that says `label`. LookupError where there is none."""
        for message in reversed(self.chat.messages.values()):
            for button in _buttons(message):
                if button["text"] == label and "callback_data" in button:
                    return self.tap_data(button["callback_data"], message.message_id)
        raise LookupError(f"no button {label!r} in the chat:\n{self.transcript()}")

    def tap_data(self, data: str, message_id: int) -> Tap:
        """Press a button with that data under a message; also one that is gone, as an old client may."""
        self._must_be_able()
        query = self._cloud.open_query(self.id)
        message = self.chat.messages.get(message_id)
        gone = {"chat": self.chat.as_json(), "message_id": message_id, "date": 0}
        update = {
            "id": query.id,
            "from": self.user.as_json(),
            "message": message.as_json() if message is not None else gone,
            "chat_instance": str(-self.id * 7),
            "data": data,
        }
        self._cloud.updates.add("callback_query", update)
        tap = Tap(query)
        self.taps.append(tap)
        return tap

    def press(self, label: str) -> int:
        """Press a button of the reply keyboard: its text is said. LookupError where there is none."""
        rows = (self.chat.keyboard or {}).get("keyboard", [])
        buttons = [{"text": b} if isinstance(b, str) else b for row in rows for b in row]
        if not any(button["text"] == label for button in buttons):
            raise LookupError(f"no key {label!r} among {[b['text'] for b in buttons]}")
        if (self.chat.keyboard or {}).get("one_time_keyboard"):
            self.chat.keyboard = None
        return self.say(label)

    def share_location(self, latitude: float, longitude: float) -> int:
        """Send where one is."""
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def send_photo(self, caption: str = "", data: bytes = DOT) -> int:
        """Send a picture."""
        stored = self._cloud.files.keep(data, "photo.png", "photos")
        content: Json = {"photo": [{**stored.reference(), "width": 1, "height": 1}]}
        return self._send(content | ({"caption": caption} if caption else {}))

    def send_document(self, data: bytes, name: str, caption: str = "") -> int:
        """Send a file."""
        stored = self._cloud.files.keep(data, name, "documents")
        document = {**stored.reference(), "file_name": name, "mime_type": stored.mime}
        return self._send({"document": document} | ({"caption": caption} if caption else {}))

    def send_voice(self, data: bytes = b"OggS") -> int:
        """Send a voice message."""
        stored = self._cloud.files.keep(data, "voice.oga", "voice")
        return self._send({"voice": {**stored.reference(), "duration": 3, "mime_type": "audio/ogg"}})

    def send_sticker(self, emoji: str = "🙂") -> int:
        """Send a sticker."""
        stored = self._cloud.files.keep(b"RIFF0000WEBP", "sticker.webp", "stickers")
        told = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send({"sticker": {**stored.reference(), **told, "emoji": emoji}})

    def block(self) -> None:
        """Block the bot."""
        changed(self._cloud, self.chat, self.user, "kicked")

    def unblock(self) -> None:
        """Let the bot write again."""
        changed(self._cloud, self.chat, self.user, "member")

    def deactivate(self) -> None:
        """Delete the Telegram account; the bot is not told."""
        self.chat.deactivated = True

    def forget(self, message_id: int) -> None:
        """Delete a message in one's own client, for both; the bot is not told, as in Telegram."""
        self.chat.messages.pop(message_id, None)
        self._cloud.tell(Happening("deleted", self.id, message_id))

    def sees(self) -> list[Seen]:
        """The chat's messages, oldest first."""
        return [seen(self._cloud, message) for message in self.chat.messages.values()]

    def hears(self) -> list[Seen]:
        """What came from the bot, oldest first."""
        return [message for message in self.sees() if message.from_bot]

    def last(self) -> Seen:
        """The newest message from the bot. LookupError where there is none."""
        for message in reversed(self.chat.messages.values()):
            if message.by_bot:
                return seen(self._cloud, message)
        raise LookupError(f"the bot has said nothing to {self.user.first_name}")

    def message(self, message_id: int) -> Seen:
        """One message. KeyError where it is gone."""
        return seen(self._cloud, self.chat.messages[message_id])

    @property
    def keys(self) -> list[list[str]]:
        """The labels of the reply keyboard shown now, [] for none."""
        rows = (self.chat.keyboard or {}).get("keyboard", [])
        return [[key if isinstance(key, str) else key["text"] for key in row] for row in rows]

    async def until(self, look: Callable[["Person"], T | None], within: float = 5.0) -> T:
        """The first truthy `look(self)`, asked now and after every change; or AssertionError."""
        try:
            return await self._cloud.changes.until(lambda: look(self), within)
        except TimeoutError:
            raise AssertionError(
                f"waited {within} s in vain; {self.user.first_name} sees:\n{self.transcript()}"
            ) from None

    async def hears_next(self, within: float = 5.0) -> Seen:
        """The next message from the bot that comes after this call."""
        newest = max((m.message_id for m in self.chat.messages.values() if m.by_bot), default=0)
        return await self.until(lambda me: next((m for m in me.hears() if m.message_id > newest), None), within)

    def transcript(self) -> str:
        """The chat as plain text, for the words of a failing test."""
        return transcript(self.sees())

    def _send(self, content: Json, reply_to: int | None = None) -> int:
        self._must_be_able()
        self.chat.started = True
        number = self._cloud.chats.next_message_id()
        message = Message(self.chat, number, self._cloud.now(), self.user, content, reply_to=reply_to)
        self._cloud.keep_message(message)
        self._cloud.updates.add("message", message.as_json())
        return number

    def _own(self, message_id: int) -> Message:
        message = self.chat.messages.get(message_id)
        if message is None or message.by_bot:
            raise LookupError(f"message {message_id} is not one of {self.user.first_name}'s own")
        return message

    def _must_be_able(self) -> None:
        if self.chat.blocked or self.chat.deactivated:
            raise ValueError(f"{self.user.first_name} has blocked the bot, or is gone")


def _pieces(text: str) -> list[str]:
    """The text cut as clients cut it: at 4,096 UTF-16 units, no letter in two."""
    units = text.encode("utf-16-le")
    pieces = []
    while units:
        end = 2 * LONGEST_TEXT
        if len(units) > end and 0xDC <= units[end + 1] <= 0xDF:
            end -= 2
        pieces.append(units[:end].decode("utf-16-le"))
        units = units[end:]
    return pieces


def text_of(text: str) -> Json:
    """The content of a text message that a person wrote."""
    entities = with_detected(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def _buttons(message: Message) -> list[Json]:
    return [button for row in (message.markup or {}).get("inline_keyboard", []) for button in row]
