"""`nearer worker`: one more process for what falls due, beside a `nearer run`, on one PostgreSQL. Does not poll."""

import argparse

from bot.app import opened
from bot.console.logs import set_up_logs
from bot.console.loop import run_loop
from bot.console.run import ending, plan_of, serve
from bot.domain.errors import NearerError
from bot.settings import Settings, read_settings


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
    return run_loop(_run(settings))


async def _run(settings: Settings) -> int:
    plan = plan_of(settings)
    if plan.database.get_backend_name() == "sqlite":
        raise OneProcessOnly
    async with opened(plan) as nearer:
        return await serve(nearer, ending(), polls=False)
