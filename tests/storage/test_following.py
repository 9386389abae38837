"""What follows a reply is marked on it, held by one worker at a time, and lost by none; on both engines."""

from dataclasses import replace

from bot.domain.records import Follows, Marks, Reply
from bot.storage.store import Store
from tests.storage.rows import LATER, NOON, people, person, reply


async def keep(store: Store, *wanted: Reply, worker: str = "w1") -> list[Reply]:
    async with store.write() as work:
        return await work.replies.keep_all(wanted, worker)


async def take(store: Store, waiting: Follows = Follows.HEARING, worker: str = "w1", limit: int = 9) -> list[str]:
    async with store.write() as work:
        return [one.source for one in await work.following.take(waiting, worker, limit)]


async def stands(store: Store, kept: Reply) -> Reply:
    async with store.read() as work:
        found = await work.replies.of_id(kept.id)
    assert found is not None
    return found


async def heartened(store: Store, *sources: str) -> list[Reply]:
    """Replies that are kept and acknowledged."""
    mira = await person(store)
    kept = await keep(store, *(reply(mira, source, waits_for=Follows.HEART) for source in sources))
    async with store.write() as work:
        await work.following.acknowledged([one.id for one in kept])
    return kept


async def test_a_reply_is_not_heard_before_its_heart(store: Store) -> None:
    mira = await person(store)
    [kept] = await keep(store, reply(mira, waits_for=Follows.HEART))
    assert await take(store) == []
    assert await take(store, Follows.HEART, "w2") == []
    async with store.write() as work:
        await work.following.acknowledged([kept.id])
    assert await take(store, worker="w2") == ["m7"]


async def test_the_oldest_are_taken_first_and_each_once(store: Store) -> None:
    await heartened(store, "m1", "m2", "m3")
    assert await take(store, limit=2) == ["m1", "m2"]
    assert await take(store, worker="w2") == ["m3"]
    assert await take(store) == []


async def test_what_nothing_follows_is_nobodys(store: Store) -> None:
    mira, noor = await people(store, [1, 2])
    [care, tap] = await keep(store, reply(mira, marks=Marks(care=True)), reply(noor, "t1", tapped=True))
    for kept in (care, tap):
        assert (await stands(store, kept)).waits_for is None
    async with store.read() as work:
        assert not await work.following.any_free(list(Follows))


async def test_what_was_heard_stands_on_the_reply_and_says_what_comes_next(store: Store) -> None:
    one, two = await heartened(store, "m1", "m2")
    await take(store)
    known = Marks(heard=("what_if",), offered=("what_if",))
    async with store.write() as work:
        held = await work.following.held("w1", [one.id, two.id])
        await work.following.heard([(held[0], known, Follows.CHIPS), (held[1], Marks(), None)])
    assert await stands(store, one) == replace(one, marks=known, waits_for=Follows.CHIPS)
    assert (await stands(store, two)).waits_for is None
    assert await take(store, Follows.CHIPS, "w2") == ["m1"]


async def test_a_reply_edited_while_it_is_heard_is_heard_anew(store: Store) -> None:
    [kept] = await heartened(store, "m1")
    await take(store)
    async with store.write() as work:
        await work.replies.rewrite(kept, "other words", Marks(), LATER)
        assert await work.following.held("w1", [kept.id]) == []
    assert (await stands(store, kept)).waits_for is Follows.HEARING
    assert await take(store, worker="w2") == ["m1"]


async def test_once_asked_an_edited_reply_is_heard_again_but_not_asked_about(store: Store) -> None:
    [kept] = await heartened(store, "m1")
    await take(store)
    async with store.write() as work:
        await work.following.move("w1", [kept.id], Follows.OFFERING, keep=True)
        await work.replies.rewrite(kept, "other words", Marks(), LATER)
        await work.following.offered([(kept.id, 88)])
    found = await stands(store, kept)
    assert (found.chips_message_id, found.waits_for) == (88, Follows.HEARING_AGAIN)


async def test_edited_into_care_nothing_follows(store: Store) -> None:
    [kept] = await heartened(store, "m1")
    async with store.write() as work:
        await work.replies.rewrite(kept, "other words", Marks(care=True), LATER)
    assert (await stands(store, kept)).waits_for is None


async def test_a_dead_workers_replies_go_on_with_the_next_but_chips_on_their_way_are_not_sent_again(
    store: Store,
) -> None:
    hearing, offering = await heartened(store, "m1", "m2")
    await take(store)
    async with store.write() as work:
        await work.following.move("w1", [offering.id], Follows.OFFERING, keep=True)
        await work.facts.worker_lives("w1", NOON)
        assert await work.following.free_orphans() == 0
        await work.facts.worker_leaves("w1")
        assert await work.following.free_orphans() == 2
    assert (await stands(store, offering)).waits_for is None
    assert await take(store, worker="w2") == ["m1"]
    assert (await stands(store, hearing)).waits_for is Follows.HEARING


async def test_who_does_not_hold_a_reply_moves_nothing(store: Store) -> None:
    [kept] = await heartened(store, "m1")
    await take(store)
    async with store.write() as work:
        await work.following.move("w2", [kept.id], None)
        assert await work.following.waiting() == 1
    assert (await stands(store, kept)).waits_for is Follows.HEARING
