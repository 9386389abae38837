"""What the bot says: the real words are in order, and whatever is wrong with a copy is named by file and key."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import main
from bot.console.content import manuscript
from bot.content import CONTENT, languages
from bot.domain.errors import ContentError
from bot.proofreading import Finding, Manuscript, ease, proofread, reach, tone
from tests.copies import DOOR, JOKES, copied, mend

GONE = object()
SAFE, WARM = "themes/safe-people.yaml", "themes/when-it-gets-warm.yaml"
LONG_WINDED = (
    "Considering innumerable complicated possibilities, which interpersonal difficulty "
    "predominantly preoccupied you yesterday evening?"
)


@cache
def desk() -> Manuscript:
    return manuscript("en")


def put(data: Any, way: tuple[str | int, ...], value: object) -> None:
    *heads, last = way
    for head in heads:
        data = data[head]
    if value is GONE:
        del data[last]
    else:
        data[last] = value


@dataclass(frozen=True)
class Slip:
    """Something wrong in a copy: where it is put, and the key and words it is named with."""

    file: str
    way: tuple[str | int, ...]
    value: object
    key: str
    wrong: str


def phrase(key: str, value: object, wrong: str) -> Slip:
    return Slip("phrases.yaml", (key,), value, key, wrong)


SLIPS = [
    phrase("today_open", GONE, "is missing; bot/journeys/telling.py:"),
    phrase("space_3d", GONE, "is missing; bot/journeys/resting.py:"),
    phrase("set_silent_true", GONE, "is missing; bot/journeys/adjusting.py:"),
    phrase("command_stop", GONE, "is missing; bot/chat/profile.py:"),
    phrase("unheard", "Nobody asks for this.", "nothing says it"),
    phrase("later_noted", "I will ask again.", "{clock} is left out"),
    phrase("acknowledged", "Kept, {name}.", "nothing is given for {name}"),
    phrase("only_words", "I can only keep {words.", "its braces do not match"),
    phrase("deleted", "It is <u>gone</u>.", "<u> is not among <b> and <i>"),
    phrase("stopped", "<b>Stopped.", "<b> is not closed"),
    phrase("nothing_kept", "I keep <b>nothing <i>of</b> you</i>.", "</b> closes nothing"),
    phrase("private_only", "You & me, in a private chat.", "a bare <, > or & has to be"),
    phrase("button_begin", "<b>Begin</b>", "no markup is read here"),
    phrase("old_button", "<i>That button is old.</i>", "no markup is read here"),
    phrase("button_later", "Later, when the evening is quieter", "has 34 characters, 30 at most"),
    phrase("tap_kept", "Kept. " * 40, "has 240 characters, 200 at most"),
    phrase("description", "One question a day. " * 26, "has 520 characters, 512 at most"),
    phrase("short_description", "One question a day. " * 7, "has 140 characters, 120 at most"),
    phrase("command_help", "What can be done. " * 15, "has 270 characters, 256 at most"),
    phrase(
        "set_chips", "When an answer is there to ask about", 'the button "When an answer is there to ask about: yes"'
    ),
    phrase("chips_ask", "You should tap one of these.", "“should”: a demand"),
    phrase("export_empty", "Nothing yet 🙂🙂", "has more than one emoji"),
    phrase("space_given_open", LONG_WINDED, "reading ease"),
    Slip("care.yaml", ("texts", "pause"), GONE, "texts.pause", "is missing; bot/journeys/caring.py:"),
    Slip("care.yaml", ("texts", "unheard"), "Nobody asks for this.", "texts.unheard", "nothing says it"),
    Slip("care.yaml", ("texts", "again"), "I am still here.", "texts.again", "{helplines} is left out"),
    Slip("reflections.yaml", ("silent_week",), GONE, "silent_week", "is missing"),
    Slip("reflections.yaml", ("unknown",), ["Hello."], "unknown", "is no slot of a reflection"),
    Slip("reflections.yaml", ("two_came_back",), ["Two."], "two_came_back", "has 1 forms, and half a year needs 26"),
    Slip("reflections.yaml", ("heading", 0), "<b>Your week</b>", "heading.0", "{span} is left out"),
    Slip("reflections.yaml", ("opening", 0), "Hello {name}.", "opening.0", "nothing is given for {name}"),
    Slip(
        "reflections.yaml",
        ("quiet_week", 1),
        "Twice.",
        "quiet_week.1",
        "says the same as reflections.yaml: quiet_week.0",
    ),
    Slip(
        "reflections.yaml",
        ("quiet_week", 0),
        "Twice.",
        "quiet_week.1",
        "says the same as reflections.yaml: quiet_week.0",
    ),
    Slip(
        "patterns/what_if.yaml",
        ("name",),
        "Waiting for the loss before it is here",
        "name",
        "38 characters, 30 at most",
    ),
    Slip("patterns/what_if.yaml", ("what",), "It waits.", "what", "has 9 characters, 80 at least"),
    Slip("patterns/what_if.yaml", ("invitations",), ["Rest a little."] * 4, "invitations", "has 4, and half a year"),
    Slip(JOKES, ("prompts", 0, "lighter"), "Well, what? " * 18, "{0}.lighter", "has 216 characters, 200 at most"),
    Slip(JOKES, ("prompts", 0, "ask"), f"{LONG_WINDED} Why?", "{0}.ask", "reading ease"),
    Slip(
        JOKES,
        ("prompts", 1, "ask"),
        "Why do you joke whenever somebody is kind?",
        "{1}.ask",
        "“Why do you”: asks a person",
    ),
    Slip(
        DOOR, ("prompts", 0, "ask"), "Which green door did the tall gardener paint on Sunday?", "{1}.ask", "of 100 like"
    ),
    Slip(
        DOOR,
        ("prompts", 1, "ask"),
        "On Sunday, which door did the tall gardener paint green?",
        "{1}.ask",
        "of 100 like",
    ),
    Slip(
        SAFE,
        ("prompts", 1, "taps", 0, "shows"),
        "what_if",
        "{1}",
        "a tap shows what_if, which is not among its patterns",
    ),
    Slip(SAFE, ("prompts", 0, "patterns"), ["felt_safe", "old_wound"], "{0}", "is gentle and may bring up old_wound"),
    Slip(WARM, ("prompts", 0, "taps", 1, "say"), "Far off", "{0}", "two taps say the same"),
    Slip(WARM, ("prompts", 0, "taps", 0, "say"), "Far off", "{0}", "two taps say the same"),
]


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """All that is found in a copy with every slip in it."""
    root = copied(tmp_path_factory.mktemp("slips"))
    for slip in SLIPS:
        mend(root, slip.file, lambda data, slip=slip: put(data, slip.way, slip.value))  # type: ignore[misc]
    return proofread(manuscript("en", root))


def expected_key(slip: Slip) -> str:
    if not slip.file.startswith("themes/"):
        return slip.key
    prompts = yaml.safe_load((CONTENT / "en" / slip.file).read_text("utf-8"))["prompts"]
    return slip.key.format(*(prompt["id"] for prompt in prompts))


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.file} {slip.key} {slip.wrong[:24]}")
def test_a_slip_is_named_with_its_file_and_key(slip: Slip, named: list[Finding]) -> None:
    key = expected_key(slip)
    wrongs = [finding.wrong for finding in named if finding.file == slip.file and finding.key == key]
    assert any(slip.wrong in wrong for wrong in wrongs), wrongs


@pytest.mark.parametrize("language", languages())
def test_the_words_of_every_language_are_in_order(language: str) -> None:
    assert [str(finding) for finding in proofread(manuscript(language))] == []


FORBIDDEN = [
    "Great job this week!",
    "You showed avoidant moments.",
    "That may be your attachment style.",
    "This sounds like a disorder.",
    "It is a trauma response.",
    "You always leave early.",
    "You have never stayed.",
    "You should stay.",
    "You need to open up.",
    "Why are you like this?",
    "Why don't you call?",
    "We missed you.",
    "We've missed you.",
    "It's been a while.",
    "You haven't answered since Sunday.",
    "You didn’t answer.",
    "Don't break your streak.",
    "Well done.",
    "Talk to a therapist about your emotional needs.",
    "ANSWER now.",
    "This this is said twice.",
]


@pytest.mark.parametrize("said", FORBIDDEN)
def test_what_the_bot_does_not_say_is_named(said: str) -> None:
    assert tone_of(said)


ALLOWED = [
    "Not therapy, and not for emergencies.",
    "Which sweater do you put on when you are cold?",
    "There is nothing in this note that you have to do.",
    "Whose noise would you miss?",
    "“You do not have to be so strong.”",
    "Who asked why it was late?",
]


@pytest.mark.parametrize("said", ALLOWED)
def test_what_is_only_near_to_it_is_let_be(said: str) -> None:
    assert tone_of(said) == []


def tone_of(said: str) -> list[str]:
    library = replace(desk().library, prompts={}, patterns={}, reflections={}, care_texts={}, phrases={"deleted": said})
    return [finding.wrong for finding in tone.check(replace(desk(), library=library))]


def test_a_shape_that_is_no_regular_expression_is_a_content_error() -> None:
    with pytest.raises(ContentError, match=r"forbidden\.yaml: guilt: .* is no regular expression"):
        list(tone.check(replace(desk(), forbidden={"guilt": ["("]})))


def test_a_pattern_that_nothing_brings_up_is_named() -> None:
    library = desk().library
    prompts = {name: prompt for name, prompt in library.prompts.items() if "what_if" not in prompt.patterns}
    found = list(reach.check(replace(desk(), library=replace(library, prompts=prompts))))
    assert [str(finding) for finding in found] == [
        "patterns/what_if.yaml: side: 0 questions may bring it up, 10 at least",
        "patterns/what_if.yaml: side: no tap of any question shows it",
    ]


def test_a_language_without_a_scale_of_reading_ease_is_named() -> None:
    found = list(ease.check(replace(desk(), library=replace(desk().library, language="xx"))))
    assert [str(finding) for finding in found] == ["bot/proofreading/ease.py: xx: SCALES has no line for this language"]


def test_the_command_prints_a_line_for_each_finding_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copied(tmp_path)
    mend(root, "phrases.yaml", lambda data: data.update(deleted="All is gone!", unheard="Hm."))
    assert main(["content", "check", "--folder", str(root)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert "en/phrases.yaml: unheard: nothing says it" in told
    assert "en/phrases.yaml: deleted: “!”: a raised voice (W6)" in told


def test_the_command_counts_what_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "check"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("en: 16 themes, ")
    assert told.count("\n") == len(languages())


def test_the_command_says_what_cannot_be_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = copied(tmp_path)
    mend(root, JOKES, lambda data: data.pop("name"))
    assert main(["content", "check", "--folder", str(root)]) == 2
    assert "jokes.yaml: name: Field required" in capsys.readouterr().err
