"""Which keys have sealed in this database: a sealed fact for each, gone once nothing is sealed with it any more.

A start that lacks one of them would fail in the middle of somebody's evening; it is refused instead.
"""

from bot.domain.errors import WrongKey
from bot.storage.facts import Facts
from bot.storage.sealing import Sealer

_FACT = "key "


async def check_keys(facts: Facts, sealer: Sealer) -> None:
    """Raises WrongKey, which names by fingerprint every key that has sealed here and is not at hand.

    Raises Damaged where a key has the right fingerprint and is another.
    """
    missing = [mark for mark in await known_keys(facts) if mark not in sealer.at_hand]
    if missing:
        named, there = " and ".join(missing), ", ".join(sealer.at_hand)
        raise WrongKey(
            f"This database holds values sealed with key {named}, which is not in NEARER_KEY (there: {there}). "
            "Add it behind the others, with a comma. Nothing was changed."
        )
    for mark in await known_keys(facts):
        await facts.read_sealed(f"{_FACT}{mark}")


async def known_keys(facts: Facts) -> list[str]:
    """The fingerprints of the keys that have sealed here."""
    return [name.removeprefix(_FACT) for name in await facts.names(_FACT)]


async def note_key(facts: Facts, sealer: Sealer) -> None:
    """The newest key at hand may seal here from now on."""
    if f"{_FACT}{sealer.newest}" not in await facts.names(_FACT):
        await facts.write_sealed(f"{_FACT}{sealer.newest}", "open")


async def drop_other_keys(facts: Facts, sealer: Sealer) -> list[str]:
    """Nothing is sealed with another key any more; returns the fingerprints of those that may go."""
    gone = [mark for mark in await known_keys(facts) if mark != sealer.newest]
    for mark in gone:
        await facts.drop(f"{_FACT}{mark}")
    return gone
