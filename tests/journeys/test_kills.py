"""The real process, killed in the middle: nothing is lost, and nothing is sent against D9."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.domain.agenda import with_next
from bot.domain.records import Kind, Marks, Preferences, Reply, Stage, State
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from bot.storage import schema
from bot.storage.address import read_address
from bot.storage.sealing import Sealer, new_key, read_keys
from bot.storage.store import Store, make_engine

#: A worker killed is given up by the next after its lease; the whole way takes some seconds more.
WITHIN_S = 40.0


class Machine:
    """One operator's machine: a database, a key, and the process that is started and killed."""

    def __init__(self, folder: Path, telegram: LocalTelegram) -> None:
        self.telegram = telegram
        key = new_key()
        self.store = Store(make_engine(read_address(f"sqlite:///{folder}/nearer.db")), Sealer(read_keys(key)))
        self._environment = {
            "PATH": os.environ["PATH"],
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            "NEARER_KEY": key,
            "DATABASE_URL": f"sqlite:///{folder}/nearer.db",
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=self._environment, stderr=asyncio.subprocess.DEVNULL
        )

    async def end(self, how: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self._process.wait()

    async def subscribe(self, person: Person, *, reflect: bool = False) -> int:
        """Somebody whose question, or reflection, is due this very moment."""
        now = datetime.now(UTC)
        person.start()
        async with self.store.write() as work:
            known = await work.subscribers.add(person.id, "en", now)
            wishes = replace(Preferences(), zone="UTC", ask_at=time(12))
            ready = replace(known, stage=Stage.ACTIVE, consented_at=now - timedelta(days=30), preferences=wishes)
            ready = with_next(ready, now)
            if reflect:
                ready = replace(ready, reflection_due_at=now, reflection_day=now.date(), question_due_at=None)
            else:
                ready = replace(ready, question_due_at=now, question_day=now.date(), reflection_due_at=None)
            await work.subscribers.save(ready)
        return known.id

    async def states(self, subscriber: int) -> list[tuple[Kind, State]]:
        async with self.store.read() as work:
            return [(one.kind, one.state) for one in await work.deliveries.all_of(subscriber)]

    async def reply(self, subscriber: int, message_id: int) -> Reply:
        async with self.store.read() as work:
            found = await work.replies.of_source(subscriber, f"m{message_id}")
        assert found is not None
        return found

    async def until_state(self, subscriber: int, state: State) -> None:
        async with asyncio.timeout(WITHIN_S):
            while state not in [known for _, known in await self.states(subscriber)]:  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # another process changes the database


@asynccontextmanager
async def machine(folder: Path) -> AsyncIterator[Machine]:
    async with LocalTelegram() as telegram:
        running = Machine(folder, telegram)
        engine = make_engine(read_address(f"sqlite:///{folder}/nearer.db"))
        await schema.migrate(engine)
        await engine.dispose()
        try:
            yield running
        finally:
            await running.end(signal.SIGKILL)
            await running.store.close()


async def until(person: Person, look: Callable[[Person], bool]) -> None:
    await person.until(lambda one: True if look(one) else None, within=WITHIN_S)


def questions(person: Person) -> int:
    return sum("Not today" in message.labels for message in person.hears())


def reflections(person: Person) -> int:
    return sum(message.text.startswith("Your week") and not message.photo for message in person.hears())


async def test_killed_in_the_middle_of_a_question_it_is_unknown_and_not_sent_again(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        mira = running.telegram.person("Mira")
        known = await running.subscribe(mira)
        hold = running.telegram.hang_next("sendMessage")
        await running.start()
        await until(mira, lambda one: questions(one) == 1)
        await running.end(signal.SIGKILL)
        hold.release()
        assert await running.states(known) == [(Kind.QUESTION, State.SENDING)]
        await running.start()
        await running.until_state(known, State.UNKNOWN)
        assert await running.end(signal.SIGTERM) == 0
        assert questions(mira) == 1


async def test_killed_in_the_middle_of_a_reflection_it_is_sent_again(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        mira = running.telegram.person("Mira")
        known = await running.subscribe(mira, reflect=True)
        async with running.store.write() as work:
            for number in range(3):
                day = date.today() - timedelta(days=number + 1)  # noqa: DTZ011 - UTC is the person's zone here
                await work.replies.keep(Reply(0, known, f"m{number}", day, datetime.now(UTC), "soup", Marks()))
        hold = running.telegram.hang_next("sendMessage")
        await running.start()
        await until(mira, lambda one: reflections(one) == 1)
        await running.end(signal.SIGKILL)
        hold.release()
        await running.start()
        await until(mira, lambda one: reflections(one) == 2)
        await running.until_state(known, State.SENT)
        assert sum(message.photo is not None for message in mira.hears()) == 1


async def test_killed_in_the_middle_of_a_reply_it_is_kept_once_and_answered(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        mira = running.telegram.person("Mira")
        known = await running.subscribe(mira)
        await running.start()
        await until(mira, lambda one: questions(one) == 1)
        hold = running.telegram.hang_next("setMessageReaction")
        number = mira.say("walked home the long way")
        await until(mira, lambda one: one.message(number).reaction is not None)
        await running.end(signal.SIGKILL)
        hold.release()
        second = mira.say("and back")
        await running.start()
        await until(mira, lambda one: one.message(second).reaction is not None)
        async with running.store.read() as work:
            kept = await work.replies.between(known, date(2000, 1, 1), date(2100, 1, 1))
        assert [reply.text for reply in kept] == ["walked home the long way", "and back"]


async def test_killed_before_it_heard_a_reply_the_next_start_hears_it(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        mira = running.telegram.person("Mira")
        known = await running.subscribe(mira)
        await running.start()
        number = mira.say("needed space today and left the dinner early")
        await until(mira, lambda one: one.message(number).reaction is not None)
        await running.end(signal.SIGKILL)
        async with running.store.read() as work:
            assert await work.following.waiting() == 1
        await running.start()
        async with asyncio.timeout(WITHIN_S):
            while (kept := await running.reply(known, number)).waits_for is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.1)  # another process changes the database
    asked = [message for message in mira.hears() if message.reply_to == number]
    assert len(asked) == bool(kept.marks.offered)


async def test_told_to_end_it_ends_well_and_the_next_start_goes_on(tmp_path: Path) -> None:
    async with machine(tmp_path) as running:
        mira = running.telegram.person("Mira")
        await running.start()
        mira.start()
        await until(mira, lambda one: bool(one.hears()))
        assert await running.end(signal.SIGTERM) == 0
        await running.start()
        mira.tap("Begin")
        await until(mira, lambda one: one.last().text.startswith("What does your clock say"))
