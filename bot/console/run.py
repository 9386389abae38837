"""`nearer run`: all of it in one process, until SIGTERM or Ctrl-C; then what is in flight is finished.

Polls, or serves the webhook where WEBHOOK_URL is set.
"""

import argparse
import asyncio
import signal
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import structlog

from bot.app import Nearer, Plan, opened
from bot.chat.failures import telegram_door
from bot.chat.faults import place_of
from bot.chat.profile import set_profile
from bot.chat.webhook import set_webhook
from bot.console.errors import reporter
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.console.pages import hook_of, serving_of
from bot.console.readiness import by_polling, by_webhook
from bot.domain.errors import Refused, SendFailed, TokenRevoked
from bot.journeys.meter import Meter, Reporter, Silent, tell_nobody
from bot.settings import Settings, SettingsError, read_settings
from bot.storage.address import read_address
from bot.storage.sealing import read_keys
from bot.web.metrics import Metrics
from bot.web.serving import Serving

#: What is in flight at the end gets so long, after requests under way; together they stay under ten seconds.
GRACE_S = 6.0

log = structlog.get_logger()


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None: settings come from the environment."""


def run(_asked: argparse.Namespace) -> int:
    """Runs until it is told to end."""
    settings = read_settings()
    set_up_logs(as_json=settings.log_json)
    return run_loop(run_all(settings))


def plan_of(settings: Settings, meter: Meter | None = None, report: Reporter = tell_nobody) -> Plan:
    """What the settings ask for; `meter` and `report` are told of what happens."""
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
        keep_months=settings.keep_replies,
        deleted_list=Path(settings.deleted_list) if settings.deleted_list else None,
        meter=meter or Silent(),
        report=report,
    )


async def run_all(settings: Settings) -> int:
    """Polls, or serves the webhook where there is an address for it; works and ticks; until it is told to end."""
    metrics = Metrics()
    with reporter(settings.sentry_dsn) as report:
        async with opened(plan_of(settings, metrics, report)) as nearer:
            await greet(nearer)
            hooked = bool(settings.webhook_url)
            arrival = by_webhook(nearer, hook_of(settings)[0]) if hooked else by_polling(nearer)
            web = serving_of(nearer, settings, metrics, arrival, hooked=hooked) if settings.serves else None
            if hooked:
                await hook(nearer, settings)
            return await serve(nearer, ending(), way="hook" if hooked else "poll", web=web)


async def hook(nearer: Nearer, settings: Settings) -> None:
    """Tells Telegram of the webhook where it does not know it. Raises SettingsError where it refuses the address."""
    try:
        if await set_webhook(nearer.bot, *hook_of(settings)):
            log.info("webhook.set")
    except Refused:
        raise SettingsError(
            "WEBHOOK_URL: Telegram refuses it. It takes https on port 443, 80, 88 or 8443 with a valid certificate."
        ) from None
    except SendFailed as failure:
        log.warning("webhook.not_set", reason=type(failure).__name__)


async def greet(nearer: Nearer) -> None:
    """Checks the token and sets the profile. Raises SettingsError for a token that Telegram does not know."""
    try:
        with telegram_door():
            await nearer.bot.get_me()
    except TokenRevoked:
        raise SettingsError("TELEGRAM_TOKEN: Telegram does not know this token. Ask @BotFather for it.") from None
    except SendFailed as failure:
        log.warning("token.not_checked", reason=type(failure).__name__)
    try:
        await set_profile(nearer.kit, nearer.bot)
    except SendFailed as failure:
        log.warning("profile.not_set", reason=type(failure).__name__)


def ending() -> asyncio.Event:
    """Set when the process is asked to end."""
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    return end


async def serve(
    nearer: Nearer,
    end: asyncio.Event,
    *,
    way: Literal["poll", "hook", "none"] = "poll",
    web: Serving | None = None,
) -> int:
    """Works and ticks, takes updates in by that way, serves, until `end`; 1 when one of them died, loudly."""
    nearer.ticks.start()
    ways = {"poll": nearer.inbox.poll, "hook": nearer.inbox.be_reachable}
    taking = [asyncio.create_task(ways[way]())] if way in ways else []
    working = [asyncio.create_task(nearer.inbox.work()), asyncio.create_task(nearer.follower.work())]
    serving = [web.start()] if web is not None else []
    log.info("started", worker=nearer.kit.worker)
    parts: list[asyncio.Future[Any]] = [*taking, *working, *serving, nearer.ticks.failed]
    ended = asyncio.create_task(end.wait())
    await asyncio.wait([*parts, ended], return_when=asyncio.FIRST_COMPLETED)
    dead = [part for part in parts if part.done() and not part.cancelled()]
    for part in dead:
        _died(nearer, part.exception())
    for task in taking:
        task.cancel()
    nearer.inbox.ending = True
    nearer.ticks.stop()
    nearer.follower.stop()
    if web is not None:
        await web.stop()
    await nearer.settled(GRACE_S)
    for task in working:
        task.cancel()
    ended.cancel()
    await asyncio.gather(*taking, *working, *serving, ended, return_exceptions=True)
    log.info("stopped")
    return 1 if dead else 0


def _died(nearer: Nearer, error: BaseException | None) -> None:
    number = uuid4().hex[:8]
    place = place_of(error) if error is not None else ""
    log.error("died", fault=number, kind=type(error).__name__, place=place)
    if error is not None:
        nearer.kit.report(error, number)
