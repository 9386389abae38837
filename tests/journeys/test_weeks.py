"""Whole weeks lived over HTTP, in places where the clocks do something."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.localtime import local
from bot.domain.records import Kind, State
from bot.domain.schedule import question_instant
from bot.local.people import Person
from bot.local.seen import Seen
from tests.databases import Postgres
from tests.life import Life, at, lived

REPLIES = ("I needed space after dinner", "a joke came out", "stayed on the sofa with her", "not much today")


def open_questions(person: Person) -> list[Seen]:
    return [message for message in person.hears() if "Not today" in message.labels]


async def live_days(life: Life, person: Person, zone: str, days: Sequence[date], wall: time) -> list[datetime]:
    """Answers each day's question a quarter of an hour after its time; the local moments at which they came."""
    came = []
    for number, day in enumerate(days):
        await life.to(question_instant(day, wall, zone, time(4)) + timedelta(minutes=15))
        (question,) = open_questions(person)
        came.append(local(question.date, zone))
        await life.says(person, REPLIES[number % len(REPLIES)])
        assert open_questions(person) == []
    return came


async def days_asked(life: Life, person: Person) -> dict[Kind, list[date]]:
    """The local days in the ledger on which something was sent, by kind."""
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(person.id)
        assert known is not None
        ledger = await work.deliveries.all_of(known.id)
    sent: dict[Kind, list[date]] = {Kind.QUESTION: [], Kind.REFLECTION: []}
    for delivery in ledger:
        assert delivery.state in (State.SENT, State.SKIPPED)
        if delivery.state is State.SENT:
            sent[delivery.kind].append(delivery.day)
    return sent


def span(first: date, days: int) -> list[date]:
    return [first + timedelta(days=step) for step in range(days)]


@pytest.mark.parametrize(
    ("zone", "first", "wall", "days"),
    [
        ("Europe/Berlin", date(2026, 10, 19), time(2, 30), 15),
        ("Europe/Berlin", date(2026, 10, 19), time(20, 30), 15),
        ("Asia/Kathmandu", date(2026, 11, 9), time(6, 45), 14),
        ("America/Nuuk", date(2027, 3, 22), time(23, 30), 14),
        ("Australia/Lord_Howe", date(2027, 3, 29), time(1, 45), 14),
    ],
)
async def test_each_local_day_has_one_question_and_each_week_one_reflection(
    tmp_path: Path, zone: str, first: date, wall: time, days: int
) -> None:
    async with lived(tmp_path, at(zone, first.year, first.month, first.day, 4, 30)) as life:
        mira = life.person()
        await life.subscribes(mira, zone, wall)
        await live_days(life, mira, zone, span(first, days), wall)
        await life.on(hours=14)
        sent = await days_asked(life, mira)
    assert sent[Kind.QUESTION] == span(first, days)
    sundays = [day for day in span(first, days) if day.weekday() == 6]
    assert sent[Kind.REFLECTION] == sundays


async def test_a_week_in_berlin_across_the_october_change(tmp_path: Path) -> None:
    async with lived(tmp_path, at("Europe/Berlin", 2026, 10, 19, 9)) as life:
        mira = life.person("Mira", "de")
        await life.subscribes(mira, "Berlin", time(20, 30))
        assert "Mon 19 Oct, 20:30 (Europe/Berlin)" in mira.last().text
        came = await live_days(life, mira, "Europe/Berlin", span(date(2026, 10, 19), 7), time(20, 30))
        assert {moment.time() for moment in came} == {time(20, 30)}
        assert came[-1] - came[0] == timedelta(days=6)
        reflection = next(
            message for message in mira.hears() if message.text.startswith("Your week") and not message.photo
        )
        assert "18 to 24 October" in reflection.text
        picture = next(message for message in mira.hears() if message.photo)
        assert picture.message_id < reflection.message_id


async def test_a_week_lives_on_postgresql_too(tmp_path: Path, postgres: Postgres) -> None:
    async with lived(tmp_path, at("Europe/Berlin", 2026, 10, 19, 9), database=postgres.migrated()) as life:
        mira = life.person()
        await life.subscribes(mira, "Berlin", time(20, 30))
        await live_days(life, mira, "Europe/Berlin", span(date(2026, 10, 19), 7), time(20, 30))
        sent = await days_asked(life, mira)
    assert sent == {Kind.QUESTION: span(date(2026, 10, 19), 7), Kind.REFLECTION: [date(2026, 10, 25)]}
