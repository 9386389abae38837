"""A Telegram in its own process: `python -m bot.local --port 8081 --latency 0.05 --pace 30`, for the benchmark.

Prints its address as the first line, then serves until it is told to end (Ctrl-C or SIGTERM).
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from bot.local.cloud import BOT_ID
from bot.local.faults import Faults
from bot.local.pace import Pace
from bot.local.telegram import LocalTelegram


def options(given: Sequence[str]) -> argparse.Namespace:
    """The command line, read. SystemExit with words for a wrong one."""
    parser = argparse.ArgumentParser(prog="python -m bot.local", description="A Telegram on this machine.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=f"{BOT_ID}:local")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--pace", type=float, help="messages a second over all; no limit if not given")
    parser.add_argument("--burst", type=float, help="how many at once; as the pace if not given")
    parser.add_argument("--chat-pace", type=float, default=1.0, help="messages a second in one chat, 0 for no limit")
    parser.add_argument("--stars", type=float, default=0.0, help="the balance that pays for paid broadcasts")
    parser.add_argument("--bad-gateway", type=float, default=0.0, help="share of calls answered 502")
    parser.add_argument("--reset", type=float, default=0.0, help="share of calls accepted, then torn down")
    parser.add_argument("--never-answered", type=float, default=0.0, help="share of calls accepted, not answered")
    parser.add_argument("--seed", type=int, default=1, help="for the faults")
    parser.add_argument("--keep", type=int, default=20_000, help="how many messages are remembered")
    parser.add_argument("--page", action="store_true", help="serve the chat page too")
    return parser.parse_args(given)


def telegram_of(chosen: argparse.Namespace) -> LocalTelegram:
    """The Telegram that the options ask for; the bot may write to anybody."""
    pace = None
    if chosen.pace is not None:
        chat_rate = chosen.chat_pace or None
        pace = Pace(rate=chosen.pace, burst=chosen.burst, chat_rate=chat_rate, stars=chosen.stars)
    faults = Faults(chosen.bad_gateway, chosen.reset, chosen.never_answered, chosen.seed)
    return LocalTelegram(
        token=chosen.token,
        port=chosen.port,
        latency=chosen.latency,
        pace=pace,
        faults=faults,
        page=chosen.page,
        open_record=True,
        open_to_all=True,
        keep=chosen.keep,
    )


async def serve(telegram: LocalTelegram) -> None:
    """Serve until SIGINT or SIGTERM."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with telegram:
        sys.stdout.write(f"{telegram.url}\n")
        sys.stdout.flush()
        await ended.wait()


def main() -> None:
    """The command."""
    asyncio.run(serve(telegram_of(options(sys.argv[1:]))))


if __name__ == "__main__":
    main()
