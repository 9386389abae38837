"""/journal: a person's own words day by day; each can be changed, moved to another day, or deleted.

Shows everything that is kept, care's sealed words too (S3). What is long is shown in part and kept whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.errors import MessageGone
from bot.domain.excerpt import excerpt
from bot.domain.letter import isolated
from bot.domain.localtime import local
from bot.domain.records import Delivery, Kind, Reply, Subscriber
from bot.journeys.awaiting import await_words
from bot.journeys.kit import Kit
from bot.journeys.messenger import Button, Message, Rows
from bot.journeys.pages import today
from bot.journeys.prompting import wording
from bot.journeys.replying import rewrite

#: A page holds so many answers of a day, each shown with so many UTF-16 units at most.
ANSWERS, SHOWN = 8, 300
#: One answer for itself is shown with so many.
SHOWN_ALONE = 3500
#: Of the listed days, an answer can move to those at most so far from its own.
NEAR = timedelta(days=7)
#: What stands for the last page of a day.
LAST = 9999


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a day's answers: `at` is the place of this page among the day's `pages`."""

    day: date
    at: int
    pages: int
    replies: tuple[Reply, ...]


async def journal(kit: Kit, person: Subscriber, day: date | None = None, at: int = LAST) -> Message:
    """The page of a day, or of the nearest earlier one with words; the newest where none is given."""
    async with kit.store.read() as work:
        days = await work.replies.days(person.id)
        if not days:
            return Message(kit.tongue_of(person).words.say("journal_empty"))
        chosen = next((one for one in days if day is None or one <= day), days[-1])
        replies = await work.replies.between(person.id, chosen, chosen)
        asked = await work.deliveries.of_day(person.id, Kind.QUESTION, chosen)
    page = _page(chosen, at, replies)
    return Message(_told(kit, person, page, asked), _rows(kit, person, page, days))


def _page(day: date, at: int, replies: Sequence[Reply]) -> Page:
    pages = -(-len(replies) // ANSWERS)
    at = min(at, pages - 1)
    return Page(day, at, pages, tuple(replies[at * ANSWERS : (at + 1) * ANSWERS]))


def _told(kit: Kit, person: Subscriber, page: Page, asked: Delivery | None) -> str:
    words = kit.tongue_of(person).words
    parts = [words.say("journal_day", weekday=words.weekday(page.day), date=words.month_day(page.day))]
    if asked is not None and asked.asked is not None:
        parts.append(words.say("journal_question", text=wording(kit.tongue_of(person), asked)))
    first = page.at * ANSWERS + 1
    parts += [_line(kit, person, reply, number, SHOWN) for number, reply in enumerate(page.replies, start=first)]
    return "\n\n".join(parts)


def _line(kit: Kit, person: Subscriber, reply: Reply, number: int, room: int) -> str:
    words = kit.tongue_of(person).words
    clock = words.clock(local(reply.written_at, person.preferences.zone or "UTC").time())
    return words.say("journal_answer", number=number, clock=clock, text=isolated(excerpt(reply.text, room)))


def _rows(kit: Kit, person: Subscriber, page: Page, days: Sequence[date]) -> Rows:
    words = kit.tongue_of(person).words
    first = page.at * ANSWERS + 1
    open_one = tuple(
        Button(words.say("journal_open", number=number), f"j:r:{reply.id}")
        for number, reply in enumerate(page.replies, start=first)
    )
    older, newer = _older(page, days), _newer(page, days)
    turn = tuple(
        Button(words.say(key), data) for key, data in (("journal_older", older), ("journal_newer", newer)) if data
    )
    return tuple(row for row in (open_one[:4], open_one[4:], turn) if row)


def _older(page: Page, days: Sequence[date]) -> str | None:
    if page.at > 0:
        return _to(page.day, page.at - 1)
    before = next((day for day in days if day < page.day), None)
    return _to(before, LAST) if before else None


def _newer(page: Page, days: Sequence[date]) -> str | None:
    if page.at + 1 < page.pages:
        return _to(page.day, page.at + 1)
    after = next((day for day in reversed(days) if day > page.day), None)
    return _to(after, 0) if after else None


def _to(day: date, at: int) -> str:
    return f"j:d:{day.isoformat()}:{at}"


def one_message(kit: Kit, person: Subscriber, reply: Reply) -> Message:
    """One answer for itself, and what can be done with it; a tapped one has no words to change."""
    words = kit.tongue_of(person).words
    change = () if reply.tapped else ((Button(words.say("journal_change"), f"j:r:{reply.id}:c"),),)
    rows = (
        *change,
        (Button(words.say("journal_move"), f"j:r:{reply.id}:m"),),
        (Button(words.say("journal_delete"), f"j:r:{reply.id}:x"),),
        (Button(words.say("back"), _to(reply.day, LAST)),),
    )
    return Message(_alone(kit, person, reply), rows)


def _alone(kit: Kit, person: Subscriber, reply: Reply) -> str:
    words = kit.tongue_of(person).words
    when = words.say("journal_day", weekday=words.weekday(reply.day), date=words.month_day(reply.day))
    return f"{when}\n\n{words.say('journal_one', text=isolated(excerpt(reply.text, SHOWN_ALONE)))}"


async def change_message(kit: Kit, person: Subscriber, reply: Reply) -> Message:
    """The next typed words take its place."""
    await await_words(kit, person, f"reply {reply.id}")
    return _asking(kit, person, reply, kit.tongue_of(person).words.say("journal_change_ask"), ())


def delete_message(kit: Kit, person: Subscriber, reply: Reply) -> Message:
    """Deleting asks once."""
    words = kit.tongue_of(person).words
    rows = ((Button(words.say("journal_delete_yes"), f"j:r:{reply.id}:xx"),),)
    return _asking(kit, person, reply, words.say("journal_delete_ask"), rows)


async def move_message(kit: Kit, person: Subscriber, reply: Reply) -> Message:
    """To which day? The day before, or one near by that has something already."""
    words = kit.tongue_of(person).words
    buttons = [
        Button(words.day(day), f"j:r:{reply.id}:m:{day.isoformat()}") for day in await _targets(kit, person, reply)
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    return _asking(kit, person, reply, words.say("journal_move_ask"), rows)


def _asking(kit: Kit, person: Subscriber, reply: Reply, question: str, rows: Rows) -> Message:
    back = Button(kit.tongue_of(person).words.say("back"), f"j:r:{reply.id}")
    return Message(f"{_alone(kit, person, reply)}\n\n{question}", (*rows, (back,)))


async def _targets(kit: Kit, person: Subscriber, reply: Reply) -> list[date]:
    async with kit.store.read() as work:
        days = {*await work.replies.days(person.id), *await work.deliveries.question_days(person.id)}
    near = {day for day in days if abs(day - reply.day) <= NEAR and day <= today(kit, person)}
    return sorted({*near, reply.day - timedelta(days=1)} - {reply.day})


async def move(kit: Kit, person: Subscriber, reply: Reply, day: date) -> Message:
    """The answer belongs to that day from now on; shows it there. Raises MessageGone for a day not offered."""
    if day not in await _targets(kit, person, reply):
        raise MessageGone("no such day is offered any more")
    async with kit.store.write() as work:
        await work.replies.move(reply.id, day)
        await work.subscribers.discard_choice(person.id)
    return await journal(kit, person, day)


async def remove(kit: Kit, person: Subscriber, reply: Reply) -> Message:
    """The answer is gone; shows its day, or an earlier one."""
    async with kit.store.write() as work:
        await work.replies.remove(reply.id)
        await work.subscribers.discard_choice(person.id)
    return await journal(kit, person, reply.day)


async def take_change(kit: Kit, person: Subscriber, reply_id: int, text: str, at: datetime) -> Message | None:
    """What was typed takes the answer's place and is heard anew; None where the answer is gone."""
    async with kit.store.read() as work:
        reply = await work.replies.of_id(reply_id)
    if reply is None or reply.subscriber_id != person.id:
        return None
    await rewrite(kit, person, reply, text, at)
    return await journal(kit, person, reply.day)
