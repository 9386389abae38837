"""Somebody travels: the zone changes in two taps, and the next question is told with weekday, time and zone."""

from datetime import date

from bot.local.people import Person
from tests.journeys.test_days import asked, replies_of
from tests.life import Life, at


async def test_from_settings_it_takes_two_taps(life: Life, mira: Person) -> None:
    await life.says(mira, "/settings")
    before = len(mira.taps)
    await life.taps(mira, "Time zone: Europe/Berlin")
    await life.taps(mira, "17:00 · Shanghai")
    assert len(mira.taps) == before + 2
    assert "Next question: Mon 16 Nov, 20:30 (Asia/Shanghai)" in mira.last().text


async def test_from_the_question_it_takes_two_taps_and_the_question_stays(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    await life.taps(mira, "Later")
    await life.taps(mira, "I am somewhere else")
    await life.taps(mira, "14:31 · New York")
    assert "(America/New_York)" in mira.last().text
    assert mira.message(question.message_id).labels == question.labels
    await life.says(mira, "from the other side")
    assert [reply.day for reply in await replies_of(life, mira)] == [date(2026, 11, 16)]
    await life.to(at("America/New_York", 2026, 11, 17, 20, 31))
    assert mira.last().date == at("America/New_York", 2026, 11, 17, 20, 30)


async def test_a_typed_city_does_too(life: Life, mira: Person) -> None:
    await life.says(mira, "/settings")
    await life.taps(mira, "Time zone: Europe/Berlin")
    await life.says(mira, "kathmandu")
    assert "(Asia/Kathmandu)" in mira.last().text
