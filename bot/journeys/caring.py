"""Care comes before anything else: one warm, short answer with somebody to reach (S1 to S4)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.localtime import country_of, local_day
from bot.domain.records import Kind, Subscriber
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message
from bot.tongues import Tongue

#: Within this long it is the same hard time: a short reminder, not the whole answer again (S2).
EPISODE = timedelta(hours=12)
#: The questions of the next days are gentle (S3).
GENTLE_DAYS = 7
#: More helplines than this do not fit a moment like that.
MOST_LINES = 4


async def answer_care(kit: Kit, chat_id: int, person: Subscriber | None, language: str, kind: str) -> None:
    """Answers somebody who may be in danger; nothing is asked, nothing reacted to."""
    again = person is not None and _same_episode(person, kit.now())
    message = care_message(kit, person, language, kind, again=again)
    if person is not None:
        await _remember(kit, person)
    await kit.messenger.send(chat_id, message)


def care_message(kit: Kit, person: Subscriber | None, language: str, kind: str, *, again: bool) -> Message:
    """The whole answer, or the short reminder within an episode."""
    tongue = kit.tongue(language)
    texts = tongue.library.care_texts
    key = "again" if again else ("answer_violence" if kind == "violence" else "answer")
    lines = helplines(tongue, country(person, language), violence=kind == "violence")
    text = texts[key].format(helplines=lines)
    rows = () if person is None else ((Button(texts["pause"], "s:care"),),)
    return Message(text, rows, shareable=True)


def support_message(kit: Kit, person: Subscriber | None, language: str) -> Message:
    """/support: the helplines, at any time (S4)."""
    tongue = kit.tongue(language)
    where = country(person, language)
    parts = (
        helplines(tongue, where, violence=False, fallback=False),
        helplines(tongue, where, violence=True, fallback=False),
        tongue.library.care_texts["anywhere"],
    )
    text = tongue.library.care_texts["support_intro"].format(helplines="\n".join(filter(None, parts)))
    return Message("\n\n".join(filter(None, (text, _checked(tongue, where)))), shareable=True)


def _checked(tongue: Tongue, where: str | None) -> str:
    """The month in which the oldest of these lines was checked by its source; nothing where there is none."""
    dates = [one.source_date for one in tongue.library.helplines.get(where or "", ())]
    if not dates:
        return ""
    year, month, *_ = (*map(int, min(dates).split("-")), 1)
    return tongue.library.care_texts["checked"].format(date=tongue.words.month(date(year, month, 1)))


def helplines(tongue: Tongue, where: str | None, *, violence: bool, fallback: bool = True) -> str:
    """The lines of a country as text; findahelpline.com beside them, or alone where none is known."""
    texts = tongue.library.care_texts
    known = [one for one in tongue.library.helplines.get(where or "", ()) if one.violence == violence]
    lines = [
        texts["helpline_line"].format(name=one.name, reach=one.reach, hours=one.hours) for one in known[:MOST_LINES]
    ]
    if fallback:
        lines.append(texts["anywhere"])
    return "\n".join(lines)


def country(person: Subscriber | None, language: str) -> str | None:
    """The country of the zone, else of the language's region; `en` alone names none (S3)."""
    if person is not None and person.preferences.zone is not None:
        return country_of(person.preferences.zone)
    region = language.replace("_", "-").split("-")[-1]
    return region.upper() if len(region) == 2 and "-" in language.replace("_", "-") else None


def _same_episode(person: Subscriber, now: datetime) -> bool:
    return person.mind.care_at is not None and now - person.mind.care_at < EPISODE


async def _remember(kit: Kit, person: Subscriber) -> None:
    now = kit.now()
    zone = person.preferences.zone or "UTC"
    until = local_day(now, zone, person.preferences.day_start) + timedelta(days=GENTLE_DAYS)
    async with kit.store.write() as work:
        held = await work.subscribers.of_id(person.id, hold=True)
        if held is not None:
            mind = replace(held.mind, care_at=now, gentle_until=until)
            await work.subscribers.save(replace(held, mind=mind))
            await work.deliveries.drop_for([held.id], now, (Kind.QUESTION,))
