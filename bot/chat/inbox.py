"""Updates are kept, sealed, before Telegram is told; then handled, different chats together, one chat in order.

`Updater` would confirm updates that are only in memory; a kill would lose them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, TelegramError

from bot.chat.failures import heard
from bot.chat.incoming import handle
from bot.domain.errors import (
    OutcomeUnknown,
    SendFailed,
    Slowed,
    StorageTrouble,
    TokenRevoked,
    TryLater,
    Unreachable,
)
from bot.journeys import reachable
from bot.journeys.kit import Kit
from bot.journeys.messenger import Message
from bot.journeys.outage import note_gap, note_heard, tell_of_gap
from bot.storage.inbox import Arrived

#: The kinds of updates that Nearer has a use for.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")
POLL_S = 25
BATCH = 100
#: So many chats are handled at once: in a flood their words are kept while hearing and slots are still waited for.
AT_ONCE = 400
#: While chats are being handled, what waits is looked at this often and not after each of them.
LOOK_EVERY_S = 0.02
#: After trouble on the way, the next look at what waits.
PAUSE_S = 1.0
#: Where the person of an update is found, kind by kind.
_CHAT_AT: Mapping[str, tuple[str, ...]] = {
    "message": ("chat", "id"),
    "edited_message": ("chat", "id"),
    "channel_post": ("chat", "id"),
    "my_chat_member": ("chat", "id"),
    "callback_query": ("from", "id"),
}

log = structlog.get_logger()


@dataclass(slots=True)
class Inbox:
    """Takes updates in and works them off."""

    kit: Kit
    bot: Bot
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    polled_well: bool = False
    _busy: dict[int, Sequence[Arrived]] = field(default_factory=dict)
    _noted_at: datetime | None = None

    async def poll(self) -> None:
        """Asks Telegram for updates, for good: a batch is kept before the next offset confirms it."""
        offset: int | None = None
        await note_gap(self.kit)
        while True:
            try:
                updates = await self.bot.get_updates(offset=offset, timeout=POLL_S, limit=BATCH, allowed_updates=WANTED)
                await self.keep([update.to_dict() for update in updates])
            except TelegramError as error:
                await self._poll_failed(error)
                continue
            except StorageTrouble as trouble:
                log.error("inbox.not_kept", reason=str(trouble))
                await asyncio.sleep(PAUSE_S)
                continue
            self.polled_well = True
            await self._note_polled()
            offset = updates[-1].update_id + 1 if updates else offset

    async def _note_polled(self) -> None:
        """Remembers, once a minute, that Telegram was heard: a later start can tell how long it was not."""
        now = self.kit.now()
        if self._noted_at is None or now - self._noted_at > timedelta(minutes=1):
            self._noted_at = now
            with suppress(StorageTrouble):
                await note_heard(self.kit)

    async def keep(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keeps updates durably; only then may they be acknowledged."""
        if updates:
            async with self.kit.store.write() as work:
                await work.inbox.keep([_arrived(update) for update in updates], self.kit.now())
            self.arrived.set()

    async def work(self) -> None:
        """Handles what waits, for good."""
        async with asyncio.TaskGroup() as chats:
            while True:
                self.arrived.clear()
                full = len(self._busy) >= AT_ONCE
                if full or not await self._start_waiting(chats):
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

    async def _start_waiting(self, chats: asyncio.TaskGroup) -> int:
        """Starts a task for each chat that has something waiting and is not being handled; returns how many."""
        taken = [arrived.update_id for batch in self._busy.values() for arrived in batch]
        try:
            async with self.kit.store.read() as work:
                waiting = await work.inbox.waiting(BATCH * 2, but=taken)
        except StorageTrouble as trouble:
            log.error("inbox.not_read", reason=str(trouble))
            return 0
        by_chat: dict[int, list[Arrived]] = {}
        for arrived in waiting:
            by_chat.setdefault(arrived.chat_id or 0, []).append(arrived)
        free = [chat for chat in by_chat if chat not in self._busy][: max(0, AT_ONCE - len(self._busy))]
        for chat in free:
            self._busy[chat] = by_chat[chat]
            chats.create_task(self._handle_chat(chat, by_chat[chat]))
        return len(free)

    async def _handle_chat(self, chat: int, batch: Sequence[Arrived]) -> None:
        """One chat's updates in order; where one has to wait, those after it wait too."""
        try:
            for arrived in batch:
                if not await self._handle(arrived):
                    await asyncio.sleep(PAUSE_S)
                    return
        except StorageTrouble as trouble:
            log.error("inbox.not_settled", reason=str(trouble))
            await asyncio.sleep(PAUSE_S)
        finally:
            del self._busy[chat]
            self.arrived.set()

    async def _handle(self, arrived: Arrived) -> bool:
        """Handles one update; False when it is to be tried again."""
        try:
            await handle(self.kit, Update.de_json(arrived.body, self.bot))
        except (Slowed, TokenRevoked, TryLater, StorageTrouble) as trouble:
            return await self._again(arrived, trouble)
        except Unreachable:
            await reachable.turned(self.kit, arrived.chat_id or 0, blocked=True)
        except OutcomeUnknown:
            log.warning("answer.unknown", update=arrived.update_id)
        except Exception as error:  # noqa: BLE001 - the one place that answers for any fault of ours
            return await self._fault(arrived, error)
        if arrived.chat_id is not None:
            await tell_of_gap(self.kit, arrived.chat_id)
        await self.kit.store.together(lambda work: work.inbox.done([arrived.update_id]))
        return True

    async def _again(self, arrived: Arrived, trouble: Exception) -> bool:
        if isinstance(trouble, Slowed) and trouble.after is not None:
            self.kit.pace.pause(trouble.after.total_seconds())
        log.warning("update.waits", update=arrived.update_id, reason=type(trouble).__name__)
        return False

    async def _fault(self, arrived: Arrived, error: Exception) -> bool:
        """A fault is logged under a number of its own, and told to the person once it is final."""
        number = uuid4().hex[:8]
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_qualname}:{where.tb_lineno}" if where else ""
        log.error("update.fault", update=arrived.update_id, fault=number, kind=type(error).__name__, place=place)
        async with self.kit.store.write() as work:
            last = await work.inbox.failed(arrived)
        if last and arrived.chat_id is not None:
            await self._apologise(arrived.chat_id, number)
        return last

    async def _apologise(self, chat_id: int, number: str) -> None:
        async with self.kit.store.read() as work:
            person = await work.subscribers.of_chat(chat_id)
        words = self.kit.tongue("en" if person is None else person.preferences.language).words
        try:
            await self.kit.messenger.send(chat_id, Message(words.say("apology", number=number)))
        except SendFailed as failure:
            log.warning("apology.failed", fault=number, reason=type(failure).__name__)

    async def _poll_failed(self, error: TelegramError) -> None:
        self.polled_well = False
        if isinstance(error, Conflict):
            log.error("poll.conflict", hint="another process polls with this token, or a webhook is set")
        else:
            log.warning("poll.failed", reason=type(heard(error)).__name__)
        await asyncio.sleep(PAUSE_S * 3)


def _arrived(update: dict[str, Any]) -> Arrived:
    kind = next((name for name in _CHAT_AT if name in update), None)
    place: Any = update
    for step in (kind, *_CHAT_AT[kind]) if kind else ():
        place = place.get(step, {}) if isinstance(place, dict) else {}
    return Arrived(int(update["update_id"]), place if isinstance(place, int) else None, update)
