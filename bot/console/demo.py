"""`nearer demo`: the real bot on SQLite with a Telegram of its own on this machine, and a clock that travels."""

import argparse
import asyncio
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import Nearer, Plan, opened
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.console.run import ending, greet, serve
from bot.local.clock import TravellingClock
from bot.local.telegram import LocalTelegram
from bot.storage.address import read_address
from bot.storage.sealing import new_key, read_keys

FOLDER = Path(".demo")
KEY = FOLDER / "nearer.key"
TOKEN = "1:demo"  # noqa: S105 - the local Telegram's own
#: A travelling clock rests here and there even when nothing is due, so that retries and leases live too.
STRIDE = timedelta(hours=6)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the page listens."""
    parser.add_argument("--port", type=int, default=8420, help="port of the page on 127.0.0.1 (default 8420)")


def run(asked: argparse.Namespace) -> int:
    """Runs until Ctrl-C; each start begins a fresh demo."""
    set_up_logs(as_json=False)
    return run_loop(_demo(asked.port, _fresh_key()))


def _fresh_key() -> str:
    """An empty folder for the demo, and in it a key of its own."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    KEY.touch(mode=0o600)
    key = new_key()
    KEY.write_text(key + "\n", encoding="ascii")
    return key


async def _demo(port: int, key: str) -> int:
    clock = TravellingClock()
    journey = Journey(clock)
    about = f"What you write here stays in {FOLDER}/nearer.db, sealed with the key in {KEY}. Each start begins anew."
    async with LocalTelegram(clock=clock, token=TOKEN, port=port, travel=journey.to, about=about) as telegram:
        plan = Plan(
            token=TOKEN,
            keys=read_keys(key),
            database=read_address(f"sqlite:///{FOLDER}/nearer.db"),
            api_url=telegram.url,
            operator="you, on this machine",
            now=clock.now,
        )
        async with opened(plan) as nearer:
            journey.nearer = nearer
            await greet(nearer)
            sys.stdout.write(f"\n  Nearer is at {telegram.url}\n  Ctrl-C ends it.\n\n")
            sys.stdout.flush()
            return await serve(nearer, ending())


class Journey:
    """Moves the clock on, stopping wherever something falls due, so that a week is lived and not skipped."""

    def __init__(self, clock: TravellingClock) -> None:
        self.nearer: Nearer | None = None
        self._clock = clock
        self._turn = asyncio.Lock()

    async def to(self, moment: datetime) -> None:
        """Lives on to `moment`; what fell due on the way has been sent by then."""
        async with self._turn:
            while self.nearer is not None and self._clock.now() < moment:
                await live_to(self.nearer, self._clock, moment)


async def live_to(nearer: Nearer, clock: TravellingClock, moment: datetime) -> None:
    """One step towards `moment`: to the next thing due, and what is due there is done."""
    now = clock.now()
    async with nearer.kit.store.read() as work:
        due = [await work.subscribers.next_due_at(), await work.deliveries.next_due_at()]
    ahead = [at for at in due if at is not None and at > now]
    clock.move_to(min([*ahead, moment, now + STRIDE]))
    await nearer.ticks.everything()
