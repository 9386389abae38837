"""The records that the floors hand to one another: plain data, no behaviour beyond what a field implies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Stage(StrEnum):
    """How far somebody came: ARRIVED has not consented, SETTLING chooses zone and time."""

    ARRIVED = "arrived"
    SETTLING = "settling"
    ACTIVE = "active"
    STOPPED = "stopped"


class Kind(StrEnum):
    """What a delivery brings."""

    QUESTION = "question"
    REFLECTION = "reflection"
    GOODBYE = "goodbye"
    NOTICE = "notice"


class State(StrEnum):
    """Where a delivery stands. CLAIMED and SENDING belong to a worker, WAITING to its due time."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    LATE = "late"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


class Follows(StrEnum):
    """What still follows a reply that is kept: its heart, then it is heard, then chips are offered, or care answers.

    HEARING_AGAIN is of one that was edited once its writer had been asked. OFFERING: the chips are on their way, and
    it is not known whether they arrived.
    """

    HEART = "heart"
    HEARING = "hearing"
    HEARING_AGAIN = "hearing_again"
    CARE = "care"
    CHIPS = "chips"
    OFFERING = "offering"


class Verdict(StrEnum):
    """What a person says of a pattern named to them (W5)."""

    FITS = "fits"
    NOT_QUITE = "not_quite"
    MUTED = "muted"


#: Monday is 0.
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person can set. Times are local wall clocks; weekdays count from Monday = 0.

    `picture` is "light" or "dark".
    """

    language: str = "en"
    zone: str | None = None
    ask_at: time | None = None
    weekdays: frozenset[int] = EVERY_DAY
    every: int = 1
    reflect_weekday: int = 6
    reflect_at: time = time(19, 0)
    day_start: time = time(4, 0)
    silent: bool = False
    chips: bool = True
    quotes: bool = True
    private: bool = False
    ack_in_words: bool = False
    picture: str = "light"
    notices: bool = True


@dataclass(frozen=True, slots=True)
class Mind:
    """What is known of a person beyond their words; kept sealed as one value.

    `verdicts`: pattern id -> Verdict. `taps`: pattern id -> how often confirmed minus denied.
    `gentle_until`: questions are gentle up to this local day. `care_on`: the day a care answer was last given.
    `told`: names of things to be said only once ("only_words").
    """

    verdicts: Mapping[str, str] = field(default_factory=dict)
    taps: Mapping[str, int] = field(default_factory=dict)
    gentle_until: date | None = None
    care_at: datetime | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One person in one private chat. Moments are aware UTC; `…_day` are stored local dates.

    `chosen` is the prompt chosen ahead for `question_day`; saving the person discards it, whatever changed.
    """

    id: int
    chat_id: int
    stage: Stage
    preferences: Preferences
    mind: Mind
    joined_at: datetime
    consented_at: datetime | None = None
    unreachable_at: datetime | None = None
    resting_until: datetime | None = None
    resting_open: bool = False
    last_wrote_at: datetime | None = None
    unanswered: int = 0
    question_due_at: datetime | None = None
    question_day: date | None = None
    last_question_day: date | None = None
    reflection_due_at: datetime | None = None
    reflection_day: date | None = None
    last_reflection_day: date | None = None
    reflections_sent: int = 0
    awaiting: str | None = None
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question delivery showed, kept sealed: the prompt now in the message and all shown for that day.

    `lighter` says that the lighter alternative stands there; `swaps` counts *Another question*, and `swapped_by` is
    the last tap on it; `declined` is *Not today*.
    """

    prompt: str
    lighter: bool = False
    shown: tuple[str, ...] = ()
    swaps: int = 0
    declined: bool = False
    swapped_by: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing due to one person on one local day (D1).

    `asked` is what a question showed, `patterns` what a reflection named, in the order of its buttons.
    `closed`: the question's buttons have gone. `first_due_at` is what lateness counts from.
    """

    id: int
    subscriber_id: int
    kind: Kind
    day: date
    state: State
    due_at: datetime
    first_due_at: datetime
    attempts: int = 0
    message_id: int | None = None
    asked: Asked | None = None
    patterns: tuple[str, ...] = ()
    closed: bool = False
    picture_sent: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: what the delivery row is settled with."""

    delivery: Delivery
    state: State
    message_id: int | None = None
    due_at: datetime | None = None
    refund: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What a reply shows, kept sealed. `heard`, `confirmed` and `denied` are pattern ids."""

    care: bool = False
    heard: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text to be heard: the patterns its question was about, and its writer's taps as `Mind` has them."""

    text: str
    asked: tuple[str, ...] = ()
    taps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Impression:
    """What was heard in a reply: pattern ids to offer as chips and to count without a tap, and whether to care."""

    offered: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    care: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A person's own words, or a tap, with the local day of the question it answers.

    `source` names where it came from, once per subscriber: "m<message id>" or "t<delivery id>". `waits_for` is
    what is still to follow it.
    """

    id: int
    subscriber_id: int
    source: str
    day: date
    written_at: datetime
    text: str
    marks: Marks
    tapped: bool = False
    chips_message_id: int | None = None
    edited_at: datetime | None = None
    waits_for: Follows | None = None
