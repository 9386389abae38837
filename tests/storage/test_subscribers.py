"""People: every field comes back as it was, on both engines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import StorageTrouble
from bot.domain.library import PATTERN_IDS
from bot.domain.records import Mind, Preferences, Stage, Subscriber
from bot.storage.store import Store
from tests.databases import change
from tests.storage.rows import LATER, NOON, people, person, reply

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
PATTERNS = st.sampled_from(sorted(PATTERN_IDS))
COUNTS = st.integers(0, 1000)
PREFERENCES = st.builds(
    Preferences,
    language=st.sampled_from(["en", "pt-br"]),
    zone=st.none() | st.sampled_from(["Europe/Berlin", "Asia/Kathmandu"]),
    ask_at=st.none() | CLOCKS,
    weekdays=st.frozensets(st.integers(0, 6)),
    every=st.integers(1, 7),
    reflect_weekday=st.integers(0, 6),
    reflect_at=CLOCKS,
    day_start=CLOCKS,
    silent=st.booleans(),
    chips=st.booleans(),
    quotes=st.booleans(),
    private=st.booleans(),
    ack_in_words=st.booleans(),
)
MINDS = st.builds(
    Mind,
    verdicts=st.dictionaries(PATTERNS, st.sampled_from(["fits", "not_quite", "muted"]), max_size=3),
    taps=st.dictionaries(PATTERNS, st.integers(-9, 9), max_size=3),
    gentle_until=st.none() | DAYS,
    care_at=st.none() | MOMENTS,
    told=st.lists(st.text(max_size=10), max_size=3).map(tuple),
)
SUBSCRIBERS = st.builds(
    Subscriber,
    id=st.just(0),
    chat_id=st.just(0),
    stage=st.sampled_from(Stage),
    preferences=PREFERENCES,
    mind=MINDS,
    joined_at=MOMENTS,
    consented_at=st.none() | MOMENTS,
    unreachable_at=st.none() | MOMENTS,
    resting_until=st.none() | MOMENTS,
    resting_open=st.booleans(),
    last_wrote_at=st.none() | MOMENTS,
    unanswered=COUNTS,
    question_due_at=st.none() | MOMENTS,
    question_day=st.none() | DAYS,
    last_question_day=st.none() | DAYS,
    reflection_due_at=st.none() | MOMENTS,
    reflection_day=st.none() | DAYS,
    last_reflection_day=st.none() | DAYS,
    reflections_sent=COUNTS,
    awaiting=st.none() | st.sampled_from(["zone", "clock"]),
)
MOMENT_FIELDS = [name for name in Subscriber.__dataclass_fields__ if name.endswith(("_at", "_until"))]


async def read(store: Store, chat_id: int) -> Subscriber | None:
    async with store.read() as work:
        return await work.subscribers.of_chat(chat_id)


async def save(store: Store, one: Subscriber) -> None:
    async with store.write() as work:
        await work.subscribers.save(one)


@given(wanted=st.lists(SUBSCRIBERS, min_size=1, max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_every_field_comes_back_as_it_was(store: Store, wanted: Sequence[Subscriber]) -> None:
    known = [await read(store, chat_id) or await person(store, chat_id) for chat_id in range(len(wanted))]
    saved = [replace(one, id=was.id, chat_id=was.chat_id) for one, was in zip(wanted, known, strict=True)]
    async with store.write() as work:
        await work.subscribers.save_all(saved)
    async with store.read() as work:
        assert await work.subscribers.of_ids([one.id for one in saved]) == {one.id: one for one in saved}
        assert [await work.subscribers.of_id(one.id) for one in saved] == saved


async def test_somebody_who_has_only_arrived_has_nothing_but_chat_and_language(store: Store) -> None:
    async with store.write() as work:
        added = await work.subscribers.add(77, "pt-br", NOON, invite="a hash")
    assert added == Subscriber(added.id, 77, Stage.ARRIVED, Preferences("pt-br"), Mind(), NOON)
    assert await read(store, 77) == added


async def test_a_setting_that_this_version_does_not_know_is_passed_over(database: str, store: Store) -> None:
    one = await person(store, preferences=Preferences(zone="Asia/Kathmandu"))
    await change(database, """UPDATE subscribers SET preferences = '{"zone": "Asia/Kathmandu", "of_tomorrow": 1}'""")
    assert await read(store, one.chat_id) == one


@pytest.mark.parametrize("field", MOMENT_FIELDS)
async def test_a_naive_moment_is_refused(store: Store, field: str) -> None:
    one = await person(store)
    naive: Any = {field: NOON.replace(tzinfo=None)}
    with pytest.raises(StorageTrouble):
        await save(store, replace(one, **naive))
    assert await read(store, one.chat_id) == one


async def test_a_moment_of_another_zone_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    kathmandu = datetime.fromisoformat("2026-11-16T20:30:00.123456+05:45")
    one = await person(store, last_wrote_at=kathmandu)
    found = await read(store, one.chat_id)
    assert found is not None
    assert found.last_wrote_at is not None
    assert found.last_wrote_at == kathmandu
    assert found.last_wrote_at.utcoffset() == timedelta(0)


async def test_who_is_due_comes_first_the_longest_waiting_and_no_more_than_asked(store: Store) -> None:
    for chat_id, minutes in ((1, 30), (2, -5), (3, 0), (4, -60)):
        await person(store, chat_id, question_due_at=NOON + timedelta(minutes=minutes))
    await person(store, 5)
    async with store.write() as work:
        assert [one.chat_id for one in (await work.subscribers.with_question_due(NOON, 9)).people] == [4, 2, 3]
        assert [one.chat_id for one in (await work.subscribers.with_question_due(NOON, 2)).people] == [4, 2]
        assert (await work.subscribers.with_reflection_due(NOON, 9)).people == []


async def test_the_next_due_moment_is_the_earliest_of_questions_and_reflections(store: Store) -> None:
    async with store.read() as work:
        assert await work.subscribers.next_due_at() is None
    await person(store, 1, question_due_at=LATER, reflection_due_at=NOON)
    await person(store, 2, question_due_at=LATER)
    async with store.read() as work:
        assert await work.subscribers.next_due_at() == NOON


async def test_people_are_counted_by_stage(store: Store) -> None:
    await people(store, [1, 2])
    await person(store, 3, stage=Stage.STOPPED)
    async with store.read() as work:
        assert await work.subscribers.count() == 3
        assert await work.subscribers.count(Stage.ACTIVE) == 2
        assert await work.subscribers.count(Stage.SETTLING) == 0


async def test_a_chat_that_moved_keeps_everything(store: Store) -> None:
    one = await person(store, 1, mind=Mind(told=("only_words",)))
    async with store.write() as work:
        await work.subscribers.moved(one.id, 2)
    assert await read(store, 1) is None
    assert await read(store, 2) == replace(one, chat_id=2)


async def test_who_is_removed_takes_everything_along(store: Store) -> None:
    one = await person(store)
    async with store.write() as work:
        kept = await work.replies.keep(reply(one))
        await work.subscribers.remove(one.id)
    async with store.read() as work:
        assert await work.subscribers.of_id(one.id) is None
        assert await work.replies.of_id(kept.id) is None


async def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    one = await person(store)

    async def fails() -> None:
        async with store.write() as work:
            await work.subscribers.save(replace(one, unanswered=9))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await read(store, one.chat_id) == one
