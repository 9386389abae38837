"""Where polling goes on: the offset that confirms what was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: After a week without updates Telegram goes on with any number, which may lie below ours (Bot API, Update).
SILENCE = timedelta(days=6)


@dataclass(slots=True)
class Offset:
    """`value` is what getUpdates is given; None asks for all that waits."""

    value: int | None = None
    _heard_at: datetime | None = None

    def confirm(self, updates: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """These are kept; they need not come in order. `now` is when they came, or did not."""
        if updates or self._heard_at is None:
            self._heard_at = now
            self.value = max((one["update_id"] + 1 for one in updates), default=self.value)
        elif now - self._heard_at > SILENCE:
            self.value = None
