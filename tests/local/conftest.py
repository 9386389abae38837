"""A Telegram on this machine for each test, and python-telegram-bot's own Bot to call it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from telegram import Bot

from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> TravellingClock:
    return TravellingClock.standing_at(NOON)


@pytest.fixture
async def telegram(clock: TravellingClock) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(clock=clock) as running:
        yield running


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as calling:
        yield calling


@pytest.fixture
def mira(telegram: LocalTelegram) -> Person:
    """Somebody who has pressed Start."""
    person = telegram.person("Mira")
    person.start()
    return person


@pytest.fixture
async def http(telegram: LocalTelegram) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"{telegram.url}/bot{telegram.token}/") as session:
        yield session
