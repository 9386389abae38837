"""A content file that cannot be read stops everything with an error that names the file and the key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.content import forbidden, load
from bot.domain.errors import ContentError
from bot.domain.library import Library
from tests.copies import DOOR, JOKES, mend, small_copy

UNLOADABLE: list[tuple[str, Callable[[Any], None], str]] = [
    (JOKES, lambda data: data["prompts"][3].pop("ask"), r"jokes\.yaml: prompts\.3\.ask: Field required"),
    (JOKES, lambda data: data["prompts"][3].update(mood="x"), r"jokes\.yaml: prompts\.3\.mood: Extra inputs"),
    (JOKES, lambda data: data["prompts"][3].update(ask="Too short?"), r"jokes\.yaml: prompts\.3\.ask: String should"),
    (JOKES, lambda data: data["prompts"][0]["taps"][0].update(say="x" * 31), r"jokes\.yaml: prompts\.0\.taps\.0\.say"),
    (JOKES, lambda data: data["prompts"][0]["taps"][0].update(shows="x"), r"jokes\.yaml: prompts\.0\.taps\.0\.shows"),
    (
        "patterns/what_if.yaml",
        lambda data: data.update(chip="x" * 25),
        r"what_if\.yaml: chip: String should have at most",
    ),
    ("care.yaml", lambda data: data.pop("texts"), r"care\.yaml: texts: Field required"),
    ("phrases.yaml", lambda data: data.update(back=["x"]), r"phrases\.yaml: back"),
]


@pytest.mark.parametrize(("file", "change", "told"), UNLOADABLE, ids=lambda part: part if isinstance(part, str) else "")
def test_what_cannot_be_loaded_is_a_content_error(
    tmp_path: Path, file: str, change: Callable[[Any], None], told: str
) -> None:
    root = small_copy(tmp_path)
    mend(root, file, change)
    with pytest.raises(ContentError, match=told):
        load("en", root)


def test_the_same_prompt_id_in_two_themes_is_a_content_error(tmp_path: Path) -> None:
    root = small_copy(tmp_path)
    mend(root, DOOR, lambda data: data["prompts"][0].update(id="joke-kind-look"))
    with pytest.raises(ContentError, match=r"themes/the-door\.yaml: the prompt id 'joke-kind-look' stands twice"):
        load("en", root)


def test_a_key_that_stands_twice_is_a_content_error(tmp_path: Path) -> None:
    root = small_copy(tmp_path)
    with (root / "en" / "phrases.yaml").open("a", encoding="utf-8") as file:
        file.write('back: "Back again"\n')
    with pytest.raises(
        ContentError, match=r"(?s)phrases\.yaml is not readable YAML: the key 'back' stands twice.*line"
    ):
        load("en", root)


@pytest.mark.parametrize("file", ["phrases.yaml", "forbidden.yaml", "patterns/what_if.yaml"])
def test_broken_yaml_and_missing_files_are_content_errors(tmp_path: Path, file: str) -> None:
    root = small_copy(tmp_path)
    path = root / "en" / file
    path.write_text(path.read_text("utf-8") + "\n  - {", "utf-8")
    with pytest.raises(ContentError, match=f"{path} is not readable YAML"):
        read(root)
    path.unlink()
    with pytest.raises(ContentError, match=f"{path} is missing"):
        read(root)


def read(root: Path) -> Library:
    forbidden("en", root)
    return load("en", root)
