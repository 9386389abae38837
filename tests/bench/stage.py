"""What is measured stands here as real processes: the local Telegram, the bot or a peer, the database."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.storage.sealing import new_key
from tests.bench.witness import Witness

ROOT = Path(__file__).parents[2]
PEERS_PYTHON = ROOT / ".venv-bench/bin/python"
TOKEN = "1:local"
LATENCY_S = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Process:
    """A process and what it costs, its threads included, its children not."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], *, say: bool = False) -> None:
        self.began = time.time()
        out = subprocess.PIPE if say else subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, env={**_plain(), **environment}, cwd=ROOT, stdout=out, stderr=_errors(), text=True
        )

    def line(self) -> str:
        """The first line that it says."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mb(self) -> float:
        """Resident memory, MB."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * _PAGE / 1e6

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def finished(self) -> int:
        """Its exit code, once it ended by itself."""
        return self._process.wait()

    def end(self, *, kill: bool = False) -> int:
        """Told to end, or killed; its exit code."""
        if self.alive:
            self._process.kill() if kill else self._process.terminate()
        try:
            return self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _plain() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT)}


def _errors() -> Any:
    path = os.environ.get("BENCH_ERRORS")
    return Path(path).open("a") if path else subprocess.DEVNULL


class Telegram:
    """The local Telegram in a process of its own; its record is the only witness."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "bot.local", "--latency", str(LATENCY_S), "--keep", "2000", *options]
        self.process = Process(command, {}, say=True)
        self.url = self.process.line()

    def witness(self) -> Witness:
        """What it saw up to now."""
        with urllib.request.urlopen(f"{self.url}/record") as answer:
            return Witness(json.load(answer))

    def say(self, said: Sequence[tuple[int, str | tuple[str, int]]]) -> None:
        """People write, or tap a button (its data, its message), all at once."""
        body = json.dumps(said).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/say", body)) as answer:
            answer.read()


@contextmanager
def telegram(*options: str) -> Iterator[Telegram]:
    running = Telegram(*options)
    try:
        yield running
    finally:
        running.process.end()


class Home:
    """One operator's machine: a key, a database, the address of a Telegram."""

    def __init__(self, database: str) -> None:
        self.key = new_key()
        self.database = database

    def environment(self, where: Telegram, *, rate: float = 30) -> dict[str, str]:
        paid = {"PAID_BROADCAST": "1"} if rate > 30 else {}
        return {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": where.url,
            "NEARER_KEY": self.key,
            "DATABASE_URL": self.database,
            "SEND_RATE": str(rate),
            **paid,
        }

    def seed(self, count: int, at: float, *, among: int = 0, reflections: bool = False) -> float:
        """`nearer seed`; the seconds it took. `at` is a moment, whole seconds since 1970."""
        wall = time.strftime("%H:%M:%S", time.gmtime(at))
        more = ["--reflections"] if reflections else []
        command = [sys.executable, "-m", "bot", "seed", str(count), "--at", wall, "--among", str(among), *more]
        began = time.time()
        seeding = Process(command, {"NEARER_KEY": self.key, "DATABASE_URL": self.database})
        assert seeding.finished() == 0
        return time.time() - began

    def start(self, where: Telegram, *, rate: float = 30, stalls: Path | None = None, worker: bool = False) -> Process:
        """The bot as `nearer run` runs it; with `stalls` a watcher of its event loop runs beside it."""
        command = ["bot", "worker" if worker else "run"]
        if stalls is not None:
            command = ["tests.bench.watched", str(stalls)]
        return Process([sys.executable, "-m", *command], self.environment(where, rate=rate))


def until(moment: float) -> None:
    """Waits for a moment."""
    while (left := moment - time.time()) > 0:
        time.sleep(min(left, 1.0))


def until_delivered(where: Telegram, count: int, *, within: float, method: str = "sendMessage") -> Witness:
    """What Telegram saw once so many messages were delivered, or nothing more came for some seconds."""
    end, last, seen = time.time() + within, time.time(), -1
    while True:
        saw = where.witness()
        if len(saw.delivered(method)) != seen:
            last, seen = time.time(), len(saw.delivered(method))
        if seen >= count or time.time() > end or (seen > 0 and time.time() - last > 15):
            return saw
        time.sleep(0.2 if count == 1 else 1.0)
