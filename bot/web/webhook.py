"""The webhook: one update a request, kept before it is acknowledged. What is not a whole update changes nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.domain.errors import StorageTrouble

#: Where Telegram puts the secret that was given with setWebhook.
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
#: An update is some kilobytes; the longest message with all its entities stays far below this.
LARGEST = 1024 * 1024
#: A body that trickles in slower is not Telegram's.
BODY_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """`keep` is durable when it returns and raises StorageTrouble; `is_update` knows a whole update."""

    secret: str = field(repr=False)
    path: str = field(repr=False)
    is_update: Callable[[dict[str, Any]], bool]
    keep: Callable[[list[dict[str, Any]]], Awaitable[None]]

    async def take(self, request: Request) -> Response:
        """200 once the update is kept; 403, 413, 415, 400 for what is not Telegram's; 503 while nothing can be kept."""
        given = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(given.encode(), self.secret.encode()):
            raise HTTPException(403)
        update = _read(await _body(request))
        if not self.is_update(update):
            raise HTTPException(400)
        try:
            await self.keep([update])
        except StorageTrouble:
            raise HTTPException(503) from None
        return Response(status_code=200)


def secret_of(token: str, chosen: str = "") -> str:
    """What Telegram is to send with each update: the one chosen, else one that only the token's owner can make."""
    return chosen or _mark(token, "nearer hook key")


def path_of(token: str, secret: str) -> str:
    """The webhook's path: it tells nothing of the token, and another token or secret has another."""
    return f"/telegram/{_mark(token + secret, 'nearer hook path')}"


def _mark(key: str, use: str) -> str:
    return blake2b(blake2b(key.encode()).digest(), digest_size=24, person=use.encode()).hexdigest()


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            return await _up_to_largest(request)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None


async def _up_to_largest(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413)
    return bytes(body)


def _read(body: bytes) -> dict[str, Any]:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(update, dict):
        raise HTTPException(400)
    return update
