"""A Bot API that listens, a plain client of it, and the client the program uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import telegram

from tests.botapi import BotApi

Ask = Callable[..., Awaitable[dict[str, Any]]]


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.at = 1_760_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(clock: Clock) -> AsyncIterator[BotApi]:
    async with BotApi(clock=clock) as started:
        yield started


@pytest.fixture
async def ask(api: BotApi) -> AsyncIterator[Ask]:
    """Call a method with a plain client and return the JSON answered."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, token: str = "", **params: Any) -> dict[str, Any]:
            async with session.post(f"{api.url}/bot{token or api.token}/{method}", json=params) as response:
                answer: dict[str, Any] = await response.json()
                assert response.status == answer.get("error_code", 200)
                return answer

        yield call


@pytest.fixture
async def ptb(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it the library warns of a change to come
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as bot:
        yield bot
