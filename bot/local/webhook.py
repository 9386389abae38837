"""Updates carried to the bot's webhook: one after another, each until the bot answers 200."""

import asyncio
import contextlib
from typing import Any

import aiohttp

from bot.local.cloud import Cloud
from bot.local.updates import Update

Json = dict[str, Any]
_LONGEST_PAUSE = 5.0
_ANSWER_WITHIN = 60.0


class Webhook:
    """The webhook of one bot; none is set at first."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._task: asyncio.Task[None] | None = None
        self._secret = ""
        self._error: tuple[int, str] | None = None
        self.url = ""
        self.max_connections = 40

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        """Deliver to `url` from now on; an empty one ends it."""
        await self.close()
        self.url, self._secret, self._error = url, secret, None
        self.max_connections = max_connections
        if url:
            self._cloud.updates.webhook_set()
            self._task = asyncio.create_task(self._deliver())

    async def close(self) -> None:
        """Stop delivering."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def info(self) -> Json:
        """Shaped as the Bot API's WebhookInfo."""
        waiting = self._cloud.updates.pending()
        info: Json = {"url": self.url, "has_custom_certificate": False, "pending_update_count": waiting}
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self._error is not None:
            info["last_error_date"], info["last_error_message"] = self._error
        if allowed := self._cloud.updates.allowed():
            info["allowed_updates"] = allowed
        return info

    async def _deliver(self) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        timeout = aiohttp.ClientTimeout(total=_ANSWER_WITHIN)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            while True:
                if (update := self._cloud.updates.first()) is None:
                    await self._cloud.updates.arrived.next()
                else:
                    await self._hand_over(session, update)

    async def _hand_over(self, session: aiohttp.ClientSession, update: Update) -> None:
        pause = 0.05
        while (wrong := await self._post(session, update.body)) is not None:
            self._error = (self._cloud.now(), wrong)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        self._cloud.updates.confirm(update.id + 1)
        self._cloud.changes.tell()

    async def _post(self, session: aiohttp.ClientSession, body: Json) -> str | None:
        try:
            async with session.post(self.url, json=body) as answer:
                status, reason = answer.status, answer.reason
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}"
        return None if 200 <= status < 300 else f"Wrong response from the webhook: {status} {reason}"
