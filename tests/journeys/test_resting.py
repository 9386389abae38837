"""Space, stop, fading and coming back; and leaving for good."""

import json
from datetime import timedelta
from itertools import pairwise

from bot.domain.records import Stage
from bot.local.people import Person
from tests.life import Life, at

ZONE = "Europe/Berlin"


def asked(person: Person) -> int:
    return sum("Not today" in message.labels for message in person.hears())


async def test_space_brings_silence_and_ends_quietly(life: Life, mira: Person) -> None:
    await life.says(mira, "/space")
    await life.taps(mira, "Three days")
    assert mira.last().text == "Of course. No questions until Thu 19 Nov, 10:00. You can write whenever you like."
    await life.to(at(ZONE, 2026, 11, 19, 9))
    assert asked(mira) == 0
    await life.to(at(ZONE, 2026, 11, 19, 21))
    assert asked(mira) == 1


async def test_space_until_i_write_ends_when_they_write(life: Life, mira: Person) -> None:
    await life.says(mira, "/space")
    await life.taps(mira, "Until I write")
    await life.on(days=30)
    assert asked(mira) == 0
    await life.says(mira, "hello again")
    await life.on(days=1.5)
    assert asked(mira) == 1


async def test_stop_is_instant_keeps_the_journal_and_no_text_after_it(life: Life, mira: Person) -> None:
    await life.says(mira, "before")
    await life.says(mira, "Stop")
    assert mira.last().labels == ("Start again",)
    await life.says(mira, "after")
    await life.on(days=20)
    assert asked(mira) == 0
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(mira.id)
        assert known is not None
        assert known.stage is Stage.STOPPED
        assert await work.replies.count(known.id) == 1
    await life.taps(mira, "Start again")
    await life.on(days=1)
    assert asked(mira) == 1


async def test_the_bot_fades_says_one_goodbye_and_falls_silent(life: Life, mira: Person) -> None:
    await life.on(days=90)
    came = [message.date.date() for message in mira.hears() if "Not today" in message.labels]
    gaps = [(after - before) // timedelta(days=1) for before, after in pairwise(came)]
    assert gaps == [1, 1, 1, 1, 2, 2, 2, 2, 7, 7, 7]
    assert mira.last().text.startswith("I will be quiet now.")
    assert sum(message.text.startswith("I will be quiet now.") for message in mira.hears()) == 1


async def test_any_message_brings_the_daily_rhythm_back(life: Life, mira: Person) -> None:
    await life.on(days=90)
    before = asked(mira)
    await life.says(mira, "I am back, which is enough for today")
    await life.on(days=3)
    assert asked(mira) == before + 2


async def test_not_today_is_neither_answer_nor_silence(life: Life, mira: Person) -> None:
    for _ in range(8):
        await life.on(days=1)
        await life.taps(mira, "Not today")
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(mira.id)
    assert known is not None
    assert known.unanswered == 0


async def test_delete_takes_two_steps_and_leaves_nothing(life: Life, mira: Person) -> None:
    await life.says(mira, "words to forget")
    await life.says(mira, "/delete")
    async with life.nearer.kit.store.read() as work:
        assert await work.subscribers.of_chat(mira.id) is not None
    await life.taps(mira, "Delete everything")
    async with life.nearer.kit.store.read() as work:
        assert await work.subscribers.count() == 0
        assert await work.deliveries.counts() == {}
    assert "You can delete this chat in Telegram as well." in mira.last().text


async def test_delete_can_be_thought_better_of(life: Life, mira: Person) -> None:
    await life.says(mira, "/delete")
    await life.taps(mira, "Keep it")
    async with life.nearer.kit.store.read() as work:
        assert await work.subscribers.of_chat(mira.id) is not None


async def test_export_gives_a_page_to_read_and_the_same_for_a_program(life: Life, mira: Person) -> None:
    await life.to(at(ZONE, 2026, 11, 16, 21))
    await life.says(mira, "tea with <b>my</b> sister")
    await life.says(mira, "/export")
    page, data = (message.document for message in mira.hears() if message.document)
    assert page is not None
    assert data is not None
    assert b"tea with &lt;b&gt;my&lt;/b&gt; sister" in page
    told = json.loads(data)
    assert told["schema"] == "nearer-export-1"
    assert [reply["text"] for reply in told["replies"]] == ["tea with <b>my</b> sister"]


async def test_care_comes_first_and_such_a_text_is_kept_and_never_quoted(life: Life, mira: Person) -> None:
    await life.to(at(ZONE, 2026, 11, 16, 21))
    number = await life.says(mira, "i really want to die")
    answer = mira.last()
    assert mira.message(number).reaction is None
    assert "findahelpline.com" in answer.text
    await life.says(mira, "i really want to die, still")
    assert len(mira.last().text) < len(answer.text)
    await life.says(mira, "/week")
    assert "want to die" not in mira.last().text
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(mira.id)
        assert known is not None
        assert await work.replies.count(known.id) == 2


async def test_care_answers_strangers_and_those_who_stopped(life: Life, mira: Person) -> None:
    stranger = life.person("Noor")
    await life.says(stranger, "i want to die")
    assert "findahelpline.com" in stranger.last().text
    await life.says(mira, "/stop")
    await life.says(mira, "i want to die")
    assert "findahelpline.com" in mira.last().text


async def test_support_is_there_at_any_time(life: Life) -> None:
    stranger = life.person("Noor", "de-DE")
    await life.says(stranger, "/support")
    assert "findahelpline.com" in stranger.last().text
