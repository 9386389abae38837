"""Fifty-two weeks of ten invented people: what holds for each of them, whatever they write, tap or leave."""

import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from bot.domain.letter import fits, plain
from bot.domain.records import Kind
from bot.journeys.looking_back import drawn, months_caption, overview
from bot.journeys.messenger import Message
from bot.journeys.pages import page_of
from bot.journeys.reflecting import caption_of
from tests.invented import CRISIS, PEOPLE, Manner
from tests.years import BEGINS, WEEKS, Year, live, tongue

SENTENCE_END = re.compile(r"(?<=[.?])\s+|\n+")
QUOTE = re.compile(r"“[^”]*”")
CAPTION_LIMIT, BUTTON_LIMIT, DATA_LIMIT = 1024, 64, 64
everybody = pytest.mark.parametrize("manner", PEOPLE, ids=lambda manner: manner.name)


@cache
def lived(manner_number: int) -> Year:
    return live(next(one for one in PEOPLE if one.number == manner_number))


@everybody
def test_no_question_comes_again_within_half_a_year(manner: Manner) -> None:
    last: dict[str, date] = {}
    for day, name in lived(manner.number).shown():
        assert name not in last or (day - last[name]).days > 180, name
        last[name] = day


@everybody
def test_another_question_was_tapped_twice_a_week_and_counted(manner: Manner) -> None:
    swapped = Counter(one.day.isocalendar().week for one in lived(manner.number).days if one.asked and one.asked.swaps)
    assert max(swapped.values()) == 2 or manner.every > 1


@everybody
def test_no_sentence_of_a_reflection_comes_again_within_26_weeks(manner: Manner) -> None:
    last: dict[str, date] = {}
    for day, letter in lived(manner.number).letters:
        for sentence in sentences(letter.text):
            assert sentence not in last or day - last[sentence] >= timedelta(weeks=26), sentence
            last[sentence] = day


def sentences(html: str) -> list[str]:
    """What the bot itself says in a reflection: without its heading, the patterns' names and the quotes."""
    names = tuple(f"{pattern.name} · " for pattern in tongue().library.patterns.values())
    lines = [QUOTE.sub("“”", line) for line in plain(html).split("\n")[1:]]
    said = [line for line in lines if line and not line.startswith((*names, "“”"))]
    return [one for line in said for one in SENTENCE_END.split(line) if one]


@everybody
def test_every_theme_is_visited(manner: Manner) -> None:
    year = lived(manner.number)
    library = tongue().library
    seen = {library.prompts[name].theme for _, name in year.shown()}
    assert seen == {theme.id for theme in library.themes} or len(year.questions()) < 60


@everybody
def test_questions_go_deeper_with_the_weeks(manner: Manner) -> None:
    depths = [
        ((day - BEGINS).days // 7, tongue().library.prompts[name].depth) for day, name in lived(manner.number).shown()
    ]
    assert {depth for week, depth in depths if week < 2} == {1}
    assert max(depth for week, depth in depths if week < 4) == 2
    assert max(depth for _, depth in depths) == 3


@everybody
def test_every_message_is_within_what_telegram_takes(manner: Manner) -> None:
    year, words = lived(manner.number), tongue().words
    for _, name in year.shown():
        prompt = tongue().library.prompts[name]
        assert fits(prompt.ask)
        assert fits(prompt.lighter)
        assert all(len(tap.say) <= BUTTON_LIMIT for tap in prompt.taps)
    for _, letter in year.letters:
        assert fits(letter.text)
        assert len(plain(caption_of(words, letter))) <= CAPTION_LIMIT
    for view in year.views():
        assert len(plain(months_caption(words, view))) <= CAPTION_LIMIT
        assert len(drawn(words, view).months) in (3, 4)
        within(overview(words, year.person, view))
        for course in (*view.growth, *view.withdrawal):
            within(page_of(words, year.person, year.replies_of(view.first, view.last), course.pattern))


def within(message: Message) -> None:
    assert fits(message.text)
    for button in (button for row in message.rows for button in row):
        assert len(button.label) <= BUTTON_LIMIT
        assert len(button.data.encode()) <= DATA_LIMIT


@everybody
def test_a_line_of_crisis_is_quoted_nowhere_and_the_week_after_it_is_gentle(manner: Manner) -> None:
    year, words = lived(manner.number), tongue().words
    told = [letter.text for _, letter in year.letters]
    for view in year.views():
        replies = year.replies_of(view.first, view.last)
        told += [page_of(words, year.person, replies, name).text for name in tongue().library.patterns]
    assert not [text for text in told if CRISIS[:20] in text]
    hard = [reply.day for reply in year.replies if reply.marks.care]
    assert len(hard) == len(manner.crisis)
    after = {day + timedelta(days=step) for day in hard for step in range(1, 8)}
    asked = [tongue().library.prompts[one.asked.prompt] for one in year.days if one.asked and one.day in after]
    assert all(prompt.gentle for prompt in asked)


@everybody
def test_every_pattern_named_stands_on_two_days_and_every_quote_is_the_persons_own(manner: Manner) -> None:
    year = lived(manner.number)
    written = {(reply.day, reply.text) for reply in year.replies if not reply.tapped}
    for _, letter in year.letters:
        assert all(len(one.days) >= 2 for one in letter.named)
        for quote in (quote for one in (*letter.named, *letter.growth) for quote in one.quotes):
            assert [text for day, text in written if day == quote.day and text.startswith(quote.text.rstrip("…"))]
            assert manner.quotes


def test_who_stops_answering_sees_the_bot_fade_as_it_promised() -> None:
    noor = lived(4)
    first, last = (BEGINS + timedelta(days=number) for number in noor.manner.silent[0])
    answered = max(reply.day for reply in noor.replies if reply.day < first)
    alone = [one for one in noor.days if answered < one.day <= last]
    assert [one.kind for one in alone] == [Kind.QUESTION] * 12 + [Kind.GOODBYE]
    gaps = [(later.day - earlier.day).days for earlier, later in pairwise(alone)]
    assert gaps == [1] * 4 + [2] * 4 + [7] * 4
    goodbye = alone[-1].day
    assert not [day for day, _ in noor.letters if goodbye < day <= last], "reflections fall silent too"


def test_who_comes_back_is_asked_again_every_day_from_the_next_day_on() -> None:
    noor = lived(4)
    returned = BEGINS + timedelta(days=noor.manner.silent[0][1] + 1)
    after = [day for day in noor.questions() if day > returned]
    assert after[:5] == [returned + timedelta(days=step) for step in range(1, 6)]
    assert [day for day, _ in noor.letters if day > returned]


def test_who_never_comes_back_is_left_in_peace() -> None:
    anselm = lived(10)
    goodbye = next(one.day for one in anselm.days if one.kind is Kind.GOODBYE)
    assert anselm.days[-1].day == goodbye
    assert not [day for day, _ in anselm.letters if day > goodbye]


def test_the_year_has_what_it_is_a_test_of() -> None:
    years = [lived(manner.number) for manner in PEOPLE]
    assert all((year.days[-1].day - BEGINS).days >= 7 * WEEKS - 3 for year in years if year.manner.number != 10)
    assert sum(len(year.letters) for year in years) > 350
    named = {one.pattern for year in years for _, letter in year.letters for one in (*letter.named, *letter.growth)}
    assert named == set(tongue().library.patterns)
