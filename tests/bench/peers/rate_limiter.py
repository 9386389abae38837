"""All at once, python-telegram-bot's AIORateLimiter at the rate allowed."""

import asyncio
import time

from telegram.ext import AIORateLimiter, Application

from tests.bench.peers.asked import TEXT, asked


async def main() -> None:
    """Sends to everybody once."""
    told = asked()
    limiter = AIORateLimiter(overall_max_rate=told.rate, overall_time_period=1)
    made = Application.builder().token(told.token).base_url(f"{told.url}/bot").rate_limiter(limiter).build()
    async with made:
        await asyncio.sleep(max(0.0, told.at - time.time()))
        sends = (made.bot.send_message(chat, TEXT) for chat in told.chats)
        await asyncio.gather(*sends, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main())
