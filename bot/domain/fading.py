"""How the bot fades when its questions stay without an answer (D6). Only counts; sends and keeps nothing."""

from enum import StrEnum

#: Five quiet days may be a busy week; a sixth question in a row would begin to press.
DAILY_QUESTIONS = 5
#: Four more, now over eight days: somebody who wanted to write would have found a moment.
EVERY_OTHER_QUESTIONS = 4
#: Three more weeks are a door held open long enough; holding it longer would be asking for something.
WEEKLY_QUESTIONS = 3

_WEEKLY_FROM = DAILY_QUESTIONS + EVERY_OTHER_QUESTIONS
#: Instead of the question after so many, the one goodbye.
GOODBYE_AT = _WEEKLY_FROM + WEEKLY_QUESTIONS


class Rhythm(StrEnum):
    """What comes next, and how far from the last."""

    DAILY = "daily"
    EVERY_OTHER = "every_other"
    WEEKLY = "weekly"
    GOODBYE = "goodbye"
    SILENT = "silent"


_DAYS = {Rhythm.DAILY: 1, Rhythm.EVERY_OTHER: 2, Rhythm.WEEKLY: 7, Rhythm.GOODBYE: 7}


def rhythm(unanswered: int) -> Rhythm:
    """What comes after `unanswered` questions since the last answer; the one goodbye counts as one.

    *Not today* and *Later* are neither answer nor silence: they leave the count as it is. Any message makes
    it 0. Raises ValueError below 0.
    """
    if unanswered < 0:
        raise ValueError(f"{unanswered} questions cannot be unanswered")
    if unanswered < DAILY_QUESTIONS:
        return Rhythm.DAILY
    if unanswered < _WEEKLY_FROM:
        return Rhythm.EVERY_OTHER
    if unanswered < GOODBYE_AT:
        return Rhythm.WEEKLY
    return Rhythm.GOODBYE if unanswered == GOODBYE_AT else Rhythm.SILENT


def days_between(unanswered: int, chosen: int = 1) -> int | None:
    """Days from the last question to what comes next; None in silence.

    `chosen` is the person's own number of days between questions: fading never brings them closer together.
    """
    days = _DAYS.get(rhythm(unanswered))
    return None if days is None else max(days, chosen)
