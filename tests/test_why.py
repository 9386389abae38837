"""`nearer why`: an operator asks why a question came, and learns nothing that somebody wrote."""

import base64
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.domain.records import Asked, Marks, Mind
from tests.databases import KEY, migrate, open_store
from tests.storage.rows import DAY, NOON, claimed, person, reply

ROOT = Path(__file__).parents[1]
ASKED = Asked("after-ten-minutes", lighter=True, shown=("jokes-window", "after-ten-minutes"), swaps=2, declined=True)


def why(url: str, number: int, day: date, key: bytes = KEY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "why", str(number), day.isoformat()],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": url,
            "NEARER_KEY": base64.urlsafe_b64encode(key).decode(),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def known(folder: Path) -> str:
    """A database in which somebody left a question of 16 November, three heavy replies and a hard day after it."""
    url = f"sqlite:///{folder}/why.db"
    migrate(url)
    store = open_store(url)
    mira = await person(store, consented_at=NOON, mind=Mind(gentle_until=DAY + timedelta(days=12)))
    delivery = await claimed(store, mira)
    async with store.write() as work:
        await work.deliveries.mark_sending([replace(delivery, asked=ASKED)], "w1")
        for number in range(3):
            marks = Marks(confirmed=("sudden_space",))
            await work.replies.keep(reply(mira, f"m{number}", marks=marks, day=DAY + timedelta(days=number)))
    await store.close()
    return url


async def test_it_tells_what_was_asked_and_what_would_be_chosen(tmp_path: Path) -> None:
    url = await known(tmp_path)
    was = why(url, 1, DAY).stdout.splitlines()
    assert was[0] == "asked: jokes-window then after-ten-minutes (sending, the lighter wording, left with Not today)"
    assert was[1].startswith("chosen from what came before: ")
    assert "gentle" not in was[2] + was[3], "the hard day came later"


async def test_it_names_the_gentle_week_and_the_turn_but_no_pattern_and_no_text(tmp_path: Path) -> None:
    url = await known(tmp_path)
    ended = why(url, 1, DAY + timedelta(days=6))
    assert ended.returncode == 0
    assert "gentle, in the week after a hard day" in ended.stdout
    later = why(url, 1, DAY + timedelta(days=20)).stdout
    assert "gentle, because the same heavy thing came back" in later
    for told in (ended.stdout, later):
        assert "sudden_space" not in told
        assert "walk" not in told


async def test_who_is_not_there_and_a_wrong_key_are_said_in_a_sentence(tmp_path: Path) -> None:
    url = await known(tmp_path)
    nobody, wrong = why(url, 7, DAY), why(url, 1, DAY, key=bytes(32))
    assert (nobody.returncode, wrong.returncode) == (2, 2)
    assert nobody.stderr == "There is no subscriber 7.\n"
    assert "Traceback" not in wrong.stderr
    assert "NEARER_KEY" in wrong.stderr
