"""Another Bot API than ours: the least that Telegram's documentation promises, and nothing more.

Forgets no update and gives those from the offset on; answers calls with the required fields only; knows few methods.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.local.changes import Changes

Json = dict[str, Any]
TOKEN = "5:sparse"


class SparseTelegram:
    """`said` are the bot's messages by chat, as they stand now; `answered` the taps that were answered."""

    def __init__(self) -> None:
        self.url = ""
        self.said: dict[int, dict[int, Json]] = {}
        self.answered: list[str] = []
        self.left: list[int] = []
        self.newest = 0
        self.refuses: dict[str, tuple[int, str]] = {}
        self._updates: list[Json] = []
        self._ids = itertools.count(40, 7)
        self._messages = itertools.count(1)
        self._news = asyncio.Event()
        self._offset = 0
        self._asked = Changes()

    def brings(self, **kind: Json) -> int:
        """An update of this kind comes; its number. They have gaps."""
        self.newest = number = next(self._ids)
        self._updates.append({"update_id": number, **kind})
        self._news.set()
        return number

    async def confirmed(self) -> None:
        """Returns once every update was confirmed."""
        await self._asked.until(lambda: self._offset > self.newest, 10)

    def last(self, chat: int) -> Json:
        """The bot's newest message."""
        return list(self.said[chat].values())[-1]

    def labels(self, chat: int) -> dict[str, str]:
        """The buttons under it: callback data by label."""
        rows = self.last(chat).get("reply_markup", {}).get("inline_keyboard", [])
        return {button["text"]: button["callback_data"] for row in rows for button in row}

    async def answer(self, request: web.Request) -> web.Response:
        """One call, by form, by multipart or by JSON."""
        method = request.match_info["method"]
        is_json = request.content_type == "application/json"
        fields = dict(await request.json()) if is_json else dict(await request.post())
        if method in self.refuses:
            status, said = self.refuses[method]
            return web.json_response({"ok": False, "error_code": status, "description": said}, status=status)
        result = await getattr(self, f"_{method}", self._unknown)(fields)
        status = 200 if result is not None else 404
        return web.json_response({"ok": status == 200, "result": result, "error_code": status}, status=status)

    async def _unknown(self, _: Json) -> None:
        return None

    async def _getMe(self, _: Json) -> Json:  # noqa: N802 - the method's own name
        return {"id": 5, "is_bot": True, "first_name": "x"}

    async def _getUpdates(self, fields: Json) -> list[Json]:  # noqa: N802
        self._offset = offset = int(fields.get("offset", 0))
        self._asked.tell()
        if not (found := self._from(offset)):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), min(1, int(fields.get("timeout", 0))))
            except TimeoutError:
                return []
            found = self._from(offset)
        return found

    def _from(self, offset: int) -> list[Json]:
        return [one for one in self._updates if one["update_id"] >= offset]

    async def _sendMessage(self, fields: Json) -> Json:  # noqa: N802
        return self._keep(int(fields["chat_id"]), next(self._messages), fields)

    async def _sendDocument(self, fields: Json) -> Json:  # noqa: N802
        return self._keep(int(fields["chat_id"]), next(self._messages), {"text": fields.get("caption", "")})

    _sendPhoto = _sendDocument  # noqa: N815

    async def _editMessageText(self, fields: Json) -> Json:  # noqa: N802
        return self._keep(int(fields["chat_id"]), int(fields["message_id"]), fields)

    async def _editMessageReplyMarkup(self, fields: Json) -> bool:  # noqa: N802
        self.said[int(fields["chat_id"])][int(fields["message_id"])].pop("reply_markup", None)
        return True

    async def _answerCallbackQuery(self, fields: Json) -> bool:  # noqa: N802
        self.answered.append(fields["callback_query_id"])
        return True

    async def _leaveChat(self, fields: Json) -> bool:  # noqa: N802
        self.left.append(int(fields["chat_id"]))
        return True

    def _keep(self, chat: int, number: int, fields: Json) -> Json:
        markup = fields.get("reply_markup")
        kept = {"text": fields["text"]} | ({"reply_markup": json.loads(markup)} if markup else {})
        self.said.setdefault(chat, {})[number] = kept
        return {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}}


@asynccontextmanager
async def sparse() -> AsyncIterator[SparseTelegram]:
    """One on a free port of this machine."""
    telegram = SparseTelegram()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", telegram.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    telegram.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
    try:
        yield telegram
    finally:
        await runner.cleanup()
