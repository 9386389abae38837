"""Space, stop, and coming back: at once, without a word of reproach."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.agenda import resting, with_next
from bot.domain.localtime import local
from bot.domain.records import Stage, Subscriber
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message

#: What /space offers, by the name that its button carries.
SPACES = {"1d": timedelta(days=1), "3d": timedelta(days=3), "2w": timedelta(weeks=2)}
OPEN = "open"


def space_menu(kit: Kit, person: Subscriber) -> Message:
    """How much space: three lengths, or until they write; while it lasts also the way back."""
    words = kit.tongue_of(person).words
    rows = [(Button(words.say(f"space_{name}"), f"s:{name}"),) for name in (*SPACES, OPEN)]
    if person.resting_open or (person.resting_until and person.resting_until > kit.now()):
        rows.append((Button(words.say("space_end"), "s:end"),))
    return Message(words.say("space_ask"), tuple(rows))


async def give_space(kit: Kit, person: Subscriber, name: str) -> Message:
    """Nothing is sent for so long; then questions come back quietly."""
    now = kit.now()
    until = now + SPACES[name] if name in SPACES else None
    rested = replace(person, resting_until=until, resting_open=until is None)
    await _saved(kit, person, rested, now)
    words = kit.tongue_of(person).words
    if until is None:
        return Message(words.say("space_given_open"))
    zone = person.preferences.zone or "UTC"
    return Message(words.say("space_given", until=words.moment(local(until, zone))))


async def end_space(kit: Kit, person: Subscriber) -> Message:
    """The questions are back, from the next one on."""
    back = await _saved(kit, person, replace(person, resting_until=None, resting_open=False), kit.now())
    return Message(kit.tongue_of(person).words.say("space_over", next=next_question_told(kit, back)))


async def stop(kit: Kit, person: Subscriber) -> Message:
    """Stops at once; the journal stays (P3)."""
    await _saved(kit, person, replace(person, stage=Stage.STOPPED, awaiting=None), kit.now())
    return stopped_message(kit, person)


def stopped_message(kit: Kit, person: Subscriber) -> Message:
    """What somebody sees who has stopped: the way back, and no more."""
    words = kit.tongue_of(person).words
    return Message(words.say("stopped"), ((Button(words.say("button_resume"), "b:resume"),),))


async def resume(kit: Kit, person: Subscriber) -> Subscriber:
    """Comes back after /stop, to where they were; who never finished settling is settling again."""
    done = person.preferences.zone is not None and person.preferences.ask_at is not None
    stage = Stage.ACTIVE if done else Stage.SETTLING
    fresh = replace(person, stage=stage, unanswered=0, resting_until=None, resting_open=False, unreachable_at=None)
    return await _saved(kit, person, fresh, kit.now())


def resumed_message(kit: Kit, person: Subscriber) -> Message:
    """What somebody sees who is back: when the next question comes."""
    return Message(kit.tongue_of(person).words.say("resumed", next=next_question_told(kit, person)))


def next_question_told(kit: Kit, person: Subscriber) -> str:
    """ "Mon 23 Nov, 20:30 (Europe/Berlin)", or that none is planned."""
    words = kit.tongue_of(person).words
    zone = person.preferences.zone
    if person.question_due_at is None or zone is None:
        return words.say("next_none")
    return words.say("next_at", moment=words.moment(local(person.question_due_at, zone)), zone=zone)


async def _saved(kit: Kit, person: Subscriber, changed: Subscriber, now: datetime) -> Subscriber:
    """Writes the fields of this story onto the row as it is now."""
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True) or person
        fresh = replace(
            held,
            stage=changed.stage,
            unanswered=changed.unanswered,
            awaiting=changed.awaiting,
            resting_until=changed.resting_until,
            resting_open=changed.resting_open,
            unreachable_at=changed.unreachable_at,
        )
        saved = with_next(fresh, now)
        await work.subscribers.save(saved)
        if saved.stage is Stage.STOPPED or resting(saved, now):
            await work.deliveries.drop_for([saved.id], now)
    return saved
