"""`nearer seed`: made-up people for measuring, never beside real ones."""

import asyncio
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from bot.console.seed import FIRST_CHAT
from bot.storage.sealing import new_key
from tests.databases import migrate, open_store
from tests.test_console import nearer


def test_it_makes_some_due_at_one_moment_and_spreads_the_others_over_the_day(tmp_path: Path) -> None:
    file = tmp_path / "seeded.db"
    asked = ("seed", "30", "--at", "20:30", "--among", "3000")
    ended = nearer(*asked, DATABASE_URL=f"sqlite:///{file}", NEARER_KEY=new_key())
    assert (ended.returncode, ended.stderr) == (0, "")
    rows = sqlite3.connect(file).execute("SELECT question_due_at, count(*), min(chat_id) FROM subscribers GROUP BY 1")
    crowds = rows.fetchall()
    assert sum(count for _, count, _ in crowds) == 3000
    [due] = [(count, chat) for at, count, chat in crowds if re.search(r" 20:30:00", at) and chat == FIRST_CHAT]
    assert due == (30, FIRST_CHAT)
    assert len(crowds) > 1000


def test_it_refuses_a_database_with_somebody_who_was_not_seeded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/real.db"
    migrate(url)

    async def somebody() -> None:
        store = open_store(url)
        async with store.write() as work:
            await work.subscribers.add(5_000_000_001, "en", datetime(2026, 11, 16, tzinfo=UTC))
        await store.close()

    asyncio.run(somebody())
    ended = nearer("seed", "3", "--at", "20:30", DATABASE_URL=url, NEARER_KEY=new_key())
    assert ended.returncode == 2
    assert "somebody who was not seeded" in ended.stderr
