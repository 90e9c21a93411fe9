"""Calls that are made until they are answered: whatever the network does, until the token is refused."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.base import ChannelUnusable
from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import FloodWait, code_of
from bot.channels.telegram.request import READ_TIMEOUT
from bot.channels.telegram.updates import NAME

_Result = TypeVar("_Result")
LONGEST_WAIT = 120.0  # seconds; who is asked to wait longer asks again after these
_log = logging.getLogger("dondoc.telegram")


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait before trying again, in seconds: `first`, doubled up to `longest`, and up to half as much more.

    `token` is the pause before a refused token is tried a second time: longer than a proxy takes to start again, which
    answers 404 meanwhile. `remind` is how soon the log says again what it has said, `look` how often a webhook is
    looked after. `sleep` is for tests.
    """

    first: float = 1.0
    longest: float = 20.0
    token: float = 20.0
    remind: float = 600.0
    look: float = 300.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Backoff:
    """Growing pauses, with a little chance in them: many programs must not come back at the same moment."""

    def __init__(self, pauses: Pauses) -> None:
        self._pauses = pauses
        self.failures = 0

    def reset(self) -> None:
        """Begin with the first pause again."""
        self.failures = 0

    async def pause(self) -> None:
        """Wait, each time longer."""
        seconds = min(self._pauses.first * (1 << min(self.failures, 16)), self._pauses.longest)
        self.failures += 1
        await self._pauses.sleep(seconds * (1 + random.random() / 2))  # noqa: S311 nobody's secret


class Patient:
    """Calls of the Bot API that must succeed sooner or later."""

    def __init__(self, api: Api, pauses: Pauses, progress: Callable[[], None] = lambda: None) -> None:
        self._api = api
        self._pauses = pauses
        self._progress = progress  # of a loop that turns, whether or not anybody answers
        self._said: dict[str, float] = {}

    async def call(
        self, method: str, parameters: Mapping[str, Any] | None = None, read_timeout: float = READ_TIMEOUT
    ) -> Any:
        """Call a method until it is answered; raises ChannelUnusable "token" when that is refused twice."""
        return await self.until(lambda: self._api.call(method, parameters, read_timeout), method)

    async def until(self, make: Callable[[], Awaitable[_Result]], method: str) -> _Result:
        """Make a call until it is answered, as `call` does."""
        backoff = Backoff(self._pauses)
        while True:
            self._progress()
            try:
                result = await make()
            except FloodWait as error:
                self._say(method, f"asked to wait {error.seconds} s")
                await self._pauses.sleep(min(error.seconds, LONGEST_WAIT))
            except InvalidToken:
                await self._verify_token(method)
                await backoff.pause()  # the token is good and yet this call was refused: no reason to hurry
            except Conflict:
                self._say(
                    method, "another program uses this bot's token, or a webhook is set: stop one of them; trying again"
                )
                await backoff.pause()
            except TelegramError as error:
                self._say(method, f"failed: {code_of(error)}; trying again until it is answered")
                await backoff.pause()
            else:
                if backoff.failures:
                    _log.info("%s answered again after %d failures", method, backoff.failures)
                return result

    async def _verify_token(self, method: str) -> None:
        """Return when the token is accepted after all; raises ChannelUnusable when it is refused again.

        A failure that is neither waits for the next look: only a second, plain refusal ends the program.
        """
        self._say(method, f"the token was refused; asking once more in {self._pauses.token:.0f} s")
        backoff = Backoff(self._pauses)
        await self._pauses.sleep(self._pauses.token)
        while True:
            try:
                await self._api.me()
            except InvalidToken:
                raise ChannelUnusable(NAME, "token") from None
            except TelegramError as error:
                self._say("getMe", f"failed: {code_of(error)}")
                await backoff.pause()
            else:
                return

    def _say(self, method: str, what: str) -> None:
        """Warn, but of the same thing only every so often."""
        now = asyncio.get_running_loop().time()
        if now - self._said.get(what, -self._pauses.remind) >= self._pauses.remind:
            self._said[what] = now
            _log.warning("%s: %s", method, what)
