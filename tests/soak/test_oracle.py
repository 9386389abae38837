"""The oracle bites: a life that keeps the rules fits, and each way of breaking them is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import pytz
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.localtime import instant, local_day
from tests.soak.calendar import DAY_START, day_of, moment
from tests.soak.course import Course, Step
from tests.soak.deeds import Deed, Row
from tests.soak.oracle import Misfit, begun, follow
from tests.soak.people import Wishes

#: Monday, six days before the clocks of Europe go on.
START = datetime(2028, 3, 20, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = Wishes("Europe/Berlin", time(2, 30))
HOURS = tuple(Step(START + number * HOUR, START + number * HOUR, True, 0) for number in range(8 * 24))


def row(number: int, day: int, at: datetime, state: str = "sent", kind: str = "question") -> Row:
    return Row(number, kind, date(2028, 3, day), state, at, number)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2028, 3, day, hour, minute, tzinfo=UTC)


#: 02:30 belongs to the day before; the night to Sunday has no 02:30, and 03:00 summer time comes at one in UTC.
#: On Sunday no reflection: fewer than three replies. From the sixth unanswered question on every other day.
RIGHT = (
    row(1, 19, at(20, 1, 30)),
    row(2, 20, at(21, 1, 30)),
    row(3, 21, at(22, 1, 30)),
    row(4, 22, at(23, 1, 30)),
    row(5, 23, at(24, 1, 30)),
    row(6, 25, at(26, 1, 0)),
    row(7, 26, at(26, 17, 0), "skipped", "reflection"),
)


def hold(
    rows: Sequence[Row], deeds: Sequence[Deed] = (), steps: Sequence[Step] = HOURS, excused: set[int] | None = None
) -> None:
    follow(Course(steps), begun(BERLIN, START), 0, deeds, rows, excused or set())


def deed(what: str, step: int) -> Deed:
    return Deed(what, 1, HOURS[step].true, step, True, 0)


def test_a_life_by_the_rules_fits() -> None:
    hold(RIGHT)


@pytest.mark.parametrize("missing", range(len(RIGHT)))
def test_a_due_question_without_a_row_is_told(missing: int) -> None:
    with pytest.raises(Misfit):
        hold(RIGHT[:missing] + RIGHT[missing + 1 :])


@pytest.mark.parametrize(
    "wrong",
    [
        replace(RIGHT[5], day=date(2028, 3, 26)),
        replace(RIGHT[5], first_due_at=at(26, 1, 30)),
        replace(RIGHT[5], first_due_at=at(25, 1, 30), day=date(2028, 3, 24)),
        replace(RIGHT[5], state="late"),
        replace(RIGHT[5], state="skipped"),
        replace(RIGHT[5], state="sending"),
    ],
    ids=["another day", "another moment", "a rhythm that did not fade", "late", "skipped", "never settled"],
)
def test_a_row_that_is_not_by_the_rules_is_told(wrong: Row) -> None:
    with pytest.raises(Misfit):
        hold((*RIGHT[:5], wrong, RIGHT[6]))


def test_a_question_too_many_is_told() -> None:
    with pytest.raises(Misfit):
        hold((*RIGHT, row(8, 26, at(27, 0, 30))))


def test_after_stop_nothing_is_due_and_what_came_all_the_same_is_told() -> None:
    stop = deed("stop", 30)
    hold(RIGHT[:2], [stop])
    with pytest.raises(Misfit):
        hold(RIGHT[:3], [stop])


def test_who_wrote_since_their_day_began_is_to_be_skipped() -> None:
    wrote = deed("say", 4)
    quiet = (row(2, 20, at(21, 1, 30), "skipped"), *RIGHT[2:5], row(6, 24, at(25, 1, 30)), *RIGHT[5:])
    hold((RIGHT[0], *quiet), [wrote])
    with pytest.raises(Misfit):
        hold((*RIGHT[:5], *quiet[4:]), [wrote])


def test_in_trouble_a_question_may_be_late_and_never_without_it() -> None:
    down = tuple(replace(step, quiet=not 24 <= number < 30) for number, step in enumerate(HOURS))
    last = (row(6, 24, at(25, 1, 30)), RIGHT[6], row(8, 26, at(27, 0, 30)))
    late = (RIGHT[0], replace(RIGHT[1], state="late"), *RIGHT[2:5], *last)
    hold(late, steps=down)
    with pytest.raises(Misfit):
        hold(late)


@given(
    zone=st.sampled_from(pytz.common_timezones),
    day=st.dates(date(2028, 1, 1), date(2028, 12, 31)),
    wall=st.times().map(lambda wall: wall.replace(minute=wall.minute // 5 * 5, second=0, microsecond=0)),
    away=st.integers(-300, 300),
)
def test_two_calendars_written_apart_agree(zone: str, day: date, wall: time, away: int) -> None:
    told = moment(day, wall, zone)
    assert told == instant(day, wall, zone)
    near = told + timedelta(minutes=away)
    assert day_of(near, zone) == local_day(near, zone, DAY_START)
