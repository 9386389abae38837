"""The door where python-telegram-bot's errors stop and become words of the field.

Their own messages go no further: they may hold the token or what somebody wrote.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram import error as told

from bot.chat.transport import AnswerLost, NotSent
from bot.domain.errors import (
    ChatMoved,
    MessageGone,
    OutcomeUnknown,
    Refused,
    SendFailed,
    Slowed,
    TokenRevoked,
    TryLater,
    Unreachable,
)

_NOT_THERE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
_GONE = (
    "message to edit not found",
    "message to react not found",
    "message to delete not found",
    "message to be replied not found",
    "message can't be edited",
    "message can't be deleted",
    "message_id_invalid",
    "message not found",
    "query not found",
    "query is too old",
    "query id is invalid",
)
_UNCHANGED = ("message is not modified", "message_not_modified", "exactly the same")


class Unchanged(SendFailed):
    """The message says this already."""


@contextmanager
def telegram_door() -> Iterator[None]:
    """Turns what python-telegram-bot raises within the block into SendFailed and its kinds."""
    try:
        yield
    except told.TelegramError as error:
        raise heard(error) from None


def heard(error: told.TelegramError) -> SendFailed:
    """What an error of Telegram means for a send. BadRequest is a NetworkError here: it is asked for first (D8)."""
    if isinstance(error, told.RetryAfter):
        after = error.retry_after
        return Slowed(after if isinstance(after, timedelta) else timedelta(seconds=after))
    if isinstance(error, told.ChatMigrated):
        return ChatMoved(error.new_chat_id)
    if isinstance(error, told.Forbidden):
        return Unreachable("the chat cannot be written to")
    if isinstance(error, told.InvalidToken | told.EndPointNotFound):
        return TokenRevoked("Telegram does not know this token")
    if isinstance(error, told.BadRequest):
        return _refused(str(error).lower())
    if isinstance(error, NotSent):
        return TryLater()
    if isinstance(error, AnswerLost | told.TimedOut) or not isinstance(error, told.NetworkError):
        return OutcomeUnknown(type(error).__name__)
    return TryLater()


def _refused(said: str) -> SendFailed:
    if any(sign in said for sign in _NOT_THERE):
        return Unreachable("the chat is not there")
    if any(sign in said for sign in _GONE):
        return MessageGone("the message is gone")
    if any(sign in said for sign in _UNCHANGED):
        return Unchanged("nothing to change")
    return Refused("Telegram says the call is wrong")
