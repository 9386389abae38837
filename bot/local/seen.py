"""A message as the person sees it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.local.chats import Message
from bot.local.cloud import Cloud
from bot.local.formatting import as_html


@dataclass(frozen=True, slots=True)
class Seen:
    """One message. `text` is the caption where there is a picture or file; `html` the same with its marks.

    `buttons` are the labels of the inline keyboard, row by row; `data` their callback data by label;
    `date` is an aware UTC moment; `photo` and `document` are the bytes.
    """

    message_id: int
    from_bot: bool
    text: str
    html: str
    date: datetime
    buttons: tuple[tuple[str, ...], ...] = ()
    data: tuple[tuple[str, str], ...] = ()
    reaction: str | None = None
    photo: bytes | None = None
    document: bytes | None = None
    document_name: str | None = None
    silent: bool = False
    edited: bool = False
    protected: bool = False
    reply_to: int | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """All buttons' labels, without their rows."""
        return tuple(label for row in self.buttons for label in row)

    def __str__(self) -> str:
        who = "bot" if self.from_bot else "me "
        marks = (("silent", self.silent), ("edited", self.edited), ("picture", self.photo))
        signs = [word for word, shown in marks if shown]
        signs += [self.document_name] if self.document_name else []
        before = f"{who} #{self.message_id} {self.reaction or ''}{signs or ''}"
        return f"{before} {self.text!r} {list(self.labels) or ''}"


def seen(cloud: Cloud, message: Message) -> Seen:
    """The message as the person of its chat sees it."""
    content = message.content
    text = content.get("text") or content.get("caption") or ""
    rows = (message.markup or {}).get("inline_keyboard", [])
    document = content.get("document")
    return Seen(
        message.message_id,
        message.by_bot,
        text,
        as_html(text, content.get("entities") or content.get("caption_entities") or []),
        datetime.fromtimestamp(message.date, UTC),
        tuple(tuple(button["text"] for button in row) for row in rows),
        tuple((b["text"], b["callback_data"]) for row in rows for b in row if "callback_data" in b),
        message.reactions[0] if message.reactions else None,
        _bytes(cloud, content["photo"][-1]["file_id"]) if "photo" in content else None,
        _bytes(cloud, document["file_id"]) if document else None,
        document["file_name"] if document else None,
        message.silent,
        message.edited_at is not None,
        message.protected,
        message.reply_to,
    )


def _bytes(cloud: Cloud, file_id: str) -> bytes | None:
    stored = cloud.files.by_id(file_id)
    return stored.data if stored is not None else None


def transcript(messages: list[Seen]) -> str:
    """The messages, one a line."""
    return "\n".join(f"  {message}" for message in messages) or "  (nothing)"
