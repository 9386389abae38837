"""The commands: a function each, and a line in COMMANDS."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.chat import operators
from bot.chat.visit import Visit
from bot.domain.records import Stage, Subscriber
from bot.journeys import adjusting, caring, exporting, journal, leaving, looking_back, resting, telling
from bot.journeys.messenger import Message


@dataclass(frozen=True, slots=True)
class Command:
    """What a command does. `listed` puts it in the menu; `anybody` may use it before they are subscribed."""

    run: Callable[[Visit, str], Awaitable[None]]
    anybody: bool = False
    listed: bool = True


async def _start(visit: Visit, rest: str) -> None:
    if visit.person is not None and visit.person.stage is Stage.STOPPED:
        await visit.say(await visit.resumed())
        return
    await visit.welcome(rest.strip() or None)


async def _today(visit: Visit, _: str) -> None:
    await visit.say(await telling.today_message(visit.kit, _person(visit)))


async def _week(visit: Visit, _: str) -> None:
    await visit.say(await telling.week_message(visit.kit, _person(visit)))


async def _journal(visit: Visit, _: str) -> None:
    await visit.say(await journal.journal(visit.kit, _person(visit)))


async def _patterns(visit: Visit, _: str) -> None:
    kit, person = visit.kit, _person(visit)
    view = await looking_back.long_view(kit, person)
    if (picture := await looking_back.months_picture(kit, person, view)) is not None:
        await kit.to(person).send_picture(picture)
    await visit.say(looking_back.overview(visit.tongue.words, person, view))


async def _space(visit: Visit, _: str) -> None:
    await visit.say(resting.space_menu(visit.kit, _person(visit)))


async def _stop(visit: Visit, _: str) -> None:
    if visit.person is None or visit.person.consented_at is None:
        await visit.say(Message(visit.tongue.words.say("nothing_to_stop")))
        return
    await visit.say(await resting.stop(visit.kit, visit.person))


async def _settings(visit: Visit, _: str) -> None:
    await visit.say(adjusting.settings_message(visit.kit, _person(visit)))


async def _export(visit: Visit, _: str) -> None:
    if visit.person is None or visit.person.consented_at is None:
        await visit.say(Message(visit.tongue.words.say("nothing_kept")))
        return
    async with visit.kit.store.read() as work:
        made = await exporting.export(work, visit.person, visit.tongue, visit.kit.now())
    words = visit.tongue.words
    captions = (words.say("export_page"), words.say("export_data"))
    for (name, text), caption in zip(exporting.files(made), captions, strict=True):
        await visit.kit.messenger.send_file(visit.chat_id, name, text, caption)


async def _delete(visit: Visit, _: str) -> None:
    if visit.person is None:
        await visit.say(Message(visit.tongue.words.say("nothing_kept")))
        return
    await visit.say(leaving.delete_message(visit.kit, visit.person))


async def _privacy(visit: Visit, _: str) -> None:
    await visit.say(telling.privacy_message(visit.kit, visit.language))


async def _support(visit: Visit, _: str) -> None:
    await visit.say(caring.support_message(visit.kit, visit.person, visit.language))


async def _help(visit: Visit, _: str) -> None:
    await visit.say(telling.help_message(visit.kit, visit.language))


COMMANDS: Mapping[str, Command] = {
    "start": Command(_start, anybody=True, listed=False),
    "today": Command(_today),
    "week": Command(_week),
    "journal": Command(_journal),
    "patterns": Command(_patterns),
    "space": Command(_space),
    "settings": Command(_settings),
    "support": Command(_support, anybody=True),
    "export": Command(_export, anybody=True),
    "privacy": Command(_privacy, anybody=True),
    "stats": Command(operators.stats, anybody=True, listed=False),
    "notice": Command(operators.notice, anybody=True, listed=False),
    "help": Command(_help, anybody=True),
    "stop": Command(_stop, anybody=True),
    "delete": Command(_delete, anybody=True),
}


async def run_command(visit: Visit, text: str) -> None:
    """Runs what a text beginning with "/" asks for; an unknown one gets a kind line."""
    head, rest = (*text[1:].split(maxsplit=1), "", "")[:2]
    command = COMMANDS.get(head.split("@")[0].lower())
    await visit.turn_elsewhere()
    if command is None:
        await visit.say(Message(visit.tongue.words.say("command_unknown")))
    elif command.anybody or visit.subscribed:
        await command.run(visit, rest)
    elif visit.person is not None and visit.person.stage is Stage.STOPPED:
        await visit.say(resting.stopped_message(visit.kit, visit.person))
    else:
        await visit.welcome()


def _person(visit: Visit) -> Subscriber:
    assert visit.person is not None
    return visit.person
