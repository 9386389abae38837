"""`nearer export` and /export give the same files; every field of the JSON is told, in the file and in the docs."""

import asyncio
import json
import stat
import sys
from asyncio.subprocess import PIPE
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.console.export import made_for, write
from bot.domain.errors import NearerError
from bot.journeys.exported_fields import FIELDS
from bot.journeys.exporting import Export
from bot.local.people import Person
from tests.journeys.conftest import ZONE
from tests.journeys.test_days import asked
from tests.life import KEY, Life, at

DOCS = Path(__file__).parents[2] / "docs" / "export.md"


async def exported(life: Life, person: Person) -> Export:
    return await made_for(life.nearer.kit.store, person.id, life.clock.now())


def paths(value: Any, at: str = "") -> Iterator[str]:
    """Every path of a JSON value, "replies[].text"."""
    if isinstance(value, dict) and at != "fields":
        for name, inner in value.items():
            yield from paths(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from paths(inner, f"{at}[]")
    else:
        yield at


async def lived_for_a_week(life: Life, mira: Person) -> None:
    """Answers, a tap, a chip, none of these, another question, Not today, a reflection and a verdict on it."""
    for day, said in enumerate(("I needed space", "needed space, a joke too", "a joke", "stayed with her"), start=16):
        question = await asked(life, mira, day)
        if day == 16:
            await life.taps(mira, life.phrase("button_another"))
        await life.says(mira, said)
        await life.taps(mira, life.phrase("chips_none") if day == 18 else mira.last().labels[0])
    question = await asked(life, mira, 20)
    await life.taps(mira, question.labels[0])
    await asked(life, mira, 21)
    await life.taps(mira, life.phrase("button_not_today"))
    await life.to(at(ZONE, 2026, 11, 22, 19, 1))
    await life.taps(mira, "Needing sudden space")
    await life.taps(mira, life.phrase("verdict_fits"))


async def test_the_chat_and_the_command_give_the_same_files(life: Life, mira: Person) -> None:
    await lived_for_a_week(life, mira)
    await life.says(mira, "/export")
    in_chat = [message.document for message in mira.hears() if message.document]
    made = await exported(life, mira)
    assert in_chat == [made.page, made.data]


async def test_every_field_is_told_in_the_file_and_in_the_docs(life: Life, mira: Person) -> None:
    await lived_for_a_week(life, mira)
    data = json.loads((await exported(life, mira)).data)
    assert set(paths(data)) == set(FIELDS)
    assert data["fields"] == dict(FIELDS)
    docs = DOCS.read_text("utf-8")
    assert [path for path, told in FIELDS.items() if f"| `{path}` | {told} |" not in docs] == []


async def test_the_file_holds_what_was_shown_declined_and_said(life: Life, mira: Person) -> None:
    await lived_for_a_week(life, mira)
    data = json.loads((await exported(life, mira)).data)
    first, last = data["questions"][0], data["questions"][-1]
    assert (first["lighter"], first["another"], len(first["shown"])) == (True, 1, 1)
    assert last["not_today"]
    replies = {reply["day"]: reply for reply in data["replies"]}
    assert replies["2026-11-16"]["confirmed"] == ["sudden_space"]
    assert replies["2026-11-18"]["denied"] == ["joking_away"]
    assert replies["2026-11-20"]["tapped"]
    said = {one["id"]: (one["verdict"], one["taps"]) for one in data["patterns"]}
    assert said["sudden_space"] == ("fits", 2)
    assert [one["kind"] for one in data["deliveries"]] == ["reflection"]


async def test_the_page_says_what_fitted_on_how_many_days_and_what_was_said_of_it(life: Life, mira: Person) -> None:
    await lived_for_a_week(life, mira)
    page = (await exported(life, mira)).page.decode()
    assert "<li>Needing sudden space: two days, the latest on 17 November 2026</li>" in page
    assert "<li>Needing sudden space: That fits</li>" in page
    assert "<h2>Thursday, 19 November 2026</h2>" in page


async def test_nothing_is_written_over_and_nobody_else_can_read_it(life: Life, mira: Person, tmp_path: Path) -> None:
    made = await exported(life, mira)
    folder = tmp_path / "out"
    folder.mkdir()
    for path in write(made, folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(NearerError, match="is there already"):
        write(made, folder)
    with pytest.raises(NearerError, match="cannot be written"):
        write(made, folder / "nowhere")


async def test_the_command_writes_both_and_prints_nothing_but_where(life: Life, mira: Person, tmp_path: Path) -> None:
    await asked(life, mira)
    await life.says(mira, "tea with my sister")
    environment = {
        "PATH": "/usr/bin:/bin",
        "DATABASE_URL": f"sqlite:///{tmp_path}/nearer.db",
        "NEARER_KEY": urlsafe_b64encode(KEY).decode(),
    }
    command = (sys.executable, "-m", "bot", "export", str(mira.id), "--to", str(tmp_path))
    root = Path(__file__).parents[2]
    done = await asyncio.create_subprocess_exec(*command, env=environment, cwd=root, stdout=PIPE, stderr=PIPE)
    told, trouble = await done.communicate()
    assert (done.returncode, trouble) == (0, b"")
    assert told.decode().split() == [f"{tmp_path}/nearer.html", f"{tmp_path}/nearer.json"]
    assert b"tea with my sister" in (tmp_path / "nearer.html").read_bytes()


async def test_of_somebody_unknown_it_says_that_nothing_is_kept(life: Life, mira: Person) -> None:
    with pytest.raises(NearerError, match="Nothing is kept of anybody with the number 12345"):
        await made_for(life.nearer.kit.store, 12345, life.clock.now())
