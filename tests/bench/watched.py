"""`nearer run` with somebody beside it who measures how long its event loop stands still.

`python -m tests.bench.watched FILE [profile]` writes one line a stall above five milliseconds: moment, seconds,
and how much of them its thread was at work: the rest the machine gave to others.
"""

import asyncio
import cProfile
import sys
import time
from pathlib import Path

from bot.console import run
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.settings import read_settings

EVERY_S = 0.01


async def watch(path: Path) -> None:
    """Sleeps a little, for good; what it oversleeps is a stall."""
    with path.open("w", buffering=1) as out:
        while True:
            began, worked = time.monotonic(), time.thread_time()
            await asyncio.sleep(EVERY_S)
            stood = time.monotonic() - began - EVERY_S
            if stood > 0.005:
                out.write(f"{time.time()} {stood} {min(stood, time.thread_time() - worked)}\n")


async def watched(path: Path) -> int:
    """The bot and its watcher."""
    watching = asyncio.create_task(watch(path))
    try:
        return await run.run_all(read_settings())
    finally:
        watching.cancel()


def main() -> None:
    """The command."""
    set_up_logs(as_json=False)
    path = Path(sys.argv[1])
    if len(sys.argv) > 2:
        profile = cProfile.Profile()
        profile.runcall(run_loop, watched(path))
        profile.dump_stats(sys.argv[2])
        return
    sys.exit(run_loop(watched(path)))


if __name__ == "__main__":
    main()
