"""What is due to a person next, from where they stand now. Only thinks, and is given `now`."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.fading import Rhythm, days_between, rhythm
from bot.domain.localtime import day_begins
from bot.domain.records import Kind, Stage, State, Subscriber
from bot.domain.schedule import next_question, next_reflection, too_late


def with_next(person: Subscriber, now: datetime) -> Subscriber:
    """The person with the next question and reflection reckoned anew; none for who is not to be written to."""
    return with_next_reflection(with_next_question(person, now), now)


def with_next_question(person: Subscriber, now: datetime) -> Subscriber:
    """The person with the next question's moment and local day.

    What has fallen due and is still to be claimed stays: a reply in that very second must not take it away.
    """
    wishes = person.preferences
    days = days_between(person.unanswered, wishes.every)
    if not wanted(person) or days is None or wishes.zone is None or wishes.ask_at is None:
        return replace(person, question_due_at=None, question_day=None)
    if _still_to_claim(person.question_due_at, person.question_day, person.last_question_day, now):
        return person
    due = next_question(
        _after_rest(person, now),
        zone=wishes.zone,
        wall=wishes.ask_at,
        day_start=wishes.day_start,
        weekdays=wishes.weekdays,
        every=days,
        last_day=person.last_question_day,
    )
    return replace(person, question_due_at=due.at, question_day=due.day)


def with_next_reflection(person: Subscriber, now: datetime) -> Subscriber:
    """The person with the next reflection's moment and local day; none once the bot fell silent (D6).

    What has fallen due and is still to be claimed stays, as with questions.
    """
    wishes = person.preferences
    if not wanted(person) or wishes.zone is None or rhythm(person.unanswered) is Rhythm.SILENT:
        return replace(person, reflection_due_at=None, reflection_day=None)
    if _still_to_claim(person.reflection_due_at, person.reflection_day, person.last_reflection_day, now):
        return person
    due = next_reflection(
        _after_rest(person, now),
        zone=wishes.zone,
        weekday=wishes.reflect_weekday,
        wall=wishes.reflect_at,
        day_start=wishes.day_start,
        last_day=person.last_reflection_day,
    )
    return replace(person, reflection_due_at=due.at, reflection_day=due.day)


def wanted(person: Subscriber) -> bool:
    """Whether this person is to be written to at all; a timed rest only moves the next date."""
    return person.stage is Stage.ACTIVE and person.unreachable_at is None and not person.resting_open


def resting(person: Subscriber, now: datetime) -> bool:
    """Whether the person asked for space and it lasts."""
    return person.resting_open or (person.resting_until is not None and person.resting_until > now)


def question_verdict(person: Subscriber, now: datetime) -> tuple[Kind, State]:
    """What becomes of a question that is due: CLAIMED to be sent, LATE (D2) or SKIPPED (D3, or in a rest)."""
    kind = Kind.GOODBYE if rhythm(person.unanswered) is Rhythm.GOODBYE else Kind.QUESTION
    if person.question_due_at is None or too_late(kind, person.question_due_at, now):
        return kind, State.LATE
    if resting(person, now) or not wanted(person) or _wrote_today(person):
        return kind, State.SKIPPED
    return kind, State.CLAIMED


def _wrote_today(person: Subscriber) -> bool:
    zone, day = person.preferences.zone, person.question_day
    if person.last_wrote_at is None or zone is None or day is None:
        return False
    return person.last_wrote_at >= day_begins(day, zone, person.preferences.day_start)


def _still_to_claim(due_at: datetime | None, day: date | None, last_day: date | None, now: datetime) -> bool:
    """Whether this has fallen due and no row of the ledger tells of it yet: claiming sets the last day to its day."""
    return due_at is not None and day is not None and due_at <= now and (last_day is None or day > last_day)


def _after_rest(person: Subscriber, now: datetime) -> datetime:
    return max(now, person.resting_until) if person.resting_until is not None else now
