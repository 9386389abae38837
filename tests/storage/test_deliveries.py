"""The ledger: a row before each send, settled after it, and nobody's rows given back; on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.records import Asked, Delivery, Kind, Outcome, Stage, State
from bot.storage.facts import WORKER_GONE
from bot.storage.store import Store
from tests.databases import change
from tests.storage.rows import DAY, LATER, NOON, claimed, due, now_of, people, person

ASKED = Asked("after-ten-minutes", lighter=True, shown=("body-jaw", "after-ten-minutes"), swaps=2)


async def send(store: Store, delivery: Delivery, worker: str = "w1") -> set[int]:
    async with store.write() as work:
        return await work.deliveries.mark_sending([delivery], worker)


async def settle(store: Store, *outcomes: Outcome) -> None:
    async with store.write() as work:
        await work.deliveries.settle(outcomes, LATER)


async def free_orphans(store: Store) -> int:
    async with store.write() as work:
        return await work.deliveries.free_orphans(LATER)


async def die(store: Store, worker: str = "w1") -> None:
    """The worker has not been heard of for too long."""
    async with store.write() as work:
        await work.facts.worker_lives(worker, NOON)
        await work.facts.bury_workers(NOON + WORKER_GONE + timedelta(seconds=1))


async def test_a_day_that_has_its_row_is_passed_over(store: Store) -> None:
    mira, noor = await people(store, [1, 2])
    first = await claimed(store, mira)
    async with store.write() as work:
        got = await work.deliveries.claim_new([due(mira), due(noor), due(mira, Kind.REFLECTION)], "w2")
    assert [(one.subscriber_id, one.kind) for one in got] == [(noor.id, Kind.QUESTION), (mira.id, Kind.REFLECTION)]
    assert first.id not in {one.id for one in got}
    async with store.write() as work:
        assert await work.deliveries.claim_new([due(mira), due(noor)], "w2") == []
        assert await work.deliveries.claim_new([], "w2") == []
        [tomorrow] = await work.deliveries.claim_new([due(mira, day=DAY + timedelta(days=1))], "w2")
    assert tomorrow.id not in {one.id for one in got}


async def test_what_is_not_to_be_sent_is_written_and_is_nobodys(store: Store) -> None:
    mira = await person(store)
    async with store.write() as work:
        [late] = await work.deliveries.claim_new([due(mira, state=State.LATE)], "gone")
    assert await free_orphans(store) == 0
    assert (await now_of(store, late)).state is State.LATE


async def test_an_attempt_is_written_with_what_it_shows_and_settled_in_bulk(store: Store) -> None:
    going = [
        replace(await claimed(store, one), asked=ASKED, patterns=("what_if", "felt_safe"))
        for one in await people(store, range(1, 9))
    ]
    async with store.write() as work:
        assert await work.deliveries.mark_sending(going, "w1") == {one.id for one in going}
    for one in going:
        assert await now_of(store, one) == replace(one, state=State.SENDING, attempts=1)
    await settle(store, *(Outcome(one, State.SENT, 100 + number) for number, one in enumerate(going)))
    for number, one in enumerate(going):
        sent = await now_of(store, one)
        assert sent == replace(one, state=State.SENT, attempts=1, message_id=100 + number)
    async with store.read() as work:
        assert await work.deliveries.counts() == {(Kind.QUESTION, State.SENT): 8}
        assert await work.deliveries.lateness(NOON) == [3600.0] * 8
        assert await work.deliveries.lateness(LATER + timedelta(seconds=1)) == []


async def test_a_retry_keeps_its_first_due_time_and_is_claimed_once_it_is_due(store: Store) -> None:
    delivery = await claimed(store, await person(store))
    await send(store, delivery)
    await settle(store, Outcome(delivery, State.WAITING, due_at=LATER))
    async with store.write() as work:
        assert await work.deliveries.next_due_at() == LATER
        early = await work.deliveries.claim_waiting((Kind.QUESTION,), LATER - timedelta(seconds=1), "w1", 9)
        other = await work.deliveries.claim_waiting((Kind.REFLECTION, Kind.GOODBYE), LATER, "w1", 9)
        [again] = await work.deliveries.claim_waiting((Kind.QUESTION,), LATER, "w1", 9)
        once = await work.deliveries.claim_waiting((Kind.QUESTION,), LATER, "w1", 9)
    assert (early, other, once) == ([], [], [])
    assert again == replace(delivery, due_at=LATER, attempts=1)
    assert again == await now_of(store, delivery)


async def test_what_cost_no_attempt_gives_it_back(store: Store) -> None:
    delivery = await claimed(store, await person(store))
    await send(store, delivery)
    await settle(store, Outcome(delivery, State.WAITING, due_at=LATER, refund=True))
    assert (await now_of(store, delivery)).attempts == 0


async def test_a_picture_that_arrived_is_remembered_whatever_becomes_of_the_text(store: Store) -> None:
    delivery = await claimed(store, await person(store), Kind.REFLECTION)
    await send(store, delivery)
    async with store.write() as work:
        await work.deliveries.picture_arrived(delivery.id)
    await settle(store, Outcome(delivery, State.WAITING, due_at=LATER))
    assert (await now_of(store, delivery)).picture_sent


async def test_too_late_is_let_go_in_silence(store: Store) -> None:
    delivery = await claimed(store, await person(store))
    async with store.write() as work:
        await work.deliveries.let_go([delivery], LATER)
        await work.deliveries.let_go([], LATER)
    assert await now_of(store, delivery) == replace(delivery, state=State.LATE)


async def test_claims_of_a_dead_worker_go_back(store: Store) -> None:
    delivery = await claimed(store, await person(store))
    await die(store)
    assert await free_orphans(store) == 1
    async with store.write() as work:
        [again] = await work.deliveries.claim_waiting((Kind.QUESTION,), LATER, "w2", 9)
    assert again == replace(delivery, due_at=LATER)


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.GOODBYE])
async def test_a_question_that_its_worker_died_in_sending_is_not_sent_again(store: Store, kind: Kind) -> None:
    delivery = await claimed(store, await person(store), kind)
    await send(store, delivery)
    await die(store)
    assert await free_orphans(store) == 1
    assert (await now_of(store, delivery)).state is State.UNKNOWN
    async with store.write() as work:
        assert await work.deliveries.claim_waiting(tuple(Kind), LATER, "w2", 9) == []


async def test_a_reflection_that_its_worker_died_in_sending_waits_again(store: Store) -> None:
    delivery = await claimed(store, await person(store), Kind.REFLECTION)
    await send(store, delivery)
    await die(store)
    assert await free_orphans(store) == 1
    freed = await now_of(store, delivery)
    assert (freed.state, freed.due_at, freed.first_due_at) == (State.WAITING, LATER, NOON)


async def test_rows_of_a_living_worker_are_untouched(store: Store) -> None:
    mira, noor = await people(store, [1, 2])
    held = [await claimed(store, mira, worker="alive"), await claimed(store, noor, worker="dead")]
    async with store.write() as work:
        await work.facts.worker_leaves("dead")
    assert await free_orphans(store) == 1
    assert [(await now_of(store, one)).state for one in held] == [State.CLAIMED, State.WAITING]


async def test_a_worker_given_up_for_dead_does_not_send_what_another_took(store: Store) -> None:
    mira, noor = await people(store, [1, 2])
    stalled = [await claimed(store, mira), await claimed(store, noor)]
    await die(store)
    await free_orphans(store)
    async with store.write() as work:
        await work.facts.worker_lives("w2", NOON)
        [taken] = await work.deliveries.claim_waiting((Kind.QUESTION,), LATER, "w2", 1)
    async with store.write() as work:
        assert await work.deliveries.mark_sending(stalled, "w1") == set()
    states = {(await now_of(store, one)).state for one in stalled}
    assert states == {State.CLAIMED, State.WAITING}
    assert await send(store, taken, "w2") == {taken.id}


async def test_an_attempt_written_twice_is_one_attempt(store: Store) -> None:
    delivery = await claimed(store, await person(store))
    assert await send(store, delivery) == await send(store, delivery) == {delivery.id}
    assert (await now_of(store, delivery)).attempts == 1


async def test_later_arms_the_same_row_anew(store: Store) -> None:
    delivery = replace(await claimed(store, await person(store)), asked=ASKED)
    await send(store, delivery)
    await settle(store, Outcome(delivery, State.SENT, 55))
    async with store.write() as work:
        await work.deliveries.rearm(delivery.id, LATER)
    armed = replace(
        delivery, state=State.WAITING, due_at=LATER, first_due_at=LATER, attempts=0, closed=True, message_id=55
    )
    assert await now_of(store, delivery) == armed
    async with store.write() as work:
        [again] = await work.deliveries.claim_waiting((Kind.QUESTION,), LATER, "w1", 9)
        await work.deliveries.mark_sending([again], "w1")
    assert not (await now_of(store, delivery)).closed


async def test_another_prompt_stands_in_the_message_and_the_row_of_buttons_goes(store: Store) -> None:
    delivery = replace(await claimed(store, await person(store)), asked=Asked("body-jaw"))
    await send(store, delivery)
    async with store.write() as work:
        await work.deliveries.reopen(delivery.id, ASKED)
        await work.deliveries.close(delivery.id)
    found = await now_of(store, delivery)
    assert (found.asked, found.closed) == (ASKED, True)


async def test_deliveries_are_found_by_message_and_by_day_of_their_own_person_only(store: Store) -> None:
    mira, noor = await people(store, [1, 2])
    delivery = await claimed(store, mira)
    await settle(store, Outcome(delivery, State.SENT, 55))
    async with store.read() as work:
        found = [
            await work.deliveries.of_message(mira.id, 55),
            await work.deliveries.of_day(mira.id, Kind.QUESTION, DAY),
        ]
        assert [one and one.id for one in found] == [delivery.id, delivery.id]
        assert await work.deliveries.of_message(noor.id, 55) is None
        assert await work.deliveries.of_day(noor.id, Kind.QUESTION, DAY) is None
        assert await work.deliveries.of_day(mira.id, Kind.REFLECTION, DAY) is None
        assert [one.id for one in await work.deliveries.all_of(mira.id)] == [delivery.id]
        assert await work.deliveries.all_of(noor.id) == []


async def test_questions_of_several_people_come_oldest_first_from_a_day_on(store: Store) -> None:
    mira, noor, silent = await people(store, [1, 2, 3])
    days = [DAY + timedelta(days=number) for number in (2, 0, 1)]
    for to, its_days in ((mira, days), (noor, days[:1])):
        for day in its_days:
            await ask(store, due(to, day=day))
    async with store.read() as work:
        since = await work.deliveries.asked_since([mira.id, noor.id, silent.id], days[2])
        newest = await work.deliveries.last_question(mira.id)
        assert await work.deliveries.last_question(silent.id) is None
    asked = {day: Asked(f"of-{day}") for day in days}
    assert since[mira.id] == [(days[2], asked[days[2]]), (days[0], asked[days[0]])]
    assert since[noor.id] == [(days[0], asked[days[0]])]
    assert since[silent.id] == []
    assert newest is not None
    assert newest.day == max(days)


async def ask(store: Store, wanted: Delivery) -> date:
    async with store.write() as work:
        [delivery] = await work.deliveries.claim_new([wanted], "w1")
        await work.deliveries.mark_sending([replace(delivery, asked=Asked(f"of-{wanted.day}"))], "w1")
    return wanted.day


async def test_who_stopped_since_the_claim_is_sent_nothing(store: Store) -> None:
    mira, noor = await people(store, [1, 2])
    hers, others = await claimed(store, mira), await claimed(store, noor)
    async with store.write() as work:
        await work.subscribers.save(replace(mira, stage=Stage.STOPPED))
        await work.deliveries.drop_for([mira.id], LATER)
        assert await work.deliveries.mark_sending([hers, others], "w1") == {others.id}
    assert (await now_of(store, hers)).state is State.SKIPPED


async def test_what_a_living_worker_claimed_and_forgot_goes_back_and_its_attempts_stay(store: Store) -> None:
    mira, noor, sol = await people(store, [1, 2, 3])
    forgotten, trying = await claimed(store, mira), await claimed(store, noor)
    others = await claimed(store, sol, worker="w2")
    async with store.write() as work:
        await work.deliveries.mark_sending([trying], "w1")
        assert await work.deliveries.free_forgotten("w1", LATER) == 1
    states = [(await now_of(store, one)).state for one in (forgotten, trying, others)]
    assert states == [State.WAITING, State.SENDING, State.CLAIMED]


async def test_a_waiting_row_that_does_not_open_holds_up_no_other(database: str, store: Store) -> None:
    broken, sound = [await claimed(store, one) for one in await people(store, [1, 2])]
    async with store.write() as work:
        for one in (broken, sound):
            await work.deliveries.reopen(one.id, Asked("a"))
            await work.deliveries.rearm(one.id, NOON)
    taken = f"SELECT asked FROM deliveries WHERE id = {sound.id}"
    await change(database, f"UPDATE deliveries SET asked = ({taken}) WHERE id = {broken.id}")
    async with store.write() as work:
        found = await work.deliveries.claim_waiting((Kind.QUESTION,), LATER, "w1", 9)
        assert [one.id for one in found] == [sound.id]
        assert work.deliveries.damaged == [broken.subscriber_id]
        assert (await work.deliveries.counts())[Kind.QUESTION, State.FAILED] == 1
