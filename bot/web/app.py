"""The web server's pages: the webhook where there is one, /healthz, /readyz, and /metrics where it may be seen."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.web.metrics import CONTENT_TYPE
from bot.web.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Pages:
    """What is served. `unready` names what is not as it has to be, and what to do; it is empty when all is well.

    `metrics` is None where it may not be seen; a `metrics_token` has to come with each look at it. `fault` is told
    of an error of ours.
    """

    unready: Callable[[], Awaitable[Mapping[str, str]]]
    fault: Callable[[Exception], None]
    webhook: Webhook | None = None
    metrics: Callable[[], Awaitable[bytes]] | None = None
    metrics_token: str = field(default="", repr=False)

    def application(self) -> Starlette:
        """Everything as one ASGI application. Answers say nothing of what is inside."""
        routes = [Route("/healthz", self._alive), Route("/readyz", self._ready)]
        if self.webhook is not None:
            routes.append(Route(self.webhook.path, self.webhook.take, methods=["POST"]))
        if self.metrics is not None:
            routes.append(Route("/metrics", self._counts))
        return Starlette(routes=routes, exception_handlers={HTTPException: _refused, Exception: self._failed})

    async def _alive(self, _: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _ready(self, _: Request) -> Response:
        unready = await self.unready()
        return JSONResponse({"ready": not unready, "wrong": dict(unready)}, 503 if unready else 200)

    async def _counts(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if self.metrics_token and not compare_digest(given.encode(), f"Bearer {self.metrics_token}".encode()):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        assert self.metrics is not None
        return Response(await self.metrics(), media_type=CONTENT_TYPE)

    async def _failed(self, _: Request, error: Exception) -> Response:
        self.fault(error)
        return Response(status_code=500)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Response(status_code=error.status_code, headers=error.headers)
