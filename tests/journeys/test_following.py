"""What follows a reply, behind its heart: heard, then asked about; once, and only where it is still wanted."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime

from bot.domain.records import Follows, Reply
from bot.journeys.following import hear_some
from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from tests.databases import Databases
from tests.life import VEILED, Life, at, living

NOON = at("Europe/Berlin", 2026, 11, 16)


async def only_answered(life: Life) -> None:
    """Everything said so far has its heart; what follows has not begun."""
    await life.telegram.updates_delivered()
    await life.nearer.inbox.drain()


async def replies_of(life: Life, person: Person) -> list[Reply]:
    async with life.nearer.kit.store.read() as work:
        known = await work.subscribers.of_chat(person.id)
        assert known is not None
        return await work.replies.between(known.id, date(2000, 1, 1), date(2100, 1, 1))


def asked(person: Person, life: Life) -> list[int | None]:
    """The messages that were asked about."""
    return [message.reply_to for message in person.hears() if message.text == life.phrase("chips_ask")]


async def test_the_heart_does_not_wait_for_hearing_and_chips_follow_both(life: Life, mira: Person) -> None:
    number = mira.say("needed space all day")
    await only_answered(life)
    assert mira.message(number).reaction == "❤"
    assert [reply.waits_for for reply in await replies_of(life, mira)] == [Follows.HEARING]
    assert asked(mira, life) == []
    await life.nearer.follower.drain()
    assert asked(mira, life) == [number]
    [kept] = await replies_of(life, mira)
    assert (kept.waits_for, kept.chips_message_id) == (None, mira.last().message_id)


async def test_nothing_is_offered_for_a_reply_that_was_deleted_meanwhile(life: Life, mira: Person) -> None:
    mira.say("needed space all day")
    await only_answered(life)
    await hear_some(life.nearer.kit)
    [kept] = await replies_of(life, mira)
    async with life.nearer.kit.store.write() as work:
        await work.replies.remove(kept.id)
    await life.nearer.follower.drain()
    assert asked(mira, life) == []


async def test_a_crisis_that_only_hearing_finds_is_cared_for_and_asks_nothing(life: Life, mira: Person) -> None:
    number = mira.say(f"needed space, and told my sister {VEILED}")
    await only_answered(life)
    assert mira.message(number).reaction == "❤"
    await life.nearer.follower.drain()
    assert "findahelpline.com" in mira.last().text
    assert asked(mira, life) == []
    [kept] = await replies_of(life, mira)
    assert (kept.marks.care, kept.marks.heard, kept.marks.offered, kept.waits_for) == (True, (), (), None)
    heard = len(mira.hears())
    mira.edit(number, f"only told her {VEILED}")
    await life.settle()
    assert len(mira.hears()) == heard


async def test_care_that_was_cut_off_is_given_by_the_next_start(databases: Databases) -> None:
    url, clock = databases.migrated(), TravellingClock.standing_at(NOON)
    async with LocalTelegram(clock=clock) as telegram:
        mira = telegram.person("Mira")
        async with living(telegram, clock, url) as life:
            await life.subscribes(mira, "Berlin", datetime(2026, 11, 16, 20, 30, tzinfo=UTC).time())
            mira.say(f"told my sister {VEILED}")
            await only_answered(life)
            await hear_some(life.nearer.kit)
            assert [reply.waits_for for reply in await replies_of(life, mira)] == [Follows.CARE]
        async with living(telegram, clock, url) as life:
            await life.settle()
    databases.drop(url)
    assert "findahelpline.com" in mira.last().text


async def test_nothing_is_offered_once_chips_are_off(life: Life, mira: Person) -> None:
    await life.says(mira, "needed space all day")
    mira.say("made a joke of it")
    await only_answered(life)
    await hear_some(life.nearer.kit)
    mira.tap(life.phrase("chips_off"))
    await life.settle()
    assert asked(mira, life) == []
    assert [reply.waits_for for reply in await replies_of(life, mira)] == [None, None]


async def test_nobody_who_stopped_or_for_whom_care_answered_is_asked(life: Life, mira: Person) -> None:
    mira.say("needed space all day")
    mira.say("i want to die")
    await life.settle()
    assert asked(mira, life) == []
    mira.say("needed space again")
    await only_answered(life)
    mira.say("/stop")
    await life.settle()
    assert asked(mira, life) == []


async def test_words_edited_before_they_were_heard_are_heard_as_they_are_now(life: Life, mira: Person) -> None:
    number = mira.say("needed space all day")
    await only_answered(life)
    mira.edit(number, "stayed for the dishes")
    await life.settle()
    [kept] = await replies_of(life, mira)
    assert kept.marks.offered == ("staying_present",)
    assert asked(mira, life) == [number]


async def test_words_edited_after_the_chips_are_heard_again_and_not_asked_about_again(life: Life, mira: Person) -> None:
    number = await life.says(mira, "needed space all day")
    mira.edit(number, "stayed for the dishes")
    await life.settle()
    [kept] = await replies_of(life, mira)
    assert (kept.waits_for, kept.marks.offered) == (None, ("sudden_space",))
    assert asked(mira, life) == [number]


async def test_each_of_several_words_at_once_is_asked_about_once(life: Life, mira: Person) -> None:
    numbers = [mira.say(f"needed space {number}") for number in range(6)]
    while len(asked(mira, life)) < len(numbers):
        await life.settle()
    await life.settle()
    assert asked(mira, life) == numbers


async def test_told_to_wait_it_asks_later(life: Life, mira: Person) -> None:
    number = mira.say("needed space all day")
    await only_answered(life)
    life.telegram.fail_next("sendMessage")
    await life.nearer.follower.drain()
    assert asked(mira, life) == []
    await life.nearer.follower.drain()
    assert asked(mira, life) == [number]


async def test_a_later_start_goes_on_where_an_earlier_one_ended(databases: Databases) -> None:
    url, clock = databases.migrated(), TravellingClock.standing_at(NOON)
    async with LocalTelegram(clock=clock) as telegram:
        mira = telegram.person("Mira")
        async with living(telegram, clock, url) as life:
            await life.subscribes(mira, "Berlin", datetime(2026, 11, 16, 20, 30, tzinfo=UTC).time())
            mira.say("needed space all day")
            mira.say("made a joke of it")
            await only_answered(life)
            await life.nearer.kit.store.together(lambda work: work.following.take(Follows.HEARING, "killed", 1))
        async with living(telegram, clock, url) as life:
            assert asked(mira, life) == []
            await life.nearer.ticks.orphans()
            while len(asked(mira, life)) < 2:
                await life.settle()
    databases.drop(url)
    assert len(asked(mira, life)) == 2


async def test_chips_on_their_way_when_a_process_died_are_not_offered_again(databases: Databases) -> None:
    url, clock = databases.migrated(), TravellingClock.standing_at(NOON)
    async with LocalTelegram(clock=clock) as telegram:
        mira = telegram.person("Mira")
        async with living(telegram, clock, url) as life:
            await life.subscribes(mira, "Berlin", datetime(2026, 11, 16, 20, 30, tzinfo=UTC).time())
            mira.say("needed space all day")
            await only_answered(life)
            hold = telegram.hang_next("sendMessage")
            asking = asyncio.create_task(life.nearer.follower.drain())
            await mira.until(lambda _: asked(mira, life) or None)
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking
            hold.release()
        async with living(telegram, clock, url) as life:
            await life.nearer.ticks.orphans()
            await life.settle()
            [kept] = await replies_of(life, mira)
    databases.drop(url)
    assert (len(asked(mira, life)), kept.waits_for) == (1, None)


async def test_two_processes_hear_and_ask_each_reply_once(databases: Databases) -> None:
    url, clock = databases.migrated(), TravellingClock.standing_at(NOON)
    async with LocalTelegram(clock=clock) as telegram:
        people = [telegram.person(f"P{number}") for number in range(6)]
        async with living(telegram, clock, url) as one:
            for person in people:
                await one.subscribes(person, "Berlin", datetime(2026, 11, 16, 20, 30, tzinfo=UTC).time())
            for person in people * 3:
                person.say("needed space all day")
            await only_answered(one)
            async with living(telegram, clock, url) as two:
                while sum(len(asked(person, one)) for person in people) < 18:
                    await asyncio.gather(one.nearer.follower.drain(), two.nearer.follower.drain())
                async with one.nearer.kit.store.read() as work:
                    assert await work.following.waiting() == 0
    databases.drop(url)
    assert [len(asked(person, one)) for person in people] == [3] * 6
