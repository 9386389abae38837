"""What Nearer tells of itself and of today: privacy, help, today's question, the week so far."""

from bot.domain.excerpt import excerpt, units
from bot.domain.localtime import local_day
from bot.domain.records import Kind, State, Subscriber
from bot.journeys.forgetting import UNREACHABLE_FOR
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message
from bot.journeys.prompting import asked_text
from bot.journeys.reflecting import reflection_of, week_so_far
from bot.journeys.resting import next_question_told

#: Of a long answer, /today shows so many UTF-16 units; and of a day with many, so many in all.
SHOWN = 300
SHOWN_IN_ALL = 3000
#: So far off are the turns of a week looked at ahead, so that the reflection to come reads otherwise (W6).
ASIDE = 101


def privacy_message(kit: Kit, language: str) -> Message:
    """The truth of this installation (P1); works before consent."""
    words = kit.tongue(language).words
    place = words.say("place_sqlite" if kit.house.on_sqlite else "place_postgresql")
    months = kit.house.keep_months
    return Message(
        words.say(
            "privacy",
            operator=kit.operator(words),
            place=place,
            backups=words.say("backups_operator"),
            kept=words.say("kept_until_deleted") if months is None else words.say("kept_months", count=months),
            days=UNREACHABLE_FOR.days,
        )
    )


def help_message(kit: Kit, language: str) -> Message:
    """What can be done here, in one screen."""
    return Message(kit.tongue(language).words.say("help"))


async def today_message(kit: Kit, person: Subscriber) -> Message:
    """Today's question and what was answered; or one now, where the day has none yet."""
    words = kit.tongue_of(person).words
    day = local_day(kit.now(), person.preferences.zone or "UTC", person.preferences.day_start)
    async with kit.store.read() as work:
        delivery = await work.deliveries.of_day(person.id, Kind.QUESTION, day)
        replies = await work.replies.between(person.id, day, day)
    parts = [words.say("today", day=words.day(day))]
    asked = delivery is not None and delivery.asked is not None and delivery.state is not State.WAITING
    if delivery is not None and asked:
        parts.append(asked_text(kit, person, delivery))
    parts += [
        words.say("today_answer", text=text) for text in _newest([excerpt(reply.text, SHOWN) for reply in replies])
    ]
    if asked:
        return Message("\n\n".join(parts if replies else [*parts, words.say("today_open")]))
    parts.append(words.say("today_none", next=next_question_told(kit, person)))
    return Message("\n\n".join(parts), ((Button(words.say("button_now"), "b:now"),),))


def _newest(texts: list[str]) -> list[str]:
    """As many as fit into one message, from the newest back; a dropped beginning shows as "…"."""
    shown: list[str] = []
    for text in reversed(texts):
        if sum(map(units, shown)) + units(text) > SHOWN_IN_ALL:
            return ["…", *reversed(shown)]
        shown.append(text)
    return texts


async def week_message(kit: Kit, person: Subscriber) -> Message:
    """The seven days up to today, as a reflection would tell them; counts for none."""
    number = person.reflections_sent + ASIDE
    reflection = await reflection_of(kit, person, week_so_far(person, kit.now()), number=number)
    return Message(reflection.text)
