"""A question falls due, is claimed and made ready; and what its row of buttons does."""

from asyncio import sleep
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.agenda import question_verdict, with_next_question
from bot.domain.library import Library
from bot.domain.localtime import instant, local, local_day
from bot.domain.prompts import FRESH_FOR, Choice, Past, choose
from bot.domain.records import Asked, Delivery, Kind, State, Subscriber
from bot.domain.schedule import too_late
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Rows
from bot.journeys.outbox import Parcel
from bot.storage.store import Work
from bot.storage.subscribers import Found
from bot.tongues import Tongue

#: So many people are claimed at a time at the most.
BATCH = 200
#: So many questions are chosen at a stretch, some milliseconds, before whoever else waits has a turn.
AT_A_STRETCH = 20
#: *Another question*, so often a day; then kindly no.
MOST_SWAPS = 2
#: What *Later* offers beside this evening.
LATER = {"1h": timedelta(hours=1), "3h": timedelta(hours=3)}
#: "This evening" is at the first of these that is at least so far away.
EVENINGS = (time(19, 0), time(21, 0))
LEAST_WAIT = timedelta(minutes=30)
_MARKS_SINCE = timedelta(days=60)


async def send_due_questions(kit: Kit) -> int:
    """Claims and sends everything of this kind that is due now; returns how many deliveries left."""
    return await kit.outbox.stream(lambda: _claim(kit))


async def _claim(kit: Kit) -> list[Parcel]:
    most = kit.outbox.handful(BATCH)
    return await _parcels(kit, await _claim_waiting(kit, most) + await _claim_new(kit, most))


async def _claim_new(kit: Kit, most: int = BATCH) -> list[tuple[Delivery, Subscriber]]:
    """The next people due whose question is to be sent; those whose is not (D2, D3) are passed on the way."""
    while True:
        due, claimed = await _claim_batch(kit, most)
        if claimed or not due:
            return claimed


async def _claim_batch(kit: Kit, most: int) -> tuple[int, list[tuple[Delivery, Subscriber]]]:
    """People due, moved on to their next question, and their delivery rows, in one transaction (D1)."""
    now = kit.now()

    async def take(work: Work) -> tuple[Found, list[Delivery], dict[int, Subscriber]]:
        due = await work.subscribers.with_question_due(now, most)
        fallen = [fallen_due(person, now) for person in due.people]
        moved = {person.id: person for _, person in fallen}
        await work.subscribers.move_on(list(moved.values()))
        return due, await work.deliveries.claim_new([delivery for delivery, _ in fallen], kit.worker), moved

    due, claimed, moved = await kit.store.together(take)
    tell_of_damage(kit, due.damaged)
    to_send = [(one, moved[one.subscriber_id]) for one in claimed if one.state is State.CLAIMED]
    return len(due.people) + len(due.damaged), to_send


def tell_of_damage(kit: Kit, ids: Sequence[int]) -> None:
    """Whoever cannot be read is passed over, with their number for the operator; nobody else waits for them."""
    for one in ids:
        kit.alarm(f"What is kept sealed of subscriber {one} does not open. Restore that row from a backup.")


def fallen_due(person: Subscriber, now: datetime) -> tuple[Delivery, Subscriber]:
    """The delivery of the question that is due to a person, and the person moved on to the next.

    The delivery holds the prompt that was chosen ahead, where one was.
    """
    kind, state = question_verdict(person, now)
    day, due_at = person.question_day, person.question_due_at
    assert day is not None
    assert due_at is not None
    counted = person.unanswered + (state is State.CLAIMED)
    after = with_next_question(replace(person, last_question_day=day, unanswered=counted), now)
    asked = Asked(person.chosen, shown=(person.chosen,)) if person.chosen and kind is Kind.QUESTION else None
    return Delivery(0, person.id, kind, day, state, due_at, due_at, asked=asked), after


async def _claim_waiting(kit: Kit, most: int) -> list[tuple[Delivery, Subscriber]]:
    """Retries and *Later*: rows whose own due time has come; those too late are let go."""
    now = kit.now()

    async def take(work: Work) -> tuple[list[Delivery], Found, list[int]]:
        found = await work.deliveries.claim_waiting((Kind.QUESTION, Kind.GOODBYE), now, kit.worker, most)
        who = await work.subscribers.readable([delivery.subscriber_id for delivery in found])
        late = [one for one in found if too_late(one.kind, one.first_due_at, now)]
        await work.deliveries.let_go(late, now)
        await work.deliveries.give_up([one for one in found if one.subscriber_id in who.damaged], now)
        return [one for one in found if one not in late], who, [*work.deliveries.damaged, *who.damaged]

    found, who, damaged = await kit.store.together(take)
    tell_of_damage(kit, damaged)
    people = {person.id: person for person in who.people}
    return [(one, people[one.subscriber_id]) for one in found if one.subscriber_id in people]


async def _parcels(kit: Kit, claimed: Sequence[tuple[Delivery, Subscriber]]) -> list[Parcel]:
    """Chooses each person's prompt, in a few queries for all of them; others get their turn in between."""
    if not claimed:
        return []
    pasts = await _pasts(kit, [one.subscriber_id for one, _ in claimed if _is_to_choose(one)])
    parcels = []
    for delivery, person in claimed:
        parcels.append(_parcel(kit, delivery, person, pasts.get(person.id, Past())))
        if len(parcels) % AT_A_STRETCH == 0:
            await sleep(0)
    return parcels


def _is_to_choose(delivery: Delivery) -> bool:
    return delivery.asked is None and delivery.kind is Kind.QUESTION


async def _pasts(kit: Kit, ids: Sequence[int]) -> dict[int, Past]:
    """What several people's choices look back on, opened some people at a time."""
    pasts: dict[int, Past] = {}
    for first in range(0, len(ids), AT_A_STRETCH):
        async with kit.store.read() as work:
            pasts |= await pasts_of(work, ids[first : first + AT_A_STRETCH], kit.now().date())
    return pasts


def _parcel(kit: Kit, delivery: Delivery, person: Subscriber, past: Past) -> Parcel:
    if delivery.kind is Kind.GOODBYE:
        return Parcel(delivery, person, lambda: kit.on_round_to(person).send(goodbye(kit, person)))
    if delivery.asked is None:
        choice = choice_for(kit.tongue_of(person).library, person, past, delivery.day)
        delivery = replace(delivery, asked=Asked(choice.prompt.id, shown=(choice.prompt.id,)))
    message = question(kit, person, delivery)
    return Parcel(delivery, person, lambda: kit.on_round_to(person).send(message))


async def pasts_of(work: Work, ids: Sequence[int], today: date) -> dict[int, Past]:
    """What the choice of a prompt looks back on, for several people."""
    asked = await work.deliveries.asked_since(ids, today - FRESH_FOR - timedelta(days=1))
    marks = await work.replies.latest_marks(ids, today - _MARKS_SINCE)
    return {one: Past(asked[one], marks[one]) for one in ids}


def choice_for(library: Library, person: Subscriber, past: Past, day: date) -> Choice:
    """The prompt of this local day for this person."""
    since = local(person.consented_at or person.joined_at, person.preferences.zone or "UTC").date()
    weeks = max(0, (day - since).days // 7)
    past = replace(past, gentle_until=person.mind.gentle_until)
    return choose(library, past, day=day, weeks=weeks, seed=person.id)


def question(kit: Kit, person: Subscriber, delivery: Delivery) -> Message:
    """The question as it stands in the chat, with its taps and its small row."""
    return Message(
        asked_text(kit, person, delivery),
        _rows(kit, person, delivery),
        silent=person.preferences.silent,
        common=True,
    )


def asked_text(kit: Kit, person: Subscriber, delivery: Delivery) -> str:
    """The words of the question. A prompt that the content no longer has is told kindly (D7)."""
    tongue = kit.tongue_of(person)
    return tongue.words.say("question", text=wording(tongue, delivery))


def wording(tongue: Tongue, delivery: Delivery) -> str:
    """The same, not yet HTML."""
    prompt = tongue.library.prompts.get(delivery.asked.prompt) if delivery.asked else None
    if prompt is None or delivery.asked is None:
        return tongue.words.say("question_gone")
    return prompt.lighter if delivery.asked.lighter else prompt.ask


def _rows(kit: Kit, person: Subscriber, delivery: Delivery) -> Rows:
    words = kit.tongue_of(person).words
    small = (
        Button(words.say("button_another"), f"o:{delivery.id}"),
        Button(words.say("button_later"), f"l:{delivery.id}"),
        Button(words.say("button_not_today"), f"n:{delivery.id}"),
    )
    prompt = kit.tongue_of(person).library.prompts.get(delivery.asked.prompt) if delivery.asked else None
    if prompt is None or delivery.asked is None or delivery.asked.lighter:
        return (small,)
    taps = tuple((Button(tap.say, f"a:{delivery.id}:{number}"),) for number, tap in enumerate(prompt.taps))
    return (*taps, small)


def goodbye(kit: Kit, person: Subscriber) -> Message:
    """The one short goodbye of D6; asks for nothing."""
    return Message(kit.tongue_of(person).words.say("goodbye"), silent=True)


async def another(kit: Kit, person: Subscriber, delivery: Delivery, tap: str) -> Message | None:
    """*Another question*: the lighter wording first, then another prompt; None when it was asked often enough.

    The same tap once more, as after a kill, shows what it brought the first time.
    """
    asked = delivery.asked
    if asked is not None and asked.swapped_by == tap:
        return question(kit, person, delivery)
    if asked is None or asked.swaps >= MOST_SWAPS:
        return None
    if not asked.lighter:
        other = replace(asked, lighter=True, swaps=asked.swaps + 1)
    else:
        other = await _other_prompt(kit, person, delivery, asked)
    other = replace(other, swapped_by=tap)
    async with kit.store.write() as work:
        await work.deliveries.reopen(delivery.id, other)
        await work.subscribers.discard_choice(person.id)
    return question(kit, person, replace(delivery, asked=other))


async def _other_prompt(kit: Kit, person: Subscriber, delivery: Delivery, asked: Asked) -> Asked:
    async with kit.store.read() as work:
        pasts = await pasts_of(work, [person.id], delivery.day)
    prompt = choice_for(kit.tongue_of(person).library, person, pasts[person.id], delivery.day).prompt
    return Asked(prompt.id, shown=(*asked.shown, prompt.id), swaps=asked.swaps + 1)


def later_menu(kit: Kit, person: Subscriber, delivery: Delivery) -> Message:
    """When, then? The question stays to be read."""
    words = kit.tongue_of(person).words
    names = [name for name in (*LATER, "evening") if later_at(kit, person, name) is not None]
    rows = tuple((Button(words.say(f"later_{name}"), f"l:{delivery.id}:{name}"),) for name in names)
    elsewhere = (Button(words.say("later_elsewhere"), f"l:{delivery.id}:zone"),)
    back = (Button(words.say("back"), f"l:{delivery.id}:back"),)
    return Message(asked_text(kit, person, delivery), (*rows, elsewhere, back))


def later_at(kit: Kit, person: Subscriber, name: str) -> datetime | None:
    """The moment that a choice of *Later* means; None for one that is not, or no longer, to be had."""
    now, zone = kit.now(), person.preferences.zone
    if name in LATER:
        return now + LATER[name]
    if name != "evening" or zone is None:
        return None
    evenings = (instant(local(now, zone).date(), wall, zone) for wall in EVENINGS)
    return next((moment for moment in evenings if moment - now > LEAST_WAIT), None)


async def later(kit: Kit, person: Subscriber, delivery: Delivery, due_at: datetime) -> Message:
    """*Later*: the same row, due again (D1); returns what stands in the chat until then."""
    async with kit.store.write() as work:
        await work.deliveries.rearm(delivery.id, due_at)
    words = kit.tongue_of(person).words
    clock = words.clock(local(due_at, person.preferences.zone or "UTC").time())
    return Message(words.say("later_noted", clock=clock))


async def not_today(kit: Kit, person: Subscriber, delivery: Delivery) -> None:
    """*Not today*: no comment; the day counts neither as answer nor as silence (D6), and the next ones are lighter."""
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True)
        if held is not None and not delivery.closed:
            eased = replace(held, unanswered=max(0, held.unanswered - 1))
            await work.subscribers.save(with_next_question(eased, kit.now()))
        if delivery.asked is not None:
            await work.deliveries.reopen(delivery.id, replace(delivery.asked, declined=True))
            await work.subscribers.discard_choice(person.id)
        await work.deliveries.close(delivery.id)


async def ask_now(kit: Kit, person: Subscriber) -> bool:
    """*Send one now*: today's question at once, if the day has none yet. Returns whether one is on its way."""
    zone = person.preferences.zone
    assert zone is not None
    now = kit.now()
    day = local_day(now, zone, person.preferences.day_start)
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True)
        known = await work.deliveries.of_day(person.id, Kind.QUESTION, day)
        if held is None or (known is not None and known.state not in (State.LATE, State.SKIPPED, State.FAILED)):
            return False
        if known is not None:
            await work.deliveries.rearm(known.id, now)
        else:
            fresh = Delivery(0, person.id, Kind.QUESTION, day, State.WAITING, now, now)
            await work.deliveries.claim_new([fresh], kit.worker)
        asked = replace(held, last_question_day=day, unanswered=held.unanswered + 1)
        await work.subscribers.save(with_next_question(asked, now))
    return True
