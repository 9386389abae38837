"""Reading a Bot API call from HTTP: query, form, multipart or JSON; and who may ask at all."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import BodyPartReader, web

from bot.local.methods import Upload
from bot.local.refusals import bad

Json = dict[str, Any]


class Door:
    """Lets in what comes from this machine's programs and from our own page, nothing else.

    A web page elsewhere can make a browser call 127.0.0.1, under its own origin or under a name of its
    own that points here; neither is let in.
    """

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()

    def open_at(self, port: int) -> None:
        """The address is known now."""
        self._names = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    def check(self, request: web.Request) -> None:
        """HTTPForbidden for a stranger."""
        origin = request.headers.get("Origin")
        if request.host not in self._names or (origin is not None and urlsplit(origin).netloc not in self._names):
            raise web.HTTPForbidden(text="This address answers only its own page and this machine's programs.")


async def read_call(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The raw parameters and the uploads of a call. Refusal for a body that cannot be read."""
    raw: Json = dict(request.query)
    if request.method != "POST":
        return raw, {}
    if request.content_type == "application/json":
        return raw | _object(await request.read()), {}
    if request.content_type.startswith("multipart/"):
        return await _multipart(request, raw)
    body = (await request.read()).decode("utf-8", "replace")
    raw.update(parse_qsl(body, keep_blank_values=True))
    return raw, {}


def _object(body: bytes) -> Json:
    try:
        loaded = json.loads(body or b"{}")
    except ValueError:
        raise bad("can't parse the request as JSON object") from None
    if not isinstance(loaded, dict):
        raise bad("object expected as JSON request")
    return loaded


async def _multipart(request: web.Request, raw: Json) -> tuple[Json, dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            raw[part.name] = data.decode("utf-8", "replace")
        else:
            uploads[part.name] = Upload(part.filename, data)
    return raw, uploads
