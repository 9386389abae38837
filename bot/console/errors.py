"""Errors told to a Sentry-compatible service, off by default: the only door of sentry_sdk.

What leaves is put together here, field by field: the kind of the error, where in the code, and its number in the log.
No message, no local, no breadcrumb, no request, no name of this machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from bot.journeys.meter import Reporter, tell_nobody

if TYPE_CHECKING:
    import sentry_sdk

#: All that an event may have when it leaves; the rest was added by the library and goes.
_MAY_LEAVE = ("event_id", "timestamp", "platform", "level", "exception", "tags")
#: At the end, what is still on its way gets so long.
CLOSING_S = 2.0


@contextmanager
def reporter(dsn: str) -> Iterator[Reporter]:
    """Tells errors to the service of this DSN while the block runs; to nobody where it is ""."""
    if not dsn:
        yield tell_nobody
        return
    import sentry_sdk  # noqa: PLC0415 - most installations tell nobody, and need none of it

    client = sentry_sdk.Client(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        send_client_reports=False,
        auto_session_tracking=False,
        server_name="",
        release="",
        environment="",
        before_send=_bared,
    )
    try:
        yield lambda error, number: _tell(client, error, number)
    finally:
        client.close(timeout=CLOSING_S)


def event_of(error: BaseException, number: str) -> dict[str, Any]:
    """Everything that is told of an error: kinds and places in the code, of it and of what caused it."""
    known, seen = error, []
    while known is not None and known not in seen:
        seen.append(known)
        known = known.__cause__ or (None if known.__suppress_context__ else known.__context__)  # type: ignore[assignment]
    return {
        "level": "error",
        "platform": "python",
        "tags": {"fault": number},
        "exception": {"values": [_value(one) for one in reversed(seen)]},
    }


def _value(error: BaseException) -> dict[str, Any]:
    frames = [
        {
            "filename": frame.f_code.co_filename.rpartition("/")[2],
            "module": frame.f_globals.get("__name__", ""),
            "function": frame.f_code.co_qualname,
            "lineno": line,
        }
        for frame, line in walk_tb(error.__traceback__)
    ]
    return {"type": type(error).__name__, "module": type(error).__module__, "stacktrace": {"frames": frames}}


def _tell(client: "sentry_sdk.Client", error: BaseException, number: str) -> None:
    client.capture_event(event_of(error, number))  # type: ignore[arg-type]


def _bared(event: Any, _hint: Any) -> Any:
    return {name: event[name] for name in _MAY_LEAVE if name in event}
