"""From /start to the first question: consent, zone, time of day; each step can go back, none is kept in memory.

Where somebody stands is read from what is known of them, so a restart goes on in the middle.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from hashlib import blake2b

from bot.domain.agenda import with_next
from bot.domain.clockwords import Clear, Unclear, read_time
from bot.domain.localtime import country_of, likely_clocks, likely_zones, local, zone_exists
from bot.domain.records import Preferences, Stage, Subscriber
from bot.journeys.caring import country
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Rows
from bot.journeys.resting import next_question_told
from bot.places import Place, find_places, zones_of_countries
from bot.storage.store import Work
from bot.words import countries_speaking

#: Times of day that the buttons offer; any other is typed.
HOURS = (time(8, 0), time(12, 30), time(18, 0), time(20, 30), time(21, 30), time(22, 30))


async def arrive(kit: Kit, chat_id: int, language: str, invite: str | None) -> Subscriber | None:
    """Whoever writes for the first time: nothing but chat, language and a hash of the invite is kept.

    None for who is not let in (P5); of them nothing is kept. Who came in once stays in.
    """
    mark = blake2b(invite.encode(), digest_size=16).hexdigest() if invite else None
    async with kit.store.write() as work:
        known = await work.subscribers.of_chat(chat_id, hold=True)
        if known is None and not await _let_in(kit, work, chat_id, invite):
            return None
        return known or await work.subscribers.add(chat_id, language, kit.now(), mark)


async def _let_in(kit: Kit, work: Work, chat_id: int, invite: str | None) -> bool:
    house = kit.house
    if house.access == "open" or chat_id in house.operators:
        return True
    if house.access == "list":
        return chat_id in house.allowed
    return invite is not None and await work.invites.use(invite, kit.now())


def start_message(kit: Kit, person: Subscriber) -> Message:
    """What /start shows: consent first, else the step they are at, else when the next question comes."""
    if person.consented_at is None:
        return consent_message(kit, person)
    if person.preferences.zone is None:
        return zone_message(kit, person)
    if person.preferences.ask_at is None:
        return time_message(kit, person)
    return subscribed_message(kit, person)


def consent_message(kit: Kit, person: Subscriber) -> Message:
    """One screen: what this is and is not, what is kept and who can read it."""
    words = kit.tongue_of(person).words
    rows = (
        (Button(words.say("button_begin"), "b:begin"),),
        (Button(words.say("button_privacy"), "b:privacy"),),
    )
    return Message(words.say("consent", operator=kit.operator(words)), rows)


def zone_message(kit: Kit, person: Subscriber) -> Message:
    """What does your clock say now? The likely local times as buttons; typing is always possible."""
    words = kit.tongue_of(person).words
    rows = clock_rows(kit, person, zones_of_countries(likely_countries(person.preferences.language), kit.places))
    return Message(words.say("zone_ask"), (*rows, (Button(words.say("back"), "b:consent"),)))


def likely_countries(language: str) -> tuple[str, ...]:
    """Where somebody with this language may be: its region, else where it is spoken; "en" alone says nothing."""
    where = country(None, language)
    if where is not None:
        return (where,)
    plain = language.replace("_", "-").partition("-")[0]
    return () if plain == "en" else countries_speaking(plain)


def clock_rows(kit: Kit, person: Subscriber, zones: Sequence[str] = ()) -> Rows:
    """What clocks may show now in these zones, or about the world, with their cities; and the phone's own place."""
    words = kit.tongue_of(person).words
    buttons = [
        Button(words.say("clock_of", clock=words.clock(wall), city=words.city(zone)), f"z:{zone}")
        for wall, zone in likely_clocks(kit.now(), zones)
    ]
    return (*_in_rows(buttons, 2), (Button(words.say("button_share_place"), "b:place"),))


def places_message(kit: Kit, person: Subscriber, places: Sequence[Place]) -> Message:
    """Which of these places? A typed name may fit several."""
    words = kit.tongue_of(person).words
    rows = tuple((Button(_place_told(kit, person, place), f"z:{place.zone}"),) for place in places)
    return Message(words.say("zone_which"), (*rows, (Button(words.say("back"), "b:zone"),)))


def _place_told(kit: Kit, person: Subscriber, place: Place) -> str:
    words = kit.tongue_of(person).words
    land = words.territory(place.country) if place.country else place.zone
    return words.say("place", name=place.name, country=land, clock=words.clock(local(kit.now(), place.zone).time()))


def zone_typed(kit: Kit, person: Subscriber, text: str) -> Message | str | None:
    """A zone when what was typed names just one, a choice where it may be several, None where it is none."""
    places = find_places(text, kit.places)
    zones = {place.zone for place in places}
    if len(zones) == 1:
        return zones.pop()
    if places:
        return places_message(kit, person, places)
    clock = read_time(text, kit.tongue_of(person).clock)
    if isinstance(clock, Clear | Unclear):
        return _zone_by_clock(kit, person, (clock.time,) if isinstance(clock, Clear) else clock.options)
    return None


def _zone_by_clock(kit: Kit, person: Subscriber, walls: Sequence[time]) -> Message | None:
    words = kit.tongue_of(person).words
    near = zones_of_countries(likely_countries(person.preferences.language), kit.places)
    where = dict.fromkeys(country_of(zone) or "" for zone in near)
    zones = [zone for wall in walls for zone in likely_zones(kit.now(), wall, tuple(where))]
    if not zones:
        return None
    rows = tuple((Button(_zone_told(kit, person, zone), f"z:{zone}"),) for zone in zones[:8])
    return Message(words.say("zone_which"), (*rows, (Button(words.say("back"), "b:zone"),)))


def _zone_told(kit: Kit, person: Subscriber, zone: str) -> str:
    words = kit.tongue_of(person).words
    land = country_of(zone)
    clock = words.clock(local(kit.now(), zone).time())
    return words.say("place", name=words.city(zone), country=words.territory(land) if land else zone, clock=clock)


def time_message(kit: Kit, person: Subscriber) -> Message:
    """At what time? Six hours as buttons; any other is typed."""
    words = kit.tongue_of(person).words
    buttons = [Button(words.clock(wall), f"t:{wall.isoformat('minutes')}") for wall in HOURS]
    clock = words.clock(local(kit.now(), person.preferences.zone or "UTC").time())
    text = words.say("time_ask", clock=clock, zone=person.preferences.zone or "UTC")
    return Message(text, (*_in_rows(buttons, 3), (Button(words.say("back"), "b:zone"),)))


def time_typed(kit: Kit, person: Subscriber, text: str) -> Message | time | None:
    """A time of day when it is clear, what to ask back where it is not, None where it is none."""
    words = kit.tongue_of(person).words
    read = read_time(text, kit.tongue_of(person).clock)
    if isinstance(read, Clear):
        return read.time
    if isinstance(read, Unclear):
        buttons = [Button(words.clock(wall), f"t:{wall.isoformat('minutes')}") for wall in read.options]
        return Message(words.say("time_which"), (*_in_rows(buttons, 3), (Button(words.say("back"), "b:time"),)))
    return None


def not_understood(kit: Kit, person: Subscriber, name: str) -> Message:
    """What was typed is no place ("zone") or no time of day ("time"): said kindly, with the way back."""
    words = kit.tongue_of(person).words
    return Message(words.say(f"{name}_unknown"), ((Button(words.say("back"), f"b:{name}"),),))


def subscribed_message(kit: Kit, person: Subscriber) -> Message:
    """When the next question comes, echoed with weekday, time and zone; and one now, if they like."""
    words = kit.tongue_of(person).words
    key = "subscribed" if person.last_question_day is None else "already"
    rows = ((Button(words.say("button_now"), "b:now"),), (Button(words.say("button_settings"), "g:"),))
    return Message(words.say(key, next=next_question_told(kit, person)), rows)


async def consent(kit: Kit, person: Subscriber) -> Subscriber:
    """*Begin*: from now on more than the chat is kept. Changes nothing for who began before."""
    if person.stage is not Stage.ARRIVED:
        return person
    return await _change(kit, person, consented_at=kit.now(), stage=Stage.SETTLING)


async def choose_zone(kit: Kit, person: Subscriber, zone: str) -> Subscriber | None:
    """Sets the zone; None for one that does not exist."""
    if not zone_exists(zone):
        return None
    return await set_preferences(kit, person, zone=zone)


async def choose_time(kit: Kit, person: Subscriber, wall: time) -> Subscriber:
    """Sets the time of day; with it the person is subscribed."""
    return await set_preferences(kit, person, ask_at=wall)


async def step_back(kit: Kit, person: Subscriber, *fields: str) -> Subscriber:
    """Goes a step back while settling: these choices are open again."""
    if person.stage is not Stage.SETTLING:
        return person
    return await set_preferences(kit, person, **dict.fromkeys(fields))


async def set_preferences(kit: Kit, person: Subscriber, **changes: object) -> Subscriber:
    """Writes preferences and reckons anew what is due."""
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True) or person
        wishes: Preferences = replace(held.preferences, **changes)  # type: ignore[arg-type]
        ready = held.stage is Stage.SETTLING and wishes.zone is not None and wishes.ask_at is not None
        stage = Stage.ACTIVE if ready else held.stage
        changed = with_next(replace(held, preferences=wishes, stage=stage, awaiting=None), kit.now())
        await work.subscribers.save(changed)
    return changed


async def _change(kit: Kit, person: Subscriber, **changes: object) -> Subscriber:
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True) or person
        changed: Subscriber = replace(held, **changes)  # type: ignore[arg-type]
        await work.subscribers.save(changed)
    return changed


def _in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
