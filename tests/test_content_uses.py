"""What the code asks of the words is read from its source, and what cannot be read is named."""

from dataclasses import replace
from pathlib import Path

from bot.console.content import manuscript
from bot.proofreading import phrases
from bot.proofreading.uses import Role, read_uses

SOURCE = """
async def ask(words, key, visit):
    told = "one" if key else f"two_{key}"
    Message(words.say(told, day=1), ((Button(words.say("three"), "x"),),))
    for name, _ in (("four", 1), ("five", 2)):
        words.say(name)
    await visit.say(visit.words.say(key))

def toast(words) -> Toast:
    return words.say("six")

def care(texts, words):
    return texts["seven"].format(helplines=words.library.phrases["eight"])
"""


def test_what_the_code_asks_for_is_read_from_its_source(tmp_path: Path) -> None:
    (tmp_path / "asking.py").write_text(SOURCE, "utf-8")
    asked = {(use.key, use.role, tuple(use.given)) for use in read_uses(tmp_path)}
    assert asked == {
        ("one", Role.TEXT, ("day",)),
        ("two_*", Role.TEXT, ("day",)),
        ("three", Role.BUTTON, ()),
        ("four", Role.TEXT, ()),
        ("five", Role.TEXT, ()),
        ("", Role.TEXT, ()),
        ("six", Role.TOAST, ()),
        ("seven", Role.CARE, ("helplines",)),
        ("eight", Role.FORMAT, ()),
    }


def test_a_key_that_only_running_code_knows_is_named(tmp_path: Path) -> None:
    (tmp_path / "asking.py").write_text(SOURCE, "utf-8")
    desk = manuscript("en")
    found = phrases.check(replace(desk, uses=[*desk.uses, *read_uses(tmp_path)]))
    told = [f"{finding.key}: {finding.wrong}" for finding in found if "asking.py" in finding.file]
    assert sorted(told) == [
        "say: this key cannot be told from the source; list what it may be",
        "two_*: this key cannot be told from the source; list what it may be",
    ]
