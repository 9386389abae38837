"""Polling goes on behind what was kept, and after a week of silence from the start."""

from datetime import UTC, datetime, timedelta

from bot.chat.offset import Offset

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def test_what_is_kept_is_confirmed_whatever_its_order() -> None:
    offset = Offset()
    offset.confirm([{"update_id": 9}, {"update_id": 7}], NOON)
    assert offset.value == 10
    offset.confirm([], NOON + timedelta(days=5))
    assert offset.value == 10


def test_after_a_week_of_silence_lower_numbers_are_heard_too() -> None:
    offset = Offset()
    offset.confirm([{"update_id": 900}], NOON)
    offset.confirm([], NOON + timedelta(days=7))
    assert offset.value is None
    offset.confirm([{"update_id": 12}], NOON + timedelta(days=7, hours=1))
    assert offset.value == 13
