"""`nearer run`: polling and ticks in one process, until SIGTERM or Ctrl-C; then what is in flight is finished."""

import argparse
import asyncio
import signal
from typing import Any

import structlog

from bot.app import Nearer, Plan, opened
from bot.chat.failures import telegram_door
from bot.chat.profile import set_profile
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.domain.errors import SendFailed, TokenRevoked
from bot.settings import Settings, SettingsError, read_settings
from bot.storage.address import read_address
from bot.storage.sealing import read_keys

#: What is in flight at the end gets so long.
GRACE_S = 9.0

log = structlog.get_logger()


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None: settings come from the environment."""


def run(_asked: argparse.Namespace) -> int:
    """Runs until it is told to end."""
    settings = read_settings()
    set_up_logs(as_json=settings.log_json)
    return run_loop(_run(settings))


def plan_of(settings: Settings) -> Plan:
    """What the settings ask for."""
    return Plan(
        token=settings.telegram_token,
        keys=read_keys(settings.nearer_key),
        database=read_address(settings.database_url),
        api_url=settings.telegram_api_url,
        rate=settings.send_rate,
        paid=settings.paid_broadcast,
        languages=settings.languages,
        operator=settings.operator,
        access=settings.access,
        allowed=settings.allowed,
        operators=settings.operators,
    )


async def _run(settings: Settings) -> int:
    async with opened(plan_of(settings)) as nearer:
        await greet(nearer)
        return await serve(nearer, ending())


async def greet(nearer: Nearer) -> None:
    """Checks the token and sets the profile. Raises SettingsError for a token that Telegram does not know."""
    try:
        with telegram_door():
            await nearer.bot.get_me()
        await set_profile(nearer.kit, nearer.bot)
    except TokenRevoked:
        raise SettingsError("TELEGRAM_TOKEN: Telegram does not know this token. Ask @BotFather for it.") from None
    except SendFailed as failure:
        log.warning("profile.not_set", reason=type(failure).__name__)


def ending() -> asyncio.Event:
    """Set when the process is asked to end."""
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    return end


async def serve(nearer: Nearer, end: asyncio.Event, *, polls: bool = True) -> int:
    """Polls, works and ticks until `end`, or only ticks; 1 when one of them died, loudly."""
    nearer.ticks.start()
    ended = asyncio.create_task(end.wait())
    polling = [asyncio.create_task(nearer.inbox.poll())] if polls else []
    working = [asyncio.create_task(nearer.inbox.work())] if polls else []
    log.info("started", worker=nearer.kit.worker)
    parts: list[asyncio.Future[None]] = [*polling, *working, nearer.ticks.failed]
    watched: set[asyncio.Future[Any]] = {*parts, ended}
    await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
    for task in polling:
        task.cancel()
    nearer.ticks.stop()
    await nearer.settled(GRACE_S)
    for task in working:
        task.cancel()
    dead = [part for part in parts if part.done() and not part.cancelled()]
    for part in dead:
        log.error("died", kind=type(part.exception()).__name__)
    await asyncio.gather(*polling, *working, return_exceptions=True)
    log.info("stopped")
    return 1 if dead else 0
