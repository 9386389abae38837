"""Serves an ASGI application on a socket of ours: the only door of uvicorn. Installs no signal handlers and no logs."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from bot.domain.errors import NearerError

#: Requests under way at the end get so long.
GRACE_S = 5
#: So many may wait to be accepted.
BACKLOG = 2048


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to whoever started us."""
        yield


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("127.0.0.1", "::1", "localhost")


class Serving:
    """One server, from `start` to `stop`."""

    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._address = address
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=75,
        )
        self._server = _Quiet(config)
        self._running: asyncio.Task[None] | None = None
        self.port = address.port

    def start(self) -> "asyncio.Task[None]":
        """Listens from now on; the task ends with the server. Raises NearerError where the address is not to be had."""
        listening = _listen(self._address)
        self.port = listening.getsockname()[1]
        self._running = asyncio.create_task(self._serve(listening))
        return self._running

    async def _serve(self, listening: socket.socket) -> None:
        await self._server.serve(sockets=[listening])

    async def stop(self) -> None:
        """Takes no more requests, finishes those under way, and ends."""
        self._server.should_exit = True
        if self._running is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._running


def _listen(address: Address) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        return socket.create_server((address.host, address.port), family=family, backlog=BACKLOG)
    except OSError as error:
        told = error.strerror or type(error).__name__
        raise NearerError(
            f"Nobody can listen on {address.host} port {address.port}: {told}. Set BIND and PORT to an address "
            "of this machine that is free."
        ) from None
