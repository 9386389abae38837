"""A child process that has less than its parent: no permission to write, a small disk, or no database to itself.

`python -m tests.storage.hardship KIND URL` tells on standard output how far it came, a line at a time.
"""

import asyncio
import os
import resource
import sqlite3
import sys

from bot.domain.errors import StorageTrouble
from bot.storage.inbox import Arrived
from tests.databases import open_store
from tests.storage.rows import NOON

#: Nobody's number: it owns nothing.
NOBODY = 65_534
#: A file may grow to so many bytes.
SMALL = 120_000


def main(kind: str, url: str) -> None:
    """Keeps updates until there is trouble, or holds the database until standard input ends."""
    if kind == "holding":
        hold(url)
        return
    if kind == "unprivileged" and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    if kind == "cramped":
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))
    asyncio.run(keep_updates(url))


def hold(url: str) -> None:
    """Another process's transaction that does not end."""
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    say("held")
    sys.stdin.read()


async def keep_updates(url: str) -> None:
    """Each number is told only once it is kept; then the trouble."""
    store = open_store(url)
    try:
        for number in range(1000):
            async with store.write() as work:
                await work.inbox.keep([Arrived(number, 1, {"text": "x" * 3000})], NOON)
            say(number)
    except StorageTrouble as trouble:
        say(trouble)
    finally:
        await store.close()


def say(what: object) -> None:
    """One line, at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
