"""For operators: how it goes, in counts, and a service notice to all. Shows nothing that anybody wrote."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from hashlib import blake2b
from math import ceil

from bot.domain.agenda import resting, wanted
from bot.domain.excerpt import units
from bot.domain.records import Delivery, Kind, Outcome, Stage, State, Subscriber
from bot.domain.schedule import too_late
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message
from bot.journeys.outbox import Parcel
from bot.words import Words

#: /stats tells the lateness of questions over so long.
LATELY = timedelta(hours=1)
#: A notice may have so many UTF-16 units.
LONGEST = 3000
BATCH = 200
#: The notice that waits to be confirmed; each one sent is kept under its day (UTC).
_DRAFT = "notice"


async def stats_message(kit: Kit, language: str) -> Message:
    """People by stage, deliveries by state, lateness, what waits: counts and nothing else."""
    words = kit.tongue(language).words
    async with kit.store.read() as work:
        stages = {stage: await work.subscribers.count(stage) for stage in Stage}
        counts = await work.deliveries.counts()
        late = await work.deliveries.lateness(kit.now() - LATELY)
        inbox = await work.inbox.counts()
    parts = [
        words.say("stats_people"),
        *(words.say("stats_line", name=words.say(f"stats_{stage}"), count_of=count) for stage, count in stages.items()),
        "",
        words.say("stats_deliveries"),
        *_deliveries(words, counts),
        "",
        _lateness(words, late),
        words.say("stats_inbox", waiting=inbox.get("waiting", 0), failed=inbox.get("failed", 0)),
    ]
    return Message("\n".join(parts))


def _deliveries(words: Words, counts: Mapping[tuple[str, str], int]) -> list[str]:
    lines = []
    for kind in Kind:
        told = [f"{words.say(f'stats_{state}')} {counts[kind, state]}" for state in State if (kind, state) in counts]
        if told:
            lines.append(words.say("stats_line", name=words.say(f"stats_{kind}"), count_of=", ".join(told)))
    return lines or [words.say("stats_none")]


def _lateness(words: Words, late: Sequence[float]) -> str:
    if not late:
        return words.say("stats_lateness_none")
    half, most = (f"{percentile(late, share):.1f}" for share in (0.5, 0.99))
    return words.say("stats_lateness", number=len(late), half=half, most=most)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so large a share of them does not exceed (nearest rank)."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


async def draft_notice(kit: Kit, language: str, text: str) -> Message:
    """The notice as everybody would read it, and the tap that sends it."""
    words = kit.tongue(language).words
    if not text.strip():
        return Message(words.say("notice_how"))
    if units(text) > LONGEST:
        return Message(words.say("notice_long"))
    async with kit.store.write() as work:
        await work.facts.write_sealed(_DRAFT, text)
        active = await work.subscribers.count(Stage.ACTIVE)
    rows = (
        (Button(words.say("notice_send", number=active), f"x:send:{_mark(text)}"),),
        (Button(words.say("notice_leave"), "x:leave"),),
    )
    return Message(f"{_notice(kit, words, text)}\n\n{words.say('notice_ask')}", rows)


async def send_notice(kit: Kit, language: str, mark: str) -> Message | None:
    """Puts the notice on its way to every active subscriber; None for a draft that another one has replaced."""
    words, now = kit.tongue(language).words, kit.now()
    day = now.astimezone(UTC).date()
    async with kit.store.write() as work:
        text = await work.facts.read_sealed(_DRAFT)
        if text is None or _mark(text) != mark:
            return None
        if await work.facts.read_sealed(_of_day(day)) is not None:
            return Message(words.say("notice_had"))
        await work.facts.write_sealed(_of_day(day), text)
        count = await work.deliveries.for_all_active(Kind.NOTICE, day, now)
    return Message(words.say("notice_sent", number=count))


async def send_due_notices(kit: Kit) -> int:
    """Sends what waits of notices, at the pace of rounds; returns how many left."""
    return await kit.outbox.stream(lambda: _claim(kit))


async def _claim(kit: Kit) -> list[Parcel]:
    while True:
        found, people, notes = await _claim_batch(kit)
        going = [one for one in found if one.subscriber_id in people]
        if going or not found:
            return [_parcel(kit, one, people[one.subscriber_id], notes[one.day]) for one in going]


async def _claim_batch(kit: Kit) -> tuple[Sequence[Delivery], Mapping[int, Subscriber], Mapping[date, str]]:
    """Notices that wait, those of them who are to have theirs, and the texts by day; the others' are let go."""
    now = kit.now()
    async with kit.store.write() as work:
        found = await work.deliveries.claim_waiting((Kind.NOTICE,), now, kit.worker, BATCH)
        people = await work.subscribers.of_ids([one.subscriber_id for one in found])
        notes = {day: await work.facts.read_sealed(_of_day(day)) or "" for day in {one.day for one in found}}
        late = [one for one in found if too_late(one.kind, one.first_due_at, now)]
        wish = {
            one.subscriber_id: people[one.subscriber_id]
            for one in found
            if one not in late and wants_notices(people[one.subscriber_id], kit)
        }
        left = [Outcome(one, State.SKIPPED) for one in found if one not in late and one.subscriber_id not in wish]
        await work.deliveries.let_go(late, now)
        await work.deliveries.settle(left, now)
    return found, wish, notes


def wants_notices(person: Subscriber, kit: Kit) -> bool:
    """Whether a notice may come: not to who turned them off, stopped, blocked the bot, or has some space."""
    return person.preferences.notices and wanted(person) and not resting(person, kit.now())


def _parcel(kit: Kit, delivery: Delivery, person: Subscriber, text: str) -> Parcel:
    message = Message(_notice(kit, kit.tongue_of(person).words, text), silent=True)
    return Parcel(delivery, person, lambda: kit.on_round_to(person).send(message))


def _notice(kit: Kit, words: Words, text: str) -> str:
    return words.say("notice", operator=kit.operator(words), text=text)


def _of_day(day: date) -> str:
    return f"{_DRAFT} {day.isoformat()}"


def _mark(text: str) -> str:
    return blake2b(text.encode(), digest_size=6).hexdigest()
