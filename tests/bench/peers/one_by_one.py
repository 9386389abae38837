"""Select all, send, sleep a thirtieth of a second."""

import asyncio
import time

from telegram import Bot
from telegram.error import TelegramError

from tests.bench.peers.asked import TEXT, asked


async def main() -> None:
    """Sends to everybody once."""
    told = asked()
    async with Bot(told.token, base_url=f"{told.url}/bot") as bot:
        await asyncio.sleep(max(0.0, told.at - time.time()))
        for chat in told.chats:
            try:
                await bot.send_message(chat, TEXT)
            except TelegramError:
                continue
            await asyncio.sleep(1 / told.rate)


if __name__ == "__main__":
    asyncio.run(main())
