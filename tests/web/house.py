"""A Nearer with a webhook, in this process: a Telegram, a database, and a server on a free port."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.app import Nearer, opened
from bot.console.pages import hook_of, serving_of
from bot.console.readiness import by_webhook
from bot.console.run import hook, plan_of
from bot.local.telegram import LocalTelegram
from bot.settings import Settings, read_settings
from bot.storage.sealing import new_key
from bot.web.metrics import Metrics
from bot.web.webhook import SECRET_HEADER
from tests.life import WordEar, shelf_of

METRICS_TOKEN = "a-token-for-counts"


@dataclass
class House:
    """One process that serves, and a client that speaks to it as Telegram, a balancer or a stranger would."""

    telegram: LocalTelegram
    nearer: Nearer
    settings: Settings
    client: aiohttp.ClientSession

    @property
    def hook(self) -> str:
        return hook_of(self.settings)[0]

    @property
    def secret(self) -> str:
        return hook_of(self.settings)[1]

    async def post(self, body: Any, *, secret: str | None = None, path: str | None = None, **headers: str) -> int:
        """Posts to the webhook; bytes as they are, anything else as JSON. Returns the status."""
        sent = {SECRET_HEADER: self.secret if secret is None else secret, "Content-Type": "application/json"} | headers
        given = {"data": io.BytesIO(body)} if isinstance(body, bytes) else {"json": body}
        async with self.client.post(path or self.hook, headers=sent, **given) as answer:
            return answer.status

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.client.get(f"{self.settings.webhook_url}{path}", headers=headers) as answer:
            return answer.status, await answer.text()

    async def kept(self) -> list[int]:
        """The numbers of the updates that wait."""
        async with self.nearer.kit.store.read() as work:
            return [arrived.update_id for arrived in await work.inbox.waiting(1000)]

    async def settle(self) -> None:
        await self.telegram.updates_delivered()
        await self.nearer.inbox.drain()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def house(database: str, *, hooked: bool = False, works: bool = False, **given: Any) -> AsyncIterator[House]:
    """Opens it; `hooked` tells Telegram of the webhook, `works` handles what comes in."""
    port = free_port()
    async with LocalTelegram() as telegram, aiohttp.ClientSession() as client:
        usual = {
            "telegram_token": telegram.token,
            "nearer_key": new_key(),
            "database_url": database,
            "telegram_api_url": telegram.url,
            "webhook_url": f"http://127.0.0.1:{port}",
            "bind": "127.0.0.1",
            "port": port,
        }
        settings = read_settings(**(usual | given))
        metrics = Metrics()
        with ThreadPoolExecutor(1) as drawing:
            plan = plan_of(settings, metrics)
            shelf = shelf_of(plan.languages, plan.content)
            async with opened(plan, drawing=drawing, reader=WordEar(), shelf=shelf) as nearer:
                arrival = by_webhook(nearer, hook_of(settings)[0])
                serving = serving_of(nearer, settings, metrics, arrival, hooked=True)
                serving.start()
                working = asyncio.create_task(nearer.inbox.work()) if works else None
                if hooked:
                    await hook(nearer, settings)
                try:
                    yield House(telegram, nearer, settings, client)
                finally:
                    await serving.stop()
                    if working is not None:
                        working.cancel()
                        with suppress(asyncio.CancelledError):
                            await working
