"""/journal: looking back day by day, and changing, moving, deleting what was written."""

from datetime import date

from bot.local.people import Person
from tests.journeys.test_days import asked, replies_of
from tests.life import Life, at

ZONE = "Europe/Berlin"


async def wrote(life: Life, person: Person, day: int, *texts: str) -> None:
    """Answers a November evening's question."""
    await asked(life, person, day)
    for text in texts:
        await life.says(person, text)


async def opened(life: Life, person: Person, label: str = "Open 1") -> None:
    await life.says(person, "/journal")
    await life.taps(person, label)


async def test_an_empty_journal_says_so(life: Life, mira: Person) -> None:
    await life.says(mira, "/journal")
    assert mira.last().text == "Nothing is written yet. What you answer will stand here, day by day."


async def test_it_opens_at_the_newest_day_and_turns_by_day(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "the kitchen & <b>tea</b>")
    await wrote(life, mira, 18, "the stairs", "and the bus")
    await life.says(mira, "/journal")
    page = mira.last()
    assert page.text.startswith("Wednesday, 18 November 2026")
    assert "1 · 20:31\n“the stairs”" in page.text
    assert "2 · 20:31\n“and the bus”" in page.text
    assert page.labels == ("Open 1", "Open 2", "‹ Earlier")
    await life.taps(mira, "‹ Earlier")
    assert mira.last().message_id == page.message_id
    assert "the kitchen & <b>tea</b>" in mira.last().text
    await life.taps(mira, "Later ›")
    assert mira.last().text == page.text


async def test_words_are_changed_by_the_next_message(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "first words")
    await opened(life, mira)
    await life.taps(mira, "Change the words")
    await life.says(mira, "other words")
    assert [reply.text for reply in await replies_of(life, mira)] == ["other words"]
    assert "“other words”" in mira.last().text
    await life.says(mira, "a new answer")
    assert [reply.text for reply in await replies_of(life, mira)] == ["other words", "a new answer"]


async def test_a_change_left_open_never_swallows_the_next_answer(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "monday")
    for leave in ("wait", "command", "tap", "question"):
        await opened(life, mira)
        await life.taps(mira, "Change the words")
        if leave == "wait":
            await life.on(hours=1)
        elif leave == "command":
            await life.says(mira, "/help")
        elif leave == "tap":
            await life.taps(mira, "‹ Back")
        else:
            await life.to(at(ZONE, 2026, 11, 17, 20, 29))
            await opened(life, mira)
            await life.taps(mira, "Change the words")
            await asked(life, mira, 17)
        await life.says(mira, f"after {leave}")
    texts = [reply.text for reply in await replies_of(life, mira)]
    assert texts == ["monday", "after wait", "after command", "after tap", "after question"]


async def test_stop_stops_even_where_words_are_awaited(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "monday")
    await opened(life, mira)
    await life.taps(mira, "Change the words")
    await life.says(mira, "stop")
    assert mira.last().labels == ("Start again",)


async def test_care_is_read_before_a_change(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "monday")
    await opened(life, mira)
    await life.taps(mira, "Change the words")
    await life.says(mira, "i really want to die")
    assert "findahelpline.com" in mira.last().text
    assert [reply.text for reply in await replies_of(life, mira)] == ["monday", "i really want to die"]


async def test_deleting_asks_once_and_takes_one_answer(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "keep", "lose")
    await opened(life, mira, "Open 2")
    await life.taps(mira, "Delete")
    assert [reply.text for reply in await replies_of(life, mira)] == ["keep", "lose"]
    await life.taps(mira, "Delete it")
    assert [reply.text for reply in await replies_of(life, mira)] == ["keep"]
    assert mira.toast == "Deleted."
    mira.tap_data("j:r:2:x", mira.last().message_id)
    await life.settle()
    assert mira.toast == "That button no longer works."


async def test_an_answer_moves_to_the_day_before_or_to_one_near_by(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "monday")
    await wrote(life, mira, 18, "really of tuesday")
    await opened(life, mira)
    await life.taps(mira, "Move to another day")
    assert mira.last().labels == ("Mon 16 Nov", "Tue 17 Nov", "‹ Back")
    await life.taps(mira, "Tue 17 Nov")
    assert mira.toast == "Moved."
    assert "Tuesday, 17 November 2026" in mira.last().text
    assert [reply.day for reply in await replies_of(life, mira)] == [date(2026, 11, 16), date(2026, 11, 17)]
    mira.tap_data("j:r:2:m:2031-01-01", mira.last().message_id)
    await life.settle()
    assert mira.toast == "That button no longer works."


async def test_nobody_reads_or_changes_what_is_anothers(life: Life, mira: Person) -> None:
    await wrote(life, mira, 16, "mine alone")
    (reply,) = await replies_of(life, mira)
    noor = life.person("Noor")
    await life.subscribes(noor, ZONE, at(ZONE, 2026, 11, 16, 21).time())
    for what in ("", ":c", ":x", ":xx", ":m", ":m:2026-11-15"):
        noor.tap_data(f"j:r:{reply.id}{what}", noor.last().message_id)
        await life.settle()
        assert noor.toast == "That button no longer works."
    assert [kept.text for kept in await replies_of(life, mira)] == ["mine alone"]
    assert "mine alone" not in noor.transcript()


async def test_long_days_come_in_pages_and_long_words_are_kept_whole(life: Life, mira: Person) -> None:
    long = "🌧️ " * 1000
    await wrote(life, mira, 16, long, *(f"number {number}" for number in range(2, 21)))
    await life.says(mira, "/today")
    await life.says(mira, "/journal")
    assert "20 · " in mira.last().text
    await life.taps(mira, "‹ Earlier")
    await life.taps(mira, "‹ Earlier")
    await life.taps(mira, "Open 1")
    assert mira.last().text.endswith("…”")
    assert (await replies_of(life, mira))[0].text == long.strip()
    assert life.telegram.record.problems == []


async def test_a_tapped_answer_can_be_moved_and_deleted_but_has_no_words_to_change(life: Life, mira: Person) -> None:
    question = await asked(life, mira)
    await life.taps(mira, question.labels[0])
    await opened(life, mira)
    assert mira.last().labels == ("Move to another day", "Delete", "‹ Back")
