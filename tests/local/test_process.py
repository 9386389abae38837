"""The Telegram in its own process, as the benchmark runs it."""

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp

from bot.local.__main__ import options, telegram_of

ROOT = Path(__file__).parents[2]


async def test_it_says_where_it_is_serves_and_ends_when_told() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.local", "--page", stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession(url) as session:
        async with session.get("/bot1:local/getMe") as answer:
            assert (await answer.json())["result"]["is_bot"]
        async with session.get("/") as page:
            assert page.status == 200
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


def test_its_options_become_pace_and_faults() -> None:
    chosen = options(["--pace", "30", "--chat-pace", "0", "--bad-gateway", "0.02", "--stars", "5"])
    telegram = telegram_of(chosen)
    assert telegram.cloud.pace is not None
    assert (telegram.cloud.pace.rate, telegram.cloud.pace.chat_rate, telegram.cloud.pace.stars) == (30, None, 5)
    assert telegram_of(options([])).cloud.pace is None
