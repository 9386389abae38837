"""The figures of what people build, under the same Telegram."""

import time

from tests.bench.stage import PEERS_PYTHON, TOKEN, Process, telegram, until
from tests.bench.table import Row
from tests.bench.witness import percentile, share


def peer(name: str, module: str, count: int, rate: float, *, ahead: float = 10) -> list[Row]:
    """One of tests/bench/peers, `count` due at one moment."""
    stars = ["--stars", "1e9"] if rate > 30 else []
    with telegram("--pace", str(rate), *stars) as where:
        at = float(int(time.time() + ahead) + 1)
        command = [str(PEERS_PYTHON), "-m", f"tests.bench.peers.{module}", where.url, TOKEN, str(count)]
        running = Process([*command, str(rate), str(at)], {})
        until(at)
        cpu = running.cpu() if running.alive else 0.0
        end = at + count / rate * 2 + 20
        while running.alive and time.time() < end and len(where.witness().delivered()) < count:
            time.sleep(1.0)
        spent = running.cpu() - cpu if running.alive else float("nan")
        saw = where.witness()
        running.end(kill=True)
    moments = [one.at for one in saw.delivered()]
    late = [moment - at for moment in moments]
    return [
        Row(name, "share of the rate", 100 * share(moments, rate, at), "%"),
        Row(name, "arrived", 100 * len(moments) / count, "%"),
        Row(name, "answered 429", saw.refused(), ""),
        Row(name, "most in a second", saw.most_in_a_second(), ""),
        Row(name, "late, p50", percentile(late, 0.5), "s"),
        Row(name, "late, p99", percentile(late, 0.99), "s"),
        Row(name, "CPU a message", 1000 * spent / max(1, len(moments)), "ms"),
    ]
