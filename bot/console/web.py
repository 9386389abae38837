"""`nearer web`: takes updates in by the webhook, answers them, and sends what falls due; one of any number."""

import argparse

from bot.chat.lone import lone_bot
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.console.run import run_all
from bot.domain.errors import SendFailed
from bot.settings import Settings, SettingsError, read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Settings come from the environment."""
    parser.add_argument("--remove", action="store_true", help="take the webhook back from Telegram, and end")


def run(asked: argparse.Namespace) -> int:
    """Serves until it is told to end."""
    settings = read_settings()
    set_up_logs(as_json=settings.log_json)
    if asked.remove:
        return run_loop(_remove(settings))
    if not settings.webhook_url:
        raise SettingsError("WEBHOOK_URL is missing: the address, as https://host, at which Telegram reaches this.")
    return run_loop(run_all(settings))


async def _remove(settings: Settings) -> int:
    async with lone_bot(settings.telegram_token, settings.telegram_api_url) as bot:
        try:
            await bot.remove_webhook()
        except SendFailed:
            raise SettingsError("Telegram did not take the webhook back. See `nearer doctor`.") from None
    return 0
