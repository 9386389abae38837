"""What the chat page asks for: state, deeds, files, events, the clock; and that no other page can ask."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.local.clock import TravellingClock
from bot.local.people import DOT, Person
from bot.local.telegram import LocalTelegram

Json = dict[str, Any]
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
async def page(telegram: LocalTelegram) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(telegram.url) as session:
        yield session


async def state(page: aiohttp.ClientSession) -> Json:
    async with page.get("/page/state") as answer:
        body: Json = await answer.json()
    return body


async def do(page: aiohttp.ClientSession, path: str, **sent: Any) -> Any:
    async with page.post(f"/page/{path}", json=sent) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def test_the_page_and_its_files_are_served_and_nothing_beside_them(page: aiohttp.ClientSession) -> None:
    for path in ("/", "/page/page.js", "/page/page.css", "/page/icon.svg"):
        async with page.get(path) as answer:
            assert answer.status == 200
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for path in ("/page/..%2Ftelegram.py", "/page/nothing.js", "/record"):
        async with page.get(path) as answer:
            assert answer.status == 404


async def test_the_state_holds_people_and_their_messages(page: aiohttp.ClientSession, bot: Bot, mira: Person) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    await bot.send_photo(mira.id, DOT, caption="<b>x</b>", parse_mode="HTML", reply_markup=keyboard)
    (person,) = (await state(page))["people"]
    start, photo = person["messages"]
    assert (person["name"], person["started"], person["blocked"]) == ("Mira", True, False)
    assert (start["mine"], start["text"]) == (True, "/start")
    assert photo["entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    assert photo["buttons"] == [[{"text": "Yes", "callback_data": "yes"}]]
    async with page.get(f"/page/files/{photo['photo']['file']}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", DOT)


async def test_a_document_is_downloaded_never_shown(page: aiohttp.ClientSession, bot: Bot, mira: Person) -> None:
    await bot.send_document(mira.id, b"<script>1</script>", filename="x.html")
    message = (await state(page))["people"][0]["messages"][-1]
    async with page.get(f"/page/files/{message['document']['file']}") as answer:
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.content_type == "application/octet-stream"


async def test_a_person_of_the_page_does_what_people_do(
    page: aiohttp.ClientSession, bot: Bot, telegram: LocalTelegram
) -> None:
    first = (await do(page, "people", name="You", language="en", first=True))["id"]
    assert (await do(page, "people", name="Again", first=True))["id"] == first
    me = f"people/{first}"
    await do(page, f"{me}/start", code="abc")
    said = (await do(page, f"{me}/say", text="hello", reply_to=1))["result"]
    await do(page, f"{me}/edit", message_id=said, text="hallo")
    await bot.send_message(first, "Where?", reply_markup=ReplyKeyboardMarkup([["Berlin"]]))
    await do(page, f"{me}/press", label="Berlin")
    await do(page, f"{me}/location", latitude=1, longitude=2)
    await do(page, f"{me}/voice")
    await do(page, f"{me}/sticker")
    tapped = (await do(page, f"{me}/tap", message_id=said, data="x"))["result"]
    async with page.post(f"/page/{me}/file?name=a.png&caption=look", data=DOT) as answer:
        assert answer.status == 200
    async with page.post(f"/page/{me}/file?name=a.txt", data=b"text") as answer:
        assert answer.status == 200
    await do(page, f"{me}/forget", message_id=1)
    await do(page, f"{me}/block")
    await do(page, f"{me}/unblock")
    updates = await bot.get_updates()
    kinds = [next(kind for kind in update.to_dict() if kind != "update_id") for update in updates]
    texts, files, standing = ["message"] * 2, ["message"] * 2, ["my_chat_member"] * 2
    assert kinds == [*texts, "edited_message", *["message"] * 4, "callback_query", *files, *standing]
    assert updates[7].callback_query is not None
    assert updates[7].callback_query.id == tapped


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("people", {"name": " "}, 400),
        ("people/77/say", {"text": "x"}, 404),
        ("people/me/say", {"text": "x"}, 404),
        ("people/5000000001/dance", {}, 404),
        ("people/5000000001/say", {}, 400),
        ("people/5000000001/press", {"label": "nothing"}, 400),
        ("people/5000000001/edit", {"message_id": 99, "text": "x"}, 400),
        ("clock", {"to": 0}, 409),
    ],
)
async def test_what_cannot_be_done_is_said(
    path: str, sent: Json, status: int, page: aiohttp.ClientSession, mira: Person
) -> None:
    async with page.post(f"/page/{path}", json=sent) as answer:
        assert answer.status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Host": "nearer.example.org"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "text/plain"},
    ],
)
async def test_another_page_cannot_drive_this_one(
    headers: dict[str, str], page: aiohttp.ClientSession, telegram: LocalTelegram
) -> None:
    body = json.dumps({"name": "Intruder"})
    async with page.post("/page/people", data=body, headers={"Content-Type": "application/json"} | headers) as answer:
        assert answer.status in (403, 415)
    if "Sec-Fetch-Site" not in headers and "Content-Type" not in headers:
        async with page.get(f"/bot{telegram.token}/getMe", headers=headers) as answer:
            assert answer.status == 403
    assert (await state(page))["people"] == []


class Listener:
    """The events that a page gets."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self, what: str) -> Json:
        """The next event of that kind."""
        async with asyncio.timeout(5):
            while True:
                line = await self._response.content.readline()
                event: Json = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                if event.get("what") == what:
                    return event


@pytest.fixture
async def events(page: aiohttp.ClientSession) -> AsyncIterator[Listener]:
    async with page.get("/page/events") as response:
        await response.content.readline()
        yield Listener(response)


async def test_what_happens_is_told_at_once(mira: Person, events: Listener, bot: Bot) -> None:
    mira.say("hello")
    assert (await events.next("message"))["message"]["text"] == "hello"
    await bot.send_chat_action(mira.id, "typing")
    assert (await events.next("typing"))["person"] == mira.id
    sent = await bot.send_message(mira.id, "there", disable_notification=True)
    told = await events.next("message")
    assert (told["message"]["silent"], told["about"]["name"]) == (True, "Mira")
    await sent.delete()
    assert (await events.next("deleted"))["id"] == sent.message_id
    tap = mira.tap_data("x", 1)
    await bot.answer_callback_query(tap.query.id, "Kept", show_alert=True)
    toast = await events.next("toast")
    assert (toast["query"], toast["text"], toast["alert"]) == (tap.query.id, "Kept", True)
    await bot.set_my_commands([("today", "Today’s question")])
    assert (await events.next("chat"))["about"]["commands"][0]["command"] == "today"
    mira.block()
    assert (await events.next("chat"))["about"]["blocked"]


async def test_a_clock_button_travels_by_what_was_given_and_tells_the_way() -> None:
    clock = TravellingClock.standing_at(NOON)
    gate = asyncio.Event()

    async def travel(moment: datetime) -> None:
        clock.move_by(timedelta(hours=1))
        await gate.wait()
        clock.move_to(moment)

    goal = (NOON + timedelta(hours=9)).timestamp() * 1000
    async with (
        LocalTelegram(clock=clock, travel=travel) as telegram,
        aiohttp.ClientSession(telegram.url) as page,
        page.get("/page/events") as response,
    ):
        events = Listener(response)
        assert (await do(page, "clock", to=goal))["clock"]["to"] == goal
        assert (await events.next("clock"))["clock"]["from"] == NOON.timestamp() * 1000
        async with page.post("/page/clock", json={"to": goal + 1}) as again:
            assert again.status == 409
        gate.set()
        while "to" in (arrived := (await events.next("clock"))["clock"]):
            continue
    assert arrived == {"now": goal, "standing": True}


@pytest.mark.parametrize("goal", [None, "soon", [1], -1, 1e18])
async def test_a_clock_sent_nowhere_is_told_so_and_stays(goal: object) -> None:
    clock = TravellingClock.standing_at(NOON)
    async with (
        LocalTelegram(clock=clock) as telegram,
        aiohttp.ClientSession(telegram.url) as page,
        page.post("/page/clock", json={"to": goal}) as response,
    ):
        assert response.status == 400
        assert "milliseconds" in await response.text()
    assert clock.now() == NOON


async def test_the_record_is_served_only_where_it_is_open() -> None:
    async with (
        LocalTelegram(open_record=True, open_to_all=True) as telegram,
        aiohttp.ClientSession(telegram.url) as session,
    ):
        async with session.post("/say", json=[[7, "hello"], [8, "there"]]) as said:
            assert await said.json() == 2
        params = {"chat_id": "7", "text": "x"}
        async with session.get(f"/bot{telegram.token}/sendMessage", params=params) as sent:
            assert sent.status == 200
        async with session.get("/record") as answer:
            record = await answer.json()
    words = record["words"]
    assert [words[n] for n in record["method"]] == ["sendMessage"]
    assert [words[n] for n in record["outcome"]] == ["ok"]
    assert record["chat"] == [7]
