"""Runs a coroutine on uvloop where it is installed, else on asyncio's own loop."""

import asyncio
import importlib.util
from collections.abc import Coroutine


def run_loop(main: Coroutine[object, object, int]) -> int:
    """Runs to the end and gives the exit code."""
    factory = None
    if importlib.util.find_spec("uvloop") is not None:
        import uvloop  # noqa: PLC0415 - not on every system

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main)
