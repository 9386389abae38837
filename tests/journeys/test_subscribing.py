"""From /start to the first question."""

from pathlib import Path

import pytest

from bot.chat.profile import set_profile
from bot.domain.records import Stage
from bot.local.chats import ChatKind
from bot.local.people import Person
from tests.journeys.conftest import ZONE
from tests.life import KEY, Life, at, lived, living


async def test_five_taps_and_no_typing_lead_to_the_first_question(life: Life) -> None:
    mira = life.person("Mira", "de-DE")
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    await life.taps(mira, "10:00 · Berlin")
    await life.taps(mira, "20:30")
    assert "First question: Mon 16 Nov, 20:30 (Europe/Berlin)" in mira.last().text
    await life.taps(mira, "Send one now")
    await life.tick()
    assert "Not today" in mira.last().labels
    assert len(mira.taps) == 4


async def test_before_consent_nothing_but_the_chat_and_its_language_is_kept(life: Life) -> None:
    mira = life.person("Mira", "de")
    mira.start()
    await life.settle()
    await life.says(mira, "my secret")
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(mira.id)
        assert known is not None
        assert known.stage is Stage.ARRIVED
        assert known.consented_at is None
        assert known.preferences.zone is None
        assert await work.replies.count(known.id) == 0


async def test_privacy_is_told_before_consent(life: Life) -> None:
    mira = life.person()
    await life.says(mira, "/privacy")
    assert "not end-to-end encrypted" in mira.last().text


async def test_a_second_start_tells_when_the_next_question_comes(life: Life, mira: Person) -> None:
    await life.says(mira, "/start")
    await life.says(mira, "/start")
    assert "Mon 16 Nov, 20:30 (Europe/Berlin)" in mira.last().text
    async with life.nearer.kit.store.read() as work:
        assert await work.subscribers.count() == 1


async def test_a_start_in_the_middle_goes_on_where_it_stopped(life: Life) -> None:
    mira = life.person()
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    await life.says(mira, "/start")
    assert mira.last().text.startswith("What does your clock say now?")
    await life.says(mira, "Kathmandu")
    await life.says(mira, "/start")
    assert "Asia/Kathmandu" in mira.last().text


async def test_settling_goes_on_after_a_restart_a_week_later(tmp_path: Path) -> None:
    async with lived(tmp_path, at("Europe/Berlin", 2026, 11, 16, 10)) as life:
        mira = life.person()
        mira.start()
        await life.settle()
        await life.taps(mira, "Begin")
        telegram, clock = life.telegram, life.clock
        await life.on(days=7)
        async with living(telegram, clock, f"sqlite:///{tmp_path}/nearer.db") as again:
            await again.says(mira, "Berlin")
    assert "Europe/Berlin" in mira.last().text
    assert KEY


async def test_a_zone_that_does_not_exist_is_answered_kindly(life: Life) -> None:
    mira = life.person()
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    for nonsense in ("Europe/Atlantis", "qqqqzzzz", "🌊🌊", "<b>x</b>", "a" * 4000):
        await life.says(mira, nonsense)
        assert mira.last().text.startswith("I do not know that place")
    mira.tap_data("z:Europe/Atlantis", mira.last().message_id)
    await life.settle()
    assert mira.toast == "That button no longer works."


async def test_a_shared_place_gives_the_zone(life: Life) -> None:
    mira = life.person()
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    await life.taps(mira, "Share my place instead")
    mira.share_location(27.7, 85.3)
    await life.settle()
    assert "Asia/Kathmandu" in mira.last().text


async def test_an_unclear_time_is_asked_back_and_never_guessed(life: Life) -> None:
    mira = life.person()
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    await life.says(mira, "Berlin")
    await life.says(mira, "half past eight")
    assert mira.last().labels[:2] == ("08:30", "20:30")
    await life.taps(mira, "20:30")
    assert "20:30 (Europe/Berlin)" in mira.last().text


async def test_every_step_can_go_back(life: Life) -> None:
    mira = life.person()
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    await life.taps(mira, "‹ Back")
    await life.taps(mira, "Begin")
    await life.taps(mira, "10:00 · Berlin")
    await life.taps(mira, "‹ Back")
    assert mira.last().text.startswith("What does your clock say now?")


async def test_groups_are_left_politely(life: Life) -> None:
    mira = life.person()
    group = life.telegram.group("Friends", by=mira)
    await life.settle()
    assert not group.has_bot
    assert [message.text for message in group.sees() if message.from_bot] == [
        "I only talk with one person at a time. Write to me in a private chat."
    ]


async def at_zone(life: Life, language: str = "en") -> Person:
    """Somebody who is asked for their zone."""
    person = life.person("Mira", language)
    person.start()
    await life.settle()
    await life.taps(person, "Begin")
    return person


@pytest.mark.parametrize(
    ("language", "clocks"),
    [
        ("de", ("10:00 · Berlin", "10:00 · Vienna", "10:00 · Zurich")),
        ("pt-br", ("06:00 · Sao Paulo", "05:00 · Manaus")),
        ("es", ("03:00 · Mexico City", "06:00 · Buenos Aires", "10:00 · Madrid")),
        ("fa", ("12:30 · Tehran", "13:30 · Kabul")),
        ("de-CH", ("10:00 · Zurich",)),
        ("en", ("04:00 · New York", "09:00 · London", "14:30 · Kolkata")),
    ],
)
async def test_the_clocks_are_those_where_the_language_is_spoken(
    life: Life, language: str, clocks: tuple[str, ...]
) -> None:
    person = await at_zone(life, language)
    assert set(clocks) <= set(person.last().labels)
    assert len(person.last().labels) <= 10
    if language in ("de", "fa", "pt-br"):
        assert not any("London" in label for label in person.last().labels)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("sao paolo", "America/Sao_Paulo"),
        ("new york", "America/New_York"),
        ("تهران", "Asia/Tehran"),
        ("Europe/Vienna", "Europe/Vienna"),
    ],
)
async def test_a_city_is_typed_with_typos_and_in_any_script(life: Life, typed: str, zone: str) -> None:
    person = await at_zone(life)
    await life.says(person, typed)
    if zone not in person.last().text:
        await life.taps(person, person.last().labels[0])
    assert f"({zone})" in person.last().text


async def test_the_clock_itself_can_be_typed(life: Life) -> None:
    person = await at_zone(life, "de")
    await life.says(person, "10:00")
    assert person.last().text == "Which one is it?"
    assert person.last().labels[0] == "Berlin, Germany · 10:00"
    await life.taps(person, "Berlin, Germany · 10:00")
    assert "(Europe/Berlin)" in person.last().text


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("9", ("09:00", "21:00")),
        ("9pm", ()),
        ("21:30", ()),
        ("21.30", ()),
        ("half past eight", ("08:30", "20:30")),
        ("quarter to 7 in the evening", ()),
        ("noon", ()),
    ],
)
async def test_times_are_understood_as_people_type_them(life: Life, typed: str, options: tuple[str, ...]) -> None:
    told = {"9pm": "21:00", "21:30": "21:30", "21.30": "21:30", "quarter to 7 in the evening": "18:45", "noon": "12:00"}
    person = await at_zone(life, "de-DE")
    await life.taps(person, "10:00 · Berlin")
    await life.says(person, typed)
    if options:
        assert person.last().labels[:2] == options
        await life.taps(person, options[1])
    assert f"Mon 16 Nov, {told.get(typed, options[-1] if options else '')} (Europe/Berlin)" in person.last().text


async def test_each_step_leads_back_to_the_one_before_it(life: Life) -> None:
    person = await at_zone(life, "de-DE")
    await life.taps(person, "10:00 · Berlin")
    await life.says(person, "9")
    for shown in ("It is 10:00 where you are", "What does your clock say now?", "Hello. I am Nearer."):
        await life.taps(person, "‹ Back")
        assert person.last().text.startswith(shown)


async def test_an_old_begin_takes_nobody_back(life: Life) -> None:
    mira = life.person()
    await life.says(mira, "/start")
    old = mira.last().message_id
    await life.says(mira, "/start")
    await life.taps(mira, "Begin")
    await life.says(mira, ZONE)
    await life.says(mira, "20:30")
    mira.tap_data("b:begin", old)
    await life.settle()
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(mira.id)
    assert known is not None
    assert known.stage is Stage.ACTIVE
    await life.says(mira, "/stop")
    mira.tap_data("b:begin", old)
    await life.settle()
    assert mira.toast == "That button no longer works."


async def test_old_buttons_choose_nothing_before_consent_and_after_stop(life: Life, mira: Person) -> None:
    await life.says(mira, "/stop")
    for data in ("z:Asia/Tokyo", "t:08:00", "b:zone", "b:time", "b:place", "g:chips:1"):
        mira.tap_data(data, mira.last().message_id)
        await life.settle()
        assert mira.toast == "That button no longer works."
    noor = life.person("Noor")
    await life.says(noor, "/start")
    for data in ("z:Asia/Tokyo", "t:08:00", "b:zone", "b:time", "b:place"):
        noor.tap_data(data, noor.last().message_id)
        await life.settle()
        assert noor.toast == "That button no longer works."
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(noor.id)
    assert known is not None
    assert known.preferences.zone is None


async def test_channels_are_left_too(life: Life) -> None:
    mira = life.person()
    channel = life.telegram.group("News", by=mira, kind=ChatKind.CHANNEL)
    await life.settle()
    assert not channel.has_bot


async def test_the_profile_is_set_for_private_chats_and_only_when_it_changed(life: Life) -> None:
    kit, bot, record = life.nearer.kit, life.nearer.bot, life.telegram.record
    assert await set_profile(kit, bot)
    assert len(list(record.calls("setMyCommands"))) == 1
    assert not await set_profile(kit, bot)
    assert len(list(record.calls("setMyDescription"))) == 1
