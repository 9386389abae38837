"""At the end: the ledger, Telegram's record and people's journals, held against one another and against the rules."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.local.record import Call, Record
from bot.storage.address import read_address
from bot.storage.sealing import Sealer
from bot.storage.store import make_engine
from bot.storage.tables import deliveries, inbox, replies, subscribers
from tests.databases import KEY
from tests.soak.calendar import day_of
from tests.soak.course import Course, Step
from tests.soak.crowd import Crowd
from tests.soak.deeds import Asked, Deed, Row
from tests.soak.oracle import Misfit, begun, follow
from tests.soak.people import Somebody

#: Trouble so long before or after its hour explains what became of a delivery.
NEAR = timedelta(hours=3)
#: By source: the words as they were last, and the local days that fit.
Wanted = dict[str, tuple[str, set[date | None]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply as the journal has it."""

    source: str
    day: date
    text: str


@dataclass
class Ledger:
    """What stands in the database, by chat."""

    rows: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    kept: dict[int, list[Kept]] = field(default_factory=lambda: defaultdict(list))
    updates: Counter[str] = field(default_factory=Counter)


@dataclass
class Findings:
    """Counts for the table, and every disagreement in words (chat numbers, no texts)."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


async def read_ledger(url: str, moved: set[int]) -> Ledger:
    """Reads the database; `moved` are the deliveries that *Later* gave another time."""
    engine, sealer, ledger = make_engine(read_address(url)), Sealer([KEY]), Ledger()
    async with engine.connect() as connection:
        known = await connection.execute(select(subscribers.c.id, subscribers.c.chat_id))
        chats = {row.id: row.chat_id for row in known}
        for row in await connection.execute(select(deliveries).order_by(deliveries.c.id)):
            one = Row(row.id, row.kind, row.day, row.state, row.first_due_at, row.message_id, row.id in moved)
            ledger.rows[chats[row.subscriber_id]].append(one)
        for row in await connection.execute(select(replies).order_by(replies.c.id)):
            text = sealer.open(row.text, column="replies.text", owner=row.subscriber_id)
            ledger.kept[chats[row.subscriber_id]].append(Kept(row.source, row.day, text))
        for row in await connection.execute(select(inbox.c.state)):
            ledger.updates[row.state] += 1
    await engine.dispose()
    return ledger


@dataclass
class Audit:
    """One soak's end. `faults` is how often the bot's own log told a fault of its own."""

    crowd: Crowd
    steps: Sequence[Step]
    record: Record
    ledger: Ledger
    start: datetime
    faults: int
    findings: Findings = field(default_factory=Findings)

    def __post_init__(self) -> None:
        self._course = Course(self.steps)
        self._noisy = [step.told for step in self.steps if not step.quiet]
        self._noisy.sort()
        self._deeds: dict[int, list[Deed]] = defaultdict(list)
        for deed in self.crowd.deeds:
            self._deeds[deed.chat_id].append(deed)
        self._asked: dict[int, list[Asked]] = defaultdict(list)
        for asked in self.crowd.questions:
            self._asked[asked.chat_id].append(asked)
        self._calls: dict[int, list[tuple[int, Call]]] = defaultdict(list)
        for number, call in enumerate(self.record.calls()):
            if call.chat_id:
                self._calls[call.chat_id].append((number, call))

    def all(self) -> Findings:
        """Everything; what is wrong is said in `wrong`."""
        for who in self.crowd.people:
            chat = who.chat_id
            self._due(chat)
            self._sent(chat)
            self._replies(chat)
            self._stopped(chat)
        for method, problems in self.record.problems:
            self._wrong(f"malformed {method}: {problems}")
        if self.faults:
            self._wrong(f"{self.faults} faults of the bot's own in its log")
        for state, count in self.ledger.updates.items():
            if state != "done":
                self._wrong(f"{count} updates are {state}")
        self._count_calls()
        return self.findings

    def _wrong(self, words: str) -> None:
        self.findings.wrong.append(words)

    def _count(self, name: str, by: int = 1) -> None:
        self.findings.counts[name] += by

    def _trouble_near(self, row: Row) -> bool:
        """Whether there was trouble about its hour, or calls of that chat went wrong."""
        low, high = row.first_due_at - NEAR, row.first_due_at + (NEAR if row.kind == "question" else 17 * NEAR)
        return bisect_left(self._noisy, low) < bisect_right(self._noisy, high)

    def _call_wrong(self, chat: int, row: Row) -> bool:
        low = (row.first_due_at - 2 * NEAR).timestamp()
        high = (row.first_due_at + (2 if row.kind == "question" else 18) * NEAR).timestamp()
        return any(low <= call.at <= high and call.outcome != "ok" for _, call in self._calls[chat])

    def _due(self, chat: int) -> None:
        who = self._who(chat)
        deeds = [deed for deed in self._deeds[chat] if deed.what not in ("start", "begin", "edit", "another", "later")]
        rows = [row for row in self.ledger.rows[chat] if row.kind != "notice"]
        stand, since = begun(who.wishes, self.start), 0
        if who.habits.joins:
            joined = next((deed for deed in deeds if deed.what == "joined"), None)
            if joined is None:
                if rows:
                    self._wrong(f"{chat} never subscribed and has deliveries")
                return
            since = joined.step
            stand = begun(who.wishes, self.steps[since].told)
            deeds = deeds[deeds.index(joined) + 1 :]
        excused = {row.id for row in rows if self._trouble_near(row) or self._call_wrong(chat, row)}
        try:
            ways = follow(self._course, stand, since, [d for d in deeds if self._taken(d)], rows, excused)
        except Misfit as misfit:
            self._wrong(f"{chat}: {misfit}")
        else:
            self._count("people whose days fit the rules")
            self._count("of them in more than one way", ways > 1)
        for row in rows:
            self._count(f"{row.kind} {row.state}")
            if row.state in ("unknown", "failed") and row.id not in excused:
                self._wrong(f"{chat}: {row.kind} of {row.day} is {row.state} without any trouble about it")
            if row.state in ("claimed", "sending"):
                self._wrong(f"{chat}: {row.kind} of {row.day} is still {row.state}")

    def _who(self, chat: int) -> Somebody:
        return self.crowd.people[chat - self.crowd.people[0].chat_id]

    def _taken(self, deed: Deed) -> bool:
        """Whether a tap did something: one that came too late is answered politely and changes nothing."""
        if deed.tap is None or deed.what not in ("tap", "not_today"):
            return True
        if deed.what == "tap":
            return any(one.source == f"t{deed.value}" for one in self.ledger.kept[deed.chat_id])
        return True

    def _sent(self, chat: int) -> None:
        """Telegram saw what the ledger says, and no day had two questions."""
        accepted = {call.message_id for _, call in self._calls[chat] if call.method == "sendMessage" and call.accepted}
        laters = Counter(deed.value for deed in self._deeds[chat] if deed.what == "later")
        came = Counter(asked.delivery_id for asked in self._asked[chat])
        known = {row.id: row for row in self.ledger.rows[chat]}
        for row in known.values():
            if row.state == "sent" and row.message_id not in accepted:
                self._wrong(f"{chat}: {row.kind} of {row.day} is sent, and Telegram has no such message")
            if row.kind == "question" and row.state == "sent" and not came[row.id]:
                self._wrong(f"{chat}: the question of {row.day} is sent, and nobody saw it")
            if row.kind == "question" and row.state in ("late", "skipped") and came[row.id] > laters[row.id]:
                self._wrong(f"{chat}: the question of {row.day} is {row.state}, and it was seen")
        days: Counter[date] = Counter()
        for delivery, times in came.items():
            if delivery not in known:
                self._wrong(f"{chat}: a question came that the ledger does not know")
            else:
                days[known[delivery].day] += times - laters[delivery]
        for day, times in days.items():
            self._count("local days with a question")
            if times > 1:
                self._wrong(f"{chat}: {times} questions on {day}")

    def _replies(self, chat: int) -> None:
        """What was said is kept once, with its day and its last wording; nothing else is."""
        wanted, taps = self._expected_replies(chat)
        kept: dict[str, list[Kept]] = defaultdict(list)
        for one in self.ledger.kept[chat]:
            kept[one.source].append(one)
        hearts = [call for _, call in self._calls[chat] if call.method == "setMessageReaction" and call.outcome == "ok"]
        for source, (text, days) in wanted.items():
            self._count("replies written")
            found = kept.pop(source, [])
            if len(found) != 1:
                self._wrong(f"{chat}: reply {source} is kept {len(found)} times")
                continue
            self._count("replies kept")
            if found[0].text != text:
                self._wrong(f"{chat}: reply {source} is kept in other words")
            if found[0].day not in days:
                self._wrong(f"{chat}: reply {source} is kept with {found[0].day}, not {sorted(map(str, days))}")
        self._count("acknowledgements that arrived", len(hearts))
        for source, days in taps.items():
            found = kept.pop(source, [])
            self._count("answers by one tap")
            self._count("answers by one tap kept", len(found))
            if len(found) > 1 or any(one.day not in days for one in found):
                self._wrong(f"{chat}: the tap {source} is kept {len(found)} times, or with another day")
        for source in kept:
            self._wrong(f"{chat}: {source} is kept, and nobody said it")

    def _expected_replies(self, chat: int) -> tuple[Wanted, dict[str, set[date | None]]]:
        by_message = {asked.message_id: asked.delivery_id for asked in self._asked[chat]}
        days = {row.id: row.day for row in self.ledger.rows[chat]}
        zone = self._who(chat).wishes.zone
        wanted: Wanted = {}
        taps: dict[str, set[date | None]] = {}
        for deed in self._deeds[chat]:
            if deed.what == "zone":
                zone = deed.value
            elif deed.what == "say":
                own = day_of(deed.at, zone)
                pointed = days.get(by_message.get(deed.reply_to, 0))
                message = next((row for row in self.ledger.rows[chat] if row.message_id == deed.reply_to), None)
                fits: set[date | None] = {own, pointed} if message is None and pointed else {pointed or own}
                wanted[f"m{deed.message_id}"] = (deed.value, fits)
            elif deed.what == "edit" and f"m{deed.message_id}" in wanted:
                wanted[f"m{deed.message_id}"] = (deed.value, wanted[f"m{deed.message_id}"][1])
            elif deed.what == "tap":
                taps[f"t{deed.value}"] = {days.get(deed.value)}
        return wanted, taps

    def _stopped(self, chat: int) -> None:
        """From the first quiet step after /stop up to the person's next deed nothing was sent to them."""
        deeds = self._deeds[chat]
        for number, deed in enumerate(deeds):
            if deed.what not in ("stop", "say_stopped", "block"):
                continue
            quiet = self._course.next_quiet[deed.step]
            if quiet >= len(self.steps):
                continue
            low = self.steps[quiet].seq
            high = deeds[number + 1].seq if number + 1 < len(deeds) else len(self.record)
            self._count("spans after /stop looked at", deed.what == "stop")
            for at, call in self._calls[chat]:
                if low <= at < high and call.accepted and call.method in ("sendMessage", "sendPhoto"):
                    self._wrong(f"{chat}: a message after {deed.what}")

    def _count_calls(self) -> None:
        for call in self.record.calls():
            if call.outcome != "ok" and call.method != "getUpdates":
                self._count(f"call {call.outcome}")
            self._count("calls", call.method != "getUpdates")


def bad_words(counts: Counter[str]) -> Iterable[str]:
    """Refusals that no fault of the soak explains."""
    known = (
        "Too Many",
        "Bad Gateway",
        "reset",
        "never",
        "bot was blocked",
        "query is too old",
        "message to edit not found",
        "message is not modified",
        "in flight",
    )
    return [name for name in counts if name.startswith("call ") and not any(word in name for word in known)]
