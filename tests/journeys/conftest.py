"""A life that begins on a Monday morning in Berlin, and somebody who has subscribed."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest

from bot.local.people import Person
from tests.life import Life, at, lived

ZONE = "Europe/Berlin"


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    async with lived(tmp_path, at(ZONE, 2026, 11, 16, 10)) as opened:
        yield opened


@pytest.fixture
async def mira(life: Life) -> Person:
    """Subscribed, with a question every day at 20:30."""
    person = life.person("Mira")
    await life.subscribes(person, ZONE, time(20, 30))
    return person
