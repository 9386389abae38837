"""A reply arrives: care first, kept once, sealed; acknowledged. What is heard in it follows behind.

The other half is `following.py`: the mark for it is written with the reply itself.
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.agenda import with_next
from bot.domain.errors import SendFailed
from bot.domain.localtime import local_day
from bot.domain.records import Delivery, Follows, Kind, Marks, Reply, Subscriber
from bot.journeys.caring import answer_care
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Rows
from bot.journeys.prompting import asked_text
from bot.storage.store import Work


@dataclass(frozen=True, slots=True)
class Said:
    """A text message as it came: `sent_at` and `edited_at` are Telegram's own moments, aware UTC."""

    chat_id: int
    message_id: int
    text: str
    sent_at: datetime
    reply_to: int | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Keeping:
    """A reply to be kept, and who holds it until it is acknowledged."""

    person: Subscriber
    said: Said
    care: bool
    now: datetime
    worker: str


async def take_reply(kit: Kit, person: Subscriber, said: Said, kind: str | None) -> None:
    """Keeps a person's words with the day of the question they answer, then answers; `kind` is what care read."""
    kept = await kit.store.in_bulk(_keep, _Keeping(person, said, kind is not None, kit.now(), kit.worker))
    if kept is None:
        return
    reply, delivery = kept
    await _close_row(kit, person, delivery)
    if kind is not None:
        await answer_care(kit, said.chat_id, person, person.preferences.language, kind)
        return
    try:
        await _acknowledge(kit, person, said)
    finally:
        await kit.store.in_bulk(_acknowledged, reply.id)
        kit.follows.set()


async def _keep(work: Work, wanted: Sequence[_Keeping]) -> list[tuple[Reply, Delivery | None] | None]:
    """Keeps many people's replies with a handful of statements; None for somebody who is gone."""
    people = await work.subscribers.of_ids({one.person.id for one in wanted}, hold=True)
    there = [one for one in wanted if one.person.id in people]
    asked = await _answered(work, people, [one.said for one in there], [one.person.id for one in there])
    replies = [_reply_of(people[one.person.id], one, delivery) for one, delivery in zip(there, asked, strict=True)]
    kept = await work.replies.keep_all(replies, wanted[0].worker) if replies else []
    for one in there:
        people[one.person.id] = wrote(people[one.person.id], one.said.sent_at, one.now)
    await work.subscribers.save_all(list(people.values()))
    await work.deliveries.close(*{one.id for one in asked if one is not None and not one.closed})
    found = iter(zip(kept, asked, strict=True))
    return [next(found) if one.person.id in people else None for one in wanted]


async def _acknowledged(work: Work, ids: Sequence[int]) -> Sequence[None]:
    await work.following.acknowledged(ids)
    return [None] * len(ids)


def _reply_of(person: Subscriber, one: _Keeping, delivery: Delivery | None) -> Reply:
    said, day = one.said, delivery.day if delivery else _day_of(person, one.said.sent_at)
    follows = None if one.care else Follows.HEART
    marks = Marks(care=one.care)
    return Reply(0, person.id, f"m{said.message_id}", day, said.sent_at, said.text, marks, waits_for=follows)


async def _answered(
    work: Work, people: Mapping[int, Subscriber], said: Sequence[Said], by: Sequence[int]
) -> list[Delivery | None]:
    """The question that each message answers: the one it replies to, else that of the local day."""
    days = [_day_of(people[who], one.sent_at) for one, who in zip(said, by, strict=True)]
    of_day = await work.deliveries.of_days(set(by), Kind.QUESTION, set(days))
    found: list[Delivery | None] = []
    for one, who, day in zip(said, by, days, strict=True):
        pointed = await work.deliveries.of_message(who, one.reply_to) if one.reply_to is not None else None
        today = of_day.get((who, day))
        if pointed is not None and pointed.kind is Kind.QUESTION:
            found.append(pointed)
        else:
            found.append(today if today is not None and today.message_id is not None else None)
    return found


def _day_of(person: Subscriber, moment: datetime) -> date:
    return local_day(moment, person.preferences.zone or "UTC", person.preferences.day_start)


def wrote(person: Subscriber, at: datetime, now: datetime) -> Subscriber:
    """The person who wrote: nothing is unanswered any more, and a rest "until I write" is over."""
    latest = max(at, person.last_wrote_at) if person.last_wrote_at else at
    back = replace(person, last_wrote_at=latest, resting_open=False)
    return answered(back, now)


def answered(person: Subscriber, now: datetime) -> Subscriber:
    """The person who answered, by words or a tap: the rhythm they chose is back (D6)."""
    if person.unanswered == 0 and person.unreachable_at is None and person.question_due_at is not None:
        return person
    return with_next(replace(person, unanswered=0, unreachable_at=None), now)


async def _close_row(kit: Kit, person: Subscriber, delivery: Delivery | None) -> None:
    if delivery is not None and delivery.message_id is not None and not delivery.closed:
        await quietly(kit.messenger.edit_rows(person.chat_id, delivery.message_id, ()))


async def _acknowledge(kit: Kit, person: Subscriber, said: Said) -> None:
    words = kit.tongue_of(person).words
    if person.preferences.ack_in_words:
        await kit.to(person).send(Message(words.say("acknowledged"), silent=True))
        return
    await quietly(kit.messenger.react(person.chat_id, said.message_id, words.say("reaction")))


async def quietly(doing: Awaitable[object]) -> None:
    """What is only a courtesy may fail: the message may be gone by now."""
    try:
        await doing
    except SendFailed:
        return


def chips(kit: Kit, person: Subscriber, reply: Reply) -> Message:
    """At most three chips, *none of these*, and the way out of being asked."""
    words = kit.tongue_of(person).words
    return Message(
        words.say("chips_ask"),
        chip_rows(kit, person, reply),
        silent=True,
        reply_to=int(reply.source[1:]) if not reply.tapped else None,
    )


def chip_rows(kit: Kit, person: Subscriber, reply: Reply) -> Rows:
    """The chips as they stand: what was tapped is ticked; nothing is left to tap once it was none of these."""
    tongue = kit.tongue_of(person)
    marks = reply.marks
    if marks.denied:
        return ()
    chosen = [(f"{tongue.words.say('tick')} " if name in marks.confirmed else "") for name in marks.offered]
    rows = tuple(
        (Button(f"{tick}{tongue.library.patterns[name].chip}", f"c:{reply.id}:{number}"),)
        for number, (tick, name) in enumerate(zip(chosen, marks.offered, strict=True))
    )
    if marks.confirmed:
        return rows
    none = Button(tongue.words.say("chips_none"), f"c:{reply.id}:n")
    return (*rows, (none,), (Button(tongue.words.say("chips_off"), f"c:{reply.id}:x"),))


async def take_edit(kit: Kit, person: Subscriber, said: Said) -> None:
    """An edited message edits what is kept, and is read again; one that was not kept is not kept now."""
    kind = kit.tongue_of(person).care.care_kind(said.text)
    async with kit.store.read() as work:
        reply = await work.replies.of_source(person.id, f"m{said.message_id}")
    if reply is not None:
        await rewrite(kit, person, reply, said.text, said.edited_at or kit.now(), care=kind is not None)
    if kind is not None:
        await answer_care(kit, said.chat_id, person, person.preferences.language, kind)


async def rewrite(kit: Kit, person: Subscriber, reply: Reply, text: str, at: datetime, *, care: bool = False) -> None:
    """Other words stand in a reply from now on, and are heard anew; what care sealed once stays sealed (S3)."""
    async with kit.store.write() as work:
        held = await work.replies.of_id(reply.id)
        if held is not None and held.subscriber_id == person.id:
            await work.replies.rewrite(held, text, replace(held.marks, care=held.marks.care or care), at)
            await work.subscribers.discard_choice(person.id)
    kit.follows.set()


async def take_tap(kit: Kit, person: Subscriber, delivery: Delivery, number: int, at: datetime) -> bool:
    """A one-tap answer is kept like words; False when the question has its answer or has other taps now."""
    prompt = kit.tongue_of(person).library.prompts.get(delivery.asked.prompt) if delivery.asked else None
    if delivery.closed or prompt is None or delivery.message_id is None or number >= len(prompt.taps):
        return False
    tap = prompt.taps[number]
    marks = Marks(confirmed=(tap.shows,) if tap.shows else ())
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True) or person
        reply = Reply(0, held.id, f"t{delivery.id}", delivery.day, at, tap.say, marks, tapped=True)
        await work.replies.keep(reply)
        await work.deliveries.close(delivery.id)
        await work.subscribers.save(answered(held, kit.now()))
    text = kit.tongue_of(person).words.say("tapped", answer=tap.say)
    shown = Message(f"{asked_text(kit, person, delivery)}\n\n{text}")
    await quietly(kit.messenger.edit(person.chat_id, delivery.message_id, shown))
    return True


async def take_chip(kit: Kit, person: Subscriber, reply: Reply, number: int) -> Reply | None:
    """A tapped chip is the person's own word (it outranks any inference); None when nothing changed."""
    offered = reply.marks.offered
    if number >= len(offered) or offered[number] in reply.marks.confirmed or reply.marks.denied:
        return None
    marks = replace(reply.marks, confirmed=(*reply.marks.confirmed, offered[number]))
    return await _marked(kit, person, reply, marks, {offered[number]: 1})


def all_noted(reply: Reply) -> bool:
    """Whether no chip is left to tap."""
    return set(reply.marks.offered) <= set(reply.marks.confirmed)


async def take_none(kit: Kit, person: Subscriber, reply: Reply) -> Reply | None:
    """*None of these*: what was offered is denied for this reply; None when nothing changed."""
    if reply.marks.denied or reply.marks.confirmed:
        return None
    marks = replace(reply.marks, denied=reply.marks.offered)
    return await _marked(kit, person, reply, marks, dict.fromkeys(reply.marks.offered, -1))


async def _marked(kit: Kit, person: Subscriber, reply: Reply, marks: Marks, taps: Mapping[str, int]) -> Reply:
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True) or person
        total = dict(held.mind.taps)
        for name, change in taps.items():
            total[name] = total.get(name, 0) + change
        await work.replies.mark(reply, marks)
        mind = replace(held.mind, taps=total)
        await work.subscribers.save(answered(replace(held, mind=mind), kit.now()))
    return replace(reply, marks=marks)


async def only_words(kit: Kit, person: Subscriber | None, chat_id: int, language: str) -> None:
    """A voice message, photo or sticker: "I can only keep words", once, kindly (T4)."""
    if person is not None and "only_words" in person.mind.told:
        return
    if person is not None:
        async with kit.store.write() as work:
            held = await work.subscribers.of_id(person.id, hold=True) or person
            mind = replace(held.mind, told=(*held.mind.told, "only_words"))
            await work.subscribers.save(replace(held, mind=mind))
    await kit.messenger.send(chat_id, Message(kit.tongue(language).words.say("only_words"), silent=True))
