"""What was due to one person, by the rules and by what they did; held against the rows of the ledger.

Written from shared rules D1 to D6 without the bot's scheduling code. Where two things fell into one step, or into a
trouble, either order is allowed: all that may be are followed side by side, and one of them has to fit every row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from tests.soak.calendar import DAY, day_of, days_apart, moment, question_moment
from tests.soak.course import Course
from tests.soak.deeds import Deed, Row
from tests.soak.people import Wishes

HOURS_2, HOURS_48 = timedelta(hours=2), timedelta(hours=48)
REST = {"1d": timedelta(days=1), "3d": timedelta(days=3), "2w": timedelta(weeks=2)}
#: More ways than this are not followed; a person with more is told as a finding.
MOST_WAYS = 4000
Due = tuple[date, datetime]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a person may stand. `kept` counts replies up to three; `told` says that a reflection was sent."""

    wishes: Wishes
    active: bool = True
    reachable: bool = True
    rest_until: datetime | None = None
    rest_open: bool = False
    wrote_at: datetime | None = None
    unanswered: int = 0
    question: Due | None = None
    last_question: date | None = None
    reflection: Due | None = None
    last_reflection: date | None = None
    kept: int = 0
    told: bool = False


def begun(wishes: Wishes, now: datetime) -> Stand:
    """Somebody from this moment on."""
    return renewed(Stand(wishes), now)


def renewed(stand: Stand, now: datetime) -> Stand:
    """With what comes next, reckoned anew; what has fallen due already and was not seen to stays due."""
    question = _kept(stand.question, stand.last_question, now) or _next_question(stand, now)
    reflection = _kept(stand.reflection, stand.last_reflection, now) or _next_reflection(stand, now)
    wanted = stand.active and stand.reachable and not stand.rest_open
    return replace(
        stand,
        question=question if wanted and not _silent(stand) else None,
        reflection=reflection if wanted and not _silent(stand) else None,
    )


def _silent(stand: Stand) -> bool:
    """After the goodbye nothing is sent any more (D6)."""
    return days_apart(stand.unanswered, 1) is None


def _kept(due: Due | None, last: date | None, now: datetime) -> Due | None:
    return due if due is not None and due[1] <= now and (last is None or due[0] > last) else None


def _after(stand: Stand, now: datetime) -> datetime:
    return max(now, stand.rest_until) if stand.rest_until else now


def _next_question(stand: Stand, now: datetime) -> Due | None:
    wishes, after = stand.wishes, _after(stand, now)
    apart = days_apart(stand.unanswered, wishes.every)
    if apart is None:
        return None
    day = day_of(after, wishes.zone)
    if stand.last_question is not None:
        day = max(day, stand.last_question + apart * DAY)
    while True:
        at = question_moment(day, wishes.wall, wishes.zone)
        if at > after and day.weekday() in wishes.weekdays:
            return day, at
        day += DAY


def _next_reflection(stand: Stand, now: datetime) -> Due | None:
    wishes, after = stand.wishes, _after(stand, now)
    day = day_of(after, wishes.zone)
    if stand.last_reflection is not None:
        day = max(day, stand.last_reflection + DAY)
    while day.weekday() != wishes.reflect_weekday or question_moment(day, wishes.reflect_at, wishes.zone) <= after:
        day += DAY
    return day, question_moment(day, wishes.reflect_at, wishes.zone)


def _here(stand: Stand, now: datetime) -> Stand:
    """Somebody gave a sign of life: nothing is unanswered, and they can be reached."""
    if stand.unanswered == 0 and stand.reachable and stand.question is not None:
        return stand
    return renewed(replace(stand, unanswered=0, reachable=True), now)


def done(stand: Stand, deed: Deed, now: datetime) -> Stand:
    """After a deed that the bot heard of at `now`."""
    match deed.what:
        case "say" if stand.active:
            latest = max(deed.at, stand.wrote_at) if stand.wrote_at else deed.at
            return _here(replace(stand, wrote_at=latest, rest_open=False, kept=min(3, stand.kept + 1)), now)
        case "tap":
            return _here(replace(stand, kept=min(3, stand.kept + 1)), now)
        case "chip":
            return _here(stand, now)
        case "not_today":
            return renewed(replace(stand, unanswered=max(0, stand.unanswered - 1)), now)
        case "space":
            until = now + REST[deed.value] if deed.value in REST else None
            return renewed(replace(stand, rest_until=until, rest_open=until is None), now)
        case "back":
            return renewed(replace(stand, rest_until=None, rest_open=False), now)
        case "stop":
            return renewed(replace(stand, active=False), now)
        case "resume":
            fresh = replace(stand, active=True, reachable=True, unanswered=0, rest_until=None, rest_open=False)
            return renewed(fresh, now)
        case "block" | "unblock":
            return renewed(replace(stand, reachable=deed.what == "unblock"), now)
        case "zone" | "time" | "weekday" | "often":
            return renewed(replace(stand, wishes=_wished(stand.wishes, deed)), now)
    return stand


def _wished(wishes: Wishes, deed: Deed) -> Wishes:
    match deed.what:
        case "zone":
            return replace(wishes, zone=deed.value)
        case "time":
            return replace(wishes, wall=deed.value)
        case "often":
            return replace(wishes, every=int(deed.value))
    days = wishes.weekdays - {deed.value - 7} if deed.value >= 7 else wishes.weekdays | {deed.value}
    return replace(wishes, weekdays=days or wishes.weekdays)


@dataclass(frozen=True, slots=True)
class Way:
    """One way that things may have gone: the stand, what was used up of deeds and rows, and the step it is at."""

    stand: Stand
    deeds: int
    questions: int
    reflections: int
    step: int


class Misfit(Exception):
    """No way fits; the message tells what was expected and what stands in the ledger."""


@dataclass
class Life:
    """One person's deeds and rows. `excused` are rows in whose hours there was trouble: their claims may have failed.

    `reasons` gathers why ways came to an end without fitting.
    """

    course: Course
    deeds: Sequence[Deed]
    asked: list[Row]
    told: list[Row]
    excused: set[int]
    reasons: list[str] = field(default_factory=list)


def follow(
    course: Course, start: Stand, since: int, deeds: Sequence[Deed], rows: Sequence[Row], excused: set[int]
) -> int:
    """Holds a person's life against their rows; returns how many ways fit. Raises Misfit."""
    asked = sorted((row for row in rows if row.kind in ("question", "goodbye")), key=lambda row: row.id)
    told = sorted((row for row in rows if row.kind == "reflection"), key=lambda row: row.id)
    life = Life(course, deeds, asked, told, excused)
    ways, fits = {Way(start, 0, 0, 0, since)}, 0
    seen = 0
    while ways:
        coming: set[Way] = set()
        for way in ways:
            found = list(_onward(life, way))
            if found == [way]:
                fits += 1
            else:
                coming.update(found)
        ways = coming
        seen += len(ways)
        if seen > MOST_WAYS * 10:
            raise Misfit("too many ways to follow")
    if not fits:
        raise Misfit(life.reasons[-1] if life.reasons else "rows are left over")
    return fits


def _onward(life: Life, way: Way) -> Iterator[Way]:
    """What may come next; the way itself where it is at its end and fits."""
    stand, course, deeds, end = way.stand, life.course, life.deeds, len(life.course)
    windows: list[tuple[int, int, str]] = []
    if way.deeds < len(deeds):
        step = deeds[way.deeds].step
        windows.append((max(step, way.step), max(course.next_quiet[step], way.step), "deed"))
    for name, due in (("question", stand.question), ("reflection", stand.reflection)):
        if due is not None:
            low = course.reached(due[1], way.step)
            if low < end:
                windows.append((low, course.seen_to(due[1], way.step), name))
    if not windows or min(low for low, _, _ in windows) >= end:
        if way.questions == len(life.asked) and way.reflections == len(life.told):
            yield way
        else:
            row = (life.asked[way.questions :] + life.told[way.reflections :])[0]
            life.reasons.append(f"nothing more was due, and there is {_said(row)}; {stand}")
        return
    first = min(high for _, high, _ in windows)
    for low, high, name in windows:
        if low > first:
            continue
        if name == "deed":
            for step in {low, min(high, first, end - 1)}:
                changed = done(stand, deeds[way.deeds], course.told[step])
                yield Way(changed, way.deeds + 1, way.questions, way.reflections, step)
        else:
            if high >= end:  # In trouble up to the end: it may not have been seen to.
                yield replace(way, step=end, deeds=len(deeds), stand=replace(stand, question=None, reflection=None))
            yield from _claimed(life, way, name, {low, min(high, first, end - 1)})


def _claimed(life: Life, way: Way, name: str, steps: set[int]) -> Iterator[Way]:
    stand = way.stand
    rows, number = (life.asked, way.questions) if name == "question" else (life.told, way.reflections)
    due = stand.question if name == "question" else stand.reflection
    assert due is not None
    if number >= len(rows):
        life.reasons.append(f"{name} of {due[0]} at {due[1]} has no row; {stand}")
        return
    row = rows[number]
    for step in steps:
        now = life.course.told[step]
        kind, verdict = _verdict(stand, name, due, now)
        same = row.kind == kind and row.day == due[0] and (row.moved or row.first_due_at == due[1])
        if not same or not _agrees(row, verdict, excused=row.id in life.excused):
            life.reasons.append(f"expected {kind} of {due[0]} at {due[1]} {verdict}; there is {_said(row)}; {stand}")
            continue
        for after in _outcomes(stand, name, row, verdict, due[0], now):
            yield Way(
                after, way.deeds, way.questions + (name == "question"), way.reflections + (name != "question"), step
            )


def _said(row: Row) -> str:
    return f"{row.kind} of {row.day} at {row.first_due_at} {row.state}"


def _verdict(stand: Stand, name: str, due: Due, now: datetime) -> tuple[str, str]:
    resting = stand.rest_open or (stand.rest_until is not None and stand.rest_until > now)
    if name == "reflection":
        enough = (stand.told or stand.kept >= 3) and not _silent(stand)
        return name, "late" if now - due[1] > HOURS_48 else "skipped" if resting or not enough else "sent"
    kind = "goodbye" if stand.unanswered == 12 else "question"
    if now - due[1] > (HOURS_2 if kind == "question" else HOURS_48):
        return kind, "late"
    begins = moment(due[0], time(4), stand.wishes.zone)
    wrote = stand.wrote_at is not None and stand.wrote_at >= begins
    return kind, "skipped" if resting or wrote else "sent"


def _agrees(row: Row, verdict: str, *, excused: bool) -> bool:
    if row.state == verdict:
        return True
    if verdict != "sent":
        return False
    if row.state in ("unknown", "unreachable"):
        return True
    return (excused or row.moved) and row.state in ("waiting", "late", "skipped", "failed")


def _outcomes(stand: Stand, name: str, row: Row, verdict: str, day: date, now: datetime) -> Iterator[Stand]:
    """The stands that may follow: whether an attempt that did not surely arrive counts as unanswered is left open."""
    reachable = stand.reachable and row.state != "unreachable"
    if name == "reflection":
        sent = row.state == "sent"
        for told in {stand.told or sent, stand.told}:
            after = replace(stand, last_reflection=day, reachable=reachable, told=told, reflection=None)
            yield renewed(after, now)
        return
    counts = {stand.unanswered + (verdict == "sent")}
    if verdict == "sent" and row.state != "sent":
        counts.add(stand.unanswered)
    for count in counts:
        after = replace(stand, last_question=day, unanswered=count, reachable=reachable, question=None)
        reckoned = renewed(after, now)
        # The goodbye reckons questions only: a reflection reckoned before falls due once more, and is skipped.
        yield replace(reckoned, reflection=stand.reflection) if _silent(after) and reachable else reckoned
