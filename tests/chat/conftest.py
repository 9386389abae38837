"""A Telegram on this machine, and python-telegram-bot's own Bot over our transport."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.chat.transport import AiohttpRequest
from bot.local.telegram import LocalTelegram


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram() as running:
        yield running


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with Bot(
        telegram.token,
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        request=AiohttpRequest(read=5.0),
        get_updates_request=AiohttpRequest(connections=1, read=5.0),
    ) as calling:
        yield calling
