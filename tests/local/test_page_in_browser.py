"""The chat page in a real Chromium, beside a small bot that echoes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, async_playwright, expect
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.local.clock import TravellingClock
from bot.local.people import DOT
from bot.local.telegram import LocalTelegram

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
#: A Monday, noon in Berlin.
NOON = datetime(2026, 11, 16, 11, 0, tzinfo=UTC)
PHONE, DESK = (390, 844), (1280, 800)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium: apt-get install chromium"),
]


class Echo:
    """A bot that answers each word with the thing it names, and each tap with a toast or an alert."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def run(self) -> None:
        """Poll until cancelled."""
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=20):
                offset = update.update_id + 1
                if update.callback_query is not None:
                    await self.tapped(update.callback_query)
                elif update.edited_message is not None:
                    await self.bot.set_message_reaction(update.edited_message.chat_id, 1, "👀")
                elif update.message is not None:
                    await self.heard(update.message)

    async def heard(self, message: Message) -> None:
        """Answer with what the text asks for."""
        chat, text = message.chat_id, message.text or ""
        if text == "buttons":
            rows = [[InlineKeyboardButton(word, callback_data=word) for word in ("toast", "alert", "edit")]]
            await self.bot.send_message(chat, "Three of them", reply_markup=InlineKeyboardMarkup(rows))
        elif text == "keys":
            keys = ReplyKeyboardMarkup([["Berlin", KeyboardButton("My place", request_location=True)]])
            await self.bot.send_message(chat, "Where?", reply_markup=keys)
        elif text == "picture":
            await self.bot.send_photo(chat, DOT, caption="A dot")
        elif text == "file":
            await self.bot.send_document(chat, b"dear diary", filename="journal.txt")
        elif text == "quiet":
            await self.bot.send_message(chat, "Hush", disable_notification=True)
        elif text == "typing":
            await self.bot.send_chat_action(chat, "typing")
        elif message.location is not None:
            await self.bot.send_message(chat, "Found you", reply_markup=ReplyKeyboardRemove())
        else:
            said = f"<b>{text}</b> & <i>/help</i>"
            await self.bot.send_message(chat, said.replace("&", "&amp;"), parse_mode="HTML")
            await self.bot.set_message_reaction(chat, message.message_id, "❤")

    async def tapped(self, query: CallbackQuery) -> None:
        """A toast, an alert, or an edited message."""
        if query.data == "edit":
            await query.edit_message_text("Changed")
        await query.answer(f"An {query.data}", show_alert=query.data == "alert")


@pytest_asyncio.fixture(loop_scope="module")
async def telegram() -> AsyncIterator[LocalTelegram]:
    """A Telegram whose clock stands, and travels in steps of six hours."""
    clock = TravellingClock.standing_at(NOON)

    async def travel(moment: datetime) -> None:
        while clock.now() < moment:
            clock.move_to(min(moment, clock.now() + timedelta(hours=6)))
            await asyncio.sleep(0)

    async with LocalTelegram(clock=clock, travel=travel, about="Kept in nearer.db") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def echo(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=telegram.base_url) as bot:
        await bot.set_my_description("An echo, no more.")
        await bot.set_my_commands([("today", "Today’s question"), ("stop", "No more questions")])
        running = asyncio.create_task(Echo(bot).run())
        yield bot
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())


async def opened(browser: Browser, url: str, size: tuple[int, int] = PHONE) -> Page:
    """The page in a window of that size, with errors of its own made errors of the test."""
    for context in browser.contexts:
        await context.close()
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]}, timezone_id="Europe/Berlin")
    page.set_default_timeout(10_000)

    def fail(words: object) -> None:
        raise AssertionError(words)

    page.on("pageerror", fail)
    await page.goto(url)
    return page


async def say(page: Page, text: str) -> None:
    field = page.locator(".chat.chosen textarea")
    await field.fill(text)
    await field.press("Enter")


async def begun(browser: Browser, telegram: LocalTelegram, size: tuple[int, int] = PHONE) -> Page:
    page = await opened(browser, telegram.url, size)
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator(".message")).to_have_count(2)
    return page


async def test_an_empty_chat_shows_what_the_bot_is_and_a_start_button(
    browser: Browser, telegram: LocalTelegram, echo: Bot
) -> None:
    page = await opened(browser, f"{telegram.url}/?start=invite-7")
    await expect(page.locator(".intro")).to_contain_text("An echo, no more.")
    await expect(page.locator(".about")).to_have_text("Kept in nearer.db")
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator(".message.mine .text").first).to_contain_text("/start invite-7")
    await expect(page.locator(".message:not(.mine) b")).to_have_text("/start invite-7")
    await expect(page.locator(".message.mine .reaction")).to_be_visible()
    assert page.url == f"{telegram.url}/"


async def test_buttons_toast_alert_and_edit(browser: Browser, telegram: LocalTelegram, echo: Bot) -> None:
    page = await begun(browser, telegram)
    await say(page, "buttons")
    await page.get_by_role("button", name="toast").click()
    await expect(page.locator(".toast")).to_have_text("An toast")
    await page.get_by_role("button", name="alert").click()
    await expect(page.locator("#alert-words")).to_have_text("An alert")
    await page.get_by_role("button", name="OK").click()
    await page.get_by_role("button", name="edit").click()
    await expect(page.locator(".message").last).to_contain_text("Changed")
    await expect(page.locator(".message").last).to_contain_text("edited")
    await expect(page.locator(".keyboard")).to_have_count(0)


async def test_own_messages_are_edited_answered_and_deleted(
    browser: Browser, telegram: LocalTelegram, echo: Bot
) -> None:
    page = await begun(browser, telegram)
    await say(page, "a <b>tpyo</b>")
    own = page.locator(".message.mine").last
    await expect(own.locator(".reaction")).to_be_visible()
    await own.locator(".bubble").click()
    await page.get_by_role("menuitem", name="Edit").click()
    await say(page, "a typo")
    await expect(own.locator(".text")).to_contain_text("a typo")
    await expect(own.locator(".meta")).to_contain_text("edited")
    await own.locator(".bubble").click()
    await page.get_by_role("menuitem", name="Reply").click()
    await say(page, "indeed")
    await expect(page.locator(".answered")).to_contain_text("a typo")
    await page.locator(".message.mine").last.get_by_role("button", name="What to do").press("Enter")
    await page.get_by_role("menuitem", name="Delete").press("Enter")
    await expect(page.locator(".answered")).to_have_count(0)


async def test_commands_come_from_the_menu_and_on_a_slash(browser: Browser, telegram: LocalTelegram, echo: Bot) -> None:
    page = await begun(browser, telegram)
    await page.get_by_role("button", name="Commands").click()
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.get_by_role("option", name="/stop").click()
    await expect(page.locator(".message.mine").last).to_contain_text("/stop")
    await page.locator(".chat.chosen textarea").fill("/to")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.locator(".chat.chosen textarea").press("Enter")
    await expect(page.locator(".message.mine").last).to_contain_text("/today")
    await page.locator(".message:not(.mine) .command", has_text="/help").last.click()
    await expect(page.locator(".message.mine").last).to_contain_text("/help")


async def test_keys_places_pictures_files_silence_and_dots(
    browser: Browser, telegram: LocalTelegram, echo: Bot
) -> None:
    page = await begun(browser, telegram)
    await say(page, "keys")
    await page.locator(".keys").get_by_role("button", name="Berlin").click()
    await expect(page.locator(".message:not(.mine)").last).to_contain_text("Berlin")
    await page.locator(".keys").get_by_role("button", name="My place").click()
    await page.get_by_role("button", name="Kathmandu").click()
    await expect(page.locator(".message:not(.mine)").last).to_contain_text("Found you")
    await expect(page.locator(".keys")).to_be_hidden()
    await say(page, "picture")
    await page.get_by_role("button", name="Enlarge: A dot").click()
    await expect(page.locator("#picture-image")).to_be_visible()
    await page.keyboard.press("Escape")
    await say(page, "file")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="journal.txt").click()
    file = await download.value
    assert file.suggested_filename == "journal.txt"
    await say(page, "quiet")
    await expect(page.get_by_role("img", name="Delivered in silence")).to_be_visible()
    await say(page, "typing")
    await expect(page.get_by_role("img", name="The bot is typing")).to_be_visible()


async def test_people_are_in_tabs_on_a_phone_and_side_by_side_on_a_desk(
    browser: Browser, telegram: LocalTelegram, echo: Bot
) -> None:
    page = await begun(browser, telegram)
    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_label("Name").fill("Ola")
    await page.get_by_label("Language").select_option("de")
    await page.get_by_role("button", name="Open a chat").click()
    await expect(page.get_by_role("tab")).to_have_count(2)
    await expect(page.locator(".chat:visible")).to_have_count(1)
    await expect(page.locator(".chat.chosen")).to_contain_text("bot · Ola · German")
    await page.get_by_role("tab", name="You").click()
    await expect(page.locator(".chat.chosen .message")).to_have_count(2)
    await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    await expect(page.locator(".chat:visible")).to_have_count(2)
    overflow = "document.documentElement.scrollWidth > innerWidth"
    assert not await page.evaluate(overflow)
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert not await page.evaluate(overflow)


async def test_a_blocked_bot_can_be_unblocked(browser: Browser, telegram: LocalTelegram, echo: Bot) -> None:
    page = await begun(browser, telegram)
    await page.get_by_role("button", name="What to do in this chat").click()
    await page.get_by_role("menuitem", name="Block the bot").click()
    await page.get_by_role("button", name="Unblock the bot").click()
    await expect(page.locator(".chat.chosen textarea")).to_be_visible()


@pytest.mark.parametrize(
    ("button", "shows"),
    [
        ("in an hour", "Mon 16 Nov, 13:00"),
        ("this evening", "Mon 16 Nov, 21:00"),
        ("tomorrow morning", "Tue 17 Nov, 09:00"),
        ("end of the week", "Sun 22 Nov, 21:00"),
    ],
)
async def test_the_clock_travels_to_the_browsers_own_hours(
    button: str, shows: str, browser: Browser, telegram: LocalTelegram
) -> None:
    page = await opened(browser, telegram.url, DESK)
    await expect(page.locator("#now")).to_have_text("Mon 16 Nov, 12:00")
    await page.get_by_role("button", name=button).click()
    await expect(page.locator("#now")).to_have_text(shows)
    await expect(page.get_by_role("button", name=button)).to_be_enabled()
    await expect(page.locator("#journey")).to_be_hidden()


async def test_the_clock_cannot_be_moved_before_it_is_known(browser: Browser, telegram: LocalTelegram) -> None:
    page, gate = await opened(browser, "about:blank"), asyncio.Event()

    async def hold(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route("**/page/state", hold)
    await page.goto(telegram.url)
    await expect(page.get_by_role("button", name="in an hour")).to_be_disabled()
    gate.set()
    await page.get_by_role("button", name="in an hour").click()
    await expect(page.locator("#now")).to_have_text("Mon 16 Nov, 13:00")


async def test_a_journey_shows_its_way_and_cannot_be_doubled(browser: Browser) -> None:
    clock, gate = TravellingClock.standing_at(NOON), asyncio.Event()

    async def travel(moment: datetime) -> None:
        clock.move_by(timedelta(days=3))
        await gate.wait()
        clock.move_to(moment)

    async with LocalTelegram(clock=clock, travel=travel) as telegram:
        page = await opened(browser, telegram.url)
        await page.get_by_role("button", name="end of the week").click()
        await expect(page.locator("#journey-words")).to_have_text("On the way to Sun 22 Nov, 21:00 …")
        await expect(page.locator("#now")).to_have_text("Thu 19 Nov, 12:00")
        await expect(page.get_by_role("button", name="in an hour")).to_be_disabled()
        gate.set()
        await expect(page.locator("#now")).to_have_text("Sun 22 Nov, 21:00")
        await expect(page.get_by_role("button", name="in an hour")).to_be_enabled()


async def test_the_page_says_when_its_server_is_gone(browser: Browser) -> None:
    async with LocalTelegram() as telegram:
        page = await opened(browser, telegram.url)
        await expect(page.locator(".chat")).to_have_count(1)
    await expect(page.locator("#lost")).to_contain_text("does not answer")
