"""The README's pictures, from the demo page in Chromium, so that they stay true: `python -m tests.screens FOLDER`."""

import asyncio
import sys
import tempfile
from datetime import time, timedelta
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright

from bot.hearing.reader import load
from bot.local.clock import TravellingClock
from bot.local.people import Person
from bot.local.telegram import LocalTelegram
from tests.browser import CHROMIUM, FLAGS
from tests.life import Life, at, living

ZONE = "Europe/Berlin"
PHONE = ViewportSize(width=390, height=844)
#: A whole week, its drawing and its words, needs a little scrolling on a phone.
TALL = ViewportSize(width=390, height=1290)
#: A week's answers, and the chip that is tapped where it is offered.
WEEK = (
    ("soup, and an early night", ""),
    ("she texted something sweet and I put the phone in the drawer and drove round the ring road", "Needed space"),
    ("he asked how I was since the funeral and I told him about the parking", "Joked instead"),
    ("said I had to be up early. I did not", "Found good reasons"),
    ("needed to be on my own after a lovely evening, sat in the car for an hour", "Needed space"),
    ("told my sister I was tired, let her make the tea", "Stayed close"),
)


async def take_pictures(folder: Path) -> None:
    """Writes conversation.png and reflection.png."""
    clock = TravellingClock.standing_at(at(ZONE, 2026, 11, 16, 19, 40))
    async with LocalTelegram(clock=clock, about="What you write here stays on this machine, sealed.") as telegram:
        with tempfile.TemporaryDirectory() as kept:
            async with (
                living(telegram, clock, f"sqlite:///{kept}/nearer.db", ear=load()) as life,
                async_playwright() as p,
            ):
                browser = await p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                page = await browser.new_page(viewport=PHONE, device_scale_factor=2, timezone_id=ZONE, locale="en-GB")
                await live(life, page, folder)
                await browser.close()


async def live(life: Life, page: Page, folder: Path) -> None:
    """A person's week; the page is looked at after the first evenings and at the end."""
    mira = life.person("Mira", "en-GB")
    await life.subscribes(mira, ZONE, time(20, 30))
    await page.goto(life.telegram.url)
    for day, (text, chip) in enumerate(WEEK):
        await life.to(at(ZONE, 2026, 11, 16, 20, 40) + timedelta(days=day))
        await life.says(mira, text)
        await tap_chip(life, mira, chip)
        if day == 1:
            await shoot(page, folder / "conversation.png")
    await life.to(at(ZONE, 2026, 11, 22, 19, 5))
    await page.set_viewport_size(TALL)
    await shoot(page, folder / "reflection.png")


async def tap_chip(life: Life, person: Person, chip: str) -> None:
    """Taps the chip, if it is offered."""
    if chip in person.last().labels:
        await life.taps(person, chip)


async def shoot(page: Page, path: Path) -> None:
    """The page as it stands once everything has arrived and been drawn."""
    await page.reload()
    await page.wait_for_timeout(600)
    await page.screenshot(path=path)


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(take_pictures(Path(sys.argv[1])))
