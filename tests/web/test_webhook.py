"""The webhook: what is Telegram's is kept before it is acknowledged, what is not changes nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.inbox import WANTED
from bot.console.run import hook
from bot.web.webhook import LARGEST, path_of, secret_of
from tests.web.house import House, house


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(f"sqlite:///{tmp_path}/nearer.db") as opened:
        yield opened


def message(number: int, text: str = "drove round the ring road", chat: int = 7) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Mira", "language_code": "en"}
    body = {"message_id": number, "date": 1_800_000_000, "chat": {"id": chat, "type": "private"}}
    return {"update_id": number, "message": body | {"from": person, "text": text}}


async def test_an_update_is_kept_before_it_is_acknowledged(home: House) -> None:
    assert await home.post(message(5)) == 200
    assert await home.kept() == [5]
    assert await home.post(message(5)) == 200
    assert await home.kept() == [5]


async def test_an_update_of_a_kind_not_known_yet_is_taken_and_nothing_comes_of_it(home: House) -> None:
    assert await home.post({"update_id": 9, "something_new": {"id": 1}}) == 200
    await home.nearer.inbox.drain()
    assert await home.kept() == []
    assert list(home.telegram.record.calls("sendMessage")) == []


async def test_a_forged_update_without_the_secret_is_refused_and_changes_nothing(home: House) -> None:
    for wrong in ("", "guessed", home.secret[:-1], home.secret + "x", home.secret.upper(), "ä"):
        assert await home.post(message(5), secret=wrong.encode().decode("latin-1")) == 403
    assert await home.kept() == []


async def test_another_path_is_not_there(home: House) -> None:
    other = f"{home.settings.webhook_url}/telegram/{'0' * 48}"
    assert await home.post(message(5), path=other) == 404
    assert await home.post(message(5), path=f"{home.settings.webhook_url}/telegram") == 404
    async with home.client.get(home.hook) as answer:
        assert answer.status == 405


def test_path_and_secret_tell_nothing_of_the_token_and_differ_for_each_bot() -> None:
    token = "123456:AAF-secret_token"
    secret = secret_of(token)
    told = path_of(token, secret) + secret
    assert not any(token[at : at + 6] in told for at in range(len(token) - 5))
    assert path_of(token, secret) == path_of(token, secret_of(token))
    assert len({path_of(token, secret), path_of("123457:AAF-secret_token", secret), path_of(token, "x" * 16)}) == 3
    assert secret_of(token, "chosen-by-somebody") == "chosen-by-somebody"


MALFORMED = [
    b"",
    b"no json",
    b"[]",
    b"null",
    b'"update"',
    b"{}",
    b"\xff\xfe\x00",
    b"[" * 200_000,
    b'{"update_id": "5"}',
    b'{"update_id": true}',
    b'{"update_id": -5}',
    b'{"update_id": 1e3}',
    b'{"update_id": 99999999999999999999999}',
    b'{"update_id": ' + b"9" * 5000 + b"}",
    json.dumps({"update_id": 5, "message": "words"}).encode(),
    json.dumps({"update_id": 5, "message": {}}).encode(),
    json.dumps(message(5, chat=10**30)).encode(),
    json.dumps({"update_id": 5, "callback_query": {"id": 7}}).encode(),
    json.dumps({"update_id": 5, "my_chat_member": {"chat": None}}).encode(),
]


async def test_a_malformed_body_is_refused_and_changes_nothing(home: House) -> None:
    answers = {body[:60]: await home.post(body) for body in MALFORMED}
    assert {body: status for body, status in answers.items() if status != 400} == {}
    assert await home.kept() == []


async def test_only_json_of_a_reasonable_size_is_read(home: House) -> None:
    assert await home.post(json.dumps(message(5)).encode(), **{"Content-Type": "text/plain"}) == 415
    assert await home.post(b" " * (LARGEST + 1)) == 413
    assert await home.post(b" " * (LARGEST - 200) + b"{}") == 400
    assert await home.kept() == []


async def test_while_nothing_can_be_kept_telegram_is_told_to_come_again(tmp_path: Path) -> None:
    path = tmp_path / "nearer.db"
    async with house(f"sqlite:///{path}") as home:
        assert await home.post(message(5)) == 200
        async with home.nearer.kit.store.write() as work:
            await work.facts._connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
        assert await home.post(message(6)) == 503
        async with home.nearer.kit.store.write() as work:
            await work.facts._connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
        assert await home.post(message(6)) == 200
        assert await home.kept() == [5, 6]


async def test_the_webhook_is_set_once_with_what_polling_asks_for(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", hooked=True) as home:
        for _ in range(2):
            await hook(home.nearer, home.settings)
        assert len(list(home.telegram.record.calls("setWebhook"))) == 1
        info = home.telegram.api.fetching.webhook.info()
        assert (info["url"], set(info["allowed_updates"])) == (home.hook, set(WANTED))


async def test_a_conversation_goes_by_the_webhook(tmp_path: Path) -> None:
    async with house(f"sqlite:///{tmp_path}/nearer.db", hooked=True) as home:
        mira = home.telegram.person("Mira")
        mira.start()
        await home.settle()
        mira.tap("Begin")
        await home.settle()
        assert mira.last().text.startswith("What does your clock say")


async def test_many_at_once_are_all_kept(home: House) -> None:
    answers = await asyncio.gather(*(home.post(message(number)) for number in range(1, 101)))
    assert set(answers) == {200}
    assert await home.kept() == list(range(1, 101))
