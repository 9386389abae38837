"""A reflection names what came back on two days, quotes to the letter, and finds other words every week."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.forms import SLOTS
from bot.domain.letter import plain
from bot.domain.library import GROWTH_IDS, PATTERN_IDS, Library, Pattern, Side
from bot.domain.reflection import Entry, Reflection, Week, compose

CONTENT = Path(__file__).parents[2] / "content" / "en"
MONDAY = date(2026, 11, 16)
WEEK = Week(MONDAY, MONDAY + timedelta(days=6))
SPACE, JOKE, STAYED, SAFE = "sudden_space", "joking_away", "staying_present", "felt_safe"
SENTENCE_END = re.compile(r"(?<=[.?!])[”\"]?\s+|\n+")


class PlainCalendar:
    """English dates, written out by hand."""

    def weekday(self, day: date) -> str:
        return f"{day:%A}"

    def weekday_short(self, day: date) -> str:
        return f"{day:%a}"

    def day(self, day: date) -> str:
        return f"{day:%a} {day.day} {day:%b}"

    def span(self, first: date, last: date) -> str:
        return f"{first.day} to {last.day} {last:%B}"

    def listing(self, items: list[str]) -> str:
        return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else items[0]

    def count(self, number: int) -> str:
        return f"N{number}"


def library(patterns: dict[str, Pattern], reflections: dict[str, tuple[str, ...]]) -> Library:
    return Library("en", (), patterns, {}, reflections, (), (), {}, {}, {})


def small() -> Library:
    """Two forms a slot, each with the slot's name and all its values in it."""
    forms = {
        slot: tuple(f"{slot}-{turn} " + " ".join(f"{{{name}}}" for name in sorted(names)) for turn in "ab")
        for slot, names in SLOTS.items()
    }
    made = {
        name: Pattern(
            name,
            Side.GROWTH if name in GROWTH_IDS else Side.WITHDRAWAL,
            f"<{name}>",
            *("chip", "what", "why", "protects", "helps"),
            invitations=(f"try {name}",),
        )
        for name in PATTERN_IDS
    }
    return library(made, forms)


def entry(
    day: int, text: str = "", confirmed: str = "", *, heard: str = "", hour: int = 20, care: bool = False
) -> Entry:
    taps = frozenset(confirmed.split())
    return Entry(MONDAY + timedelta(days=day), text, hour, taps, frozenset(heard.split()), care=care)


def reflect(
    *entries: Entry,
    words: Library | None = None,
    week: Week = WEEK,
    muted: str = "",
    doubted: str = "",
    quotes: bool = True,
    number: int = 3,
    seed: int = 1,
) -> Reflection:
    return compose(
        week=week,
        entries=entries,
        muted=frozenset(muted.split()),
        doubted=frozenset(doubted.split()),
        quotes=quotes,
        number=number,
        seed=seed,
        library=words or small(),
        calendar=PlainCalendar(),
    )


def named(reflection: Reflection) -> list[str]:
    return [one.pattern for one in reflection.named]


def told(reflection: Reflection) -> list[str]:
    """The slots that were used, in their order (with the small library)."""
    return [slot.lower() for slot in re.findall(r"([A-Za-z_]+)-[ab]\b", reflection.text)]


WALKED_OFF = (
    entry(1, "drove round the ring road twice", SPACE),
    entry(4, "put my phone in the drawer", SPACE),
)


def test_a_pattern_is_named_with_its_days_and_quotes() -> None:
    (one,) = reflect(*WALKED_OFF).named
    assert [day.day for day in one.days] == [17, 20]
    assert [quote.text for quote in one.quotes] == [
        "drove round the ring road twice",
        "put my phone in the drawer",
    ]


def test_one_day_alone_names_no_withdrawal_and_still_tells_growth() -> None:
    reflection = reflect(entry(1, "went out", SPACE), entry(1, "went out again", SPACE), entry(2, "stayed on", STAYED))
    assert named(reflection) == []
    assert [one.pattern for one in reflection.growth] == [STAYED]


def test_at_most_two_patterns_are_named_the_tapped_ones_first() -> None:
    heard = [entry(day, f"day {day}", heard="what_if old_wound") for day in range(5)]
    taps = [entry(day, "", JOKE) for day in (0, 3)]
    assert named(reflect(*heard, *taps)) == [JOKE, "what_if"]


def test_growth_is_said_before_anything_else() -> None:
    slots = told(reflect(*WALKED_OFF, entry(5, "let her make the tea", STAYED)))
    assert slots[:3] == ["heading", "said_staying_present", "one_came_back"]


def test_what_was_denied_is_no_evidence() -> None:
    denied = Entry(MONDAY, "needed no space", 20, heard=frozenset({SPACE}), denied=frozenset({SPACE}))
    assert named(reflect(denied, WALKED_OFF[0])) == []


def test_a_muted_pattern_is_not_in_text_days_or_growth() -> None:
    reflection = reflect(*WALKED_OFF, entry(2, "stayed on", STAYED), muted=f"{SPACE} {STAYED}")
    assert reflection.named == reflection.growth == ()
    assert not any(day.withdrawal or day.growth for day in reflection.days)
    assert SPACE not in reflection.text


def test_a_doubted_pattern_needs_a_tap_to_be_named_again() -> None:
    heard = [entry(1, "went out", heard=SPACE), entry(3, "left early", heard=SPACE)]
    assert named(reflect(*heard, doubted=SPACE)) == []
    assert named(reflect(*heard, WALKED_OFF[1], doubted=SPACE)) == [SPACE]


def test_replies_after_the_week_do_not_count() -> None:
    assert named(reflect(WALKED_OFF[0], entry(9, "went out", SPACE))) == []


def test_care_is_no_evidence_not_quoted_and_leaves_no_mark() -> None:
    reflection = reflect(entry(1, "words of a hard night", SPACE, care=True), entry(3, "went out", SPACE))
    assert named(reflection) == []
    assert "hard night" not in reflection.text
    assert [day.written for day in reflection.days] == [False, False, False, True, False, False, False]


def test_a_week_with_care_is_opened_and_closed_gently() -> None:
    assert told(reflect(entry(1, "words", care=True)))[1:] == [
        "gentle_opening",
        "invitation_lead",
        "gentle_invitations",
    ]
    slots = told(reflect(*WALKED_OFF, entry(2, "words", care=True)))
    assert slots[1] == "gentle_opening"
    assert slots[-1] == "gentle_invitations"


def test_a_day_of_one_tap_is_counted_and_not_quoted() -> None:
    (one,) = reflect(WALKED_OFF[0], entry(3, "", SPACE)).named
    assert len(one.days) == 2
    assert len(one.quotes) == 1


def test_without_quotes_nothing_of_the_persons_words_is_in_the_message() -> None:
    reflection = reflect(*WALKED_OFF, entry(5, "let her make the tea", STAYED), quotes=False)
    assert not any(one.quotes for one in (*reflection.named, *reflection.growth))
    assert "ring road" not in reflection.text
    assert "growth_noted" in told(reflection)


def test_a_reply_that_shows_two_things_is_quoted_once() -> None:
    both = entry(2, "laughed it off and left the table", f"{SPACE} {JOKE}")
    text = reflect(both, WALKED_OFF[0], entry(5, "said my dog knows more", JOKE)).text
    assert text.count("laughed it off") == 1


def test_markup_in_a_reply_is_shown_and_not_obeyed() -> None:
    reflection = reflect(entry(1, "<b>bold</b> & {braces}", SPACE), WALKED_OFF[1])
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; {braces}" in reflection.text
    assert "<b>bold</b> & {braces}" in plain(reflection.text)


def test_words_written_from_right_to_left_keep_their_direction_to_themselves() -> None:
    text = reflect(entry(1, "رفتم بیرون تا نفس بکشم", SPACE), WALKED_OFF[1]).text
    assert "\u2068رفتم بیرون تا نفس بکشم\u2069" in text
    assert text.count("\u2068") == 1


@pytest.mark.parametrize(
    ("last_week", "slot"),
    [((-6,), "last_week_less"), ((-6, -5), "last_week_same"), ((-6, -5, -4), "last_week_more")],
)
def test_what_changed_since_last_week_is_counted(last_week: tuple[int, ...], slot: str) -> None:
    reflection = reflect(*WALKED_OFF, *(entry(day, "before", SPACE) for day in last_week))
    assert slot in told(reflection)
    assert reflection.named[0].last_week == len(last_week)


def test_a_first_time_is_claimed_only_with_some_weeks_to_look_back_on() -> None:
    ordinary = [entry(-day, "an ordinary day") for day in (2, 9, 10, 16, 20)]
    assert "first_time" in told(reflect(*WALKED_OFF, *ordinary))
    assert "not_last_week" in told(reflect(*WALKED_OFF, *ordinary[:2]))
    assert "back_again" in told(reflect(*WALKED_OFF, *ordinary, entry(-12, "went out", SPACE)))


def test_nothing_is_claimed_about_a_last_week_that_is_not_known() -> None:
    assert not {"not_last_week", "first_time", "last_week_less", "second_none"} & set(told(reflect(*WALKED_OFF)))


def test_the_second_pattern_has_its_own_word_about_last_week() -> None:
    jokes = [entry(day, f"joke {day}", JOKE) for day in (0, 2, 3)]
    assert "second_then" in told(reflect(*WALKED_OFF, *jokes, entry(-3, "went out", SPACE)))
    assert "second_none" in told(reflect(*WALKED_OFF, *jokes, entry(-3, "an ordinary day")))


def test_a_shared_hour_or_a_shared_weekday_is_told() -> None:
    assert "part_of_day" in told(reflect(*WALKED_OFF, entry(3, "nothing", hour=9)))
    assert "weekday_again" in told(reflect(*WALKED_OFF, entry(-6, "went out", SPACE)))


@pytest.mark.parametrize(
    ("entries", "slots"),
    [
        ((), ["silent_week"]),
        ((entry(2, "tired"),), ["one_day", "too_little", "invitation_lead", "invitations"]),
        ((entry(2, "tired"), entry(4, "fine")), ["two_days", "too_little", "invitation_lead", "invitations"]),
        (
            (entry(2, "tired", STAYED),),
            ["said_staying_present", "nothing_else", "invitation_lead"],
        ),
        (tuple(entry(d, "x") for d in range(3)), ["opening", "quiet_week", "invitation_lead", "invitations"]),
        (
            WALKED_OFF,
            ["two_days", "one_came_back", "pattern_line", "quote_line", "quote_line", "invitation_lead"],
        ),
    ],
    ids=["silent", "one day", "two days", "one day of growth", "quiet", "two days with a pattern"],
)
def test_a_week_with_little_in_it_has_its_own_words(entries: tuple[Entry, ...], slots: list[str]) -> None:
    assert told(reflect(*entries))[1:] == slots


def test_the_first_reflection_says_what_it_is() -> None:
    assert told(reflect(*WALKED_OFF, number=0))[1] == "first"


def test_the_days_are_marked_for_the_picture() -> None:
    reflection = reflect(*WALKED_OFF, entry(5, "stayed", STAYED), entry(6, "once only", JOKE))
    marks = {day.day.day: (day.written, day.withdrawal, day.growth) for day in reflection.days}
    assert len(marks) == 7
    assert marks[16] == (False, (), ())
    assert marks[17] == (True, (SPACE,), ())
    assert marks[21] == (True, (), (STAYED,))
    assert marks[22] == (True, (), ())


def test_a_message_fits_even_where_the_words_are_endless() -> None:
    words = small()
    long = library(dict(words.patterns), {**words.reflections, "quote_line": ("{quote} {day} " + "x" * 3000,)})
    assert len(reflect(*WALKED_OFF, words=long).text) < 4096
    longer = library(dict(words.patterns), {**words.reflections, "pattern_line": ("{name} " + "x" * 5000,)})
    assert len(reflect(*WALKED_OFF, words=longer).text) < 4096
