"""What happens, told to every open chat page as server-sent events."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.local.chats import ChatKind
from bot.local.cloud import Cloud, Happening
from bot.local.views import message_view, person_view

Json = dict[str, Any]
#: A comment this often keeps the connection open and shows that it is.
_PULSE = 15.0


class PageEvents:
    """Sends each happening to all pages that listen. `watch` begins, `close` ends every stream."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._pages: set[asyncio.Queue[str | None]] = set()
        cloud.watchers.add(self._happened)

    def send(self, event: Json) -> None:
        """One event to all pages."""
        line = f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
        for page in self._pages:
            page.put_nowait(line)

    def close(self) -> None:
        """End every stream."""
        for page in self._pages:
            page.put_nowait(None)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """The stream of one page, until it goes or `close`."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        page: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages.add(page)
        try:
            await response.write(b": open\n\n")
            while (line := await self._next(page)) is not None:
                await response.write(line.encode())
        except ConnectionResetError:
            return response
        finally:
            self._pages.discard(page)
        return response

    @staticmethod
    async def _next(page: asyncio.Queue[str | None]) -> str | None:
        try:
            async with asyncio.timeout(_PULSE):
                return await page.get()
        except TimeoutError:
            return ": still here\n\n"

    def _happened(self, happening: Happening) -> None:
        if not self._pages:
            return
        if happening.what == "bot":
            for known in self._cloud.chats:
                self._happened(Happening("chat", known.id))
            return
        chat = self._cloud.chats.get(happening.chat_id)
        if chat is not None and chat.kind is ChatKind.PRIVATE:
            event: Json = {"what": happening.what, "person": chat.id, **(happening.data or {})}
            if happening.what in ("message", "chat"):
                event["about"] = person_view(self._cloud, chat)
            if happening.what == "deleted":
                event["id"] = happening.message_id
            if happening.what == "message":
                event["message"] = message_view(chat.messages[happening.message_id])
            self.send(event)
