"""How the bot grows quiet."""

import pytest

from bot.domain.fading import Rhythm, days_between, rhythm


def test_it_fades_after_five_then_four_then_three_and_ends_with_one_goodbye() -> None:
    walked = [rhythm(unanswered) for unanswered in range(16)]
    assert walked == (
        [Rhythm.DAILY] * 5 + [Rhythm.EVERY_OTHER] * 4 + [Rhythm.WEEKLY] * 3 + [Rhythm.GOODBYE] + [Rhythm.SILENT] * 3
    )


def test_the_days_between_grow_and_then_nothing_comes() -> None:
    assert [days_between(unanswered) for unanswered in (0, 4, 5, 8, 9, 11, 12)] == [1, 1, 2, 2, 7, 7, 7]
    assert days_between(13) is None
    assert days_between(1000) is None


def test_fading_never_brings_questions_closer_than_the_person_chose() -> None:
    assert days_between(0, chosen=3) == 3
    assert days_between(5, chosen=3) == 3
    assert days_between(9, chosen=3) == 7
    assert days_between(13, chosen=3) is None


def test_less_than_no_question_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 questions"):
        rhythm(-1)
