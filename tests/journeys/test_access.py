"""Who may come in: everybody, who has an invite, or who is on the list. Care answers all."""

import re
from base64 import urlsafe_b64encode
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from bot.console.invite import new_link
from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from bot.settings import read_settings
from bot.storage.invites import hashed
from tests.life import KEY, Life, at, lived, living

START = at("Europe/Berlin", 2026, 11, 16, 10)
SPELLED = urlsafe_b64encode(KEY).decode()
CLOSED = "This is a small house"


async def people(life: Life) -> int:
    async with life.nearer.kit.store.read() as work:
        return await work.subscribers.count()


async def invite(life: Life, code: str) -> None:
    async with life.nearer.kit.store.write() as work:
        await work.invites.add(code, life.clock.now())


async def comes(life: Life, person: Person, code: str = "") -> str:
    person.start(code)
    await life.settle()
    return person.last().text


async def test_an_invite_lets_one_person_in_once(tmp_path: Path) -> None:
    async with lived(tmp_path, START, access="invite") as life:
        await invite(life, "a-code")
        mira, noor = life.person("Mira"), life.person("Noor")
        assert (await comes(life, noor)).startswith(CLOSED)
        assert (await comes(life, noor, "another-code")).startswith(CLOSED)
        assert (await comes(life, mira, "a-code")).startswith("Hello. I am Nearer.")
        assert (await comes(life, noor, "a-code")).startswith(CLOSED)
        assert (await comes(life, mira)).startswith("Hello. I am Nearer.")
        assert await people(life) == 1


async def test_the_list_lets_in_who_is_on_it_and_the_operators(tmp_path: Path) -> None:
    clock = TravellingClock.standing_at(START)
    async with LocalTelegram(clock=clock) as telegram:
        mira, noor, ana = telegram.person("Mira"), telegram.person("Noor"), telegram.person("Ana")
        let_in: dict[str, Any] = {"access": "list", "allowed": (mira.id,), "operators": (ana.id,)}
        async with living(telegram, clock, f"sqlite:///{tmp_path}/nearer.db", **let_in) as life:
            assert (await comes(life, mira)).startswith("Hello. I am Nearer.")
            assert (await comes(life, ana)).startswith("Hello. I am Nearer.")
            assert (await comes(life, noor)).startswith(CLOSED)


@pytest.mark.parametrize("access", ["invite", "list"])
async def test_strangers_get_one_kind_line_and_nothing_of_them_is_kept(tmp_path: Path, access: str) -> None:
    async with lived(tmp_path, START, access=access) as life:
        noor = life.person("Noor")
        await life.says(noor, "hello?")
        await life.says(noor, "/today")
        noor.send_sticker()
        noor.share_location(27.7, 85.3)
        noor.tap_data("b:begin", noor.last().message_id)
        await life.settle()
        heard = [message.text for message in noor.hears()]
        assert len(heard) == 4
        assert {text.startswith(CLOSED) for text in heard} == {True}
        assert noor.taps[-1].answered
        assert await people(life) == 0


@pytest.mark.parametrize("access", ["invite", "list"])
async def test_care_support_and_privacy_answer_strangers(tmp_path: Path, access: str) -> None:
    async with lived(tmp_path, START, access=access) as life:
        noor = life.person("Noor")
        for words, answer in (
            ("i really want to die", "findahelpline.com"),
            ("/support", "findahelpline.com"),
            ("/privacy", "not end-to-end encrypted"),
        ):
            await life.says(noor, words)
            assert answer in noor.last().text
        assert await people(life) == 0


async def test_who_is_in_stays_in_when_the_house_is_closed(tmp_path: Path) -> None:
    clock = TravellingClock.standing_at(START)
    database = f"sqlite:///{tmp_path}/nearer.db"
    async with LocalTelegram(clock=clock) as telegram:
        mira = telegram.person("Mira")
        async with living(telegram, clock, database) as life:
            await life.subscribes(mira, "Berlin", time(20, 30))
        async with living(telegram, clock, database, access="invite") as life:
            await life.says(mira, "/start")
            assert "20:30 (Europe/Berlin)" in mira.last().text


async def test_the_link_of_a_new_invite_lets_in(tmp_path: Path) -> None:
    clock = TravellingClock.standing_at(START)
    database = f"sqlite:///{tmp_path}/nearer.db"
    async with LocalTelegram(clock=clock) as telegram:
        mira = telegram.person("Mira")
        async with living(telegram, clock, database, access="invite") as life:
            given = {"telegram_token": telegram.token, "nearer_key": SPELLED, "database_url": database}
            link = await new_link(read_settings(**given, telegram_api_url=telegram.url))
            assert re.fullmatch(r"https://t\.me/\w+\?start=[\w-]{22}", link)
            assert (await comes(life, mira, link.rpartition("=")[2])).startswith("Hello. I am Nearer.")


def test_what_is_kept_of_a_code_is_its_hash() -> None:
    assert len(hashed("a-code")) == 16
    assert b"a-code" not in hashed("a-code")
