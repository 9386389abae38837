"""python-telegram-bot's requests carried by aiohttp, over the public seam `BaseRequest`.

Tells apart what surely was not accepted from what may have been: the ledger depends on it (D9).
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

#: Below Telegram's own 75 s or so, so that we and not the server end an idle connection.
KEEP_ALIVE_S = 30.0


class NotSent(NetworkError):
    """No connection was had: the request surely did not go out."""


class AnswerLost(TimedOut):
    """The request went out, or part of it, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Form:
    """A call's parameters, encoded already as `application/x-www-form-urlencoded`; no files.

    Stands where a RequestData is expected, which may not be subclassed.
    """

    encoded: bytes
    contains_files: ClassVar[bool] = False
    multipart_data: ClassVar[dict[str, Any]] = {}

    def as_request(self) -> RequestData:
        """Itself, as the type that requests are given."""
        return cast("RequestData", self)


class AiohttpRequest(BaseRequest):
    """One pool of connections. Timeouts in seconds; `connect` counts the wait for a free connection too."""

    __slots__ = ("_connect", "_connections", "_read", "_session")

    def __init__(self, *, connections: int = 256, connect: float = 5.0, read: float = 20.0) -> None:
        self._connections = connections
        self._connect = connect
        self._read = read
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds without a byte of the answer before it counts as lost."""
        return self._read

    async def initialize(self) -> None:
        """Opens the pool; no connection yet."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE_S)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Closes the pool and every connection in it."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """The status and body of the answer.

        Raises NotSent or AnswerLost; their messages hold no URL, because the URL holds the token.
        """
        if self._session is None:
            raise NotSent("the connections are not open")
        connect = _given(connect_timeout, self._connect)
        read = _given(read_timeout, self._read)
        timeout = _timeout(connect, read)
        body, headers = _body(request_data)
        try:
            async with self._session.request(method, url, data=body, timeout=timeout, headers=headers) as answer:
                if answer.status == HTTPStatus.GATEWAY_TIMEOUT:
                    # Something between us and Telegram gave up waiting; Telegram may have accepted it.
                    raise AnswerLost("gateway timeout")
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise AnswerLost(type(error).__name__) from None


async def time_of(url: str) -> datetime | None:
    """What the clock of an HTTP server says, to the second; None where it cannot be reached or does not tell."""
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.head(url, allow_redirects=False) as answer,
        ):
            return parsedate_to_datetime(answer.headers.get("Date", ""))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None


_FORM = {"User-Agent": BaseRequest.USER_AGENT}
#: A form, not JSON: every Bot API server reads a form's strings; JSON with strings in it only Telegram's own does.
_FIELDS = {**_FORM, "Content-Type": "application/x-www-form-urlencoded"}


@lru_cache(32)
def _timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_read=read)


def _given(value: Any, usual: float) -> float | None:
    seconds: float | None = usual if value is BaseRequest.DEFAULT_NONE else value
    return seconds


def _body(data: Any) -> tuple[Any, dict[str, str]]:
    if data is None:
        return None, _FORM
    if isinstance(data, Form):
        return data.encoded, _FIELDS
    if not data.contains_files:
        return urlencode(data.json_parameters).encode(), _FIELDS
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, _FORM
