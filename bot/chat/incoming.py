"""An update comes out of the inbox: what it is, and which journey it sets out on. Care is read before anything."""

from collections.abc import Sequence
from contextlib import suppress

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.buttons import after_choice, press
from bot.chat.commands import run_command
from bot.chat.visit import Visit
from bot.domain.errors import Refused, SendFailed, Unreachable
from bot.domain.records import Stage, Subscriber
from bot.journeys import messenger, reachable, replying, resting, subscribing
from bot.journeys.awaiting import awaited
from bot.journeys.caring import answer_care
from bot.journeys.journal import take_change
from bot.journeys.kit import Kit
from bot.journeys.replying import Said
from bot.places import zone_at
from bot.storage.store import Work


async def handle(kit: Kit, update: Update) -> None:
    """Does all that one update asks for. Raises SendFailed when an answer could not be given."""
    if update.my_chat_member is not None:
        await _membership(kit, update.my_chat_member)
    elif update.callback_query is not None:
        await _tapped(kit, update.callback_query)
    elif update.edited_message is not None:
        await _edited(kit, update.edited_message)
    elif update.message is not None:
        await _message(kit, update.message)
    elif update.channel_post is not None:
        await _elsewhere(kit, update.channel_post.chat.id)


async def _membership(kit: Kit, change: ChatMemberUpdated) -> None:
    if change.chat.type != ChatType.PRIVATE:
        if change.new_chat_member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
            await _elsewhere(kit, change.chat.id)
        return
    blocked = change.new_chat_member.status == ChatMember.BANNED
    await reachable.turned(kit, change.chat.id, blocked=blocked)


async def _elsewhere(kit: Kit, chat_id: int) -> None:
    """Groups and channels are left politely: this is between the bot and one person (P5)."""
    words = kit.tongue("en").words
    with suppress(SendFailed):  # Where it may not speak it can still leave.
        await kit.messenger.send(chat_id, messenger.Message(words.say("private_only")))
    with suppress(Unreachable, Refused):  # Left already, or thrown out.
        await kit.messenger.leave(chat_id)


async def _tapped(kit: Kit, query: CallbackQuery) -> None:
    message = query.message
    chat_id = message.chat.id if message is not None else query.from_user.id
    visit = await _visit(kit, chat_id, query.from_user.language_code)
    visit.message_id = message.message_id if message is not None else None
    await _is_here(visit)
    await press(visit, query.id, query.data or "")


async def _edited(kit: Kit, message: Message) -> None:
    text = message.text or message.caption
    if message.chat.type != ChatType.PRIVATE or not text:
        return
    visit = await _visit(kit, message.chat.id, _language(message))
    kind = visit.tongue.care.care_kind(text)
    if visit.subscribed and visit.person is not None:
        await replying.take_edit(kit, visit.person, _said(message, text))
    elif kind is not None:
        await answer_care(kit, visit.chat_id, visit.person, visit.language, kind)


async def _message(kit: Kit, message: Message) -> None:
    if message.chat.type != ChatType.PRIVATE:
        await _elsewhere(kit, message.chat.id)
        return
    visit = await _visit(kit, message.chat.id, _language(message))
    visit.at = message.date
    await _is_here(visit)
    text = message.text or message.caption
    if text:
        await _text(visit, message, text)
    elif message.location is not None:
        await _location(visit, message.location.latitude, message.location.longitude)
    if visit.person is None and not text and message.location is None:
        await visit.welcome()
    elif message.text is None and message.location is None and message.effective_attachment is not None:
        await replying.only_words(kit, visit.person, visit.chat_id, visit.language)


async def _text(visit: Visit, message: Message, text: str) -> None:
    kind = visit.tongue.care.care_kind(text)
    if visit.subscribed and visit.person is not None and not text.startswith("/"):
        said = _said(message, text)
        if _is_stop(visit, text):
            await run_command(visit, "/stop")
        elif kind is not None or not await _meant_for_what_is_open(visit, said):
            await replying.take_reply(visit.kit, visit.person, said, kind)
    elif kind is not None:
        await answer_care(visit.kit, visit.chat_id, visit.person, visit.language, kind)
    elif text.startswith("/"):
        await run_command(visit, text)
    elif _is_stop(visit, text):
        await run_command(visit, "/stop")
    else:
        await _before_subscribing(visit, text)


def _is_stop(visit: Visit, text: str) -> bool:
    """Plain "stop", in the words of the language (T2)."""
    plain = text.strip().strip(".!").casefold()
    return plain in visit.tongue.words.say("stop_words").casefold().split()


async def _meant_for_what_is_open(visit: Visit, said: Said) -> bool:
    """Whether the words are for a setting or the journal; what is not a place or a time is a reply like any other."""
    person = visit.person
    what = None if person is None else await awaited(visit.kit, person, said.sent_at, said.reply_to)
    if what in ("set_zone", "set_time"):
        return await _zone_or_time(visit, said.text, name=what.removeprefix("set_"))
    if person is None or what is None:
        return False
    page = await take_change(visit.kit, person, int(what.removeprefix("reply ")), said.text, said.sent_at)
    await visit.turn_elsewhere()
    if page is not None:
        await visit.say(page)
    return page is not None


async def _before_subscribing(visit: Visit, text: str) -> None:
    person = visit.person
    if person is None or person.consented_at is None:
        await visit.welcome()
        return
    if person.stage is Stage.STOPPED:
        await visit.say(resting.stopped_message(visit.kit, person))
        return
    name = "zone" if person.preferences.zone is None else "time"
    if not await _zone_or_time(visit, text, name=name):
        await visit.say(subscribing.not_understood(visit.kit, person, name))


async def _zone_or_time(visit: Visit, text: str, *, name: str) -> bool:
    kit, person = visit.kit, visit.person
    assert person is not None
    read = subscribing.zone_typed(kit, person, text) if name == "zone" else subscribing.time_typed(kit, person, text)
    if isinstance(read, messenger.Message):
        await visit.say(read)
    elif isinstance(read, str):
        await _zone_chosen(visit, read)
    elif read is not None:
        visit.person = await subscribing.choose_time(kit, person, read)
        await visit.say(after_choice(visit, "time"))
    return read is not None


async def _zone_chosen(visit: Visit, zone: str) -> None:
    assert visit.person is not None
    changed = await subscribing.choose_zone(visit.kit, visit.person, zone)
    if changed is not None:
        visit.person = changed
        await visit.say(after_choice(visit, "zone"))


async def _location(visit: Visit, latitude: float, longitude: float) -> None:
    """A shared place gives the zone; the place itself is not kept."""
    words = visit.tongue.words
    zone = zone_at(latitude, longitude)
    if visit.person is None or visit.person.consented_at is None:
        await visit.welcome()
        return
    await visit.say(messenger.Message(words.say("place_read" if zone else "zone_unknown"), drop_keyboard=True))
    if zone is not None:
        await _zone_chosen(visit, zone)


async def _visit(kit: Kit, chat_id: int, language: str | None) -> Visit:
    person = await kit.store.looked_up(_people, chat_id)
    spoken = person.preferences.language if person else (language or "en")
    return Visit(kit, chat_id, spoken, kit.now(), person)


async def _people(work: Work, chat_ids: Sequence[int]) -> list[Subscriber | None]:
    """Who writes or taps at about the same time is looked up together."""
    people = await work.subscribers.of_chats(set(chat_ids))
    return [people.get(chat_id) for chat_id in chat_ids]


async def _is_here(visit: Visit) -> None:
    """Whoever writes or taps has the bot again, whether or not Telegram told so."""
    lost_at = None if visit.person is None else visit.person.unreachable_at
    if lost_at is not None and visit.at >= lost_at:
        visit.person = await reachable.turned(visit.kit, visit.chat_id, blocked=False)


def _language(message: Message) -> str | None:
    return message.from_user.language_code if message.from_user else None


def _said(message: Message, text: str) -> Said:
    pointed = message.reply_to_message.message_id if message.reply_to_message else None
    return Said(message.chat.id, message.message_id, text, message.date, pointed, message.edit_date)
