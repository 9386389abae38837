"""Replies: kept once per source, edited where they stand, counted by their stored local days; on both engines."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.library import PATTERN_IDS
from bot.domain.records import Follows, Marks, Reply
from bot.storage.store import Store
from tests.databases import open_store
from tests.storage.rows import DAY, LATER, NOON, people, person, reply

PATTERNS = st.lists(st.sampled_from(sorted(PATTERN_IDS)), max_size=3, unique=True).map(tuple)
MARKS = st.builds(Marks, st.booleans(), PATTERNS, PATTERNS, PATTERNS, PATTERNS)
TEXTS = st.text(st.characters(), max_size=60)


async def keep(store: Store, wanted: Reply) -> Reply:
    async with store.write() as work:
        return await work.replies.keep(wanted)


async def found(store: Store, reply_id: int) -> Reply | None:
    async with store.read() as work:
        return await work.replies.of_id(reply_id)


@given(text=TEXTS, marks=MARKS, tapped=st.booleans(), second=TEXTS, other=MARKS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_words_and_marks_come_back_as_they_were(
    store: Store, text: str, marks: Marks, tapped: bool, second: str, other: Marks
) -> None:
    async with store.write() as work:
        one = await work.subscribers.of_chat(1) or await work.subscribers.add(1, "en", NOON)
        wanted = reply(one, text=text, marks=marks, tapped=tapped)
        kept = await work.replies.keep(wanted)
        assert kept == replace(wanted, id=kept.id)
        await work.replies.rewrite(kept, second, other, LATER)
        follows = None if other.care else Follows.HEARING_AGAIN
        edited = replace(kept, text=second, marks=other, edited_at=LATER, waits_for=follows)
        assert await work.replies.of_id(kept.id) == edited
        await work.replies.remove(kept.id)


async def test_a_source_is_kept_once_and_its_first_words_stay(store: Store) -> None:
    mira, noor = await people(store, [1, 2])
    first = await keep(store, reply(mira, "m7"))
    assert await keep(store, reply(mira, "m7", text="something else", day=DAY + timedelta(days=1))) == first
    tapped = await keep(store, reply(mira, "t7", tapped=True))
    hers = await keep(store, reply(noor, "m7", text="mine"))
    async with store.read() as work:
        assert [await work.replies.count(one.id) for one in (mira, noor)] == [2, 1]
        assert await work.replies.of_source(mira.id, "m7") == first
        assert await work.replies.of_source(mira.id, "t7") == tapped
        assert await work.replies.of_source(noor.id, "m7") == hers
        assert await work.replies.of_source(noor.id, "t7") is None


async def test_a_source_that_two_processes_keep_together_is_kept_once(database: str, store: Store) -> None:
    mira = await person(store)
    stores = [open_store(database) for _ in range(6)]
    kept = await asyncio.gather(*(keep(one, reply(mira, text=f"{number}")) for number, one in enumerate(stores)))
    for one in stores:
        await one.close()
    assert len({one.text for one in kept}) == 1
    async with store.read() as work:
        assert await work.replies.count(mira.id) == 1


async def test_what_becomes_known_of_a_reply_is_added_to_it(store: Store) -> None:
    kept = await keep(store, reply(await person(store)))
    marks = Marks(care=True, heard=("what_if",), offered=("what_if",), confirmed=("what_if",), denied=("old_wound",))
    async with store.write() as work:
        await work.replies.mark(kept, marks)
        await work.replies.chips_shown(kept.id, 88)
    assert await found(store, kept.id) == replace(kept, marks=marks, chips_message_id=88)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 2, ["m1", "m4", "m3", "m2"]), (1, 1, ["m4", "m3"]), (2, 9, ["m2"]), (3, 9, [])],
)
async def test_days_are_those_stored_both_ends_inside_oldest_first(
    store: Store, first: int, last: int, expected: list[str]
) -> None:
    mira, noor = await people(store, [1, 2])
    for source, day, hours in (("m1", 0, 40), ("m2", 2, 0), ("m3", 1, 5), ("m4", 1, 1)):
        written = NOON + timedelta(hours=hours)
        await keep(store, reply(mira, source, day=DAY + timedelta(days=day), written_at=written))
    await keep(store, reply(noor, "m5"))
    async with store.read() as work:
        between = await work.replies.between(mira.id, DAY + timedelta(days=first), DAY + timedelta(days=last))
        assert await work.replies.days(mira.id) == [DAY + timedelta(days=number) for number in (2, 1, 0)]
    assert [one.source for one in between] == expected


async def test_marks_of_several_people_come_from_a_day_on(store: Store) -> None:
    mira, noor, silent = await people(store, [1, 2, 3])
    before, since = DAY - timedelta(days=1), DAY
    seen = {name: Marks(heard=(name,)) for name in ("what_if", "felt_safe", "old_wound")}
    for by, source, day, name in (
        (mira, "m1", since + timedelta(days=1), "what_if"),
        (mira, "m2", since, "felt_safe"),
        (mira, "m3", before, "old_wound"),
        (noor, "m4", since, "old_wound"),
    ):
        await keep(store, reply(by, source, day=day, marks=seen[name]))
    async with store.read() as work:
        marks = await work.replies.latest_marks([mira.id, noor.id, silent.id], since)
    expected: dict[int, list[tuple[date, Marks]]] = {
        mira.id: [(since, seen["felt_safe"]), (since + timedelta(days=1), seen["what_if"])],
        noor.id: [(since, seen["old_wound"])],
        silent.id: [],
    }
    assert marks == expected


async def test_a_reply_that_is_removed_is_gone(store: Store) -> None:
    kept = await keep(store, reply(await person(store)))
    async with store.write() as work:
        await work.replies.remove(kept.id)
    assert await found(store, kept.id) is None
