"""HTTP for the Bot API: one aiohttp session for all calls, whose failures say whether anything was sent."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.errors import Unknown, failed, refused

CONNECT_TIMEOUT = 10.0  # seconds, the wait for a free connection included
READ_TIMEOUT = 25.0
UPLOAD_TIMEOUT = 240.0  # for a whole upload; a commune's line may carry 50 MB slowly
UPLOAD_READ_TIMEOUT = 60.0  # the server looks at a file before it answers
KEEP_ALIVE = 60.0  # a new TLS handshake for every message would double its way
CHUNK = 1 << 16


class _Progress:
    """Whether any of a request was handed to a connection."""

    __slots__ = ("wrote",)

    def __init__(self) -> None:
        self.wrote = False


async def _note_written(session: aiohttp.ClientSession, context: SimpleNamespace, what: object) -> None:  # noqa: ARG001
    # Called just before the first byte is written, and not for the CONNECT that asks a proxy for a tunnel.
    context.trace_request_ctx.wrote = True


class AiohttpRequest(BaseRequest):
    """The library's door to HTTP, opened with aiohttp.

    Raises `bot.channels.telegram.errors.NotSent`, `Unknown` or what the Bot API refused with. No exception holds the
    address, which has the token in it, nor is chained to one that does. `proxy` is the URL of an HTTP proxy; without
    it the environment decides, once.
    """

    __slots__ = ("_connections", "_proxy", "_session", "dated")

    def __init__(self, base_url: str, connections: int, proxy: str | None = None) -> None:
        self._connections = connections
        self._proxy = proxy or _proxy_of_environment(base_url)
        self._session: aiohttp.ClientSession | None = None
        # When the server wrote its newest answer, by its own clock, and when that was by the clock of the loop.
        self.dated: tuple[str, float] | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer where a call names none."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Do nothing: the session is opened by the first request, in the loop that needs it."""

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 one limit for a whole upload
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Make one request; never a second one by itself."""
        read = READ_TIMEOUT if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        upload = request_data is not None and request_data.contains_files
        if upload:
            read = max(read, UPLOAD_READ_TIMEOUT)
        with ExitStack() as opened:
            return await self._make(method, url, lambda: _body(request_data, opened), read, upload=upload)

    async def call(self, url: str, parameters: bytes, read: float) -> Any:
        """Make a call whose parameters are JSON and return its result.

        As `do_request` does without a file, but with no object made of each parameter.
        """
        _, payload = await self._make("POST", url, lambda: (parameters, _JSON), read)
        return self.parse_json_payload(payload)["result"]

    async def _make(
        self, method: str, url: str, body: Callable[[], _Body], read: float, *, upload: bool = False
    ) -> tuple[int, bytes]:
        progress = _Progress()
        try:
            timeout = _timeout(read, CONNECT_TIMEOUT + read + (UPLOAD_TIMEOUT if upload else CONNECT_TIMEOUT))
            async with self._exchange(method, url, body(), timeout, progress) as response:
                if date := response.headers.get("Date"):
                    self.dated = date, asyncio.get_running_loop().time()
                status, payload = response.status, await response.read()
            failure = None if 200 <= status <= 299 else refused(status, payload)
        except Exception as error:
            failure = failed(error, progress.wrote)
        # Raised outside of the handler: the error of aiohttp, which knows the address, is not even its context.
        if failure is not None:
            raise failure
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse a successful answer; the library's own version logs what it cannot parse, words and all."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or answer.get("ok") is not True or "result" not in answer:
            raise Unknown("answer_unreadable")
        return answer

    async def download(self, url: str) -> AsyncGenerator[bytes, None]:
        """Return the pieces of a file as they arrive."""
        progress = _Progress()
        failure: Exception | None = None
        try:
            async with self._exchange("GET", url, None, _timeout(READ_TIMEOUT, None), progress) as response:
                if response.status == 200:
                    async for piece in response.content.iter_chunked(CHUNK):
                        yield piece
                else:
                    failure = refused(response.status, await response.content.read(CHUNK))
        except Exception as error:
            failure = failed(error, progress.wrote)
        if failure is not None:
            raise failure

    def _exchange(
        self, method: str, url: str, body: _Body, timeout: aiohttp.ClientTimeout, progress: _Progress
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        content, headers = body if body is not None else (None, {})
        return self._opened().request(
            method,
            url,
            data=content,
            headers=headers,
            timeout=timeout,
            proxy=self._proxy,
            allow_redirects=False,  # would make a GET of a POST, and show the token to another host
            trace_request_ctx=progress,
        )

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            written = aiohttp.TraceConfig()
            written.on_request_headers_sent.append(_note_written)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[written],
                headers={"User-Agent": "dondoc"},
            )
        return self._session


_Body = tuple[bytes | aiohttp.FormData, dict[str, str]] | None
_JSON = {"Content-Type": "application/json"}


@lru_cache(maxsize=16)
def _timeout(read: float, total: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=CONNECT_TIMEOUT, sock_read=read)


def _body(data: RequestData | None, opened: ExitStack) -> _Body:
    if data is None:
        return None
    if not data.contains_files:
        form = data.url_encoded_parameters().encode()
        return form, {"Content-Type": "application/x-www-form-urlencoded"}
    # Names of files in plain UTF-8, as browsers send them: percent signs would be what people see.
    parts = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        parts.add_field(name, value)
    for name, (filename, content, media_type) in data.multipart_data.items():
        if isinstance(content, Path):
            content = opened.enter_context(content.open("rb"))
        parts.add_field(name, content, filename=filename, content_type=media_type)
    return parts, {}


def _proxy_of_environment(url: str) -> str | None:
    """Return the HTTP proxy the environment names for an address.

    aiohttp's own `trust_env` looks it up for every request, in two other threads.
    """
    split = urlsplit(url)
    if urllib.request.proxy_bypass(split.hostname or ""):
        return None
    return urllib.request.getproxies().get(split.scheme)
