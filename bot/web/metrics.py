"""Counts for Prometheus: the only door of prometheus_client. No label names a person, a pattern or a word."""

from collections.abc import Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.records import Kind, State

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Seconds. A question is wanted within one, and let go after two hours (D2).
LATENESS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
HANDLING = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Implements Meter. One for a process; a process counts only what it did itself."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self._messages = Counter(
            "nearer_messages", "Calls of Telegram by method and outcome", ("method", "outcome"), registry=own
        )
        self._deliveries = Counter(
            "nearer_deliveries", "Attempts of deliveries by kind and outcome", ("kind", "outcome"), registry=own
        )
        self._late = Histogram("nearer_lateness_seconds", "From due to sent", ("kind",), buckets=LATENESS, registry=own)
        self._kept = Counter("nearer_updates_kept", "Updates kept", registry=own)
        self._handled = Counter("nearer_updates_handled", "Updates handled, by outcome", ("outcome",), registry=own)
        self._handling = Histogram("nearer_update_seconds", "Handling one update", buckets=HANDLING, registry=own)
        self._queue = Gauge("nearer_queue", "What waits, in the database all processes share", ("of",), registry=own)

    def called(self, method: str, outcome: str) -> None:
        """Counts a call of Telegram."""
        self._messages.labels(method, outcome).inc()

    def settled(self, kind: Kind, state: State, late: timedelta) -> None:
        """Counts an attempt; of one that arrived, how late it was."""
        self._deliveries.labels(kind, state).inc()
        if state is State.SENT:
            self._late.labels(kind).observe(max(0.0, late.total_seconds()))

    def kept(self, count: int) -> None:
        """Counts updates kept."""
        self._kept.inc(count)

    def handled(self, outcome: str, seconds: float) -> None:
        """Counts an update, and how long it took."""
        self._handled.labels(outcome).inc()
        self._handling.observe(seconds)

    def told(self, queue: Mapping[str, int]) -> bytes:
        """All of it as Prometheus reads it, `queue` as it stands now; an empty one is not told."""
        self._queue.clear()
        for of, count in queue.items():
            self._queue.labels(of).set(count)
        return generate_latest(self._registry)
