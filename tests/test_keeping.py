"""`nearer keys`, `backup` and `restore` as an operator runs them, killed in the middle and beside a running bot."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.storage.sealing import fingerprint, new_key, read_keys
from tests.databases import Databases, apart
from tests.storage.kept import everything, fill

ROOT = Path(__file__).parents[1]
#: So many rows take a second or so: time enough to be killed in the middle.
ROWS = 2000


@dataclass
class Ended:
    """How a command ended, and what it said."""

    code: int
    said: str
    complained: str


@dataclass
class Operator:
    """Somebody at a shell, with a database that is full and one that is empty."""

    folder: Path
    full: str
    empty: str
    shell: pytest.MonkeyPatch
    screen: pytest.CaptureFixture[str]
    old: str = field(default_factory=new_key)
    new: str = field(default_factory=new_key)

    def types(self, *words: str, database: str = "", keys: str = "") -> Ended:
        """Runs a command to its end."""
        for name, value in self._settings(database, keys).items():
            self.shell.setenv(name, value)
        self.shell.chdir(self.folder)
        code = main(words)
        told = self.screen.readouterr()
        return Ended(code, told.out, told.err)

    def kills(self, *words: str, at: str, database: str = "", keys: str = "") -> None:
        """Starts a process of its own and kills it when it tells of this."""
        running = subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self._settings(database, keys)},
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.stderr is not None
        assert any(at in line for line in running.stderr), f"it never told of {at}"
        os.kill(running.pid, signal.SIGKILL)
        running.communicate(timeout=60)
        assert running.returncode == -signal.SIGKILL

    def _settings(self, database: str, keys: str) -> dict[str, str]:
        return {
            "DATABASE_URL": database or self.full,
            "NEARER_KEY": keys or self.old,
            "DELETED_LIST": str(self.folder / "deleted"),
        }


@pytest.fixture
def operator(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Operator]:
    one = Operator(tmp_path, databases.migrated(), databases.bare(), monkeypatch, capsys)
    yield one
    databases.drop(one.full)
    databases.drop(one.empty)


def many(operator: Operator, count: int = ROWS) -> None:
    apart(fill(operator.full, count, keys=read_keys(operator.old)))


def test_killed_in_the_middle_of_a_rotation_everything_opens_and_it_goes_on(operator: Operator) -> None:
    many(operator)
    both = f"{operator.new},{operator.old}"
    operator.kills("keys", "rotate", at="replies.text", keys=both)
    looked = operator.types("keys", "check", "--all", keys=both)
    assert looked.code == 0
    assert looked.said.count("do not open") == 0
    for alone in (operator.old, operator.new):
        assert operator.types("keys", "check", keys=alone).code == 1
    done = operator.types("keys", "rotate", keys=both)
    assert done.code == 0
    assert f"Key {fingerprint(read_keys(operator.old)[0])} may leave NEARER_KEY now." in done.said
    assert operator.types("keys", "check", "--all", keys=operator.new).code == 0


def test_killed_in_the_middle_of_a_restore_nothing_is_there_and_the_next_one_is_whole(operator: Operator) -> None:
    many(operator)
    assert operator.types("backup", "one").code == 0
    (operator.folder / "deleted").touch()
    operator.kills("restore", "one", at="replies", database=operator.empty)
    assert not any(apart(everything(operator.empty)).values())
    ended = operator.types("restore", "one", "--moved", database=operator.empty)
    assert ended.code == 0, ended.complained
    assert apart(everything(operator.empty)) == apart(everything(operator.full))


def test_killed_in_the_middle_of_a_backup_no_file_has_its_name(operator: Operator) -> None:
    many(operator)
    operator.kills("backup", "one", at="subscribers")
    assert not (operator.folder / "one").exists()
    assert operator.types("backup", "one").code == 0
    proved = operator.types("backup", "check", "one")
    assert proved.code == 0
    assert f"replies.text: {ROWS:,} looked at; opened: {ROWS:,} with" in proved.said
    assert "Everything looked at opens." in proved.said


def test_a_restore_asks_for_the_list_of_deleted_people(operator: Operator) -> None:
    many(operator, 3)
    assert operator.types("backup", "one").code == 0
    asked = operator.types("restore", "one", database=operator.empty)
    assert asked.code == 2
    assert "--deleted LIST" in asked.complained
    assert "or say --without-list if it is lost. Nothing was changed." in asked.complained
    assert operator.types("restore", "one", "--without-list", database=operator.empty).code == 0
    over = operator.types("restore", "one", database=operator.empty)
    assert (over.code, "is not empty" in over.complained) == (2, True)


def test_a_wrong_key_is_named_by_its_fingerprint_and_nothing_is_written(operator: Operator) -> None:
    many(operator, 3)
    assert operator.types("backup", "one").code == 0
    wrong = operator.types("backup", "check", "one", keys=operator.new)
    assert wrong.code == 2
    assert f"sealed with key {fingerprint(read_keys(operator.old)[0])}, which is not in NEARER_KEY" in wrong.complained
    assert operator.types("keys", "rotate").code == 0
    for words in (("backup", "two"), ("keys", "rotate")):
        refused = operator.types(*words, keys=operator.new)
        assert refused.code == 2
        assert f"{fingerprint(read_keys(operator.old)[0])}, which is not in NEARER_KEY" in refused.complained
        assert not {operator.old, operator.new} & set(refused.complained.split())
    assert not (operator.folder / "two").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "check"), "Write `nearer backup FILE` or `nearer backup check FILE`."),
        (("backup", "one"), "has no tables. Look whether it is the right one."),
        (("keys", "rotate"), "has no tables. Look whether it is the right one."),
        (("backup", "check", "nowhere"), "nowhere cannot be read: No such file or directory."),
        (("restore", "nowhere", "--without-list"), "nowhere cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    operator = Operator(tmp_path, f"sqlite:///{tmp_path}/n.db", "", monkeypatch, capsys)
    ended = operator.types(*words)
    assert (ended.code, said in ended.complained, ended.said) == (2, True, "")
