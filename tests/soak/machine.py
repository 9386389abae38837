"""The bot's process: started, told the time, killed. Decides nothing."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import IO, Self

ROOT = Path(__file__).parents[2]


class Stuck(Exception):
    """The bot did not come to an end of what was due, or died by itself."""


class Machine:
    """The process of the bot: started, told the time, killed. As an async context manager it holds the socket."""

    def __init__(self, database: str, api_url: str, speed: float, folder: Path, log: IO[bytes]) -> None:
        self._socket = str(folder / "bot.socket")
        self._command = [sys.executable, "-m", "tests.soak.bot", database, api_url, str(speed), self._socket]
        self._log = log
        self._pid = 0
        self._came: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._writer: asyncio.StreamWriter | None = None
        self.said: tuple[int, bool] = (0, False)
        self.heard = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(lambda *pair: self._came.put_nowait(pair), self._socket)
        self._starter = await asyncio.create_subprocess_exec(
            *self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, cwd=ROOT
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
        self._server.close()
        assert self._starter.stdin is not None
        self._starter.stdin.close()
        await self._starter.wait()

    @property
    def runs(self) -> bool:
        """Whether it was started and not ended since."""
        return self._pid != 0

    async def start(self, step: int, now: datetime) -> None:
        """Until it asks for the time."""
        assert self._starter.stdin is not None
        self.said = (0, False)
        self._starter.stdin.write(b"go\n")
        self._pid = int(await self._line())
        self._ending = asyncio.create_task(self._line())
        reader, self._writer = await self._came.get()
        self._reading = asyncio.create_task(self._read(reader))
        self.tell(step, now)

    async def _line(self) -> bytes:
        assert self._starter.stdout is not None
        return await self._starter.stdout.readline()

    @property
    def died(self) -> bool:
        """Whether it ended by itself."""
        return self._ending.done()

    def tell(self, step: int, now: datetime) -> None:
        """The bot's present from now on."""
        assert self._writer is not None
        self._writer.write(f"{step} {now.timestamp()}\n".encode())

    async def end(self, *, kill: bool) -> None:
        """SIGKILL, or the end of its input, after which it ends by itself in good order."""
        assert self._writer is not None
        if kill:
            os.kill(self._pid, signal.SIGKILL)
        elif self._writer.can_write_eof():
            self._writer.write_eof()
        code = int(await self._ending)
        await self._reading
        self._writer.close()
        self._pid = 0
        if not kill and code:
            raise Stuck("the bot did not end in good order")

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                step, idle = line.split()
                self.said = (int(step), idle == b"1")
                self.heard.set()
        self.heard.set()
