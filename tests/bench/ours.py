"""Our own figures: each function is one scenario on fresh processes and a fresh database, and gives its rows."""

import math
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.stage import Home, Telegram, telegram, until, until_delivered
from tests.bench.table import Row
from tests.bench.witness import percentile, share
from tests.databases import Postgres, migrate

#: The bot has so long to start before the due moment.
AHEAD_S = 12


@contextmanager
def server() -> Iterator[Postgres]:
    """A PostgreSQL that waits for the disk, as an operator's does."""
    running = Postgres()
    running.execute("ALTER SYSTEM SET fsync = on")
    running.execute("SELECT pg_reload_conf()")
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def home(engine: str) -> Iterator[Home]:
    """A machine with an empty database."""
    if engine == "postgresql":
        with server() as postgres:
            yield Home(postgres.migrated())
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/nearer.db"
        migrate(url)
        yield Home(url)


def soon(seconds: float) -> float:
    """A whole second from now, ahead by so much."""
    return math.ceil(time.time() + seconds)


def seeded(place: Home, count: int, *, among: int = 0, reflections: bool = False) -> float:
    """Seeds, and gives the moment when all are due, far enough ahead for the bot to start."""
    at = soon(AHEAD_S + 20 + max(count, among) / 15000 + (count / 60 if reflections else 0))
    place.seed(count, at, among=among, reflections=reflections)
    assert time.time() < at - AHEAD_S / 2, "seeding took too long for this machine"
    return at


def stalls(path: Path, since: float, until_at: float) -> tuple[float, float]:
    """The longest stand of the loop between two moments, and the longest at work, in seconds."""
    lines = [tuple(map(float, line.split())) for line in path.read_text().splitlines() if len(line.split()) == 3]
    mine = [(stood, worked) for at, stood, worked in lines if since <= at - stood and at <= until_at + stood]
    return max((stood for stood, _ in mine), default=0.0), max((worked for _, worked in mine), default=0.0)


def due_at_once(
    name: str, engine: str, count: int, rate: float, *, among: int = 0, reflections: bool = False
) -> list[Row]:
    """`count` due at one moment: share of the rate, 429s, most in a second, CPU, stall, memory."""
    paid = ["--stars", "1e9"] if rate > 30 else []
    with home(engine) as place, telegram("--pace", "30", *paid) as where, tempfile.TemporaryDirectory() as folder:
        watching = Path(folder) / "stalls"
        at = seeded(place, count, among=among, reflections=reflections)
        bot = place.start(where, rate=rate, stalls=watching)
        until(at - 1.5)
        cpu = bot.cpu()
        messages = count * (2 if reflections else 1)
        until(at + messages / rate - 0.5)  # asking for the record costs its process something
        saw = until_delivered(where, count, within=messages / rate * 3 + 60)
        spent = bot.cpu() - cpu
        memory = bot.memory_mb()
        end = time.time()
        bot.end()
        stood, worked = stalls(watching, at - 1, end)
        sent = saw.delivered() + (saw.delivered("sendPhoto") if reflections else [])
        moments = sorted(one.at for one in sent)
        late = [one.at - at for one in sent]
        return [
            Row(name, "share of the rate", 100 * share(moments, rate, at), "%"),
            Row(name, "arrived", 100 * len(sent) / messages, "%"),
            Row(name, "twice", saw.twice(), ""),
            Row(name, "answered 429", saw.refused(), ""),
            Row(name, "most in a second", saw.most_in_a_second(), ""),
            Row(name, "late, p50", percentile(late, 0.5), "s"),
            Row(name, "late, p99", percentile(late, 0.99), "s"),
            Row(name, "CPU a message", 1000 * spent / max(1, len(sent)), "ms"),
            Row(name, "longest stall", 1000 * stood, "ms"),
            Row(name, "longest stall at work", 1000 * worked, "ms"),
            Row(name, "memory", memory, "MB"),
            Row(name, "malformed calls", saw.malformed, ""),
        ]


def faults(name: str, engine: str, count: int, rate: float) -> list[Row]:
    """2 % answered 502, 2 % reset after accept, 1 % never answered: lost, twice, unknown."""
    options = ("--pace", "30", "--stars", "1e9", "--bad-gateway", "0.02", "--reset", "0.02", "--never-answered", "0.01")
    with home(engine) as place, telegram(*options) as where:
        at = seeded(place, count)
        bot = place.start(where, rate=rate)
        until(at)
        saw = until_delivered(where, count, within=count / rate * 3 + 60)
        until(time.time() + 25)
        saw = where.witness()
        bot.end()
        arrived = {one.chat for one in saw.delivered()}
        return [
            Row(name, "lost", count - len(arrived), ""),
            Row(name, "twice", saw.twice(), ""),
            *_states(name, place),
        ]


def _states(name: str, place: Home) -> list[Row]:
    if not place.database.startswith("sqlite"):
        return []
    known = sqlite3.connect(place.database.removeprefix("sqlite:///"))
    try:
        rows = known.execute("SELECT kind, state, count(*) FROM deliveries GROUP BY 1, 2").fetchall()
    finally:
        known.close()
    return [Row(name, f"{kind}: {state}", count, "") for kind, state, count in rows]


def killed(name: str, engine: str, count: int, rate: float) -> list[Row]:
    """SIGKILL twice in mid-run, each time started again: lost, twice, unknown."""
    with home(engine) as place, telegram("--pace", "30", "--stars", "1e9") as where:
        at = seeded(place, count)
        bot = place.start(where, rate=rate)
        for part in (0.25, 0.6):
            _until_part(where, at, int(part * count))
            bot.end(kill=True)
            bot = place.start(where, rate=rate)
        saw = until_delivered(where, count, within=count / rate * 3 + 60)
        until(time.time() + 5)
        saw = where.witness()
        bot.end()
        arrived = {one.chat for one in saw.delivered()}
        rows = [Row(name, "lost", count - len(arrived), ""), Row(name, "twice", saw.twice(), "")]
        return [*rows, *_states(name, place)]


def _until_part(where: Telegram, at: float, count: int) -> None:
    until(at)
    end = time.time() + 120
    while len(where.witness().delivered()) < count and time.time() < end:
        time.sleep(0.05)


def database_killed(name: str, count: int, rate: float) -> list[Row]:
    """PostgreSQL killed in mid-run and started again two seconds later; nothing of ours is started again."""
    with server() as postgres, telegram("--pace", "30", "--stars", "1e9") as where:
        place = Home(postgres.migrated())
        at = seeded(place, count)
        bot = place.start(where, rate=rate)
        _until_part(where, at, count // 3)
        postgres.kill()
        until(time.time() + 2)
        postgres.start_again()
        until_delivered(where, count, within=count / rate * 3 + 90)
        until(time.time() + 5)
        saw = where.witness()
        states = postgres.execute_in(place.database, "SELECT kind, state, count(*) FROM deliveries GROUP BY 1, 2")
        arrived = {one.chat for one in saw.delivered()}
        alive = bot.alive
        bot.end()
    return [
        Row(name, "lost", count - len(arrived), ""),
        Row(name, "twice", saw.twice(), ""),
        Row(name, "the bot still ran", float(alive), ""),
        *(Row(name, f"{row[0]}: {row[1]}", row[2], "") for row in states),
    ]


def starts(name: str, engine: str) -> list[Row]:
    """From the start of the process to its first message, among few and among many."""
    rows = []
    for among in (10_000, 1_000_000):
        with home(engine) as place, telegram() as where:
            at = soon(5 + among / 15_000)
            place.seed(1, at, among=among)
            until(at + 1)
            bot = place.start(where)
            first = until_delivered(where, 1, within=60).delivered()[0].at
            until(time.time() + 3)
            rows.append(Row(name, f"to the first of {among}", first - bot.began, "s"))
            rows.append(Row(name, f"memory with {among}", bot.memory_mb(), "MB"))
            bot.end()
    return rows
