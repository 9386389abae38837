"""Whether this process is fit to serve: database, migration, key, and that updates really arrive. Sends nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.app import Nearer, check_key
from bot.chat.webhook import look
from bot.domain.errors import Damaged, SendFailed, StorageTrouble, WrongKey
from bot.storage import schema
from bot.storage.schema import Standing

#: Whoever asks more often than this hears the last answer.
FRESH_S = 5.0
#: A poller that lost to another goes on fighting for updates; it is not ready for so long after each loss.
LOST_FOR = timedelta(seconds=60)

Arrival = Callable[[], Awaitable[str | None]]


class Readiness:
    """`arrival` tells what is wrong with updates, or None."""

    def __init__(self, nearer: Nearer, arrival: Arrival) -> None:
        self._nearer, self._arrival = nearer, arrival
        self._turn = asyncio.Lock()
        self._known: Mapping[str, str] = {}
        self._fresh_until = 0.0

    async def unready(self) -> Mapping[str, str]:
        """What is not as it has to be, by name, with what to do; empty when all is well."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            if loop.time() >= self._fresh_until:
                self._known = await self._look()
                self._fresh_until = loop.time() + FRESH_S
            return self._known

    async def _look(self) -> Mapping[str, str]:
        wrong: dict[str, str] = {}
        try:
            if await schema.standing(self._nearer.engine) is not Standing.CURRENT:
                wrong["migration"] = "The database is on another schema. Run `nearer migrate` of this version."
            else:
                await check_key(self._nearer.kit.store)
        except (WrongKey, Damaged):
            wrong["key"] = "NEARER_KEY does not open what is kept. Give back the key it was sealed with."
        except StorageTrouble as trouble:
            wrong["database"] = str(trouble)
        if (said := await self._arrival()) is not None:
            wrong["updates"] = said
        return wrong


def by_polling(nearer: Nearer) -> Arrival:
    """Updates arrive where the last poll went well and no other process took one from us lately."""

    async def arrival() -> str | None:
        lost_at = nearer.inbox.lost_at
        if lost_at is not None and nearer.kit.now() - lost_at < LOST_FOR:
            return "Another process polls with this token, or a webhook is set. End the other, or see `nearer doctor`."
        return None if nearer.inbox.polled_well else "Telegram has not been heard yet. See `nearer doctor`."

    return arrival


def by_webhook(nearer: Nearer, url: str) -> Arrival:
    """Updates arrive where Telegram's webhook is ours and brings them."""

    async def arrival() -> str | None:
        try:
            known = await look(nearer.bot)
        except SendFailed:
            return "Telegram cannot be asked for its webhook. See `nearer doctor`."
        if known.url != url:
            return "The webhook at Telegram is not this one. Start `nearer web` again, and end whoever changed it."
        if known.failing(nearer.kit.now()):
            return "Telegram cannot bring updates here. `nearer doctor` tells what it says."
        return None

    return arrival


async def of_no_concern() -> str | None:
    """For a process that takes no updates in."""
    return None
