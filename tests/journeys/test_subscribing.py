"""From /start to the first question."""

from pathlib import Path

from bot.domain.records import Stage
from bot.local.people import Person
from tests.life import KEY, Life, at, lived, living


async def test_five_taps_and_no_typing_lead_to_the_first_question(life: Life) -> None:
    mira = life.person("Mira", "de-DE")
    mira.start()
    await life.settle()
    await life.taps(mira, "Begin")
    await life.taps(mira, "10:00")
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
    await life.taps(mira, "10:00")
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
