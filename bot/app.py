"""The only place that makes things and hands them on."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot

from bot.chat.follower import Follower
from bot.chat.inbox import POLL_S, Inbox
from bot.chat.sender import Sender
from bot.chat.throttle import CHAT_GAP_S, Throttle
from bot.chat.transport import AiohttpRequest
from bot.content import CONTENT
from bot.domain.errors import ListTrouble, OldSchema
from bot.drawing import Drawing
from bot.hearing.listening import Ear, Hearing, LateEar, apart
from bot.jobs import JOINING_S, Ticks, sound_alarm
from bot.journeys.kit import House, Kit
from bot.journeys.meter import Meter, Reporter, Silent, tell_nobody
from bot.journeys.outbox import Outbox
from bot.places import PlaceTable, load_places
from bot.storage import schema
from bot.storage.departed import DepartedList, deleted_list_of, list_secret
from bot.storage.keyring import check_keys, note_key
from bot.storage.schema import Standing
from bot.storage.sealing import Sealer
from bot.storage.store import Store, make_engine
from bot.tongues import Tongue, read_tongues


def machine_now() -> datetime:
    """The machine's own clock: a demo's clock may travel, a lease may not."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Nearer:
    """The running bot."""

    kit: Kit
    bot: Bot
    inbox: Inbox
    ticks: Ticks
    throttle: Throttle
    follower: Follower
    engine: AsyncEngine

    async def settled(self, within: float) -> bool:
        """Waits until nothing is in flight, at most so many seconds; whether that came true."""
        end = asyncio.get_running_loop().time() + within
        while not (self.ticks.idle and self.inbox.idle and self.follower.idle):
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
    keep_months: int | None = None
    deleted_list: Path | None = None
    meter: Meter = field(default_factory=Silent)
    report: Reporter = tell_nobody


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is read from files at a start and never changes."""

    tongues: Mapping[str, Tongue]
    places: PlaceTable


def read_shelf(languages: Sequence[str], content: Path) -> Shelf:
    """Reads and checks it; most of the time that a start takes. Raises ContentError."""
    return Shelf(read_tongues(languages, content), load_places())


@asynccontextmanager
async def opened(
    plan: Plan, *, drawing: Executor | None = None, reader: Ear | None = None, shelf: Shelf | None = None
) -> AsyncIterator[Nearer]:
    """Opens everything in order: content, database and key first, so that nothing is sent before they hold.

    Raises NearerError with a sentence for the operator.
    """
    shelf = shelf or read_shelf(plan.languages, plan.content)
    engine = make_engine(plan.database)
    store = Store(engine, Sealer(plan.keys))
    own_drawing = drawing or ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    hearing = Hearing(reader or LateEar(), apart if reader is None else partial(ThreadPoolExecutor, 1))
    request, polling = AiohttpRequest(connections=512), AiohttpRequest(connections=1, read=POLL_S + 15)
    try:
        await prepare(engine, store, plan)
        begin_list(deleted_list_of(plan.database, plan.deleted_list))
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
            messenger=Sender(bot, throttle, paced=True, meter=plan.meter),
            rounds=Sender(bot, throttle, paced=False, paid=plan.paid, meter=plan.meter),
            pace=throttle,
            outbox=Outbox(store, throttle, worker, plan.now, plan.meter, sound_alarm),
            tongues=shelf.tongues,
            ears=hearing,
            painter=Drawing(own_drawing),
            places=shelf.places,
            house=house_of(plan),
            worker=worker,
            now=plan.now,
            alarm=sound_alarm,
            meter=plan.meter,
            report=plan.report,
        )
        ticks = Ticks(kit)
        if await ticks.alive() > 1:
            throttle.pause(JOINING_S)
        yield Nearer(kit, bot, Inbox(kit, bot, machine_now, polling), ticks, throttle, Follower(kit), engine)
        await ticks.leave()
    finally:
        await request.shutdown()
        await polling.shutdown()
        hearing.close()
        if drawing is None:
            own_drawing.shutdown(wait=False, cancel_futures=True)
        await store.close()


async def prepare(engine: AsyncEngine, store: Store, plan: Plan) -> None:
    """Checks the key, then the schema; an old one is migrated on SQLite and named on PostgreSQL."""
    where = await schema.standing(engine)
    if where is Standing.UNKNOWN:
        raise OldSchema("The database is newer than this Nearer. Run the newer version, or restore a backup.")
    if where is not Standing.EMPTY:
        await check_key(store)
    if where is not Standing.CURRENT:
        if plan.database.get_backend_name() != "sqlite":
            raise OldSchema("The database is not on this version's schema. Run `nearer migrate`, then start again.")
        await schema.migrate(engine)
    async with store.write() as work:
        await note_key(work.facts, store.sealer)
        await list_secret(work.facts)


async def check_key(store: Store) -> None:
    """Whether every key that has sealed here is at hand. Raises WrongKey, naming those that are not, or Damaged."""
    async with store.read() as work:
        await check_keys(work.facts, store.sealer)


def begin_list(path: Path) -> None:
    """Makes the list of deleted people where there is none, so that a restore finds it; says so where it cannot."""
    try:
        DepartedList(path).begin()
    except ListTrouble as trouble:
        sound_alarm(str(trouble))


def house_of(plan: Plan) -> House:
    """What /privacy tells of this installation, and who may come in."""
    return House(
        operator=plan.operator,
        on_sqlite=plan.database.get_backend_name() == "sqlite",
        access=plan.access,
        allowed=frozenset(plan.allowed),
        operators=frozenset(plan.operators),
        keep_months=plan.keep_months,
        deleted_list=deleted_list_of(plan.database, plan.deleted_list),
    )
