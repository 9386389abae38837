"""Lives the weeks: moves the clocks, lets people act, throws the troubles, and notes each step for the audit.

Time stands at a step until the bot has done all that was due, except in trouble: then it goes on without it.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from bot.local.telegram import LocalTelegram
from tests.databases import Postgres
from tests.soak.course import Step
from tests.soak.crowd import Crowd
from tests.soak.machine import Machine, Stuck
from tests.soak.trouble import Planned, Trouble

#: In trouble a step lasts so many real seconds at the most; out of it, so long without an end is a finding.
TROUBLED_S, STUCK_S = 0.12, 120.0
#: What a jump of the clock is, in hours for each of its sizes.
JUMP = timedelta(hours=1)


@dataclass
class Conductor:
    """One soak. After `live`, `steps` and the crowd's journal tell what happened."""

    telegram: LocalTelegram
    crowd: Crowd
    machine: Machine
    troubles: list[Planned]
    database: str
    server: Postgres | None
    grid: timedelta
    speed: float
    seed: int
    steps: list[Step] = field(default_factory=list)
    thrown: Counter[Trouble] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = Random(f"conductor {self.seed}")
        self._skew, self._until = timedelta(0), datetime.min.replace(tzinfo=UTC)
        self._now_on: Planned | None = None
        self._word = 0
        self._restarting: asyncio.Task[None] | None = None

    async def live(self, start: datetime, end: datetime) -> None:
        """From start to end."""
        await self.machine.start(self._next_word(), start)
        await self._settle(patient=True)
        now = start
        while now < end:
            now = min(now + self.grid, end)
            self.telegram.clock.move_to(now)
            await self._turn(now)
            await self._pass(now)
        await self.machine.end(kill=False)

    @property
    def _told(self) -> datetime:
        return self.telegram.clock.now() + self._skew

    @property
    def _troubled(self) -> bool:
        return self._now_on is not None and self._skew == timedelta(0)

    async def _pass(self, now: datetime) -> None:
        """What is due is done; then people do what they want, alone or now and then both at once."""
        at_once = not self.machine.runs or self._chance.random() < 0.2 or self._troubled
        self.crowd.at_step(len(self.steps), alone=False)
        if self.machine.runs and (at_once or self._wants_to_kill()):
            self.machine.tell(self._next_word(), self._told)
        if at_once:
            self.crowd.act(now)
        if self._wants_to_kill():
            await self._kill()
        quiet = await self._settle(patient=not self._troubled)
        self._note(quiet)
        if quiet and not at_once and self.crowd.due(now):
            self.crowd.at_step(len(self.steps), alone=True)
            self.crowd.act(now)
            self._note(await self._settle(patient=True))

    def _note(self, quiet: bool) -> None:
        self.steps.append(Step(self.telegram.clock.now(), self._told, quiet, len(self.telegram.record)))

    def _next_word(self) -> int:
        self._word += 1
        return self._word

    async def _settle(self, *, patient: bool) -> bool:
        """Until the bot has nothing left to do at this step; whether it came so far in time."""
        if not self.machine.runs:
            return False
        end = time.monotonic() + (STUCK_S if patient else TROUBLED_S)
        asked = False
        while time.monotonic() < end:
            self.machine.heard.clear()
            if self.machine.died:
                raise Stuck("the bot died by itself")
            if self.telegram.cloud.updates.pending():
                asked = False
            elif not asked:
                self.machine.tell(self._next_word(), self._told)
                asked = True
            elif self.machine.said == (self._word, True) and not self.telegram.cloud.updates.pending():
                return True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.machine.heard.wait(), 0.002 * self.speed)
        if patient:
            raise Stuck(
                f"not done at {self._told}: {self.machine.said}, {self.telegram.cloud.updates.pending()} updates wait"
            )
        return False

    async def _turn(self, now: datetime) -> None:
        """Troubles end and begin."""
        if self._now_on is not None and now >= self._until and not self._wants_to_kill():
            await self._over(self._now_on)
            self._now_on = None
        if self._now_on is None and self.troubles and self.troubles[0].at <= now:
            self._now_on = self.troubles.pop(0)
            self._until = now + self._now_on.lasts
            await self._begin(self._now_on)

    async def _begin(self, trouble: Planned) -> None:
        self.thrown[trouble.kind] += 1
        match trouble.kind:
            case Trouble.ENDED:
                await self.machine.end(kill=False)
            case Trouble.FLOOD:
                calls, wait = trouble.size * 4, trouble.size
                words = f"Too Many Requests: retry after {wait}"
                self.telegram.fail_next("sendMessage", status=429, times=calls, description=words, retry_after=wait)
            case Trouble.OUTAGE:
                self.telegram.outage(lasts=True)
            case Trouble.DATABASE:
                self._restarting = asyncio.create_task(asyncio.to_thread(self._disturb_database))
            case Trouble.FORWARD:
                self._skew = trouble.size * JUMP
            case Trouble.BACK:
                self._skew = -trouble.size * JUMP
            case Trouble.REVOKED:
                self.telegram.revoke(revoked=True)

    async def _over(self, trouble: Planned) -> None:
        match trouble.kind:
            case Trouble.KILLED | Trouble.ENDED:
                await self.machine.start(self._next_word(), self._told)
            case Trouble.OUTAGE:
                self.telegram.outage(lasts=False)
            case Trouble.DATABASE if self._restarting is not None:
                await self._restarting
            case Trouble.FORWARD | Trouble.BACK:
                self._skew = timedelta(0)
            case Trouble.REVOKED:
                self.telegram.revoke(revoked=False)

    def _wants_to_kill(self) -> bool:
        return self._now_on is not None and self._now_on.kind is Trouble.KILLED and self.machine.runs

    async def _kill(self) -> None:
        """In the middle of a call, where there is one within a moment; else at a later step, and at last anyhow."""
        assert self._now_on is not None
        begun, wanted = len(self.telegram.record), self._chance.randint(1, 12)
        end = time.monotonic() + 0.03
        while len(self.telegram.record) < begun + wanted and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.001 * self.speed)
        at_work = [one for one in self.telegram.record.calls(since=begun) if one.method != "getUpdates"]
        if at_work or self.telegram.clock.now() > self._now_on.at + timedelta(hours=8):
            await self.machine.end(kill=True)
            self._until = self.telegram.clock.now() + self._now_on.lasts

    def _disturb_database(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server.start_again()
            return
        holder = sqlite3.connect(self.database.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        time.sleep(0.3)
        holder.close()
