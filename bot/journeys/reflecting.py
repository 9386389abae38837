"""A week ends: its replies are opened, composed, drawn and sent, text and picture each settled for itself."""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.chart import DayPicture, LegendLine, WeekPicture
from bot.domain.agenda import resting, wanted, with_next_reflection
from bot.domain.errors import Damaged
from bot.domain.fading import Rhythm, rhythm
from bot.domain.localtime import local, local_day
from bot.domain.records import Delivery, Kind, Reply, State, Subscriber, Verdict
from bot.domain.reflection import Entry, Reflection, compose
from bot.domain.schedule import too_late, week_before
from bot.domain.week import Week
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Picture, Rows
from bot.journeys.outbox import Parcel
from bot.journeys.prompting import tell_of_damage
from bot.words import Words

BATCH = 50
#: The first reflection waits for so many replies (D5).
LEAST_REPLIES = 3
#: How far a reflection looks back beyond its own week.
HISTORY = timedelta(weeks=12)


async def send_due_reflections(kit: Kit) -> int:
    """Claims, composes and sends every reflection due now; returns how many left."""
    return await kit.outbox.stream(lambda: _claim(kit))


async def _claim(kit: Kit) -> list[Parcel]:
    """Composed and drawn before they take a slot: while one batch leaves, the next is made ready."""
    most = kit.outbox.handful(BATCH, messages=2)
    claimed = await _claim_waiting(kit, most) + await _claim_new(kit, most)
    made = await gather(*(_readable(kit, delivery, person) for delivery, person in claimed))
    return [parcel for parcel in made if parcel is not None]


async def _claim_new(kit: Kit, most: int) -> list[tuple[Delivery, Subscriber]]:
    now = kit.now()
    async with kit.store.write() as work:
        due = await work.subscribers.with_reflection_due(now, most)
        wanted_rows, moved = [], {}
        for person in due.people:
            kept = LEAST_REPLIES if person.reflections_sent else await work.replies.count(person.id)
            delivery, moved[person.id] = fallen_due(person, now, kept)
            wanted_rows.append(delivery)
        await work.subscribers.save_all(list(moved.values()))
        claimed = await work.deliveries.claim_new(wanted_rows, kit.worker)
    tell_of_damage(kit, due.damaged)
    return [(delivery, moved[delivery.subscriber_id]) for delivery in claimed if delivery.state is State.CLAIMED]


def fallen_due(person: Subscriber, now: datetime, kept: int) -> tuple[Delivery, Subscriber]:
    """The delivery of the reflection that is due, and the person moved on; `kept` counts their replies (D5)."""
    day, due_at = person.reflection_day, person.reflection_due_at
    assert day is not None
    assert due_at is not None
    after = with_next_reflection(replace(person, last_reflection_day=day), now)
    return Delivery(0, person.id, Kind.REFLECTION, day, _verdict(person, due_at, now, kept), due_at, due_at), after


def _verdict(person: Subscriber, due_at: datetime, now: datetime, kept: int) -> State:
    if too_late(Kind.REFLECTION, due_at, now):
        return State.LATE
    quiet = resting(person, now) or not wanted(person) or rhythm(person.unanswered) is Rhythm.SILENT
    return State.SKIPPED if quiet or kept < LEAST_REPLIES else State.CLAIMED


async def _claim_waiting(kit: Kit, most: int) -> list[tuple[Delivery, Subscriber]]:
    now = kit.now()
    async with kit.store.write() as work:
        found = await work.deliveries.claim_waiting((Kind.REFLECTION,), now, kit.worker, most)
        tell_of_damage(kit, work.deliveries.damaged)
        if not found:
            return []
        who = await work.subscribers.readable([delivery.subscriber_id for delivery in found])
        people = {person.id: person for person in who.people}
        late = [one for one in found if too_late(one.kind, one.first_due_at, now)]
        await work.deliveries.let_go(late, now)
        await work.deliveries.give_up([one for one in found if one.subscriber_id in who.damaged], now)
    tell_of_damage(kit, who.damaged)
    return [(one, people[one.subscriber_id]) for one in found if one not in late and one.subscriber_id in people]


async def _readable(kit: Kit, delivery: Delivery, person: Subscriber) -> Parcel | None:
    """The parcel; None, and the delivery given up, where one of the replies does not open."""
    try:
        return await _parcel(kit, delivery, person)
    except Damaged:
        await kit.outbox.surely(lambda work: work.deliveries.give_up([delivery], kit.now()))
        tell_of_damage(kit, [person.id])
        return None


async def _parcel(kit: Kit, delivery: Delivery, person: Subscriber) -> Parcel:
    reflection = await reflection_of(kit, person, week_before(delivery.day), number=person.reflections_sent)
    named = (*reflection.named, *reflection.growth)
    ready = replace(delivery, patterns=tuple(one.pattern for one in named))
    wanted = not delivery.picture_sent and any(day.written for day in reflection.days)
    picture = await picture_of(kit, person, reflection) if wanted else None
    return Parcel(ready, person, lambda: _send(kit, ready, person, reflection, picture))


async def _send(
    kit: Kit, delivery: Delivery, person: Subscriber, reflection: Reflection, picture: Picture | None
) -> int:
    """The picture, once, then the text with its buttons; the text's message is the delivery's."""
    if picture is not None:
        await kit.on_round_to(person).send_picture(picture)
        await kit.outbox.surely(lambda work: work.deliveries.picture_arrived(delivery.id))
        await kit.pace.round(1)
    return await kit.on_round_to(person).send(message_of(kit, person, reflection, delivery))


async def reflection_of(kit: Kit, person: Subscriber, week: Week, *, number: int) -> Reflection:
    """Opens the replies of a week and of those before, and composes."""
    async with kit.store.read() as work:
        replies = await work.replies.between(person.id, week.first - HISTORY, week.last)
    return composed(kit.tongue_of(person).words, person, replies, week, number=number)


def composed(words: Words, person: Subscriber, replies: Sequence[Reply], week: Week, *, number: int) -> Reflection:
    """The reflection of a week, given its replies and those before it."""
    verdicts = person.mind.verdicts
    return compose(
        week=week,
        entries=entries_of(replies, person),
        muted=frozenset(name for name, said in verdicts.items() if said == Verdict.MUTED),
        doubted=frozenset(name for name, said in verdicts.items() if said == Verdict.NOT_QUITE),
        quotes=person.preferences.quotes,
        number=number,
        seed=person.id,
        library=words.library,
        calendar=words,
    )


def entries_of(replies: Sequence[Reply], person: Subscriber) -> list[Entry]:
    """Replies as the composer takes them; a one-tap answer has no words of the person's own."""
    zone = person.preferences.zone or "UTC"
    return [
        Entry(
            day=reply.day,
            text="" if reply.tapped else reply.text,
            hour=local(reply.written_at, zone).hour,
            confirmed=frozenset(reply.marks.confirmed),
            heard=frozenset(reply.marks.heard),
            denied=frozenset(reply.marks.denied),
            care=reply.marks.care,
        )
        for reply in replies
    ]


def message_of(kit: Kit, person: Subscriber, reflection: Reflection, delivery: Delivery) -> Message:
    """The reflection's text with a button for each pattern it names."""
    return Message(
        reflection.text,
        pattern_rows(kit, person, delivery),
        silent=True,
    )


def pattern_rows(kit: Kit, person: Subscriber, delivery: Delivery) -> Rows:
    """A button for each pattern named; it opens that pattern's three answers (W5)."""
    patterns = kit.tongue_of(person).library.patterns
    return tuple(
        (Button(patterns[name].name, f"v:{delivery.id}:{number}"),) for number, name in enumerate(delivery.patterns)
    )


def verdict_rows(kit: Kit, person: Subscriber, delivery: Delivery, number: int) -> Rows:
    """*That fits · Not quite · Don't mention this*, what was said before ticked, and the way back."""
    words = kit.tongue_of(person).words
    said = person.mind.verdicts.get(delivery.patterns[number])
    name = kit.tongue_of(person).library.patterns[delivery.patterns[number]].name
    answers = tuple(
        (
            Button(
                (f"{words.say('tick')} " if said == verdict else "") + words.say(f"verdict_{verdict}"),
                f"v:{delivery.id}:{number}:{sign}",
            ),
        )
        for sign, verdict in VERDICT_SIGNS.items()
    )
    return (
        (Button(words.say("verdict_of", name=name), f"v:{delivery.id}:{number}:-"),),
        *answers,
        (Button(words.say("button_days"), f"v:{delivery.id}:{number}:{SHOW_DAYS}"),),
        _back(kit, person, delivery),
    )


VERDICT_SIGNS = {"f": Verdict.FITS, "q": Verdict.NOT_QUITE, "m": Verdict.MUTED}
#: What the button *Show me those days* carries beside them.
SHOW_DAYS = "d"


def _back(kit: Kit, person: Subscriber, delivery: Delivery) -> tuple[Button, ...]:
    return (Button(kit.tongue_of(person).words.say("back"), f"v:{delivery.id}"),)


async def take_verdict(kit: Kit, person: Subscriber, pattern: str, verdict: Verdict) -> Subscriber:
    """What a person says of a pattern is remembered for good (W5)."""
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True) or person
        mind = replace(held.mind, verdicts={**held.mind.verdicts, pattern: str(verdict)})
        changed = replace(held, mind=mind)
        await work.subscribers.save(changed)
    return changed


async def picture_of(kit: Kit, person: Subscriber, reflection: Reflection) -> Picture:
    """The week drawn, with its alt text as caption."""
    words, wishes = kit.tongue_of(person).words, person.preferences
    png = await kit.painter.week(week_picture(words, reflection), dark=wishes.picture == "dark")
    return Picture(png, caption_of(words, reflection), silent=wishes.silent)


def caption_of(words: Words, reflection: Reflection) -> str:
    """What the drawing shows, for who cannot see it: every mark with its days; at most 1,024 characters."""
    written = [day.day for day in reflection.days if day.written]
    whole = len(written) == len(reflection.days)
    days = words.say("picture_whole_week") if whole else words.say("picture_days", days=_weekdays(words, written))
    lines = [days] if written else []
    for key, group in (("picture_light", reflection.growth), ("picture_island", reflection.named)):
        lines += [
            words.say(key, name=words.library.patterns[one.pattern].name, days=_weekdays(words, one.days))
            for one in group
        ]
    return "\n".join(lines) or words.say("picture_quiet")


def _weekdays(words: Words, days: Sequence[date]) -> str:
    return words.listing([words.weekday(day) for day in days])


def week_picture(words: Words, reflection: Reflection) -> WeekPicture:
    """What the drawing shows, in the words of one language."""
    patterns = words.library.patterns
    days = tuple(
        DayPicture(words.weekday_short(one.day), one.written, one.withdrawal, one.growth) for one in reflection.days
    )
    named = (*reflection.named, *reflection.growth)
    legend = tuple(LegendLine(one.pattern, patterns[one.pattern].name) for one in named)
    return WeekPicture(words.span(reflection.week.first, reflection.week.last), days, legend)


def week_so_far(person: Subscriber, now: datetime) -> Week:
    """The seven local days up to and with today."""
    today: date = local_day(now, person.preferences.zone or "UTC", person.preferences.day_start)
    return Week.ending(today)
