"""Telegram's refusals, as python-telegram-bot raises them over HTTP, become words of the field (D8, D9)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram import error as told

from bot.chat.failures import Unchanged, heard, telegram_door
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
from bot.local.refusals import NOT_MODIFIED, QUERY_GONE
from bot.local.telegram import LocalTelegram

WORDS = "the words that were being sent"


async def refused(telegram: LocalTelegram, bot: Bot, status: int, said: str, **parameters: int) -> SendFailed:
    """What a send becomes that Telegram turns down so."""
    telegram.fail_next("sendMessage", status=status, description=said, **parameters)
    with pytest.raises(SendFailed) as failure, telegram_door():
        await bot.send_message(1, WORDS)
    assert WORDS not in str(failure.value)
    assert telegram.token not in str(failure.value)
    assert failure.value.__cause__ is None
    return failure.value


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (400, "Bad Request: chat not found", Unreachable),
        (400, "Bad Request: user not found", Unreachable),
        (400, "Bad Request: PEER_ID_INVALID", Unreachable),
        (403, "Forbidden: bot was blocked by the user", Unreachable),
        (403, "Forbidden: user is deactivated", Unreachable),
        (403, "Forbidden: bot can't initiate conversation with a user", Unreachable),
        (401, "Unauthorized", TokenRevoked),
        (404, "Not Found", TokenRevoked),
        (400, f"Bad Request: {NOT_MODIFIED}", Unchanged),
        (400, f"Bad Request: {QUERY_GONE}", MessageGone),
        (400, "Bad Request: message to edit not found", MessageGone),
        (400, "Bad Request: message to react not found", MessageGone),
        (400, "Bad Request: message can't be deleted for everyone", MessageGone),
        (400, "Bad Request: MESSAGE_ID_INVALID", MessageGone),
        (400, "Bad Request: can't parse entities: unexpected end tag", Refused),
        (400, "Bad Request: message is too long", Refused),
        (409, "Conflict: terminated by other getUpdates request", OutcomeUnknown),
        (500, "Internal Server Error", TryLater),
        (502, "Bad Gateway", TryLater),
        (503, "Service Unavailable", TryLater),
        (413, "Request Entity Too Large", TryLater),
    ],
)
async def test_a_refusal_becomes_a_word_of_the_field(
    telegram: LocalTelegram, bot: Bot, status: int, said: str, kind: type[SendFailed]
) -> None:
    assert type(await refused(telegram, bot, status, said)) is kind


async def test_429_says_how_long_everybody_waits(telegram: LocalTelegram, bot: Bot) -> None:
    slowed = await refused(telegram, bot, 429, "Too Many Requests: retry after 7", retry_after=7)
    assert isinstance(slowed, Slowed)
    assert slowed.after == timedelta(seconds=7)


async def test_a_chat_that_moved_says_where(telegram: LocalTelegram, bot: Bot) -> None:
    said = "Bad Request: group chat was upgraded to a supergroup chat"
    moved = await refused(telegram, bot, 400, said, migrate_to_chat_id=-1001234567890)
    assert isinstance(moved, ChatMoved)
    assert moved.chat_id == -1001234567890


async def test_a_torn_connection_leaves_the_outcome_open(telegram: LocalTelegram, bot: Bot) -> None:
    telegram.reset_next("sendMessage")
    with pytest.raises(OutcomeUnknown) as failure, telegram_door():
        await bot.send_message(1, WORDS)
    assert WORDS not in str(failure.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NotSent("ClientConnectorError"), TryLater),
        (AnswerLost("ServerDisconnectedError"), OutcomeUnknown),
        (told.TimedOut(), OutcomeUnknown),
        (told.TelegramError("Invalid server response"), OutcomeUnknown),
        (told.EndPointNotFound("Endpoint 'x' not found"), TokenRevoked),
        (told.InvalidToken("The token 1:x was rejected"), TokenRevoked),
    ],
)
def test_what_happens_on_the_way_is_told_apart(error: told.TelegramError, kind: type[SendFailed]) -> None:
    assert type(heard(error)) is kind


@given(said=st.text(max_size=80))
def test_a_bad_request_is_never_tried_again_whatever_it_says(said: str) -> None:
    assert not isinstance(heard(told.BadRequest(said)), TryLater | OutcomeUnknown)


@given(
    said=st.text(st.sampled_from("αβγδ"), min_size=3, max_size=30),
    status=st.sampled_from(
        [told.BadRequest, told.Forbidden, told.NetworkError, told.TimedOut, told.Conflict, told.InvalidToken]
    ),
)
def test_telegrams_own_words_go_no_further(said: str, status: type[told.TelegramError]) -> None:
    assert said not in str(heard(status(said)))


def test_what_is_not_telegrams_passes_the_door() -> None:
    with pytest.raises(ZeroDivisionError), telegram_door():
        raise ZeroDivisionError
