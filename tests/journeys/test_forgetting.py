"""What has lain long enough is forgotten, whoever deletes stays deleted, and /privacy tells both as it is here."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.records import Kind, Marks, Outcome, Preferences, Reply, Stage, State, Subscriber
from bot.journeys.forgetting import forget_expired, months_before
from bot.storage.departed import DepartedList, unlisted
from bot.storage.inbox import MAX_ATTEMPTS, Arrived
from tests.life import Life, at, lived
from tests.storage.rows import due

ZONE = "Europe/Berlin"
MONDAY = at(ZONE, 2026, 11, 16, 10)


@pytest.fixture
async def life(tmp_path: Path, database: str) -> AsyncIterator[Life]:
    """Answers are kept for two months; on each engine in turn."""
    async with lived(tmp_path, MONDAY, database=database, keep_months=2) as opened:
        yield opened


async def somebody(life: Life, chat_id: int, *, gone_for: int | None = None) -> Subscriber:
    """Somebody subscribed, who may be out of reach for so many days."""
    async with life.nearer.kit.store.write() as work:
        arrived = await work.subscribers.add(chat_id, "en", MONDAY - timedelta(days=400))
        gone = None if gone_for is None else MONDAY - timedelta(days=gone_for)
        one = replace(arrived, stage=Stage.ACTIVE, preferences=Preferences(zone=ZONE), unreachable_at=gone)
        await work.subscribers.save(one)
    return one


async def wrote(life: Life, who: Subscriber, *moments: datetime) -> None:
    async with life.nearer.kit.store.write() as work:
        for number, moment in enumerate(moments):
            await work.replies.keep(Reply(0, who.id, f"m{number}", moment.date(), moment, "soup", Marks()))


async def got(life: Life, who: Subscriber, kind: Kind, state: State, *days_ago: int) -> None:
    async with life.nearer.kit.store.write() as work:
        for days in days_ago:
            moment = MONDAY - timedelta(days=days)
            one = replace(due(who, kind, moment.date()), due_at=moment, first_due_at=moment)
            [claimed] = await work.deliveries.claim_new([one], "w")
            await work.deliveries.settle([Outcome(claimed, state)], moment)


async def days_kept(life: Life, who: Subscriber) -> tuple[int, list[State]]:
    async with life.nearer.kit.store.read() as work:
        return await work.replies.count(who.id), [one.state for one in await work.deliveries.all_of(who.id)]


async def test_answers_and_their_questions_go_after_the_months_that_the_operator_set(life: Life) -> None:
    one = await somebody(life, 1)
    on_the_day = datetime(2026, 9, 16, 9, 0, tzinfo=UTC)
    await wrote(life, one, on_the_day - timedelta(seconds=1), on_the_day, MONDAY)
    await got(life, one, Kind.QUESTION, State.SENT, 300, 70, 3)
    await got(life, one, Kind.REFLECTION, State.SENT, 62)
    assert await forget_expired(life.nearer.kit) == {"replies": 1, "deliveries": 3}
    assert await days_kept(life, one) == (2, [State.SENT])


async def test_where_nothing_is_set_answers_stay_and_only_what_reached_nobody_goes(
    tmp_path: Path, database: str
) -> None:
    async with lived(tmp_path, MONDAY, database=database) as life:
        one = await somebody(life, 1)
        await wrote(life, one, MONDAY - timedelta(days=4000))
        await got(life, one, Kind.QUESTION, State.SENT, 300)
        await got(life, one, Kind.QUESTION, State.LATE, 200, 100)
        await got(life, one, Kind.QUESTION, State.SKIPPED, 195)
        assert await forget_expired(life.nearer.kit) == {"never_seen": 2}
        assert await days_kept(life, one) == (1, [State.SENT, State.LATE])


async def test_more_than_a_batch_goes_at_once(life: Life) -> None:
    one = await somebody(life, 1)
    await wrote(life, one, *[MONDAY - timedelta(days=100, seconds=number) for number in range(1003)])
    assert await forget_expired(life.nearer.kit) == {"replies": 1003}


async def test_who_is_out_of_reach_for_ninety_days_is_removed_whole_and_listed(life: Life) -> None:
    gone, lately, here = (
        await somebody(life, 1, gone_for=91),
        await somebody(life, 2, gone_for=89),
        await somebody(life, 3),
    )
    await wrote(life, gone, MONDAY)
    assert await forget_expired(life.nearer.kit) == {"unreachable": 1}
    async with life.nearer.kit.store.read() as work:
        assert sorted(await work.subscribers.of_ids([gone.id, lately.id, here.id])) == [lately.id, here.id]
        assert await work.replies.count(gone.id) == 0
    assert [one.at for one in DepartedList(life.nearer.kit.house.deleted_list).read()] == [MONDAY]


async def test_many_out_of_reach_are_removed_in_batches(life: Life) -> None:
    for chat in range(1, 46):
        await somebody(life, chat, gone_for=100)
    assert await forget_expired(life.nearer.kit) == {"unreachable": 45}


async def test_updates_that_failed_and_old_notices_are_forgotten(life: Life) -> None:
    long_ago, lately = MONDAY - timedelta(days=31), MONDAY - timedelta(days=29)
    async with life.nearer.kit.store.write() as work:
        await work.inbox.keep([Arrived(1, 5, {"text": "soup"})], long_ago)
        await work.inbox.keep([Arrived(2, 5, {"text": "soup"})], lately)
        for number in (1, 2):
            assert await work.inbox.failed(Arrived(number, 5, {}, attempts=MAX_ATTEMPTS - 1))
        for day in (long_ago, lately):
            await work.facts.write_sealed(f"notice {day.date().isoformat()}", "closed on Friday")
        await work.facts.write_sealed("notice", "a draft")
    assert await forget_expired(life.nearer.kit) == {"failed_updates": 1, "notices": 1}
    async with life.nearer.kit.store.read() as work:
        assert await work.facts.names("notice") == ["notice", f"notice {lately.date().isoformat()}"]
        assert (await work.inbox.counts())["failed"] == 1


async def test_who_deletes_is_listed_outside_the_database_and_told_so(life: Life) -> None:
    mira = life.person("Mira")
    await life.subscribes(mira, ZONE, time(20, 30))
    await life.says(mira, "/delete")
    assert "a scrambled number and the time" in mira.last().text
    await life.taps(mira, "Delete everything")
    assert "Only a scrambled number is left" in mira.last().text
    path = life.nearer.kit.house.deleted_list
    [line] = DepartedList(path).read()
    assert line.at == MONDAY
    assert str(mira.id) not in path.read_text()


async def test_where_the_list_cannot_be_written_the_deletion_happens_and_is_listed_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "away" / "deleted"
    async with lived(tmp_path, MONDAY, deleted_list=place) as life:
        mira = life.person("Mira")
        await life.subscribes(mira, ZONE, time(20, 30))
        capsys.readouterr()
        await life.says(mira, "/delete")
        await life.taps(mira, "Delete everything")
        told = capsys.readouterr()
        async with life.nearer.kit.store.read() as work:
            assert await work.subscribers.of_chat(mira.id) is None
            assert len(await unlisted(work.facts)) == 1
        assert "operator.needed" in told.out + told.err
        assert str(mira.id) not in told.out + told.err
        place.parent.mkdir()
        await life.nearer.ticks.upkeep()
        assert [one.at for one in DepartedList(place).read()] == [MONDAY]
        async with life.nearer.kit.store.read() as work:
            assert await unlisted(work.facts) == []


@pytest.mark.parametrize(
    ("months", "said", "never"),
    [
        (None, "Until you delete it.", "removed by themselves"),
        (1, "removed by themselves after one month", "Until you delete it."),
        (18, "removed by themselves after 18 months", "Until you delete it."),
    ],
)
async def test_privacy_tells_how_long_here(tmp_path: Path, months: int | None, said: str, never: str) -> None:
    async with lived(tmp_path, MONDAY, keep_months=months) as life:
        mira = life.person("Mira")
        await life.says(mira, "/privacy")
        text = mira.last().text
    assert said in text
    assert never not in text
    assert "everything goes after 90 days" in text
    assert "whoever has deleted everything stays deleted" in text


@given(now=st.datetimes(datetime(1999, 1, 1), datetime(2200, 1, 1)), months=st.integers(1, 1200))  # noqa: DTZ001
def test_months_before_keep_the_day_or_end_the_month(now: datetime, months: int) -> None:
    before = months_before(now, months)
    assert (now.year * 12 + now.month) - (before.year * 12 + before.month) == months
    assert before.time() == now.time()
    assert before.day == now.day or ((before + timedelta(days=1)).day == 1 and before.day < now.day)
