"""The Bot API as a process of its own, for tests that kill bots: `async with Process() as service: …`."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

from tests.botapi.server import HOST, TOKEN

ROOT = Path(__file__).parents[2]


class Process:
    """A Bot API in another process, and what makes things happen in it."""

    def __init__(self, token: str = TOKEN, port: int = 0, seed: int = 1) -> None:
        self.token = token
        self.port = port
        self._seed = seed
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """What a client puts before "/bot<token>/"."""
        return f"http://{HOST}:{self.port}"

    async def __aenter__(self) -> Process:
        words = ["-m", "tests.botapi", "--port", str(self.port), "--token", self.token, "--seed", str(self._seed)]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        self.port = int(await self._process.stdout.readline())
        # A connection each: one that is kept would be cut when the service is down.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()
        if self._process:
            self._process.terminate()
            await self._process.communicate()

    async def do(self, verb: str, **asked: Any) -> Any:
        """Do what a verb of `tests.botapi.control` says and return its result. Raise RuntimeError where it cannot."""
        assert self._session
        body = io.BytesIO(json.dumps(asked).encode())  # aiohttp warns of large bytes
        async with self._session.post(f"{self.url}/_control/{verb}", data=body) as response:
            answer = await response.json()
        if not answer["ok"]:
            raise RuntimeError(answer["error"])
        return answer["result"]
