"""A prompt chosen ahead is the one that comes, and whatever the person does in between discards it."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.records import Kind, State
from bot.journeys.choosing import AHEAD, choose_ahead
from bot.journeys.prompting import fallen_due
from bot.local.people import Person
from tests.databases import change
from tests.life import Life, lived

START = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
EVENING = time(20, 30)
#: As UTC has it.
DUE = START.replace(hour=19, minute=30)


async def chosen(life: Life, person: Person) -> str | None:
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(person.id)
    assert known is not None
    return known.chosen


def on_disk(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())


async def shortly_before(life: Life, *, ahead: timedelta = timedelta(minutes=10)) -> Person:
    """Somebody who is asked this evening, some minutes before it."""
    mira = life.person()
    await life.subscribes(mira, "Europe/Berlin", EVENING)
    await life.to(DUE - ahead)
    return mira


async def test_the_prompt_that_was_chosen_ahead_is_the_one_that_comes(tmp_path: Path) -> None:
    async with lived(tmp_path, START) as life:
        mira = await shortly_before(life)
        assert await choose_ahead(life.nearer.kit) == 1
        ready = await chosen(life, mira)
        assert await choose_ahead(life.nearer.kit) == 0
        await life.on(minutes=11)
        async with life.nearer.kit.store.read() as work:
            known = await work.subscribers.of_chat(mira.id)
            assert known is not None
            last = await work.deliveries.last_question(known.id)
    assert last is not None
    assert last.asked is not None
    assert last.asked.prompt == ready
    assert known.chosen is None


async def test_nobody_is_chosen_for_earlier_than_a_quarter_of_an_hour_ahead(tmp_path: Path) -> None:
    async with lived(tmp_path, START) as life:
        mira = await shortly_before(life, ahead=AHEAD + timedelta(minutes=1))
        assert await choose_ahead(life.nearer.kit) == 0
        assert await chosen(life, mira) is None


@pytest.mark.parametrize("said", ["/stop", "we walked home together", "I want to end my life", "/space"])
async def test_what_the_person_does_discards_what_was_chosen(tmp_path: Path, said: str) -> None:
    async with lived(tmp_path, START) as life:
        mira = await shortly_before(life)
        await choose_ahead(life.nearer.kit)
        assert await chosen(life, mira) is not None
        await life.says(mira, said)
        if said == "/space":
            await life.taps(mira, "A day")
        assert await chosen(life, mira) is None


async def test_what_was_chosen_is_sealed(tmp_path: Path) -> None:
    async with lived(tmp_path, START) as life:
        mira = await shortly_before(life)
        await choose_ahead(life.nearer.kit)
        ready = await chosen(life, mira)
    assert ready is not None
    assert ready.encode() not in on_disk(tmp_path)


async def test_one_whose_row_is_damaged_is_passed_over_and_the_others_are_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nearer.db"
    async with lived(tmp_path, START, database=url) as life:
        people = [life.person(name) for name in ("Mira", "Noor", "Sol")]
        for person in people:
            await life.subscribes(person, "Europe/Berlin", EVENING)
        await life.to(DUE - timedelta(minutes=1))
        await change(url, f"UPDATE subscribers SET mind = x'0102' WHERE chat_id = {people[0].id}")
        before = len(life.telegram.record.delivered())
        await life.on(minutes=2)
        asked = [call.chat_id for call in life.telegram.record.delivered()[before:]]
        assert sorted(asked) == sorted(person.id for person in people[1:])


async def test_space_asked_for_after_the_claim_stops_that_question(tmp_path: Path) -> None:
    async with lived(tmp_path, START) as life:
        kit = life.nearer.kit
        mira = await shortly_before(life)
        await life.says(mira, "/space")
        life.clock.move_to(DUE + timedelta(seconds=1))
        async with kit.store.read() as work:
            known = await work.subscribers.of_chat(mira.id)
        assert known is not None
        async with kit.store.write() as work:
            due = await work.subscribers.with_question_due(kit.now(), 9)

            delivery, moved = fallen_due(due.people[0], kit.now())
            await work.subscribers.move_on([moved])
            [held] = await work.deliveries.claim_new([delivery], kit.worker)
        await life.taps(mira, "A day")
        async with kit.store.write() as work:
            assert await work.deliveries.mark_sending([held], kit.worker) == set()
            [state] = [one.state for one in await work.deliveries.all_of(known.id) if one.kind is Kind.QUESTION]
    assert state is State.SKIPPED
