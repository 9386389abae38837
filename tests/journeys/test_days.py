"""A day: the question, its row of buttons, and what is kept of an answer."""

from datetime import date, time, timedelta

import pytest

from bot.domain.records import Kind, Reply, State
from bot.journeys.outage import note_gap, note_heard
from bot.local.people import Person
from bot.local.seen import Seen
from tests.life import Life, at

ZONE = "Europe/Berlin"


async def replies_of(life: Life, person: Person) -> list[Reply]:
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(person.id)
        assert known is not None
        return await work.replies.between(known.id, date(2000, 1, 1), date(2100, 1, 1))


async def asked(life: Life, person: Person, day: int = 16) -> Seen:
    """Lives on to a November evening's question."""
    await life.to(at(ZONE, 2026, 11, day, 20, 31))
    return person.last()


async def test_the_question_comes_at_its_minute_with_its_small_row(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    assert question.labels[-3:] == ("Another question", "Later", "Not today")
    assert question.date == at(ZONE, 2026, 11, 16, 20, 30)


async def test_an_answer_is_kept_with_its_day_and_a_heart(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    number = await life.says(mira, "we cooked, I left early")
    (reply,) = await replies_of(life, mira)
    assert (reply.day, reply.text) == (date(2026, 11, 16), "we cooked, I left early")
    assert mira.message(number).reaction == "❤"
    assert mira.message(question.message_id).labels == ()


async def test_an_answer_after_midnight_belongs_to_the_evening_before(life: Life, mira: Person) -> None:
    await asked(life, mira)
    await life.to(at(ZONE, 2026, 11, 17, 1, 10))
    await life.says(mira, "still awake")
    assert [reply.day for reply in await replies_of(life, mira)] == [date(2026, 11, 16)]


async def test_a_reply_to_an_older_question_goes_to_its_day(life: Life, mira: Person) -> None:
    monday = await asked(life, mira)
    await asked(life, mira, 18)
    await life.says(mira, "about Monday", reply_to=monday.message_id)
    assert [reply.day for reply in await replies_of(life, mira)] == [date(2026, 11, 16)]


async def test_several_answers_in_a_day_are_all_kept(life: Life, mira: Person) -> None:
    await asked(life, mira)
    await life.says(mira, "one")
    await life.says(mira, "two")
    assert [reply.text for reply in await replies_of(life, mira)] == ["one", "two"]


async def test_who_wrote_since_their_day_began_is_not_asked(life: Life, mira: Person) -> None:
    await life.to(at(ZONE, 2026, 11, 17, 9))
    await life.says(mira, "good morning")
    before = len(mira.hears())
    await life.to(at(ZONE, 2026, 11, 17, 23))
    assert len(mira.hears()) == before


async def test_an_edited_message_edits_what_is_kept(life: Life, mira: Person) -> None:
    await asked(life, mira)
    number = await life.says(mira, "first words")
    mira.edit(number, "other words")
    await life.settle()
    (reply,) = await replies_of(life, mira)
    assert reply.text == "other words"
    assert reply.edited_at is not None


async def test_a_tap_answers_without_typing(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    await life.taps(mira, question.labels[0])
    (reply,) = await replies_of(life, mira)
    assert (reply.text, reply.tapped, reply.day) == (question.labels[0], True, date(2026, 11, 16))
    after = mira.message(question.message_id)
    assert after.labels == ()
    assert question.labels[0] in after.text


async def test_a_second_tap_on_the_same_answer_changes_nothing(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    data = dict(question.data)
    mira.tap_data(data[question.labels[0]], question.message_id)
    mira.tap_data(data[question.labels[0]], question.message_id)
    mira.tap_data(data[question.labels[1]], question.message_id)
    await life.settle()
    assert len(await replies_of(life, mira)) == 1
    assert [tap.answered for tap in mira.taps[-3:]] == [True, True, True]


async def test_another_question_stands_in_the_same_message_twice_and_then_kindly_no(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    seen = {question.text}
    for _ in range(2):
        await life.taps(mira, "Another question")
        assert mira.last().message_id == question.message_id
        seen.add(mira.last().text)
    await life.taps(mira, "Another question")
    assert len(seen) == 3
    assert mira.toast == "That is all I have for today. Leaving it is fine too."


async def test_later_sends_the_same_day_again_at_its_new_time(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    await life.taps(mira, "Later")
    await life.taps(mira, "In an hour")
    assert "21:31" in mira.last().text
    await life.on(hours=1, minutes=1)
    assert mira.last().text == question.text
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(mira.id)
        assert known is not None
        ledger = [one for one in await work.deliveries.all_of(known.id) if one.kind is Kind.QUESTION]
    assert [(one.day, one.state) for one in ledger] == [(date(2026, 11, 16), State.SENT)]


async def test_not_today_takes_the_row_away_without_a_comment(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    await life.taps(mira, "Not today")
    assert mira.last().text == question.text
    assert mira.last().labels == ()
    assert mira.toast == "All right."


async def test_a_question_two_hours_late_is_let_go(life: Life, mira: Person) -> None:
    before = len(mira.hears())
    life.clock.move_to(at(ZONE, 2026, 11, 16, 22, 31))
    await life.tick()
    assert len(mira.hears()) == before


async def test_a_question_not_yet_two_hours_late_is_sent(life: Life, mira: Person) -> None:
    life.clock.move_to(at(ZONE, 2026, 11, 16, 22, 29))
    await life.tick()
    assert "Not today" in mira.last().labels


async def test_missed_days_are_not_caught_up(life: Life, mira: Person) -> None:
    before = len(mira.hears())
    life.clock.move_to(at(ZONE, 2026, 11, 20, 21))
    await life.tick()
    assert len(mira.hears()) == before
    await life.tick()
    await life.to(at(ZONE, 2026, 11, 21, 21))
    assert len(mira.hears()) == before + 1


async def test_chips_ask_and_a_tap_is_the_persons_own_word(life: Life, mira: Person) -> None:
    await asked(life, mira)
    await life.says(mira, "I needed space")
    assert mira.last().labels == ("Needed space", "None of these", "Don't ask me this")
    await life.taps(mira, "Needed space")
    (reply,) = await replies_of(life, mira)
    assert reply.marks.confirmed == ("sudden_space",)
    assert "✓ Needed space" in mira.last().labels
    assert mira.last().text == life.phrase("chips_noted_all")
    mira.tap("✓ Needed space")
    await life.settle()
    assert mira.toast == "That is noted already."


async def test_none_of_these_denies_what_was_offered(life: Life, mira: Person) -> None:
    await asked(life, mira)
    await life.says(mira, "I needed space")
    await life.taps(mira, "None of these")
    (reply,) = await replies_of(life, mira)
    assert reply.marks.denied == ("sudden_space",)
    assert mira.last().labels == ()


async def test_dont_ask_me_this_turns_chips_off(life: Life, mira: Person) -> None:
    await asked(life, mira)
    await life.says(mira, "I needed space")
    await life.taps(mira, "Don't ask me this")
    before = len(mira.hears())
    await life.says(mira, "space again")
    assert len(mira.hears()) == before


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4096,
        "🌧️🌧️",
        "שלום, היה קשה",
        "\u200b\u200d",
        "<b>not markup</b> & <i>",
        "*not* _markup_ [x](y)",
        "{braces}",
        "%s",
    ],
)
async def test_whatever_is_written_is_kept_to_the_letter(life: Life, mira: Person, text: str) -> None:
    await asked(life, mira)
    await life.says(mira, text)
    (reply,) = await replies_of(life, mira)
    assert reply.text == text
    await life.says(mira, "/today")
    await life.says(mira, "/week")
    await life.says(mira, "/export")
    assert mira.last().document_name == "nearer.json"


async def test_photos_and_voices_are_told_once_that_only_words_are_kept(life: Life, mira: Person) -> None:
    await asked(life, mira)
    mira.send_voice()
    mira.send_sticker()
    mira.send_photo(caption="the kitchen at night")
    await life.settle()
    assert [message.text for message in mira.hears()].count("I can only keep words. A line about it is enough.") == 1
    assert [reply.text for reply in await replies_of(life, mira)] == ["the kitchen at night"]


async def test_an_unknown_command_is_answered_kindly(life: Life, mira: Person) -> None:
    await life.says(mira, "/dance")
    assert mira.last().text == "I do not know that one. /help shows what I can do."


@pytest.mark.parametrize(
    "data", ["a:999999:0", "v:1:0:f", "c:77:1", "g:nothing:1", "x", "", "l:1:9h", "o:abc", "z:", "t:25:61"]
)
async def test_a_button_of_long_ago_is_answered_politely(life: Life, mira: Person, data: str) -> None:
    mira.tap_data(data or "-", mira.last().message_id)
    await life.settle()
    assert mira.taps[-1].answered
    assert mira.toast == "That button no longer works."


async def test_a_redelivered_update_changes_nothing(life: Life, mira: Person) -> None:
    await asked(life, mira)
    await life.says(mira, "once")
    before = (await replies_of(life, mira), len(mira.hears()))
    async with life.nearer.kit.store.read() as work:
        newest = await work.inbox.newest()
    assert newest is not None
    life.telegram.deliver_again(newest)
    await life.settle()
    assert (await replies_of(life, mira), len(mira.hears())) == before


async def test_a_reply_that_came_while_the_bot_was_down_has_its_own_date(life: Life, mira: Person) -> None:
    await asked(life, mira)
    life.clock.freeze()
    mira.say("before the crash")
    written = life.clock.now()
    life.clock.move_by(timedelta(hours=10))
    await life.settle()
    (reply,) = await replies_of(life, mira)
    assert (reply.written_at, reply.day) == (written, date(2026, 11, 16))


async def test_a_blocked_bot_falls_silent_and_comes_back_when_let_in(life: Life, mira: Person) -> None:
    mira.block()
    await life.settle()
    sent = len(life.telegram.record)
    await life.to(at(ZONE, 2026, 11, 17, 12))
    assert not list(life.telegram.record.calls("sendMessage", since=sent))
    mira.unblock()
    await life.settle()
    await life.to(at(ZONE, 2026, 11, 17, 20, 31))
    assert "Not today" in mira.last().labels


async def test_a_chosen_time_counts_from_the_same_day_on(life: Life, mira: Person) -> None:
    await life.says(mira, "/settings")
    await life.taps(mira, "Question at: 20:30")
    await life.says(mira, "18:15")
    await life.to(at(ZONE, 2026, 11, 16, 18, 16))
    assert "Not today" in mira.last().labels
    await life.says(mira, "/settings")
    await life.taps(mira, "Question at: 18:15")
    await life.taps(mira, "22:00")
    before = len(mira.hears())
    await life.to(at(ZONE, 2026, 11, 16, 23, 0))
    assert len(mira.hears()) == before
    assert time(22)


async def test_after_more_than_a_day_away_each_person_is_told_once(life: Life, mira: Person) -> None:
    await note_heard(life.nearer.kit)
    life.clock.move_by(timedelta(days=3))
    await note_gap(life.nearer.kit)
    await life.says(mira, "hello")
    await life.says(mira, "hello again")
    assert [message.text[:11] for message in mira.hears()].count("I was away ") == 1


async def test_a_day_with_very_many_answers_still_fits_one_message(life: Life, mira: Person) -> None:
    await asked(life, mira)
    for number in range(30):
        mira.say(f"{number} " + "word " * 80)
    await life.settle()
    await life.says(mira, "/today")
    assert "29 word" in mira.last().text
    assert len(mira.last().text) < 4096


async def test_the_week_so_far_does_not_say_beforehand_what_the_reflection_will_say(life: Life, mira: Person) -> None:
    for day in range(16, 21):
        await asked(life, mira, day)
        await life.says(mira, "not much today")
    await life.to(at(ZONE, 2026, 11, 22, 18, 0))
    await life.says(mira, "/week")
    before = mira.last().text.splitlines()[2:]
    await life.to(at(ZONE, 2026, 11, 22, 19, 1))
    after = next(one for one in reversed(mira.hears()) if one.text.startswith("Your week,") and not one.photo)
    assert not set(filter(None, before)) & set(filter(None, after.text.splitlines()[2:]))
