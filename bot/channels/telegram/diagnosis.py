"""What a person who looks for a fault wants to know: why no answer came, why posts failed, who has the port."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from telegram.error import InvalidToken, TelegramError

from bot.channels.base import ChannelUnreachable, ChannelUnusable
from bot.channels.telegram.errors import code_of
from bot.channels.telegram.updates import NAME

# "ours": a program with the same token listens there already. "nowhere": this machine has no such address.
Port = Literal["free", "ours", "taken", "forbidden", "nowhere"]
PROBE_TIMEOUT = 3.0
_ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 told apart, not bound to
# What the Bot API says of a post that failed, and our code of it. The first that is part of its words counts.
_FAILURES = (
    ("connection refused", "refused"),
    ("timed out", "timeout"),
    ("timeout", "timeout"),
    ("certificate", "certificate"),
    ("ssl", "certificate"),
    ("resolve", "dns"),
    ("unreachable", "unreachable"),
    ("connection", "disconnected"),
)
_STATUS = re.compile(r"wrong response from the webhook: (\d{3})\b")


@dataclass(frozen=True, slots=True)
class WebhookState:
    """What the Bot API says of the webhook: its `host` ("" for none), what waits, and how a post failed last.

    `ours` tells whether it is the address that this program sets. `failure` is a code ("" for none): "http_502",
    "refused", "timeout", "certificate", "dns", "unreachable", "disconnected" or "other"; never words or an address.
    """

    host: str
    waiting: int
    failure: str
    failed_at: datetime | None = None
    ours: bool = False


@contextmanager
def plainly() -> Iterator[None]:
    """Say of a failed call what those outside of this package know; raises ChannelUnusable and ChannelUnreachable."""
    try:
        yield
    except InvalidToken:
        raise ChannelUnusable(NAME, "token") from None
    except TelegramError as error:
        raise ChannelUnreachable(NAME, code_of(error)) from None


def read_state(told: Any, address: str) -> WebhookState:
    """Return what an answer to getWebhookInfo says; `address` is the one this program sets, with its path."""
    state = told if isinstance(told, dict) else {}
    names = ("url", "pending_update_count", "last_error_message", "last_error_date")
    url, waiting, words, date = (state.get(name) for name in names)
    failed = isinstance(words, str) and bool(words)
    return WebhookState(
        host=(urlsplit(url).hostname or "") if isinstance(url, str) else "",
        waiting=waiting if type(waiting) is int else 0,
        failure=_failure(str(words)) if failed else "",
        failed_at=datetime.fromtimestamp(date, UTC) if failed and type(date) is int and 0 < date < 1 << 40 else None,
        ours=bool(address) and url == address,
    )


def _failure(words: str) -> str:
    said = words.lower()
    if status := _STATUS.search(said):
        return f"http_{status[1]}"
    return next((code for part, code in _FAILURES if part in said), "other")


def ahead(date: str, age: float, now: datetime) -> timedelta | None:
    """Return how far our clock is ahead of a server that wrote `date` `age` seconds ago; None for no date."""
    try:
        there = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return now - timedelta(seconds=age) - (there if there.tzinfo else there.replace(tzinfo=UTC))


async def look_at_port(host: str, port: int, path: str) -> Port:
    """Return whether a webhook could listen, and whether one of ours, known by its `path`, does so already."""
    try:
        look_up = asyncio.get_running_loop().getaddrinfo
        found = await look_up(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server does
                probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "ours" if await _answers_like_us(_ANYWHERE.get(host, host), port, path) else "taken"
        return "forbidden" if isinstance(error, PermissionError) else "nowhere"
    return "free"


async def _answers_like_us(host: str, port: int, path: str) -> bool:
    """Tell whether a post without the secret is refused as `webhook.Webhook` does it, at a path nobody else knows."""
    shown = f"[{host}]" if ":" in host else host
    timeout = aiohttp.ClientTimeout(total=PROBE_TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(f"http://{shown}:{port}{path}", allow_redirects=False) as response,
        ):
            return response.status == HTTPStatus.FORBIDDEN
    except (aiohttp.ClientError, OSError, ValueError):
        return False
