"""In a language made up of accents, 40 % longer, no English word is said and no text breaks a limit."""

import html
import re
from datetime import time
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.domain.localtime import MAIN_ZONES
from bot.local.people import Person
from bot.tongues import Tongue, read_tongues
from bot.words import Words
from tests import madeup
from tests.life import Life, at, lived

ZONE = "Asia/Kathmandu"
OWN = ("I needed space", "a joke came out", "stayed on the sofa with her")
#: What is nobody's language: zones, commands, addresses, people's own words.
NO_WORDS = re.compile(r"[A-Z]\w+/\w+(?:/\w+)?|/[a-z]+|findahelpline\.com|[\w.@-]+@[\w.]+|https?://\S+")
WORD = re.compile(r"[A-Za-z]{3,}")


def names_of_the_calendar(words: Words) -> set[str]:
    """What Babel says in the borrowed locale."""
    said = " ".join(words.weekday_named(day) + " " + words.weekday_named(day, short=True) for day in range(7))
    locale = words.locale
    for width in ("wide", "abbreviated"):
        said += " " + " ".join(locale.months["format"][width].values())
        said += " " + " ".join(locale.months["stand-alone"][width].values())
    said += " " + " ".join(map(str, locale.territories.values())) + " " + words.listing(["1", "2"])
    said += " " + " ".join(map(words.city, MAIN_ZONES))
    return set(WORD.findall(said))


def helpline_words(tongue: Tongue) -> set[str]:
    lines = [f"{one.name} {one.reach} {one.hours}" for land in tongue.library.helplines.values() for one in land]
    return set(WORD.findall(" ".join(lines)))


class Listener:
    """Notes every word that is shown to a person."""

    def __init__(self, life: Life, person: Person) -> None:
        tongue = life.nearer.kit.tongue(madeup.LANGUAGE)
        self.life, self.person = life, person
        self.known = names_of_the_calendar(tongue.words) | helpline_words(tongue)
        self.strange: set[str] = set()

    def listen(self) -> None:
        for message in self.person.hears():
            page = message.document.decode() if (message.document_name or "").endswith(".html") else ""  # type: ignore[union-attr]
            page = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
            for shown in (message.text, page, *message.labels):
                self._note(shown)
        self._note(self.person.toast or "")

    def _note(self, shown: str) -> None:
        for own in OWN:
            shown = shown.replace(own, "")
        self.strange |= set(WORD.findall(NO_WORDS.sub(" ", shown))) - self.known


async def says(heard: Listener, text: str) -> None:
    await heard.life.says(heard.person, text)
    heard.listen()


async def taps_each_new_button(heard: Listener, done: set[str], most: int) -> None:
    """Every button under the newest message and those that come of it; what deletes for good is left out."""
    for _ in range(most):
        there = [(data, message.message_id) for message in heard.person.hears()[-2:] for _, data in message.data]
        fresh = next(((data, number) for data, number in there if kind(data) not in done), None)
        if fresh is None:
            return
        done.add(kind(fresh[0]))
        heard.person.tap_data(*fresh)
        await heard.life.settle()
        heard.listen()


def kind(data: str) -> str:
    """Buttons alike but for a number are tapped once."""
    return re.sub(r"\d+", "0", data)


async def test_no_english_is_left_in_the_code_and_no_text_breaks_a_limit(tmp_path: Path) -> None:
    root = madeup.write(tmp_path)
    start = at(ZONE, 2026, 11, 16, 10)
    async with lived(tmp_path, start, content=root, languages=("en", madeup.LANGUAGE)) as life:
        mira = life.person("Mira", madeup.LANGUAGE)
        heard = Listener(life, mira)
        done = {"d:yes", "s:open", "b:resume", "g:language:0", "z:"}
        await says(heard, "/start")
        for step in ("b:privacy", "b:begin"):
            mira.tap_data(step, mira.hears()[0].message_id)
            await life.settle()
        for words in ("qqqqzzzz", "Kathmandu", "half past eight", "x", time(20, 30).isoformat("minutes")):
            await says(heard, words)
        for day in range(16, 21):
            await life.to(at(ZONE, 2026, 11, day, 20, 31))
            heard.listen()
            await taps_each_new_button(heard, done, 6)
            await says(heard, OWN[day % 3])
            await taps_each_new_button(heard, done, 4)
        await life.to(at(ZONE, 2026, 11, 22, 20, 0))
        heard.listen()
        await taps_each_new_button(heard, done, 8)
        for command in life.nearer.kit.tongue("en").words.say("help").split():
            if command.startswith("/") and command != "/stop":
                await says(heard, command)
                await taps_each_new_button(heard, done, 25)
        for words in ("/stats", "i really want to die", "/support", "/stop", "anything"):
            await says(heard, words)
        mira.send_sticker()
        await life.settle()
        heard.listen()
        assert heard.strange == set()
        assert life.telegram.record.problems == []
        assert not [
            call
            for call in life.telegram.record.calls()
            if call.outcome not in ("ok", "in flight") and "not modified" not in call.outcome
        ]


@pytest.mark.parametrize("care", [None, "phrases: []\nidioms: []\ntexts: {}\nhelplines: {}\n"])
def test_a_language_without_a_list_of_care_cannot_be_enabled(tmp_path: Path, care: str | None) -> None:
    root = madeup.write(tmp_path)
    file = root / madeup.LANGUAGE / "care.yaml"
    file.unlink()
    if care is not None:
        file.write_text(care, "utf-8")
    with pytest.raises(ContentError, match=r"care\.yaml"):
        read_tongues(("en", madeup.LANGUAGE), root)
