"""What is due next, reckoned anew by a deed in the very moment in which something has fallen due."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.agenda import with_next, with_next_question
from bot.domain.records import Mind, Preferences, Stage, Subscriber

#: A Sunday in Berlin, the question at 18:30 and the reflection at 19:00.
NOON = datetime(2028, 2, 20, 11, 0, tzinfo=UTC)
SUNDAY = date(2028, 2, 20)
WISHES = Preferences(zone="Europe/Berlin", ask_at=time(18, 30))
AN_INSTANT = timedelta(milliseconds=300)


@pytest.fixture
def person() -> Subscriber:
    return with_next(Subscriber(1, 1, Stage.ACTIVE, WISHES, Mind(), NOON, consented_at=NOON), NOON)


def test_what_fell_due_and_is_still_to_be_claimed_is_not_lost_to_a_reply_or_a_setting(person: Subscriber) -> None:
    assert person.reflection_due_at is not None
    then = person.reflection_due_at + AN_INSTANT
    touched = with_next(replace(person, unanswered=0, preferences=replace(WISHES, silent=True)), then)
    assert (touched.question_day, touched.question_due_at) == (SUNDAY, person.question_due_at)
    assert (touched.reflection_day, touched.reflection_due_at) == (SUNDAY, person.reflection_due_at)


def test_once_it_is_claimed_the_next_is_reckoned(person: Subscriber) -> None:
    assert person.question_due_at is not None
    claimed = with_next_question(replace(person, last_question_day=SUNDAY), person.question_due_at + AN_INSTANT)
    assert claimed.question_day == SUNDAY + timedelta(days=1)


def test_what_fell_due_is_gone_for_who_stops_in_that_moment(person: Subscriber) -> None:
    assert person.reflection_due_at is not None
    stopped = with_next(replace(person, stage=Stage.STOPPED), person.reflection_due_at + AN_INSTANT)
    assert (stopped.question_due_at, stopped.reflection_due_at) == (None, None)
