"""The only place that makes things and hands them on."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot

from bot.chat.inbox import POLL_S, Inbox
from bot.chat.sender import Sender
from bot.chat.throttle import CHAT_GAP_S, Throttle
from bot.chat.transport import AiohttpRequest
from bot.content import CONTENT
from bot.domain.errors import OldSchema
from bot.drawing import Drawing
from bot.hearing.judgement import Heard
from bot.hearing.listening import Ear, Hearing
from bot.jobs import JOINING_S, Ticks
from bot.journeys.kit import House, Kit
from bot.journeys.outbox import Outbox
from bot.places import load_places
from bot.storage import schema
from bot.storage.schema import Standing
from bot.storage.sealing import Sealer
from bot.storage.store import Store, make_engine
from bot.tongues import read_tongues

#: A value sealed with the key at the first start; a start that cannot open it has a wrong key.
_KEY_CHECK = "key_check"


class LateEar:
    """The reader of replies, loaded when there is one to read: it weighs as much as all the rest. For one thread."""

    def __init__(self) -> None:
        self._ear: Ear | None = None

    def hear(
        self,
        texts: Sequence[str],
        *,
        asked: Sequence[tuple[str, ...]] | None = None,
        leanings: Sequence[Mapping[str, float]] | None = None,
    ) -> list[Heard]:
        """What each text may show."""
        if self._ear is None:
            from bot.hearing.reader import load  # noqa: PLC0415 - onnxruntime and numpy come with it

            self._ear = load()
        return self._ear.hear(texts, asked=asked, leanings=leanings)


@dataclass(frozen=True, slots=True)
class Nearer:
    """The running bot."""

    kit: Kit
    bot: Bot
    inbox: Inbox
    ticks: Ticks
    throttle: Throttle

    async def settled(self, within: float) -> bool:
        """Waits until nothing is in flight, at most so many seconds; whether that came true."""
        end = asyncio.get_running_loop().time() + within
        while not (self.ticks.idle and self.inbox.idle):
            if asyncio.get_running_loop().time() > end:
                return False
            await asyncio.sleep(0.05)
        return True


@dataclass(frozen=True, slots=True)
class Plan:
    """What a Nearer is made of. `api_url` is a Bot API server's root; `now` gives aware UTC."""

    token: str
    keys: tuple[bytes, ...]
    database: URL
    api_url: str = "https://api.telegram.org"
    rate: float = 30.0
    chat_gap: float = CHAT_GAP_S
    paid: bool = False
    languages: tuple[str, ...] = ("en",)
    content: Path = CONTENT
    operator: str = ""
    access: str = "open"
    allowed: tuple[int, ...] = ()
    operators: tuple[int, ...] = ()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@asynccontextmanager
async def opened(plan: Plan, *, drawing: Executor | None = None, reader: Ear | None = None) -> AsyncIterator[Nearer]:
    """Opens everything in order: content, database and key first, so that nothing is sent before they hold.

    Raises NearerError with a sentence for the operator.
    """
    tongues = read_tongues(plan.languages, plan.content)
    engine = make_engine(plan.database)
    store = Store(engine, Sealer(plan.keys))
    own_drawing = drawing or ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    hearing = ThreadPoolExecutor(1, thread_name_prefix="hearing")
    request, polling = AiohttpRequest(connections=512), AiohttpRequest(connections=1, read=POLL_S + 15)
    try:
        await prepare(engine, store, plan)
        await request.initialize()
        await polling.initialize()
        bot = Bot(
            plan.token,
            base_url=f"{plan.api_url}/bot",
            base_file_url=f"{plan.api_url}/file/bot",
            request=request,
            get_updates_request=polling,
        )
        throttle = Throttle(plan.rate, chat_gap=plan.chat_gap)
        worker = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid4().hex[:6]}"
        kit = Kit(
            store=store,
            messenger=Sender(bot, throttle, paced=True),
            rounds=Sender(bot, throttle, paced=False, paid=plan.paid),
            pace=throttle,
            outbox=Outbox(store, throttle, worker, plan.now),
            tongues=tongues,
            ears=Hearing(reader or LateEar(), hearing),
            painter=Drawing(own_drawing),
            places=load_places(),
            house=house_of(plan),
            worker=worker,
            now=plan.now,
        )
        ticks = Ticks(kit)
        if await ticks.alive() > 1:
            throttle.pause(JOINING_S)
        yield Nearer(kit, bot, Inbox(kit, bot), ticks, throttle)
        await ticks.leave()
    finally:
        await request.shutdown()
        await polling.shutdown()
        hearing.shutdown(wait=False, cancel_futures=True)
        if drawing is None:
            own_drawing.shutdown(wait=False, cancel_futures=True)
        await store.close()


async def prepare(engine: AsyncEngine, store: Store, plan: Plan) -> None:
    """Checks the key, then the schema; an old one is migrated on SQLite and named on PostgreSQL."""
    where = await schema.standing(engine)
    if where is Standing.UNKNOWN:
        raise OldSchema("The database is newer than this Nearer. Run the newer version, or restore a backup.")
    if where is not Standing.EMPTY:
        await _check_key(store)
    if where is not Standing.CURRENT:
        if plan.database.get_backend_name() != "sqlite":
            raise OldSchema("The database is not on this version's schema. Run `nearer migrate`, then start again.")
        await schema.migrate(engine)
    await _keep_key_check(store, Sealer(plan.keys))


async def _check_key(store: Store) -> None:
    async with store.read() as work:
        known = await work.facts.read(_KEY_CHECK)
    if known is not None:
        store.sealer.open(known, column="facts.value", owner=0)


async def _keep_key_check(store: Store, sealer: Sealer) -> None:
    async with store.write() as work:
        if await work.facts.read(_KEY_CHECK) is None:
            await work.facts.write(_KEY_CHECK, sealer.seal("open", column="facts.value", owner=0))


def house_of(plan: Plan) -> House:
    """What /privacy tells of this installation, and who may come in."""
    return House(
        operator=plan.operator,
        on_sqlite=plan.database.get_backend_name() == "sqlite",
        access=plan.access,
        allowed=frozenset(plan.allowed),
        operators=frozenset(plan.operators),
    )
