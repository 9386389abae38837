"""The `nearer` command as an operator meets it: what it prints, and with which exit code it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.sealing import new_key, read_keys
from tests.databases import Postgres

ROOT = Path(__file__).parents[1]
DIARY = [
    {"date": "2026-11-10", "text": "went for a drive after dinner", "chips": ["sudden_space"]},
    {"date": "2026-11-16", "text": "told them about the parking instead", "chips": ["joking_away"]},
    {"date": "2026-11-17", "text": "drove round the ring road twice before going up", "chips": ["sudden_space"]},
    {"date": "2026-11-18", "text": "i want to die", "chips": []},
    {"date": "2026-11-20", "text": "put my phone in the drawer after her nice message", "chips": ["sudden_space"]},
    {"date": "2026-11-21", "text": "told my sister I was tired, let her make the tea", "chips": ["staying_present"]},
]


def nearer(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_missing_settings_are_all_named_with_how_to_get_each() -> None:
    ended = nearer("run")
    assert ended.returncode == 2
    assert "TELEGRAM_TOKEN: is missing (talk to @BotFather" in ended.stderr
    assert "NEARER_KEY: is missing (run `nearer keys new`" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_wrong_settings_are_named_without_repeating_a_secret() -> None:
    ended = nearer("run", TELEGRAM_TOKEN="nonsense-token", NEARER_KEY="short", DATABASE_URL="mysql://u:pw@h/db")
    assert ended.returncode == 2
    assert "TELEGRAM_TOKEN: does not look right" in ended.stderr
    assert "NEARER_KEY: key 1 is not a key" in ended.stderr
    assert "mysql:// is not known" in ended.stderr
    for secret in ("nonsense-token", "short", "pw"):
        assert secret not in ended.stderr.replace("nearer keys new", "")


def test_a_wrong_key_refuses_to_start_and_touches_nothing(tmp_path: Path) -> None:
    settings = {"TELEGRAM_TOKEN": "1:local", "DATABASE_URL": f"sqlite:///{tmp_path}/n.db"}
    # Nothing listens on port 9: the database is prepared before Telegram is spoken to.
    first = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **settings}
        | {"NEARER_KEY": new_key(), "TELEGRAM_API_URL": "http://127.0.0.1:9"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stderr is not None
    assert any("started" in line for line in first.stderr)
    first.terminate()
    first.communicate(timeout=30)
    before = (tmp_path / "n.db").read_bytes()
    ended = nearer("run", NEARER_KEY=new_key(), TELEGRAM_API_URL="http://127.0.0.1:9", **settings)
    assert ended.returncode == 2
    assert "which is not in NEARER_KEY" in ended.stderr
    assert (tmp_path / "n.db").read_bytes() == before


def test_a_key_is_printed_that_can_be_used() -> None:
    printed = nearer("keys", "new")
    assert printed.returncode == 0
    assert len(read_keys(printed.stdout.strip())[0]) == 32
    assert nearer("keys", "new").stdout != printed.stdout


def test_a_database_is_migrated_by_the_command(tmp_path: Path) -> None:
    for _ in range(2):
        ended = nearer("migrate", DATABASE_URL=f"sqlite:///{tmp_path}/n.db")
        assert (ended.returncode, ended.stdout) == (0, "The database is on this version's schema.\n")


def test_a_database_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    ended = nearer("migrate", DATABASE_URL=f"sqlite:///{tmp_path}/missing/n.db")
    assert ended.returncode == 2
    assert ended.stderr == "The database file cannot be opened. Check that its folder exists and is writable.\n"


def test_hear_tells_of_each_line_in_its_shape() -> None:
    lines = ["drove round the ring road twice before going up", "", "i want to die", "🌧️", "x" * 10_000]
    ended = nearer("hear", given="\n".join(lines) + "\n")
    assert ended.returncode == 0
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one["text"] for one in told] == lines
    for one in told:
        likelihoods = [likely["likelihood"] for likely in one["likely"]]
        assert len(likelihoods) == 15
        assert likelihoods == sorted(likelihoods, reverse=True)
        assert len(one["offered"]) <= 3
        assert set(one) == {"text", "care", "likely", "offered", "named"}
    assert [one["care"] for one in told] == [False, False, True, False, False]


def test_reflect_composes_from_a_diary(tmp_path: Path) -> None:
    diary = tmp_path / "diary.jsonl"
    diary.write_text("\n".join(json.dumps(line) for line in DIARY), encoding="utf-8")
    ended = nearer("reflect", str(diary), "--json", "--week", "2026-11-22", "--picture", str(tmp_path / "week.png"))
    assert ended.returncode == 0
    told = json.loads(ended.stdout)
    assert told["week"] == {"from": "2026-11-16", "to": "2026-11-22"}
    (named,) = told["named"]
    assert (named["pattern"], named["days"]) == ("sudden_space", ["2026-11-17", "2026-11-20"])
    assert "want to die" not in ended.stdout
    assert (tmp_path / "week.png").read_bytes().startswith(b"\x89PNG")
    plain = nearer("reflect", str(diary), "--week", "2026-11-22")
    assert plain.stdout.strip() == told["text"].strip()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "Line 1 is not JSON"),
        ('{"text": "x"}', "Line 1 has no date"),
        ('{"date": "2026-11-16"}', "no text"),
    ],
)
def test_a_diary_that_cannot_be_read_names_its_line(tmp_path: Path, line: str, said: str) -> None:
    diary = tmp_path / "diary.jsonl"
    diary.write_text(line, encoding="utf-8")
    ended = nearer("reflect", str(diary))
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_diary_that_is_not_there_is_a_sentence() -> None:
    ended = nearer("reflect", "nowhere.jsonl")
    assert (ended.returncode, ended.stderr) == (2, "nowhere.jsonl cannot be read: No such file or directory.\n")


def test_a_start_on_a_postgresql_without_tables_names_the_command(postgres: Postgres) -> None:
    url = postgres.bare()
    settings = {"TELEGRAM_TOKEN": "1:local", "NEARER_KEY": new_key(), "DATABASE_URL": url}
    ended = nearer("run", TELEGRAM_API_URL="http://127.0.0.1:9", **settings)
    assert ended.returncode == 2
    assert "Run `nearer migrate`, then start again." in ended.stderr
    assert nearer("migrate", DATABASE_URL=url).returncode == 0
    postgres.drop(url)
