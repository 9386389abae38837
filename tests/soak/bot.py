"""The bot under soak: `python -m tests.soak.bot URL API_URL SPEED SOCKET`, the real one on a clock that it is told.

This process only reads and imports what every start reads and imports; for each line on its input it forks a bot, says
its process id, and then how it ended. A bot reads "STEP SECONDS" lines from the socket, the bot's present from then
on, and says "STEP 1" when nothing due, waiting or on its way is left at that step. What is real and what stands in is
told in docs/reliability.md.
"""

import asyncio
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.app import Nearer, Plan, Shelf, opened, read_shelf
from bot.console.run import serve
from bot.content import CONTENT
from bot.domain.errors import NearerError
from bot.local.people import DOT
from bot.storage.address import read_address
from tests.databases import KEY
from tests.life import WordEar
from tests.soak.quick import run_quickly

TOKEN = "1:local"
#: While time stands, what is due is looked at again after so many real seconds.
LOOK_S = 5.0


class Easel(Executor):
    """Gives one dot for every picture: drawing is tested and measured elsewhere."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A picture, at once."""
        done: Future[Any] = Future()
        done.set_result(DOT)
        return done


class Told:
    """The clock as it was told last, and the step that it belongs to."""

    def __init__(self) -> None:
        self.step, self._now = 0, datetime.now(UTC)
        self.moved = asyncio.Event()

    def now(self) -> datetime:
        """Aware UTC."""
        return self._now

    def read(self, line: str) -> None:
        """A line of the protocol."""
        step, seconds = line.split()
        self._now = datetime.fromtimestamp(float(seconds), UTC)
        self.step = int(step)
        self.moved.set()


async def main(url: str, api_url: str, speed: float, socket: str, shelf: Shelf) -> int:
    """Until the conductor closes the connection; the exit code."""
    told = Told()
    lines, answers = await asyncio.open_unix_connection(socket)
    told.read((await lines.readline()).decode())
    plan = Plan(token=TOKEN, keys=(KEY,), database=read_address(url), api_url=api_url, rate=1000.0, now=told.now)
    async with opened(plan, drawing=Easel(), reader=WordEar(), shelf=shelf) as nearer:
        await _succeed(nearer)
        end = asyncio.Event()
        following = asyncio.create_task(_follow(lines, told, end))
        ticking = asyncio.create_task(_tick(nearer, told, answers, end, speed))
        died = await serve(nearer, end)
        end.set()
        told.moved.set()
        await ticking
        following.cancel()
        answers.close()
        return died


async def _succeed(nearer: Nearer) -> None:
    """Whoever was killed here before has not lived for longer than a lease, by the clock that the soak is on."""
    async with nearer.kit.store.write() as work:
        await work.facts.bury_workers(datetime.now(UTC) + timedelta(minutes=1))
        await work.facts.worker_lives(nearer.kit.worker, datetime.now(UTC))
    await nearer.ticks.orphans()


async def _follow(lines: asyncio.StreamReader, told: Told, end: asyncio.Event) -> None:
    while not end.is_set() and (line := await lines.readline()):
        told.read(line.decode())
    end.set()
    told.moved.set()


async def _tick(nearer: Nearer, told: Told, answers: asyncio.StreamWriter, end: asyncio.Event, speed: float) -> None:
    """The ticks of what falls due whenever time has moved, beside the scheduler's own, which go by real seconds."""
    tidied = told.now()
    while not end.is_set():
        step = told.step
        told.moved.clear()
        ticks: list[Callable[[], Awaitable[object]]] = [nearer.ticks.questions, nearer.ticks.reflections]
        if told.now() - tidied > timedelta(hours=6):
            tidied = told.now()
            ticks.append(nearer.ticks.upkeep)
        well = [await _done(tick) for tick in ticks]
        if all(well) and await _came_to_rest(nearer, told, speed):
            answers.write(f"{step} 1\n".encode())
            with suppress(TimeoutError):
                await asyncio.wait_for(told.moved.wait(), LOOK_S * speed)
        elif not told.moved.is_set():
            await asyncio.sleep(0.01 * speed)


async def _came_to_rest(nearer: Nearer, told: Told, speed: float) -> bool:
    """Waits until nothing is on its way; False when time moved on before that, or the database is in trouble."""
    while not told.moved.is_set():
        if _at_rest(nearer):
            try:
                async with nearer.kit.store.read() as work:
                    waiting = await work.inbox.waiting(1)
            except NearerError:
                return False
            if not waiting and _at_rest(nearer):
                return True
        with suppress(TimeoutError):
            await asyncio.wait_for(told.moved.wait(), 0.002 * speed)
    return False


def _at_rest(nearer: Nearer) -> bool:
    return nearer.inbox.idle and nearer.follower.idle and nearer.kit.outbox.idle


async def _done(tick: Callable[[], Awaitable[object]]) -> bool:
    """Whether it ended well; trouble that the real ticks survive is survived here too."""
    try:
        await tick()
    except NearerError as trouble:
        structlog.get_logger().error("tick.trouble", reason=type(trouble).__name__)
        return False
    return True


def _forked(url: str, api_url: str, speed: str, socket: str, shelf: Shelf) -> int:
    """The process id of a bot of its own."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = run_quickly(main(url, api_url, float(speed), socket, shelf), float(speed))
    except BaseException:  # noqa: BLE001 - what ends a fork is told, and goes no further
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=sys.stderr))
    read = read_shelf(("en",), CONTENT)
    for _ in sys.stdin:
        number = _forked(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], read)
        _say(number)
        _say(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]))
