"""The bot's time: real time plus an offset, or standing still; it moves only forward, and only when told."""

from datetime import UTC, datetime, timedelta


class TravellingClock:
    """A clock that can be moved on. `now()` is always an aware UTC moment."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._stands_at: datetime | None = None

    @classmethod
    def standing_at(cls, moment: datetime) -> "TravellingClock":
        """A frozen clock at `moment` (aware, any zone): for tests."""
        clock = cls()
        clock.freeze(_utc(moment))
        return clock

    def now(self) -> datetime:
        """The bot's present, aware UTC."""
        return self._stands_at if self._stands_at is not None else datetime.now(UTC) + self._ahead

    @property
    def stands(self) -> bool:
        """True for a frozen clock."""
        return self._stands_at is not None

    def freeze(self, at: datetime | None = None) -> None:
        """Stand still, at `at` (any moment, the past too) or at the present one."""
        self._stands_at = _utc(at) if at is not None else self.now()

    def run(self) -> None:
        """Go on from where the clock stands."""
        if self._stands_at is not None:
            self._ahead = self._stands_at - datetime.now(UTC)
            self._stands_at = None

    def move_to(self, moment: datetime) -> None:
        """Jump forward to `moment` (aware). ValueError for a moment already past."""
        moment = _utc(moment)
        if moment < self.now():
            raise ValueError(f"a clock does not go back: it is {self.now()}, asked for {moment}")
        if self._stands_at is not None:
            self._stands_at = moment
        else:
            self._ahead = moment - datetime.now(UTC)

    def move_by(self, step: timedelta) -> None:
        """Jump forward by `step`. ValueError for a negative one."""
        self.move_to(self.now() + step)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC)
