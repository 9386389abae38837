"""Logs: one event a line, ids only. Libraries whose lines hold the token or a person's words are kept quiet."""

import logging
import sys

import structlog

#: httpx tells whole addresses at INFO, with the token in them; python-telegram-bot tells bodies it cannot read;
#: uvicorn tells an error of ours with what was in hand.
QUIET = (
    *("httpx", "httpcore", "telegram", "aiohttp", "sqlalchemy", "alembic", "asyncio", "apscheduler"),
    *("uvicorn", "uvicorn.error", "uvicorn.access", "sentry_sdk", "sentry_sdk.errors", "urllib3"),
)


def set_up_logs(*, as_json: bool) -> None:
    """Logs to standard error, for people or as JSON."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    shape = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shape,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
