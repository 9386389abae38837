"""/settings: one message, edited in place, the current value ticked, Back on every level (T1).

A setting is one entry of SETTINGS: its name, the field it sets, and the values offered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from bot.domain.records import EVERY_DAY, Preferences, Subscriber
from bot.journeys.awaiting import await_words, forget_words
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Rows
from bot.journeys.resting import next_question_told
from bot.journeys.subscribing import clock_rows, set_preferences
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Setting:
    """A preference with its choices: values, and how each is said. `typed`: it also takes typed words."""

    field: str
    values: tuple[object, ...]
    told: Callable[[Words, object], str]
    typed: bool = False
    width: int = 1


def _clock(words: Words, value: object) -> str:
    assert isinstance(value, time)
    return words.clock(value)


def _said(name: str) -> Callable[[Words, object], str]:
    return lambda words, value: words.say(f"set_{name}_{str(value).lower()}")


def _weekday(words: Words, value: object) -> str:
    return words.weekday_named(int(str(value)))


def _place(_words: Words, value: object) -> str:
    return str(value)


def _times(*hours: int) -> tuple[time, ...]:
    return tuple(time(hour) for hour in hours)


#: A weekday's button that takes the day away carries its number plus this.
LESS = 7
#: In the order of the menu. The zone and the time are also typed.
SETTINGS: Mapping[str, Setting] = {
    "time": Setting("ask_at", _times(7, 8, 9, 12, 18, 20, 21, 22), _clock, typed=True, width=4),
    "zone": Setting("zone", (), _place, typed=True),
    "often": Setting("every", (1, 2, 3, 7), _said("often"), width=2),
    "weekdays": Setting("weekdays", tuple(range(7)), _weekday, width=2),
    "weekday": Setting("reflect_weekday", tuple(range(7)), _weekday, width=2),
    "hour": Setting("reflect_at", _times(9, 12, 17, 18, 19, 20, 21, 22), _clock, width=4),
    "silent": Setting("silent", (False, True), _said("silent")),
    "chips": Setting("chips", (True, False), _said("chips")),
    "ack": Setting("ack_in_words", (False, True), _said("ack")),
    "quotes": Setting("quotes", (True, False), _said("quotes")),
    "picture": Setting("picture", ("light", "dark"), _said("picture")),
    "private": Setting("private", (False, True), _said("private")),
    "notices": Setting("notices", (True, False), _said("notices")),
    "start": Setting("day_start", _times(0, 3, 4, 5, 6), _clock, width=3),
    "language": Setting("language", (), _place),
}


def settings_message(kit: Kit, person: Subscriber) -> Message:
    """Everything that can be set, with its value now, and when the next question comes."""
    words = kit.tongue_of(person).words
    rows = tuple(
        (
            Button(
                words.say("set_line", name=words.say(f"set_{name}"), value=told(kit, person, name)),
                f"g:{name}",
            ),
        )
        for name in SETTINGS
        if name != "language" or len(kit.tongues) > 1
    )
    text = words.say("settings", next=next_question_told(kit, person))
    return Message(text, (*rows, (Button(words.say("done"), "g:done"),)))


def told(kit: Kit, person: Subscriber, name: str) -> str:
    """The value of a setting, said."""
    words, setting = kit.tongue_of(person).words, SETTINGS[name]
    value = getattr(person.preferences, setting.field)
    if name == "weekdays":
        every = value == EVERY_DAY
        return (
            words.say("every_day")
            if every
            else words.listing([words.weekday_named(d, short=True) for d in sorted(value)])
        )
    if name == "language":
        return words.say("language_name")
    return setting.told(words, value)


async def setting_message(kit: Kit, person: Subscriber, name: str) -> Message:
    """One setting: its choices, the current one ticked, and Back. What is typed now is meant for it."""
    words, setting = kit.tongue_of(person).words, SETTINGS[name]
    await (await_words(kit, person, f"set_{name}") if setting.typed else forget_words(kit, person))
    rows = clock_rows(kit, person) if name == "zone" else _choices(kit, person, name)
    note = words.say(f"set_{name}_note", value=told(kit, person, name))
    text = words.say("setting", name=words.say(f"set_{name}"), note=note)
    return Message(text, (*rows, (Button(words.say("back"), "g:"),)))


def _choices(kit: Kit, person: Subscriber, name: str) -> Rows:
    words, setting = kit.tongue_of(person).words, SETTINGS[name]
    values: Sequence[object] = sorted(kit.tongues) if name == "language" else setting.values
    now = getattr(person.preferences, setting.field)
    buttons = []
    for number, value in enumerate(values):
        ticked = value in now if name == "weekdays" else value == now
        label = kit.tongue(str(value)).words.say("language_name") if name == "language" else setting.told(words, value)
        choice = number + LESS if name == "weekdays" and ticked else number
        buttons.append(Button(f"{words.say('tick')} {label}" if ticked else label, f"g:{name}:{choice}"))
    return tuple(tuple(buttons[at : at + setting.width]) for at in range(0, len(buttons), setting.width))


async def choose_setting(kit: Kit, person: Subscriber, name: str, number: int) -> Subscriber | None:
    """Sets what was tapped; None where there is no such choice."""
    setting = SETTINGS[name]
    values: Sequence[object] = sorted(kit.tongues) if name == "language" else setting.values
    if number >= len(values) + (LESS if name == "weekdays" else 0):
        return None
    value = _with_weekday(person.preferences, number) if name == "weekdays" else values[number]
    return await set_preferences(kit, person, **{setting.field: value})


def _with_weekday(wishes: Preferences, number: int) -> frozenset[int]:
    """One weekday more or, from LESS on, less; the last one stays, a week without any is what /space is for.

    The button says which of the two: an update that is handled again after a fault must not turn it back.
    """
    changed = wishes.weekdays - {number - LESS} if number >= LESS else wishes.weekdays | {number}
    return changed or wishes.weekdays
