"""Telegram's own words for every call it turns down.

The wording follows Telegram's published Bot API server; clients match on these words,
so they are kept to the letter.
"""

from typing import Any

from bot.local.rules import Problem


class Refusal(Exception):
    """A call turned down: HTTP status, Telegram's description, perhaps parameters (`retry_after` …)."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def copy(self) -> "Refusal":
        """A fresh one to raise: an exception raised again and again would gather its traces."""
        return Refusal(self.status, self.description, **self.parameters)

    def as_json(self) -> dict[str, Any]:
        """The body of the answer, shaped as Telegram's."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad(words: str) -> Refusal:
    """400 in Telegram's form."""
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    """403 in Telegram's form."""
    return Refusal(403, f"Forbidden: {words}")


def flood(seconds: int) -> Refusal:
    """429: to be tried again after `seconds`."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def unauthorized() -> Refusal:
    """A token that is not this bot's."""
    return Refusal(401, "Unauthorized")


def not_found() -> Refusal:
    """A method that the Bot API does not have."""
    return Refusal(404, "Not Found")


def polled_twice() -> Refusal:
    """What the earlier of two long polls is told."""
    return _conflict("terminated by other getUpdates request; make sure that only one bot instance is running")


def polled_beside_webhook() -> Refusal:
    """getUpdates while a webhook is set."""
    words = "can't use getUpdates method while webhook is active"
    return _conflict(f"{words}; use deleteWebhook to delete the webhook first")


def ended_by_webhook() -> Refusal:
    """What a long poll is told when a webhook is set."""
    return _conflict("terminated by setWebhook request")


def moved(chat_id: int) -> Refusal:
    """A group that became a supergroup with another id."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refusal(400, words, migrate_to_chat_id=chat_id)


def _conflict(words: str) -> Refusal:
    return Refusal(409, f"Conflict: {words}")


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_GONE = "query is too old and response timeout expired or query ID is invalid"
TEXT_EMPTY = "message text is empty"
TOO_LONG = "message is too long"
CAPTION_TOO_LONG = "message caption is too long"

_MISSING = {
    "chat_id": "chat_id is empty",
    "text": TEXT_EMPTY,
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "callback_query_id": QUERY_GONE,
    "user_id": "invalid user_id specified",
    "file_id": "invalid file_id",
    "action": "wrong parameter action in request",
    "url": "bad webhook: URL is empty",
}
_OVER_LIMIT = {
    "caption": CAPTION_TOO_LONG,
    "callback_data": "BUTTON_DATA_INVALID",
    "command": "BOT_COMMAND_INVALID",
    "description": "BOT_COMMAND_DESCRIPTION_INVALID",
    "secret_token": "secret token contains unallowed characters",
}


def of_problem(method: str, problem: Problem) -> Refusal:
    """What Telegram says of a malformed call; plain words of ours where it would let it pass."""
    field = problem.field
    if problem.kind == "missing" and field in _MISSING and len(problem.path) == 1:
        return bad(_MISSING[field])
    if problem.kind == "limit":
        return bad(_over_limit(method, field) or str(problem))
    own = {
        "blank": TEXT_EMPTY,
        "parse_mode": "unsupported parse_mode",
        "reaction": "REACTION_INVALID",
        "no action": "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    }
    if problem.kind == "type" and field == "reply_markup":
        return bad("object expected as reply markup")
    if problem.kind == "type" and field == "chat_id":
        return bad("chat not found")
    return bad(own.get(problem.kind, str(problem)))


def _over_limit(method: str, field: str) -> str | None:
    if field != "text":
        return _OVER_LIMIT.get(field)
    return TOO_LONG if method == "sendMessage" else "MESSAGE_TOO_LONG"
