"""aiogram, the rate's worth at once, then the rest of the second asleep."""

# mypy: disable-error-code="import-not-found,attr-defined,no-any-unimported"
import asyncio
import time

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.bench.peers.asked import TEXT, asked


async def main() -> None:
    """Sends to everybody once."""
    told = asked()
    bot = Bot(told.token, session=AiohttpSession(api=TelegramAPIServer.from_base(told.url)))
    await asyncio.sleep(max(0.0, told.at - time.time()))
    size = int(told.rate)
    for first in range(0, told.count, size):
        sends = (bot.send_message(chat, TEXT) for chat in told.chats[first : first + size])
        await asyncio.gather(*sends, return_exceptions=True)
        await asyncio.sleep(1)
    await bot.session.close()


if __name__ == "__main__":
    asyncio.run(main())
