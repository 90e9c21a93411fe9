"""What can go wrong with a call of the Bot API, told apart by one question: can it have taken effect?"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)


class NotSent(NetworkError):
    """The call has certainly had no effect: nothing was written, or who answered says that nothing was done.

    `code` is short, for books and logs; no address, token or words are in it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unknown(NetworkError):
    """The call was written and no answer can be read: it may have had its effect. `code` as in `NotSent`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FloodWait(TelegramError):
    """The Bot API asks to wait `seconds` (429 with parameters.retry_after); the call had no effect.

    The library's own RetryAfter warns of its deprecation whenever one is made.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"flood_wait_{seconds}")
        self.seconds = seconds


def code_of(error: TelegramError) -> str:
    """Return a short code of an error for logs, without the words the Bot API used."""
    return error.code if isinstance(error, (NotSent, Unknown)) else type(error).__name__


def failed(error: Exception, wrote: bool) -> NetworkError:
    """Return what the failure of a request means; `wrote` tells whether any of it was handed to a connection.

    A kept-alive connection that the server closes just then fails like one that dies with the request read: what was
    written counts as possibly done, however likely the harmless reason is.
    """
    if not wrote:
        return NotSent(_why_not_sent(error))
    if isinstance(error, TimeoutError):
        return Unknown("no_answer")
    if isinstance(error, (aiohttp.ClientPayloadError, aiohttp.ClientResponseError)):
        return Unknown("answer_cut")
    if isinstance(error, (aiohttp.ClientConnectionError, OSError)):
        return Unknown("disconnected")
    return Unknown(type(error).__name__)


def _why_not_sent(error: Exception) -> str:
    # The classes of aiohttp are told apart from the narrow to the wide: one for DNS is also one for connecting.
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (aiohttp.ClientConnectorDNSError, "dns"),
        (aiohttp.ClientConnectorCertificateError, "certificate"),
        (aiohttp.ClientConnectorSSLError, "tls"),
        (aiohttp.ClientProxyConnectionError, "proxy"),
        (aiohttp.ClientHttpProxyError, "proxy"),
        (asyncio.TimeoutError, "connect_timeout"),
        (aiohttp.ClientConnectorError, "refused"),
        (OSError, "refused"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), type(error).__name__)


def refused(status: int, body: bytes) -> TelegramError:
    """Return what an answer other than 2xx means.

    Only an answer in the form of the Bot API is believed: a firewall's 403 page says nothing about a person, and a
    restarting proxy's 404 page nothing about the token. `Unknown` for 5xx but 503, which a gateway also gives for
    calls that went through; 429 and 503 say that nothing was done.
    """
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return BadRequest("Request Entity Too Large")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
        return Unknown(f"http_{status}")
    answer = _answer(body)
    if answer is None:
        return NotSent(f"foreign_{status}")
    parameters = answer.get("parameters")
    if isinstance(parameters, dict):
        if type(seconds := parameters.get("retry_after")) is int and seconds > 0:
            return FloodWait(seconds)
        if type(chat := parameters.get("migrate_to_chat_id")) is int:
            return ChatMigrated(chat)
    described = answer.get("description")
    words = described if isinstance(described, str) else ""
    classes: dict[int, type[TelegramError]] = {
        HTTPStatus.BAD_REQUEST: BadRequest,
        HTTPStatus.UNAUTHORIZED: InvalidToken,
        HTTPStatus.FORBIDDEN: Forbidden,
        HTTPStatus.NOT_FOUND: InvalidToken,  # Bot API: a token of the wrong form, or an unknown method
        HTTPStatus.CONFLICT: Conflict,
    }
    return classes[status](words) if status in classes else NotSent(f"http_{status}")


def _answer(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) and answer.get("ok") is False else None
