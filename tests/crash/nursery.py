"""Starts and ends of the program, in a process of its own: `async with Nursery(start, token) as bot: …`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from tests.crash.bot import Start

ROOT = Path(__file__).parents[2]


class Nursery:
    """One program after the other, each a fork of a process that has imported everything."""

    def __init__(self, start: Start, token: str) -> None:
        self.pid = 0
        self.starts = 0
        self._start = start
        self._token = token
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Nursery:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.bot",
            cwd=ROOT,
            env=os.environ | {"DONDOC_TELEGRAM_TOKEN": self._token},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process
        self.kill()
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.communicate()

    async def start(self) -> None:
        """Start the program anew, the one before having ended."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asdict(self._start)).encode() + b"\n")
        self.pid = int(await self._line())
        self.starts += 1

    async def ended(self) -> int:
        """Wait for the end of the program and return its status, -9 for a SIGKILL."""
        status = int(await self._line())
        self.pid = 0
        return status

    def kill(self) -> None:
        """End the program with SIGKILL, where it runs."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask the program to end, as a service manager does."""
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)

    def memory(self) -> int:
        """Return how many kilobytes of memory the program holds."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def sockets(self) -> int:
        """Return how many connections the program has, and ports it listens at."""
        found = 0
        for name in Path(f"/proc/{self.pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                found += str(name.readlink()).startswith("socket:")
        return found

    def log(self) -> str:
        """Return what all programs so far have complained of."""
        path = Path(self._start.log)
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def _line(self) -> bytes:
        assert self._process
        assert self._process.stdout
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("nobody starts programs any more")
        return line
