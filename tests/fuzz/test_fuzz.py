"""Anything at all comes in by the webhook or is tapped: no 500, no exception, no change for anybody else.

`make fuzz` throws 100,000 of each two halves; the usual run a few hundred.
"""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from starlette.types import Message as AsgiMessage
from structlog.testing import capture_logs
from telegram import Update

from bot.app import Nearer
from bot.chat.incoming import handle
from bot.chat.shape import is_update
from bot.domain.records import Delivery, Kind, Marks, Outcome, Preferences, Reply, Stage, State, Subscriber
from bot.journeys.kit import Kit
from bot.journeys.messenger import Message, Picture, Rows
from bot.web.app import Pages
from bot.web.webhook import SECRET_HEADER, Webhook
from tests.fuzz.bodies import MIRA, bodies, taps
from tests.life import at, lived

ADA = 6_123_456_789_012
INPUTS = int(os.environ.get("FUZZ", "240"))
SECRET = "a-secret-of-the-test"
PATH = "/telegram/hook"


@dataclass
class Deaf:
    """A messenger into the void, which notes only to whom something was said."""

    spoke_to: set[int] = field(default_factory=set)

    async def send(self, chat_id: int, message: Message) -> int:
        self.spoke_to.add(chat_id)
        return 77

    async def send_picture(self, chat_id: int, picture: Picture) -> int:
        return await self.send(chat_id, Message(picture.caption))

    async def send_file(self, chat_id: int, name: str, content: bytes, caption: str) -> int:
        return await self.send(chat_id, Message(caption))

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        self.spoke_to.add(chat_id)

    async def edit_rows(self, chat_id: int, message_id: int, rows: Rows) -> None:
        self.spoke_to.add(chat_id)

    async def react(self, chat_id: int, message_id: int, emoji: str) -> None:
        self.spoke_to.add(chat_id)

    async def answer_tap(self, tap_id: str, text: str = "", *, alert: bool = False) -> None:
        """Nothing."""

    async def leave(self, chat_id: int) -> None:
        """Nothing."""


class Range:
    """A Nearer that is thrown at: Mira, who sends anything, and Ada, to whom nothing may happen."""

    def __init__(self, folder: Path) -> None:
        self._runner, self._stack, self._folder = asyncio.Runner(), AsyncExitStack(), folder
        self.deaf = Deaf()
        self._runner.run(self._open())

    async def _open(self) -> None:
        start = at("Europe/Berlin", 2026, 11, 16, 10)
        life = await self._stack.enter_async_context(lived(self._folder, start))
        self.nearer: Nearer = life.nearer
        self.kit: Kit = replace(life.nearer.kit, messenger=self.deaf, rounds=self.deaf)
        self.ada = await self._settled(ADA)
        self.mira = await self._settled(MIRA)
        self.ids = [self.ada.id, self.mira.id, *(await self._history(self.ada)), *(await self._history(self.mira))]
        # Past the store, and on this thread: looked at after each of a hundred thousand inputs.
        self._rows = sqlite3.connect(self._folder / "nearer.db", isolation_level=None)
        self.hidden = self._all_of_ada()
        webhook = Webhook(SECRET, PATH, lambda body: is_update(body, self.nearer.bot), self.nearer.inbox.keep)
        self.app = Pages(self._well, self._fault, webhook).application()

    async def _well(self) -> dict[str, str]:
        return {}

    def _fault(self, error: Exception) -> None:
        raise error

    async def _settled(self, chat_id: int) -> Subscriber:
        now = datetime.now(UTC)
        async with self.kit.store.write() as work:
            person = await work.subscribers.of_chat(chat_id) or await work.subscribers.add(chat_id, "en", now)
            wishes = Preferences(zone="Europe/Berlin", ask_at=time(20, 30))
            ready = replace(person, stage=Stage.ACTIVE, consented_at=now, preferences=wishes, unreachable_at=None)
            await work.subscribers.save(ready)
        return ready

    async def _history(self, person: Subscriber) -> list[int]:
        """A question that was sent and a reply to it; their ids."""
        day = date(2026, 11, 15)
        async with self.kit.store.write() as work:
            await work.replies.keep(Reply(0, person.id, "m5", day, datetime.now(UTC), "walked home", Marks()))
            wanted = Delivery(0, person.id, Kind.QUESTION, day, State.CLAIMED, datetime.now(UTC), datetime.now(UTC))
            (delivery,) = await work.deliveries.claim_new([wanted], self.kit.worker)
            await work.deliveries.settle([Outcome(delivery, State.SENT, message_id=9)], datetime.now(UTC))
            (reply,) = await work.replies.between(person.id, day, day)
        return [delivery.id, reply.id]

    def _all_of_ada(self) -> list[Any]:
        """Every row that is hers, as it lies there."""
        mine = [("subscribers", "id"), ("deliveries", "subscriber_id"), ("replies", "subscriber_id")]
        return [
            self._rows.execute(f"SELECT * FROM {table} WHERE {column} = ?", [self.ada.id]).fetchall()
            for table, column in mine
        ]

    def throw(self, body: bytes) -> int:
        """A body comes in by the webhook; what was kept is handled. Returns the status."""
        return self._runner.run(self._throw(body))

    def tap(self, update: dict[str, Any]) -> None:
        """A button is tapped."""
        self._runner.run(self._handled({"update_id": 1} | update))

    async def _throw(self, body: bytes) -> int:
        status = await self._posted(body)
        [(kept,)] = self._rows.execute("SELECT count(*) FROM inbox").fetchall()
        assert kept == (status == 200)
        if kept:
            self._rows.execute("DELETE FROM inbox")
            await self._handled(json.loads(body))
        return status

    async def _handled(self, body: dict[str, Any]) -> None:
        self.deaf.spoke_to.clear()
        await handle(self.kit, Update.de_json(body, self.nearer.bot))
        assert ADA not in self.deaf.spoke_to
        assert self._all_of_ada() == self.hidden
        stages = self._rows.execute("SELECT stage FROM subscribers WHERE chat_id = ?", [MIRA]).fetchall()
        if stages != [("active",)]:
            self.mira = await self._settled(MIRA)

    async def _posted(self, body: bytes) -> int:
        answered: list[int] = []
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> AsgiMessage:
            return given.pop() if given else {"type": "http.disconnect"}

        async def send(message: AsgiMessage) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])

        headers = [(b"content-type", b"application/json"), (SECRET_HEADER.lower().encode(), SECRET.encode())]
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers, "query_string": b""}
        await self.app(scope, receive, send)
        return answered[0]

    def close(self) -> None:
        """The test is over."""
        self._rows.close()
        self._runner.run(self._stack.aclose())
        self._runner.close()


@pytest.fixture(scope="module")
def butts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    opened = Range(tmp_path_factory.mktemp("fuzz"))
    yield opened
    opened.close()


def many(inputs: int) -> settings:
    return settings(max_examples=inputs, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.timeout(0)
def test_no_body_breaks_the_webhook_or_touches_anybody_else(butts: Range) -> None:
    seen: dict[int, int] = {}

    @many(INPUTS // 2)
    @given(bodies(butts.ids))
    def throw(body: bytes) -> None:
        status = butts.throw(body)
        seen[status] = seen.get(status, 0) + 1

    with capture_logs() as logs:
        throw()
    assert set(seen) <= {200, 400}
    assert seen.get(200, 0) > INPUTS // 20
    assert not [line for line in logs if "fault" in line]


@pytest.mark.timeout(0)
def test_no_tap_breaks_anything_or_touches_anybody_else(butts: Range) -> None:
    @many(INPUTS // 2)
    @given(taps(butts.ids))
    def tap(update: dict[str, Any]) -> None:
        butts.tap(update)

    tap()
