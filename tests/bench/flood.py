"""Replies in a flood: the storage alone, and the whole way from an update to its words kept."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.console.seed import FIRST_CHAT
from bot.domain.records import Marks, Reply
from bot.storage.address import read_address
from bot.storage.sealing import Sealer, read_keys
from bot.storage.store import Store, Work, make_engine
from tests.bench.ours import home
from tests.bench.stage import Home, telegram
from tests.bench.table import Row

#: So many people write at once, as the inbox lets them in.
AT_ONCE = 64
TEXT = "drove round the ring road twice before going up, then sat in the car for a song"


def storage_alone(name: str, engine: str, count: int = 6_000) -> list[Row]:
    """Replies kept a second, each durable before it is acknowledged."""
    with home(engine) as place:
        place.seed(1_000, time.time() + 7_200)
        seconds = asyncio.run(_keep(place, count))
    return [Row(name, "replies a second", count / seconds, "")]


def _store(place: Home) -> Store:
    return Store(make_engine(read_address(place.database)), Sealer(read_keys(place.key)))


async def _keep(place: Home, count: int) -> float:
    store = _store(place)
    now = datetime.now(UTC)

    async def keep(work: Work, replies: Sequence[Reply]) -> Sequence[Reply]:
        return await work.replies.keep_all(replies)

    async def writer(first: int) -> None:
        for number in range(first, count, AT_ONCE):
            await store.in_bulk(keep, Reply(0, number % 1_000 + 1, f"m{number}", now.date(), now, TEXT, Marks()))

    began = time.perf_counter()
    await asyncio.gather(*(writer(first) for first in range(AT_ONCE)))
    seconds = time.perf_counter() - began
    await store.close()
    return seconds


def whole_way(name: str, engine: str, people: int = 1_000, each: int = 3) -> list[Row]:
    """Updates in, care read, words sealed and durably kept: replies a second until the last is kept."""
    with home(engine) as place, telegram() as where:
        place.seed(people, time.time() + 7_200)
        bot = place.start(where)
        time.sleep(8)
        cpu, began = bot.cpu(), time.time()
        where.say([(FIRST_CHAT + number % people, f"{TEXT} {number}") for number in range(people * each)])
        kept = asyncio.run(_until_kept(place, people * each))
        seconds, spent = time.time() - began, bot.cpu() - cpu
        bot.end(kill=True)
    return [
        Row(name, "kept", kept, ""),
        Row(name, "replies a second", kept / seconds, ""),
        Row(name, "CPU a reply", 1000 * spent / max(1, kept), "ms"),
    ]


def killed(name: str, engine: str, people: int = 1_000) -> list[Row]:
    """SIGKILL in the middle of a flood, and a second start: what was acknowledged and is not kept."""
    with home(engine) as place, telegram() as where:
        place.seed(people, time.time() + 7_200)
        bot = place.start(where)
        time.sleep(8)
        where.say([(FIRST_CHAT + number, f"{TEXT} {number}") for number in range(people)])
        before = asyncio.run(_until_kept(place, people // 3))
        bot.end(kill=True)
        bot = place.start(where)
        kept = asyncio.run(_until_kept(place, people))
        bot.end()
    return [Row(name, "kept at the kill", before, ""), Row(name, "lost", people - kept, "")]


async def _until_kept(place: Home, count: int) -> int:
    store, kept, end = _store(place), 0, time.time() + 90
    while kept < count and time.time() < end:
        await asyncio.sleep(0.1)
        async with store.read() as work:
            kept = await work.replies.count_all()
    await store.close()
    return kept
