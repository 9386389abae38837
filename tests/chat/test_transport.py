"""The transport against a real server: what was surely not accepted is told apart from what may have been."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InputFile, InputMediaDocument
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.chat.transport import AiohttpRequest, AnswerLost, NotSent
from bot.local.telegram import LocalTelegram

TOKEN = "123456:AAF-secret_token"
PATH = f"/bot{TOKEN}/sendMessage"

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """A server that answers as the test says; `requests` have come in whole."""

    answering: Answering
    requests: list[dict[str, Any]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        read = {
            name: (one.filename, one.file.read()) if isinstance(one, web.FileField) else one
            for name, one in form.items()
        }
        self.requests.append({"method": request.method, "type": request.content_type, "form": read})
        self.came.set()
        return await self.answering(request)


@asynccontextmanager
async def serving(answering: Answering) -> AsyncIterator[Server]:
    server = Server(answering)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    try:
        yield server
    finally:
        server.released.set()
        await runner.cleanup()


async def fine(_request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "result": True})


async def torn(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def assert_silent(error: BaseException, url: str) -> None:
    """Neither the token nor the address is in it, nor in what a traceback would show with it."""
    told = f"{error} {error!r}"
    assert TOKEN not in told
    assert url not in told
    assert "127.0.0.1" not in told
    assert error.__cause__ is None
    assert error.__suppress_context__


def data(**values: Any) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def test_a_call_goes_out_as_a_form_in_utf_8() -> None:
    async with serving(fine) as server, AiohttpRequest() as request:
        status, body = await request.do_request(server.url, "POST", data(chat_id=7, text="ß & <b>=%"))
    assert (status, body) == (200, b'{"ok": true, "result": true}')
    form = {"chat_id": "7", "text": "ß & <b>=%"}
    assert server.requests == [{"method": "POST", "type": "application/x-www-form-urlencoded", "form": form}]


async def test_a_file_goes_out_with_its_name_beside_the_other_fields() -> None:
    picture = InputFile(b"\x89PNG\x00\xff", filename="week.png")
    async with serving(fine) as server, AiohttpRequest() as request:
        await request.do_request(server.url, "POST", data(chat_id=7, caption="Your week", photo=picture))
    [came] = server.requests
    assert came["type"] == "multipart/form-data"
    assert came["form"] == {"chat_id": "7", "caption": "Your week", "photo": ("week.png", b"\x89PNG\x00\xff")}


async def test_files_attached_to_a_list_go_out_under_their_own_names() -> None:
    media = [InputMediaDocument(InputFile(text, filename=f"{text.decode()}.txt", attach=True)) for text in (b"a", b"b")]
    async with serving(fine) as server, AiohttpRequest() as request:
        await request.do_request(server.url, "POST", data(chat_id=7, media=media))
    [came] = server.requests
    assert sorted(one for one in came["form"].values() if isinstance(one, tuple)) == [("a.txt", b"a"), ("b.txt", b"b")]


async def test_a_call_without_parameters_goes_out_too() -> None:
    async with serving(fine) as server, AiohttpRequest() as request:
        assert (await request.do_request(server.url, "GET"))[0] == 200
    assert server.requests[0]["form"] == {}


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}{PATH}"
        async with AiohttpRequest() as request:
            with pytest.raises(NotSent) as told:
                await request.do_request(url, "POST", data(text="words"))
    assert_silent(told.value, url)


async def test_a_name_that_is_not_known_means_that_nothing_was_sent() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent) as told:
            await request.do_request(f"http://nowhere.invalid{PATH}", "POST", data(text="words"))
    assert_silent(told.value, "nowhere.invalid")


async def test_a_server_that_does_not_speak_tls_was_sent_nothing() -> None:
    async with serving(fine) as server, AiohttpRequest() as request:
        with pytest.raises(NotSent) as told:
            await request.do_request(server.url.replace("http:", "https:"), "POST", data(text="words"))
    assert_silent(told.value, server.url)
    assert server.requests == []


async def test_where_every_connection_is_taken_nothing_was_sent() -> None:
    async def held(_request: web.Request) -> web.Response:
        await server.released.wait()
        return web.Response(body=b"{}")

    async with serving(held) as server, AiohttpRequest(connections=1, connect=0.05) as request:
        first = asyncio.create_task(request.do_request(server.url, "POST", data(text="first")))
        await server.came.wait()
        with pytest.raises(NotSent) as told:
            await request.do_request(server.url, "POST", data(text="second"))
        assert_silent(told.value, server.url)
        server.released.set()
        assert (await first)[0] == 200
    assert [came["form"]["text"] for came in server.requests] == ["first"]


async def test_a_connection_torn_after_the_request_leaves_the_outcome_open() -> None:
    async with serving(torn) as server, AiohttpRequest() as request:
        with pytest.raises(AnswerLost) as told:
            await request.do_request(server.url, "POST", data(text="words"))
    assert_silent(told.value, server.url)
    assert len(server.requests) == 1


async def test_an_answer_that_breaks_off_leaves_the_outcome_open() -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b'{"ok": tr')
        return await torn(request)

    async with serving(half) as server, AiohttpRequest() as request:
        with pytest.raises(AnswerLost) as told:
            await request.do_request(server.url, "POST", data(text="words"))
    assert_silent(told.value, server.url)


async def test_an_answer_that_does_not_come_in_time_leaves_the_outcome_open() -> None:
    async def never(_request: web.Request) -> web.Response:
        await server.released.wait()
        return web.Response()

    async with serving(never) as server, AiohttpRequest(read=0.05) as request:
        with pytest.raises(AnswerLost) as told:
            await request.do_request(server.url, "POST", data(text="words"))
        with pytest.raises(AnswerLost):
            await request.do_request(server.url, "POST", data(text="words"), read_timeout=0.01)
    assert_silent(told.value, server.url)
    assert isinstance(told.value, TimedOut)


async def test_a_connection_that_the_server_ended_meanwhile_is_replaced() -> None:
    async def once(request: web.Request) -> web.Response:
        answer = web.Response(body=b"{}")
        answer.force_close()
        answer.headers["Connection"] = "keep-alive"
        return answer

    async with serving(once) as server, AiohttpRequest(connections=1) as request:
        for _ in range(3):
            assert (await request.do_request(server.url, "POST", data(text="words")))[0] == 200
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_gateway_that_fails_is_a_network_error_and_no_timeout(status: int) -> None:
    async def failing(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>oh</html>", content_type="text/html")

    async with serving(failing) as server, AiohttpRequest() as request:
        with pytest.raises(NetworkError) as told:
            await request.post(server.url, data(text="words"))
    assert not isinstance(told.value, (TimedOut, BadRequest))
    assert TOKEN not in str(told.value)


async def test_a_gateway_that_timed_out_leaves_the_outcome_unknown() -> None:
    async def late(_request: web.Request) -> web.Response:
        return web.Response(status=504)

    async with serving(late) as server, AiohttpRequest() as request:
        with pytest.raises(AnswerLost):
            await request.post(server.url, data(text="words"))


async def test_before_it_is_opened_and_after_it_is_closed_nothing_is_sent() -> None:
    request = AiohttpRequest()
    with pytest.raises(NotSent):
        await request.do_request(f"http://127.0.0.1:1{PATH}", "POST")
    await request.shutdown()
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    with pytest.raises(TelegramError) as told:
        await request.post(f"http://127.0.0.1:1{PATH}")
    assert TOKEN not in str(told.value)


async def test_python_telegram_bots_own_bot_works_over_it(telegram: LocalTelegram, bot: Bot) -> None:
    mira = telegram.person("Mira")
    mira.start()
    [update] = await bot.get_updates(timeout=1)
    assert update.message is not None
    assert update.message.text == "/start"
    sent = await bot.send_message(mira.id, "Hello <b>Mira</b>", parse_mode="HTML")
    await bot.edit_message_text("Hello again", chat_id=mira.id, message_id=sent.message_id)
    await bot.send_document(mira.id, b"a,b\n", filename="journal.csv", caption="Yours")
    assert [message.text for message in mira.hears()] == ["Hello again", "Yours"]
    assert telegram.record.problems == []


async def test_a_call_that_was_torn_was_accepted_and_one_dropped_was_not(telegram: LocalTelegram, bot: Bot) -> None:
    mira = telegram.person("Mira")
    mira.start()
    for fault, text in ((telegram.reset_next, "torn"), (telegram.drop_next, "dropped")):
        fault("sendMessage")
        with pytest.raises(AnswerLost):
            await bot.send_message(mira.id, text)
    telegram.fail_next("sendMessage", status=502)
    with pytest.raises(NetworkError):
        await bot.send_message(mira.id, "refused")
    assert [message.text for message in mira.hears()] == ["torn"]


async def test_a_token_that_is_not_known_is_not_repeated_by_the_transport(telegram: LocalTelegram) -> None:
    stranger = Bot(TOKEN, base_url=telegram.base_url, request=AiohttpRequest(), get_updates_request=AiohttpRequest())
    await stranger.request.initialize()
    with pytest.raises(InvalidToken) as told:
        await stranger.get_me()
    assert TOKEN not in str(told.value)
    await stranger.request.shutdown()
