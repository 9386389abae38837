"""Updates are kept, sealed, before Telegram is told; then handled, different chats together, one chat in order.

Any number of processes do so; each takes whole chats. `Updater` confirms what is only in memory.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, TelegramError
from telegram.request import BaseRequest

from bot.chat.failures import heard
from bot.chat.faults import answer_for, set_aside
from bot.chat.incoming import handle
from bot.chat.offset import Offset
from bot.chat.plain import plain
from bot.chat.transport import Form
from bot.domain.errors import (
    OutcomeUnknown,
    Slowed,
    StorageTrouble,
    TokenRevoked,
    TryLater,
    Unreachable,
)
from bot.journeys import reachable
from bot.journeys.kit import Kit
from bot.journeys.outage import gap_known, note_gap, note_heard, tell_of_gap
from bot.storage.inbox import Arrived
from bot.storage.store import Work

#: The kinds of updates that Nearer has a use for.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")
POLL_S = 25
BATCH = 100
#: So many updates are in hand at once; those beyond wait where any process can take them.
IN_HAND = 200
#: While chats are being handled, what waits is looked at this often and not after each of them.
LOOK_EVERY_S = 0.01
#: After trouble on the way, and for what another process kept, the next look at what waits.
PAUSE_S = 1.0
#: What was taken longer ago than this is asked for again before it is handled: half of a worker's lease.
SURELY_OURS_S = 4.0
#: Where the person of an update is found, kind by kind.
_CHAT_AT: Mapping[str, tuple[str, ...]] = {
    "message": ("chat", "id"),
    "edited_message": ("chat", "id"),
    "channel_post": ("chat", "id"),
    "my_chat_member": ("chat", "id"),
    "callback_query": ("from", "id"),
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Taken:
    """One chat's updates, and when they became ours by the event loop's clock."""

    updates: Sequence[Arrived]
    at: float


async def _keep(work: Work, batches: Sequence[tuple[Sequence[Arrived], datetime]]) -> Sequence[None]:
    for arrived, now in batches:
        await work.inbox.keep(arrived, now)
    return [None] * len(batches)


async def _done(work: Work, update_ids: Sequence[int]) -> Sequence[bytes | None]:
    """Handled; each is told of the last outage, which its person may have to be told of."""
    await work.inbox.done(update_ids)
    return [await gap_known(work)] * len(update_ids)


@dataclass(slots=True)
class Inbox:
    """Takes updates in and works them off. `machine_now` is the machine's own clock, which leases go by; `source` is
    the connection for polling.

    `polled_well`: the last poll was answered; `lost_at`: when another process last took one from us. Once `ending`
    is set, nothing more is taken in hand.
    """

    kit: Kit
    bot: Bot
    machine_now: Callable[[], datetime]
    source: BaseRequest
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    polled_well: bool = False
    lost_at: datetime | None = None
    ending: bool = False
    surely_ours_s: float = SURELY_OURS_S
    _busy: dict[int, _Taken] = field(default_factory=dict)
    _noted_at: datetime | None = None

    async def poll(self) -> None:
        """Asks Telegram for updates, for good: a batch is kept before the next offset confirms it."""
        offset = Offset()
        await note_gap(self.kit)
        while True:
            try:
                # The first look does not wait: whether Telegram answers is known at once.
                wait = POLL_S if self.polled_well else 0
                updates = await self._ask(offset.value, wait)
                await self.keep(updates)
            except TelegramError as error:
                await self._poll_failed(error)
                continue
            except StorageTrouble as trouble:
                log.error("inbox.not_kept", reason=str(trouble))
                await asyncio.sleep(PAUSE_S)
                continue
            self.polled_well = True
            await self._note_polled()
            offset.confirm(updates, self.kit.now())

    async def _ask(self, offset: int | None, wait: int) -> list[dict[str, Any]]:
        """getUpdates, as Telegram answers it: the library's objects would be made only to be taken apart again."""
        asked = {"timeout": wait, "limit": BATCH, "allowed_updates": json.dumps(WANTED)}
        form = Form(urlencode(asked if offset is None else {"offset": offset, **asked}).encode())
        updates: Any = await self.source.post(f"{self.bot.base_url}/getUpdates", form.as_request())
        return [one for one in updates if isinstance(one, dict) and isinstance(one.get("update_id"), int)]

    async def be_reachable(self) -> None:
        """Notes, as polling does, for good, that Telegram can bring updates here: nobody asks for them."""
        await note_gap(self.kit)
        while True:
            await self._note_polled()
            await asyncio.sleep(PAUSE_S * 30)

    async def _note_polled(self) -> None:
        """Remembers, once a minute, that Telegram was heard: a later start can tell how long it was not."""
        now = self.kit.now()
        if self._noted_at is None or now - self._noted_at > timedelta(minutes=1):
            self._noted_at = now
            with suppress(StorageTrouble):
                await note_heard(self.kit)

    async def keep(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keeps updates durably, in one commit with whatever else is being kept; only then may they be acknowledged.

        Raises StorageTrouble; then nothing was kept.
        """
        if updates:
            await self.kit.store.in_bulk(_keep, ([_arrived(update) for update in updates], self.kit.now()))
            self.kit.meter.kept(len(updates))
            self.arrived.set()

    async def work(self) -> None:
        """Handles what waits, whoever kept it, for good."""
        async with asyncio.TaskGroup() as chats:
            while True:
                look = self.arrived.is_set() or await self._any_free()
                self.arrived.clear()
                if not look or not await self._start_waiting(chats):
                    await self._rest()
                if self._busy:
                    await asyncio.sleep(LOOK_EVERY_S)

    @property
    def idle(self) -> bool:
        """Whether no update is being handled."""
        return not self._busy

    async def drain(self) -> None:
        """Handles what waits now, until nothing does."""
        while True:
            async with asyncio.TaskGroup() as chats:
                if not await self._start_waiting(chats):
                    return

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self.arrived.wait(), PAUSE_S)
        except TimeoutError:
            return

    async def _any_free(self) -> bool:
        """A look that writes nothing: what another process kept is found by it."""
        try:
            async with self.kit.store.read() as work:
                return await work.inbox.any_free()
        except StorageTrouble as trouble:
            log.error("inbox.not_read", reason=str(trouble))
            return False

    async def _start_waiting(self, chats: asyncio.TaskGroup) -> int:
        """Takes chats that have something waiting and that nobody is at, a task for each; returns how many."""
        free = IN_HAND - sum(len(taken.updates) for taken in self._busy.values())
        if free <= 0 or self.ending:
            return 0
        at = asyncio.get_running_loop().time()
        try:
            waiting = await self.kit.store.together(lambda work: self._take(work, free))
        except StorageTrouble as trouble:
            log.error("inbox.not_read", reason=str(trouble))
            return 0
        by_chat: dict[int, list[Arrived]] = {}
        for arrived in waiting:
            by_chat.setdefault(arrived.chat_id or 0, []).append(arrived)
        for chat, updates in by_chat.items():
            self._busy[chat] = _Taken(updates, at)
            chats.create_task(self._handle_chat(chat))
        return len(by_chat)

    async def _take(self, work: Work, limit: int) -> list[Arrived]:
        """Whoever takes is alive, and says so in the same breath: a lease begins with it."""
        await work.facts.worker_lives(self.kit.worker, self.machine_now())
        return await work.inbox.take(self.kit.worker, limit)

    async def _handle_chat(self, chat: int) -> None:
        """One chat's updates in order; where one has to wait, those after it wait too."""
        taken = self._busy[chat]
        left = list(taken.updates)
        try:
            while left and not self.ending and await self._ours(taken, left[0]):
                if not await self._counted(left[0]):
                    await asyncio.sleep(PAUSE_S)
                    break
                del left[0]
            await self._let_go(left)
        except StorageTrouble as trouble:
            log.error("inbox.not_settled", reason=str(trouble))
            await asyncio.sleep(PAUSE_S)
            with suppress(StorageTrouble):
                await self._let_go(left)
        finally:
            del self._busy[chat]
            self.arrived.set()

    async def _ours(self, taken: _Taken, arrived: Arrived) -> bool:
        """Whether this update is still ours: a process that stood still may have been given up for dead."""
        if asyncio.get_running_loop().time() - taken.at < self.surely_ours_s:
            return True
        async with self.kit.store.read() as work:
            return bool(await work.inbox.still_of(self.kit.worker, [arrived.update_id]))

    async def _let_go(self, left: Sequence[Arrived]) -> None:
        ids = [arrived.update_id for arrived in left]
        if ids:
            await self.kit.store.together(lambda work: work.inbox.let_go(self.kit.worker, ids))

    async def _counted(self, arrived: Arrived) -> bool:
        began = asyncio.get_running_loop().time()
        done = await self._handle(arrived)
        self.kit.meter.handled("done" if done else "again", asyncio.get_running_loop().time() - began)
        return done

    async def _handle(self, arrived: Arrived) -> bool:
        """Handles one update; False when it is to be tried again."""
        if arrived.body is None:
            return await set_aside(self.kit, arrived)
        try:
            await handle(self.kit, Update.de_json(arrived.body, self.bot))
        except (Slowed, TokenRevoked, TryLater, StorageTrouble) as trouble:
            return await self._again(arrived, trouble)
        except Unreachable:
            await reachable.turned(self.kit, arrived.chat_id or 0, blocked=True)
        except OutcomeUnknown:
            log.warning("answer.unknown", update=arrived.update_id)
        except Exception as error:  # noqa: BLE001 - the one place that answers for any fault of ours
            return await answer_for(self.kit, arrived, error)
        gap = await self.kit.store.in_bulk(_done, arrived.update_id)
        if gap is not None and arrived.chat_id is not None:
            await tell_of_gap(self.kit, arrived.chat_id, gap)
        return True

    async def _again(self, arrived: Arrived, trouble: Exception) -> bool:
        if isinstance(trouble, Slowed) and trouble.after is not None:
            self.kit.pace.pause(trouble.after.total_seconds())
        log.warning("update.waits", update=arrived.update_id, reason=type(trouble).__name__)
        return False

    async def _poll_failed(self, error: TelegramError) -> None:
        self.polled_well = False
        if isinstance(error, Conflict):
            self.lost_at = self.kit.now()
            log.error("poll.conflict", hint="another process polls with this token, or a webhook is set")
        else:
            log.warning("poll.failed", reason=type(heard(error)).__name__)
        await asyncio.sleep(PAUSE_S * 3)


def _arrived(body: dict[str, Any]) -> Arrived:
    update = plain(body)
    kind = next((name for name in _CHAT_AT if name in update), None)
    place: Any = update
    for step in (kind, *_CHAT_AT[kind]) if kind else ():
        place = place.get(step, {}) if isinstance(place, dict) else {}
    return Arrived(int(update["update_id"]), place if isinstance(place, int) else None, update)
