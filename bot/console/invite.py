"""`nearer invite new`: prints a link that lets one person in, once; the bot's name is asked of Telegram."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from secrets import token_urlsafe

from bot.app import prepare
from bot.chat.profile import name_of_bot
from bot.console.run import plan_of
from bot.domain.errors import SendFailed
from bot.settings import Settings, SettingsError, read_settings
from bot.storage.sealing import Sealer
from bot.storage.store import Store, make_engine

#: Bytes of chance in a code: 22 letters of the 64 that a link may carry.
CODE_BYTES = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be done with invites."""
    parser.add_argument("what", choices=["new"], help="new: a link for one person; for ACCESS=invite")


def run(_asked: argparse.Namespace) -> int:
    """Prints one link on a line of its own. Raises NearerError with a sentence for the operator."""
    sys.stdout.write(asyncio.run(new_link(read_settings())) + "\n")
    return 0


async def new_link(settings: Settings) -> str:
    """Makes a code, keeps its hash, and gives the link that carries it."""
    try:
        name = await name_of_bot(settings.telegram_token, settings.telegram_api_url)
    except SendFailed:
        raise SettingsError("TELEGRAM_TOKEN: Telegram does not tell this bot's name. Check the token.") from None
    code = token_urlsafe(CODE_BYTES)
    plan = plan_of(settings)
    engine = make_engine(plan.database)
    store = Store(engine, Sealer(plan.keys))
    try:
        await prepare(engine, store, plan)
        async with store.write() as work:
            await work.invites.add(code, datetime.now(UTC))
    finally:
        await store.close()
    return f"https://t.me/{name}?start={code}"
