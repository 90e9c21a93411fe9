"""Calls of the Bot API by name, with raw results."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import telegram
from telegram.error import TelegramError

from bot.channels.telegram.errors import Unknown
from bot.channels.telegram.request import READ_TIMEOUT, AiohttpRequest

_encode = json.JSONEncoder(separators=(",", ":")).encode  # files, and only they, are nothing it can encode


class Secret:
    """A string that is shown to nobody by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the string itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret()"


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is: its id and its name without "@"."""

    id: int
    username: str


class _Bot(telegram.Bot):
    """The library's bot, which would show its token to whoever prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Bot()"

    __str__ = __repr__


class Api:
    """The Bot API for one bot. Every call may raise a `telegram.error.TelegramError` and nothing else.

    `connections` is how many calls there can be at once, the poll for updates included.
    """

    def __init__(self, token: Secret, base_url: str, proxy: str | None, connections: int) -> None:
        base_url = base_url.rstrip("/")
        self._calls = Secret(f"{base_url}/bot{token.reveal()}/")
        self._files = Secret(f"{base_url}/file/bot{token.reveal()}/")
        self._request = AiohttpRequest(base_url, connections, proxy)
        self._bot = _Bot(
            token.reveal(),
            base_url=f"{base_url}/bot",
            base_file_url=f"{base_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def call(
        self, method: str, parameters: Mapping[str, Any] | None = None, read_timeout: float = READ_TIMEOUT
    ) -> Any:
        """Call a method and return its result as parsed JSON; parameters that are None are left out."""
        given = {name: value for name, value in (parameters or {}).items() if value is not None}
        try:
            plain = _encode(given).encode()
        except TypeError:
            plain = None
        if plain is None:
            return await self._call_with_files(method, given, read_timeout)
        try:
            return await self._request.call(self._calls.reveal() + method, plain, read_timeout)
        except TelegramError:
            raise
        except Exception as error:
            unexpected = Unknown(type(error).__name__)
        raise unexpected

    async def _call_with_files(self, method: str, parameters: dict[str, Any], read_timeout: float) -> Any:
        """Call a method with files among its parameters, which the library puts into a form."""
        try:
            # With the stroke, which the library drops, it does not advise to use its method of the same name.
            return await self._bot.do_api_request(f"{method}_", api_kwargs=parameters, read_timeout=read_timeout)
        except TelegramError:
            raise
        except Exception as error:
            unexpected = Unknown(type(error).__name__)
        raise unexpected

    async def attempt(
        self, method: str, parameters: Mapping[str, Any] | None = None, read_timeout: float = READ_TIMEOUT
    ) -> None:
        """Call a method whose failure does not matter."""
        with suppress(TelegramError):
            await self.call(method, parameters, read_timeout)

    async def me(self) -> Me:
        """Return who the bot is; raises Unknown where the answer does not say."""
        found = await self.call("getMe")
        if not isinstance(found, dict) or type(found.get("id")) is not int:
            raise Unknown("answer_unreadable")
        name = found.get("username")
        return Me(found["id"], name if isinstance(name, str) else "")

    def dated(self) -> tuple[str, float] | None:
        """Return what the server's newest answer gives as its date, and how many seconds ago it came; None for none."""
        dated = self._request.dated
        return dated and (dated[0], asyncio.get_running_loop().time() - dated[1])

    def download(self, file_path: str) -> AsyncGenerator[bytes, None]:
        """Return the pieces of the file at a path that getFile named."""
        return self._request.download(self._files.reveal() + file_path)

    async def close(self) -> None:
        """Close all connections."""
        await self._request.shutdown()
