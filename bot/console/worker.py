"""`nearer worker`: sends what falls due, answers what came in; one of any number on one PostgreSQL. Does not poll."""

import argparse

from bot.app import opened
from bot.console.errors import reporter
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.console.pages import serving_of
from bot.console.readiness import of_no_concern
from bot.console.run import ending, plan_of, serve
from bot.domain.errors import NearerError
from bot.settings import Settings, read_settings
from bot.storage.address import read_address
from bot.web.metrics import Metrics


class OneProcessOnly(NearerError):
    """Several processes need PostgreSQL; DATABASE_URL names a SQLite file. `nearer run` alone does all there is."""

    def __init__(self) -> None:
        super().__init__(str(self.__doc__))


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None: settings come from the environment."""


def run(_asked: argparse.Namespace) -> int:
    """Works until it is told to end."""
    settings = read_settings()
    set_up_logs(as_json=settings.log_json)
    if read_address(settings.database_url).get_backend_name() == "sqlite":
        raise OneProcessOnly
    return run_loop(_run(settings))


async def _run(settings: Settings) -> int:
    metrics = Metrics()
    serves = bool(settings.bind or settings.port is not None)
    with reporter(settings.sentry_dsn) as report:
        async with opened(plan_of(settings, metrics, report)) as nearer:
            web = serving_of(nearer, settings, metrics, of_no_concern, hooked=False) if serves else None
            return await serve(nearer, ending(), way="none", web=web)
