"""The buttons: callback data is "verb:argument:…"; a function each, and a line in BUTTONS.

Data carries ids and positions, never content. What no longer fits is answered politely.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import time

from bot.chat.commands import run_command
from bot.chat.journal import own_reply, press_journal
from bot.chat.operators import press_notice
from bot.chat.patterns import press_page, press_verdict
from bot.chat.visit import OLD, Toast, Visit
from bot.domain.errors import MessageGone, OutcomeUnknown, Refused
from bot.domain.records import Delivery, Stage, State, Subscriber
from bot.journeys import adjusting, leaving, prompting, replying, resting, subscribing, telling
from bot.journeys.messenger import Message

#: Ids stay far below what a column holds: 2**63 has nineteen digits.
MOST_DIGITS = 18


async def press(visit: Visit, tap_id: str, data: str) -> None:
    """Does what a tapped button asks for and answers the tap, once."""
    verb, *arguments = data.split(":")
    visit.tap = tap_id
    handler = None if any(map(_no_id, arguments)) else BUTTONS.get(verb)
    await visit.turn_elsewhere()
    try:
        toast = await handler(visit, arguments) if handler and _may(visit, verb) else OLD
    except (ValueError, IndexError, MessageGone):
        toast = OLD
    except (OutcomeUnknown, Refused):
        await visit.kit.messenger.answer_tap(tap_id)
        raise
    words = visit.tongue.words
    await visit.kit.messenger.answer_tap(tap_id, words.say("old_button") if toast == OLD else toast or "")


def _no_id(argument: str) -> bool:
    """Whether it is a number that no row can have; whoever writes a client of their own can send any data."""
    return sum(map(str.isdigit, argument)) > MOST_DIGITS


def _may(visit: Visit, verb: str) -> bool:
    """The way in and out is open to all who arrived, its choices from consent to /stop, the rest to subscribers."""
    if verb == "x":
        return True
    if visit.person is None:
        return False
    choosing = visit.person.stage in (Stage.SETTLING, Stage.ACTIVE)
    return visit.subscribed or verb in ("b", "d", "s") or (verb in ("z", "t") and choosing)


async def _begin(visit: Visit, arguments: Sequence[str]) -> Toast:
    person = _person(visit)
    match arguments:
        case ["privacy"]:
            await visit.say(telling.privacy_message(visit.kit, visit.language))
        case ["resume"] if person.stage is Stage.STOPPED:
            await visit.show(await visit.resumed())
        case ["now"] if visit.subscribed:
            return await _ask_now(visit)
        case [step] if person.stage is not Stage.STOPPED:
            return await _step(visit, person, step)
        case _:
            return OLD
    return None


async def _step(visit: Visit, person: Subscriber, step: str) -> Toast:
    """A step on the way in, or back; who is subscribed gets to the setting instead."""
    kit, words = visit.kit, visit.tongue.words
    match step, person.stage:
        case "begin", _:
            visit.person = await subscribing.consent(kit, person)
            await visit.show(subscribing.start_message(kit, visit.person))
        case "consent", Stage.ARRIVED | Stage.SETTLING:
            await visit.show(subscribing.consent_message(kit, person))
        case "zone", Stage.SETTLING:
            visit.person = await subscribing.step_back(kit, person, "zone", "ask_at")
            await visit.show(subscribing.zone_message(kit, visit.person))
        case "time", Stage.SETTLING:
            visit.person = await subscribing.step_back(kit, person, "ask_at")
            await visit.show(subscribing.start_message(kit, visit.person))
        case "zone" | "time", Stage.ACTIVE:
            await visit.show(await adjusting.setting_message(kit, person, step))
        case "place", Stage.SETTLING | Stage.ACTIVE:
            await visit.say(Message(words.say("place_ask"), ask_location=words.say("place_button")))
        case _:
            return OLD
    return None


async def _ask_now(visit: Visit) -> Toast:
    coming = await prompting.ask_now(visit.kit, _person(visit))
    return None if coming else visit.tongue.words.say("now_had")


async def _zone(visit: Visit, arguments: Sequence[str]) -> Toast:
    changed = await subscribing.choose_zone(visit.kit, _person(visit), ":".join(arguments))
    if changed is None:
        return OLD
    visit.person = changed
    await visit.show(after_choice(visit, "zone"))
    return None


async def _time(visit: Visit, arguments: Sequence[str]) -> Toast:
    visit.person = await subscribing.choose_time(visit.kit, _person(visit), time.fromisoformat(":".join(arguments)))
    await visit.show(after_choice(visit, "time"))
    return None


def after_choice(visit: Visit, name: str) -> Message:
    """The next step on the way in, or the settings again."""
    person = _person(visit)
    if person.stage is Stage.ACTIVE and person.last_question_day is None and name == "time":
        return subscribing.subscribed_message(visit.kit, person)
    if person.stage is Stage.ACTIVE:
        return adjusting.settings_message(visit.kit, person)
    return subscribing.start_message(visit.kit, person)


async def _space(visit: Visit, arguments: Sequence[str]) -> Toast:
    kit, person, name = visit.kit, _person(visit), arguments[0]
    if not visit.subscribed:
        return OLD
    if name == "care":
        await visit.say(resting.space_menu(kit, person))
    elif name == "end":
        await visit.show(await resting.end_space(kit, person))
    elif name in (*resting.SPACES, resting.OPEN):
        await visit.show(await resting.give_space(kit, person, name))
    else:
        return OLD
    return None


async def _delete(visit: Visit, arguments: Sequence[str]) -> Toast:
    kit, person = visit.kit, _person(visit)
    match arguments:
        case ["yes"]:
            said = await leaving.delete(kit, person)
            visit.person = None
            await visit.show(said)
        case ["no"]:
            await visit.show(Message(visit.tongue.words.say("delete_kept")))
        case ["export"]:
            await run_command(visit, "/export")
        case _:
            return OLD
    return None


async def _settings(visit: Visit, arguments: Sequence[str]) -> Toast:
    kit, person = visit.kit, _person(visit)
    match arguments:
        case [""]:
            await visit.show(adjusting.settings_message(kit, person))
        case ["done"]:
            said = visit.tongue.words.say("settings_done", next=resting.next_question_told(kit, person))
            await visit.show(Message(said))
        case [name] if name in adjusting.SETTINGS:
            await visit.show(await adjusting.setting_message(kit, person, name))
        case [name, number] if name in adjusting.SETTINGS:
            changed = await adjusting.choose_setting(kit, person, name, int(number))
            if changed is None:
                return OLD
            visit.person = changed
            await visit.show(await adjusting.setting_message(kit, changed, name))
        case _:
            return OLD
    return None


async def _another(visit: Visit, arguments: Sequence[str]) -> Toast:
    delivery = await _question(visit, arguments[0])
    if delivery is None:
        return OLD
    message = await prompting.another(visit.kit, _person(visit), delivery, visit.tap)
    if message is None:
        return visit.tongue.words.say("another_enough")
    await visit.show(message)
    return None


async def _later(visit: Visit, arguments: Sequence[str]) -> Toast:
    delivery = await _question(visit, arguments[0])
    if delivery is None:
        return OLD
    kit, person = visit.kit, _person(visit)
    if len(arguments) == 1:
        await visit.show(prompting.later_menu(kit, person, delivery))
    elif arguments[1] == "back":
        await visit.show(prompting.question(kit, person, delivery))
    elif arguments[1] == "zone":
        await visit.show(prompting.question(kit, person, delivery))
        await visit.say(await adjusting.setting_message(kit, person, "zone"))
    else:
        due_at = prompting.later_at(kit, person, arguments[1])
        if due_at is None:
            return OLD
        await visit.show(await prompting.later(kit, person, delivery, due_at))
    return None


async def _not_today(visit: Visit, arguments: Sequence[str]) -> Toast:
    delivery = await _question(visit, arguments[0])
    if delivery is None:
        return OLD
    await prompting.not_today(visit.kit, _person(visit), delivery)
    await visit.show(Message(prompting.asked_text(visit.kit, _person(visit), delivery)))
    return visit.tongue.words.say("not_today")


async def _answer(visit: Visit, arguments: Sequence[str]) -> Toast:
    delivery = await _question(visit, arguments[0])
    if delivery is None or not await replying.take_tap(
        visit.kit, _person(visit), delivery, int(arguments[1]), visit.at
    ):
        return OLD
    return visit.tongue.words.say("tap_kept")


async def _chip(visit: Visit, arguments: Sequence[str]) -> Toast:
    kit, person = visit.kit, _person(visit)
    reply = await own_reply(visit, arguments[0])
    if reply is None:
        return OLD
    if arguments[1] == "x":
        visit.person = await subscribing.set_preferences(kit, person, chips=False)
        await visit.show(Message(visit.tongue.words.say("chips_are_off")))
        return None
    none = arguments[1] == "n"
    changed = await (
        replying.take_none(kit, person, reply) if none else replying.take_chip(kit, person, reply, int(arguments[1]))
    )
    if changed is None:
        return visit.tongue.words.say("chip_had")
    words = visit.tongue.words
    rows = replying.chip_rows(kit, person, changed)
    noted = "chips_noted_none" if none else "chips_noted_all" if replying.all_noted(changed) else "chips_noted"
    await visit.show(Message(words.say(noted), rows))
    return None


async def _question(visit: Visit, written: str) -> Delivery | None:
    """The person's own question, if its row is still there to be tapped."""
    async with visit.kit.store.read() as work:
        delivery = await work.deliveries.of_id(int(written))
    if delivery is None or delivery.subscriber_id != _person(visit).id or delivery.closed:
        return None
    return delivery if delivery.state in (State.SENT, State.UNKNOWN, State.SENDING) else None


def _person(visit: Visit) -> Subscriber:
    assert visit.person is not None
    return visit.person


BUTTONS: Mapping[str, Callable[[Visit, Sequence[str]], Awaitable[Toast]]] = {
    "b": _begin,
    "z": _zone,
    "t": _time,
    "s": _space,
    "d": _delete,
    "g": _settings,
    "o": _another,
    "l": _later,
    "n": _not_today,
    "a": _answer,
    "c": _chip,
    "v": press_verdict,
    "p": press_page,
    "j": press_journal,
    "x": press_notice,
}
