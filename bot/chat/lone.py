"""Telegram asked a few things by a command that then ends; nothing is polled and nothing is sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Bot

from bot.chat.failures import telegram_door
from bot.chat.transport import AiohttpRequest
from bot.chat.webhook import Hooked, look, remove_webhook


@dataclass(frozen=True, slots=True)
class LoneBot:
    """What can be asked. Every method may raise SendFailed or one of its kinds."""

    _bot: Bot

    async def username(self) -> str:
        """The bot's name, without @."""
        with telegram_door():
            return str((await self._bot.get_me()).username)

    async def stars(self) -> int:
        """The balance that pays for paid broadcasts."""
        with telegram_door():
            return int((await self._bot.get_my_star_balance()).amount)

    async def webhook(self) -> Hooked:
        """What Telegram knows of the webhook."""
        return await look(self._bot)

    async def remove_webhook(self) -> None:
        """Takes the webhook back; what waits goes on waiting."""
        await remove_webhook(self._bot)


@asynccontextmanager
async def lone_bot(token: str, api_url: str) -> AsyncIterator[LoneBot]:
    """A bot with connections of its own, closed at the end."""
    request, unused = AiohttpRequest(connections=2), AiohttpRequest(connections=1)
    await request.initialize()
    try:
        yield LoneBot(Bot(token, base_url=f"{api_url}/bot", request=request, get_updates_request=unused))
    finally:
        await request.shutdown()
