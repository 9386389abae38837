"""A tap whose answer Telegram did not take is handled again; what it did stays done, once."""

from datetime import UTC, datetime, time
from pathlib import Path

from tests.life import lived

MONDAY = datetime(2028, 2, 21, 10, 0, tzinfo=UTC)


async def test_a_weekday_taken_away_stays_away_when_the_tap_has_to_be_handled_again(tmp_path: Path) -> None:
    async with lived(tmp_path, MONDAY) as life:
        mira = life.person()
        await life.subscribes(mira, "Berlin", time(20))
        await life.says(mira, "/settings")
        await life.taps(mira, "Days: every day")
        life.telegram.fail_next("editMessageText", status=502)
        await life.taps(mira, "✓ Sunday")
        async with life.nearer.kit.store.read() as work:
            person = await work.subscribers.of_chat(mira.id)
    assert person is not None
    assert person.preferences.weekdays == frozenset(range(6))
