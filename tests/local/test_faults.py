"""What goes wrong on the way, planned or by chance, and what the record says of it."""

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError

from bot.local.faults import Faults
from bot.local.people import Person
from bot.local.telegram import LocalTelegram


async def test_the_next_call_fails_as_planned_and_only_that(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    telegram.fail_next("sendMessage", status=502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(mira.id, "lost")
    await bot.send_message(mira.id, "there")
    assert [m.text for m in mira.hears()] == ["there"]
    assert [c.outcome for c in telegram.record.calls("sendMessage")] == ["Bad Gateway", "ok"]


async def test_a_reset_comes_after_the_message_was_accepted(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    telegram.reset_next("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(mira.id, "there")
    assert mira.last().text == "there"
    (call,) = telegram.record.calls("sendMessage")
    assert (call.outcome, call.accepted, call.message_id) == ("reset after accept", True, 2)


async def test_a_dropped_call_was_never_accepted(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    telegram.drop_next("*")
    with pytest.raises(NetworkError):
        await bot.send_message(mira.id, "lost")
    assert mira.hears() == []
    assert telegram.record.delivered() == []


async def test_a_held_call_is_answered_when_released(bot: Bot, telegram: LocalTelegram, mira: Person) -> None:
    hold = telegram.hang_next("sendMessage")
    sending = asyncio.create_task(bot.send_message(mira.id, "there"))
    await hold.arrived()
    assert mira.last().text == "there"
    assert not sending.done()
    hold.release()
    assert (await sending).text == "there"


async def test_a_held_call_does_not_hold_up_the_end(mira: Person, telegram: LocalTelegram) -> None:
    hold = telegram.hang_next("sendMessage")
    async with aiohttp.ClientSession() as session:
        url = f"{telegram.url}/bot{telegram.token}/sendMessage"
        sending = asyncio.create_task(session.post(url, json={"chat_id": mira.id, "text": "x"}))
        await hold.arrived()
        await telegram.__aexit__(None, None, None)
        with pytest.raises(aiohttp.ClientError):
            await sending


async def test_chance_is_the_same_for_the_same_seed_and_spares_calls_about_no_chat() -> None:
    outcomes = [await outcomes_of(Faults(bad_gateway=0.2, reset_after_accept=0.2, seed=7)) for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert {"ok", "Bad Gateway", "reset after accept"} == set(outcomes[0])


async def outcomes_of(faults: Faults) -> list[str]:
    """What forty messages met."""
    async with LocalTelegram(faults=faults, open_to_all=True) as telegram, aiohttp.ClientSession() as session:
        base = f"{telegram.url}/bot{telegram.token}"
        for n in range(40):
            async with session.get(f"{base}/getMe") as answer:
                assert answer.status == 200
            try:
                async with session.post(f"{base}/sendMessage", json={"chat_id": n + 1, "text": "x"}) as answer:
                    assert answer.status in (200, 502)
            except aiohttp.ClientError:
                continue
        return [call.outcome for call in telegram.record.calls("sendMessage")]


async def test_in_an_outage_nothing_is_accepted_until_it_is_over(
    bot: Bot, telegram: LocalTelegram, mira: Person
) -> None:
    telegram.outage(lasts=True)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(mira.id, "lost")
    telegram.outage(lasts=False)
    await bot.send_message(mira.id, "there")
    assert [m.text for m in mira.hears()] == ["there"]


async def test_a_revoked_token_is_unknown_until_it_is_known_again(
    bot: Bot, telegram: LocalTelegram, mira: Person
) -> None:
    telegram.revoke(revoked=True)
    with pytest.raises(InvalidToken):
        await bot.send_message(mira.id, "lost")
    telegram.revoke(revoked=False)
    await bot.send_message(mira.id, "there")
    assert [m.text for m in mira.hears()] == ["there"]
