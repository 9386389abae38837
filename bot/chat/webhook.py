"""The webhook as Telegram sees it: set when it is not what it has to be, removed, looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Bot

from bot.chat.failures import telegram_door
from bot.chat.inbox import WANTED

#: An error older than this says nothing of now. Shorter than Telegram's pauses between tries, so that a process
#: that a balancer took out for it comes back before the next.
RECENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Hooked:
    """What Telegram tells of the webhook. `url` is "" where none is set."""

    url: str
    waiting: int
    failed_at: datetime | None
    wanted: frozenset[str]
    error: str = ""

    def failing(self, now: datetime, within: timedelta = RECENT) -> bool:
        """Whether updates wait and the last try to bring one failed lately."""
        return self.waiting > 0 and self.failed_at is not None and now - self.failed_at < within


async def look(bot: Bot) -> Hooked:
    """What Telegram knows. Raises SendFailed."""
    with telegram_door():
        info = await bot.get_webhook_info()
    wanted, error = frozenset(info.allowed_updates or ()), info.last_error_message or ""
    return Hooked(info.url, info.pending_update_count, info.last_error_date, wanted, error)


async def set_webhook(bot: Bot, url: str, secret: str) -> bool:
    """Sets it unless it is so; returns whether it was set. Another secret has another path. Raises SendFailed."""
    known = await look(bot)
    if known.url == url and known.wanted == frozenset(WANTED):
        return False
    with telegram_door():
        await bot.set_webhook(url, secret_token=secret, allowed_updates=WANTED)
    return True


async def remove_webhook(bot: Bot) -> None:
    """Takes it back, so that polling works; what waits goes on waiting. Raises SendFailed."""
    with telegram_door():
        await bot.delete_webhook()
