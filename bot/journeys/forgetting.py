"""What has lain long enough is forgotten: answers past the time that the operator set, and who is out of reach.

Small batches, each a transaction of its own, so that nobody waits; a kill in between loses nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.journeys.departing import list_the_unlisted, remove_whole
from bot.journeys.kit import Kit
from bot.storage.store import Work

#: Somebody who blocked the bot, or whose account is gone, is removed whole after so long.
UNREACHABLE_FOR = timedelta(days=90)
#: Deliveries that reached nobody stay in the ledger for longer than a prompt rests (180 days).
UNSEEN_FOR = timedelta(days=190)
#: Updates that failed help to find a fault for about so long.
FAULTS_FOR = timedelta(days=30)
#: The text of a service notice is needed while it is on its way.
NOTICES_FOR = timedelta(days=30)
BATCH = 500
#: Whole people are larger.
PEOPLE_BATCH = 20


def months_before(now: datetime, months: int) -> datetime:
    """The same day so many months earlier; the last of that month where it has no such day."""
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in range(now.day, now.day - 4, -1):
        try:
            return now.replace(year=years, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(f"there is no moment {months} months before")


async def forget_expired(kit: Kit) -> dict[str, int]:
    """Forgets all that has expired; returns how much of each, by name, where it was any."""
    now = kit.now()
    await list_the_unlisted(kit)
    counts = {
        "unreachable": await _all(kit, lambda work: _unreachable(kit, work, now), PEOPLE_BATCH),
        "never_seen": await _all(kit, lambda work: work.retention.never_seen(now - UNSEEN_FOR, BATCH)),
        "failed_updates": await _all(kit, lambda work: work.retention.failed_updates(now - FAULTS_FOR, BATCH)),
    }
    async with kit.store.write() as work:
        counts["notices"] = await work.retention.old_notices((now - NOTICES_FOR).astimezone(UTC).date())
    if kit.house.keep_months is not None:
        before = months_before(now, kit.house.keep_months)
        counts["replies"] = await _all(kit, lambda work: work.retention.old_replies(before, BATCH))
        counts["deliveries"] = await _all(kit, lambda work: work.retention.old_deliveries(before, BATCH))
    return {name: count for name, count in counts.items() if count}


async def _unreachable(kit: Kit, work: Work, now: datetime) -> int:
    people = await work.retention.unreachable(now - UNREACHABLE_FOR, PEOPLE_BATCH)
    if people:
        await remove_whole(kit, work, people, now)
    return len(people)


async def _all(kit: Kit, do: Callable[[Work], Awaitable[int]], batch: int = BATCH) -> int:
    total = 0
    while True:
        async with kit.store.write() as work:
            count = await do(work)
        total += count
        if count < batch:
            return total
