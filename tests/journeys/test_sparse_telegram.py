"""A Bot API that is not ours and promises no more than the documentation: everything still works."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Nearer, Plan, opened
from bot.console.run import greet
from bot.content import CONTENT
from bot.domain.records import Kind, Stage, Subscriber
from bot.local.clock import TravellingClock
from bot.storage.address import read_address
from tests.life import KEY, WordEar, at, shelf_of
from tests.sparse import TOKEN, SparseTelegram, sparse

MIRA = 71
START = at("Europe/Berlin", 2026, 11, 16, 10)


@dataclass
class Sparse:
    """The bot, its Telegram, and somebody in it."""

    telegram: SparseTelegram
    nearer: Nearer
    clock: TravellingClock
    taps: list[str] = field(default_factory=list)
    #: Telegram's message ids are a chat's own; a person's and the bot's meet here.
    number: int = 1

    async def settle(self) -> None:
        await self.telegram.confirmed()
        await self.nearer.inbox.drain()
        await self.nearer.follower.drain()

    def message(self, **more: Any) -> dict[str, Any]:
        self.number += 1
        date = int(self.clock.now().timestamp())
        return {"message_id": self.number, "date": date, "chat": {"id": MIRA, "type": "private"}, **more}

    async def says(self, text: str, **more: Any) -> int:
        self.telegram.brings(message=self.message(text=text, **more))
        await self.settle()
        return self.number

    async def taps_label(self, label: str, message: dict[str, Any] | None = None) -> None:
        await self.taps_data(self.telegram.labels(MIRA)[label], message)

    async def taps_data(self, data: str, message: dict[str, Any] | None = None) -> None:
        self.taps.append(f"q{len(self.taps)}")
        under = {"message": message} if message else {}
        tap = {"id": self.taps[-1], "from": {"id": MIRA, "is_bot": False, "first_name": "M"}, "data": data, **under}
        self.telegram.brings(callback_query=tap)
        await self.settle()

    def under(self) -> dict[str, Any]:
        """The newest message, as one that the bot cannot see any more."""
        number = list(self.telegram.said[MIRA])[-1]
        return {"message_id": number, "date": 0, "chat": {"id": MIRA, "type": "private"}}

    async def known(self) -> Subscriber | None:
        async with self.nearer.kit.store.read() as work:
            return await work.subscribers.of_chat(MIRA)


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Sparse]:
    clock = TravellingClock.standing_at(START)
    async with sparse() as telegram:
        plan = Plan(
            token=TOKEN,
            keys=(KEY,),
            database=read_address(f"sqlite:///{tmp_path}/nearer.db"),
            api_url=telegram.url,
            chat_gap=0.001,
            deleted_list=tmp_path / "nearer.deleted",
            now=clock.now,
        )
        with ThreadPoolExecutor(1) as drawing:
            shelf = shelf_of(("en",), CONTENT)
            async with opened(plan, drawing=drawing, reader=WordEar(), shelf=shelf) as nearer:
                await greet(nearer)
                polling = asyncio.create_task(nearer.inbox.poll())
                yield Sparse(telegram, nearer, clock)
                polling.cancel()
                with suppress(asyncio.CancelledError):
                    await polling


async def subscribed(there: Sparse) -> None:
    await there.says("/start")
    await there.taps_label("Begin", there.under())
    await there.taps_label("10:00 · Berlin", there.under())
    await there.taps_label("20:30", there.under())


async def test_somebody_subscribes_answers_and_leaves(there: Sparse) -> None:
    await subscribed(there)
    assert "First question: <b>Mon 16 Nov, 20:30" in there.telegram.last(MIRA)["text"]
    there.clock.move_by(timedelta(hours=10, minutes=31))
    await there.nearer.ticks.everything()
    assert "Not today" in there.telegram.labels(MIRA)
    await there.says("I needed space")
    assert "None of these" in there.telegram.labels(MIRA)
    await there.taps_label("Needed space", there.under())
    for words in ("/today", "/week", "/journal", "/patterns", "/settings", "/export", "/support", "/help"):
        await there.says(words)
    await there.says("/delete")
    await there.taps_label("Delete everything", there.under())
    assert await there.known() is None
    assert there.telegram.answered == there.taps


async def test_a_tap_whose_message_telegram_leaves_out_is_answered_in_a_new_one(there: Sparse) -> None:
    await there.says("/start")
    await there.taps_label("Begin")
    assert there.telegram.last(MIRA)["text"].startswith("What does your clock say now?")
    assert there.telegram.answered == there.taps


async def test_what_is_not_promised_or_not_known_is_passed_over(there: Sparse) -> None:
    await subscribed(there)
    said = len(there.telegram.said[MIRA])
    private = {"id": MIRA, "type": "private"}
    there.telegram.brings(message_reaction={"chat": private, "message_id": 3, "date": 1})
    there.telegram.brings(a_kind_of_tomorrow={"chat": private})
    there.telegram.brings(edited_message=there.message(text="never seen before", edit_date=1))
    there.telegram.brings(message={"text": "of nobody"})
    there.telegram.brings(message=there.message(new_kind_of_content={"x": 1}))
    there.telegram.brings(callback_query={"id": 12})
    there.telegram.brings(my_chat_member={"chat": private})
    await there.settle()
    assert len(there.telegram.said[MIRA]) == said
    async with there.nearer.kit.store.read() as work:
        assert set(await work.inbox.counts()) == {"done"}


async def test_fields_more_and_numbers_as_strings_do_no_harm(there: Sparse) -> None:
    await subscribed(there)
    message = there.message(text="/today", entities=[{"type": "odd"}], via_bot={"odd": True})
    message |= {"chat": {"id": str(MIRA), "type": "private", "new": 1}, "from": {"id": str(MIRA)}}
    there.telegram.brings(message=message)
    await there.settle()
    assert "No question yet today." in there.telegram.last(MIRA)["text"]


async def test_blocked_and_let_in_again_with_the_least_that_is_told(there: Sparse) -> None:
    await subscribed(there)
    private = {"id": MIRA, "type": "private"}
    for status in ("kicked", "member"):
        after = {"status": status}
        there.telegram.brings(my_chat_member={"chat": private, "date": 5, "new_chat_member": after})
        await there.settle()
        known = await there.known()
        assert known is not None
        assert (known.unreachable_at is not None) == (status == "kicked")


async def test_whoever_writes_after_blocking_is_there_though_nothing_told_so(there: Sparse) -> None:
    await subscribed(there)
    after = {"status": "kicked"}
    there.telegram.brings(my_chat_member={"chat": {"id": MIRA, "type": "private"}, "date": 5, "new_chat_member": after})
    await there.settle()
    there.clock.move_by(timedelta(days=2))
    await there.says("/today")
    known = await there.known()
    assert known is not None
    assert known.unreachable_at is None
    assert known.question_due_at is not None


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "Bad Request: message is not modified: specified new message content is the same"),
        (400, "Bad Request: MESSAGE_NOT_MODIFIED"),
        (400, "Bad Request: message to edit not found"),
        (400, "Bad Request: something new"),
    ],
)
async def test_a_tap_is_answered_whatever_becomes_of_the_edit(there: Sparse, status: int, said: str) -> None:
    await subscribed(there)
    await there.says("/settings")
    there.telegram.refuses["editMessageText"] = (status, said)
    await there.taps_data("g:quotes", there.under())
    assert there.taps[-1] in there.telegram.answered


async def test_another_question_tapped_once_counts_once_though_its_update_comes_again(there: Sparse) -> None:
    await subscribed(there)
    there.clock.move_by(timedelta(hours=10, minutes=31))
    await there.nearer.ticks.everything()
    data = there.telegram.labels(MIRA)["Another question"]
    await there.taps_data(data, there.under())
    lighter = there.telegram.last(MIRA)["text"]
    there.taps.pop()  # The next tap has the same id: the bot was killed before it told that this one was handled.
    await there.taps_data(data, there.under())
    assert there.telegram.last(MIRA)["text"] == lighter
    known = await there.known()
    assert known is not None
    async with there.nearer.kit.store.read() as work:
        delivery = await work.deliveries.of_day(known.id, Kind.QUESTION, START.date())
    assert delivery is not None
    assert delivery.asked is not None
    assert delivery.asked.swaps == 1


async def test_one_person_in_two_chats_with_the_same_message_ids(there: Sparse) -> None:
    await subscribed(there)
    first = await there.says("mine")
    other = {"id": 72, "type": "private"}
    stranger = there.message(text="another's", message_id=first, chat=other) | {"message_id": first, "chat": other}
    there.telegram.brings(message=stranger)
    await there.settle()
    known = await there.known()
    assert known is not None
    assert known.stage is Stage.ACTIVE
    async with there.nearer.kit.store.read() as work:
        assert await work.replies.count(known.id) == 1
        assert await work.deliveries.of_day(known.id, Kind.QUESTION, START.date()) is None


async def test_a_group_is_left_once_and_politely(there: Sparse) -> None:
    group = {"id": -5, "type": "group", "title": "Friends"}
    there.telegram.brings(my_chat_member={"chat": group, "date": 5, "new_chat_member": {"status": "member"}})
    await there.settle()
    assert [one["text"][:30] for one in there.telegram.said[-5].values()] == ["I only talk with one person at"]
    assert there.telegram.left == [-5]
