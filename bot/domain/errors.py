"""The field's own words for what can go wrong; foreign exceptions stop at their door and become these."""

from datetime import timedelta


class NearerError(Exception):
    """Something an operator can act on; the message is a whole sentence that says what to do."""


class ContentError(NearerError):
    """A content file is wrong. The message names the file and the key."""


class WrongKey(NearerError):
    """What is kept was sealed with a key that is not at hand."""


class Damaged(NearerError):
    """A sealed value does not open where it stands: it was changed, cut or moved."""


class StorageTrouble(NearerError):
    """The database cannot be used as it is: read-only, locked, full, gone, or on another schema."""


class BackupTrouble(NearerError):
    """A backup cannot be written, read or restored as it is: there already, cut short, changed, or in the way."""


class ListTrouble(NearerError):
    """The list of deleted people cannot be written where it is to lie."""


class StorageFault(StorageTrouble):
    """The database refuses the statement itself; trying again does not help."""


class OldSchema(StorageTrouble):
    """The database is on another schema than this version of Nearer."""


class SendFailed(Exception):
    """A message did not surely arrive. Subclasses say what is known."""


class Unreachable(SendFailed):
    """This chat cannot be written to: blocked, deactivated, or not found."""


class ChatMoved(SendFailed):
    """The chat has another id now."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the chat moved to {chat_id}")
        self.chat_id = chat_id


class TryLater(SendFailed):
    """It surely did not arrive; it may be tried again, not before `after` where that is known."""

    def __init__(self, after: timedelta | None = None) -> None:
        super().__init__("not accepted, may be tried again")
        self.after = after


class Slowed(TryLater):
    """Telegram asks everybody to wait for `after` (429)."""


class OutcomeUnknown(SendFailed):
    """The request went out and no answer came back: it may or may not have arrived (D9)."""


class Refused(SendFailed):
    """Telegram says that the call is wrong; trying again would not help."""


class MessageGone(Refused):
    """The message to edit, react to or delete is no longer there."""


class TokenRevoked(SendFailed):
    """401 or 404 for the token itself: nothing can be sent until the operator acts (D8)."""
