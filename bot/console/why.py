"""`nearer why SUBSCRIBER DATE`: which question was, or would be, chosen for a local day, and on what grounds.

For the operator. Prints ids and reasons: no text of a person, no words of a question, no name of a pattern.
"""

import argparse
import asyncio
import os
import sys
from dataclasses import replace
from datetime import date, timedelta

from bot import content
from bot.domain.errors import NearerError
from bot.domain.library import Library
from bot.domain.prompts import Choice
from bot.domain.records import Delivery, Kind, Subscriber
from bot.journeys.caring import GENTLE_DAYS
from bot.journeys.prompting import choice_for, pasts_of
from bot.storage.address import read_address
from bot.storage.sealing import Sealer, read_keys
from bot.storage.store import Store, Work, make_engine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose question, and of which local day."""
    parser.add_argument("subscriber", type=int, help="the subscriber's number in the database")
    parser.add_argument("day", type=date.fromisoformat, metavar="DATE", help="a local day, as 2026-11-16")


def run(asked: argparse.Namespace) -> int:
    """Prints what is known; reads DATABASE_URL and NEARER_KEY and writes nothing."""
    lines = asyncio.run(_read(asked.subscriber, asked.day))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


async def _read(number: int, day: date) -> list[str]:
    address = read_address(os.environ.get("DATABASE_URL", "sqlite:///nearer.db"))
    store = Store(make_engine(address), Sealer(read_keys(os.environ.get("NEARER_KEY", ""))))
    try:
        async with store.read() as work:
            return await explained(work, number, day)
    finally:
        await store.close()


async def explained(work: Work, number: int, day: date) -> list[str]:
    """The lines to print. Raises NearerError where there is no such subscriber."""
    person = await work.subscribers.of_id(number)
    if person is None:
        raise NearerError(f"There is no subscriber {number}.")
    was = await work.deliveries.of_day(number, Kind.QUESTION, day)
    past = (await pasts_of(work, [number], day))[number]
    choice = choice_for(_library(person), _as_of(person, day), past.before(day), day)
    return [*_was(was), *_would_be(choice, was)]


def _library(person: Subscriber) -> Library:
    language = person.preferences.language
    known = (name for name in (language, language.split("-", maxsplit=1)[0]) if name in content.languages())
    return content.load(next(known, "en"))


def _as_of(person: Subscriber, day: date) -> Subscriber:
    """The person without a gentle week that began after that day."""
    until = person.mind.gentle_until
    later = until is not None and until - timedelta(days=GENTLE_DAYS) > day
    return replace(person, mind=replace(person.mind, gentle_until=None)) if later else person


def _was(delivery: Delivery | None) -> list[str]:
    if delivery is None or delivery.asked is None:
        return ["nothing was asked on that day"]
    asked = delivery.asked
    notes = [str(delivery.state)]
    notes += ["the lighter wording"] if asked.lighter else []
    notes += ["left with Not today"] if asked.declined else []
    return [f"asked: {' then '.join(asked.shown)} ({', '.join(notes)})"]


def _would_be(choice: Choice, delivery: Delivery | None) -> list[str]:
    first = delivery.asked.shown[:1] if delivery is not None and delivery.asked is not None else ()
    lines = [f"chosen from what came before: {choice.prompt.id}", *(f"  {reason}" for reason in choice.reasons)]
    if first and first[0] != choice.prompt.id:
        lines.append("  what was known then was not what is known now: answers were changed since, or the content was")
    return lines
