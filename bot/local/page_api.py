"""The chat page and what it asks for, under `/` and `/page/…`: JSON in, JSON out, for this address only."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.local import pictures
from bot.local.chats import Chat, ChatKind, User
from bot.local.cloud import Cloud, Happening
from bot.local.page_events import PageEvents
from bot.local.people import Person
from bot.local.requests import Door
from bot.local.travel import Travel, Traveller
from bot.local.views import message_view, person_view

Json = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

_YEAR_9999 = datetime(9999, 1, 1, tzinfo=UTC).timestamp() * 1000

#: What a person can do from the page: the deed's name in the address -> the deed, given the JSON sent.
DEEDS: dict[str, Callable[[Person, Json], object]] = {
    "say": lambda person, sent: person.say(sent["text"], reply_to=sent.get("reply_to")),
    "start": lambda person, sent: person.start(sent.get("code", "")),
    "edit": lambda person, sent: person.edit(sent["message_id"], sent["text"]),
    "tap": lambda person, sent: person.tap_data(sent["data"], sent["message_id"]).query.id,
    "press": lambda person, sent: person.press(sent["label"]),
    "location": lambda person, sent: person.share_location(sent["latitude"], sent["longitude"]),
    "voice": lambda person, _: person.send_voice(),
    "sticker": lambda person, _: person.send_sticker(),
    "forget": lambda person, sent: person.forget(sent["message_id"]),
    "block": lambda person, _: person.block(),
    "unblock": lambda person, _: person.unblock(),
}


class PageApi:
    """Everything the page needs. `about` is the line at its foot."""

    def __init__(self, cloud: Cloud, door: Door, *, travel: Travel, about: str) -> None:
        self._cloud, self._door, self._about = cloud, door, about
        self.events = PageEvents(cloud)
        self.traveller = Traveller(cloud.clock, travel, self.events.send)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Put the addresses up."""
        router.add_get("/", self._let_in(self._file))
        router.add_get("/page/state", self._let_in(self._state))
        router.add_get("/page/events", self._let_in(self.events.stream))
        router.add_get("/page/files/{file_id}", self._let_in(self._sent_file))
        router.add_get("/page/{name}", self._let_in(self._file))
        router.add_post("/page/people", self._let_in(self._add_person))
        router.add_post("/page/people/{id}/file", self._let_in(self._send_file))
        router.add_post("/page/people/{id}/{deed}", self._let_in(self._deed))
        router.add_post("/page/clock", self._let_in(self._move_clock))

    async def close(self) -> None:
        """End the streams and a journey under way."""
        self.events.close()
        await self.traveller.close()

    def _let_in(self, answer: Answer) -> Answer:
        async def checked(request: web.Request) -> web.StreamResponse:
            self._door.check(request)
            if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
                raise web.HTTPForbidden(text="Only this page may do that.")
            return await answer(request)

        return checked

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = _PAGE / request.match_info.get("name", "index.html")
        if path.parent != _PAGE or path.suffix not in _TYPES or not path.is_file():
            raise web.HTTPNotFound
        body = await asyncio.to_thread(path.read_bytes)
        headers = {
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        return web.Response(body=body, content_type=_TYPES[path.suffix], charset="utf-8", headers=headers)

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        people = [chat for chat in self._cloud.chats if chat.kind is ChatKind.PRIVATE]
        return _no_store(
            {
                "about": self._about,
                "bot": {"name": self._cloud.profile.text("name"), "username": self._cloud.bot.username},
                "clock": self.traveller.where(),
                "people": [
                    person_view(self._cloud, chat) | {"messages": [message_view(m) for m in chat.messages.values()]}
                    for chat in people
                ],
            }
        )

    async def _sent_file(self, request: web.Request) -> web.StreamResponse:
        stored = self._cloud.files.by_id(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        picture = stored.mime.startswith("image/") and stored.mime != "image/svg+xml"
        kind = stored.mime if picture else "application/octet-stream"
        headers = {"X-Content-Type-Options": "nosniff"} | ({} if picture else {"Content-Disposition": "attachment"})
        return web.Response(body=stored.data, content_type=kind, headers=headers)

    async def _add_person(self, request: web.Request) -> web.StreamResponse:
        sent = await _sent(request)
        people = [chat for chat in self._cloud.chats if chat.kind is ChatKind.PRIVATE]
        if sent.get("first") and people:
            return _no_store({"id": people[0].id})
        name = str(sent.get("name") or "").strip()[:64]
        if not name:
            raise web.HTTPBadRequest(text="A person needs a name.")
        user = User(self._cloud.next_person_id(), name, str(sent.get("language") or "") or None)
        chat = self._cloud.chats.add(Chat(user.id, ChatKind.PRIVATE, name, user))
        self._cloud.tell(Happening("chat", chat.id))
        return _no_store({"id": chat.id})

    async def _deed(self, request: web.Request) -> web.StreamResponse:
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        try:
            return _no_store({"result": deed(self._person(request), await _sent(request))})
        except (KeyError, LookupError, TypeError, ValueError) as wrong:
            raise web.HTTPBadRequest(text=str(wrong)) from wrong

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        person, data = self._person(request), await request.read()
        name, caption = request.query.get("name", "file"), request.query.get("caption", "")
        if pictures.size_of(data) is not None:
            return _no_store({"result": person.send_photo(caption, data)})
        return _no_store({"result": person.send_document(data, name, caption)})

    async def _move_clock(self, request: web.Request) -> web.StreamResponse:
        moment = _moment((await _sent(request)).get("to"))
        try:
            self.traveller.set_out(moment)
        except (RuntimeError, ValueError) as wrong:
            raise web.HTTPConflict(text=str(wrong)) from wrong
        return _no_store({"clock": self.traveller.where()})

    def _person(self, request: web.Request) -> Person:
        given = request.match_info["id"]
        chat = self._cloud.chats.get(int(given)) if given.isdecimal() else None
        if chat is None:
            raise web.HTTPNotFound
        return Person(self._cloud, chat)


def _moment(milliseconds: object) -> datetime:
    if not isinstance(milliseconds, int | float) or not 0 <= milliseconds < _YEAR_9999:
        raise web.HTTPBadRequest(text="Say where to move the clock, in milliseconds since 1970.")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


async def _sent(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    sent = await request.json()
    if not isinstance(sent, dict):
        raise web.HTTPBadRequest(text="An object is expected.")
    return sent


def _no_store(body: Json) -> web.Response:
    return web.json_response(body, headers={"Cache-Control": "no-store"})
