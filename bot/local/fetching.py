"""getUpdates, setWebhook, deleteWebhook, getWebhookInfo: how the bot gets its updates."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.local.cloud import Cloud
from bot.local.refusals import bad, polled_beside_webhook
from bot.local.webhook import Webhook

Json = dict[str, Any]
_HERE = ("127.0.0.1", "localhost", "::1")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


class Fetching:
    """The four methods; the only ones that wait or carry."""

    METHODS = frozenset({"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"})

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.webhook = Webhook(cloud)

    async def answer(self, method: str, params: Json) -> Any:
        """The `result` of one of METHODS. Raises Refusal."""
        if method == "getUpdates":
            return await self._get_updates(params)
        if method == "setWebhook":
            return await self._set_webhook(params)
        if method == "deleteWebhook":
            return await self._delete_webhook(params)
        return self.webhook.info()

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook.url:
            raise polled_beside_webhook()
        updates = self._cloud.updates
        updates.ask_for(params.get("allowed_updates"))
        limit = min(max(params.get("limit", 100), 1), 100)
        return await updates.poll(offset=params.get("offset", 0), limit=limit, timeout=params.get("timeout", 0))

    async def _set_webhook(self, params: Json) -> bool:
        url, secret = params["url"].strip(), params.get("secret_token") or ""
        if url and urlsplit(url).hostname not in _HERE:
            raise bad("bad webhook: the Telegram on this machine delivers to this machine only")
        if not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        self._prepare(params)
        await self.webhook.set(url, secret, params.get("max_connections", 40))
        return True

    async def _delete_webhook(self, params: Json) -> bool:
        self._prepare(params)
        await self.webhook.set("", "", 40)
        return True

    def _prepare(self, params: Json) -> None:
        self._cloud.updates.ask_for(params.get("allowed_updates"))
        if params.get("drop_pending_updates"):
            self._cloud.updates.clear()
