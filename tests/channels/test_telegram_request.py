"""What is certain about a call whose answer did not come: nothing was sent, or nobody knows. On real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.telegram import request
from bot.channels.telegram.api import Api, Secret
from bot.channels.telegram.errors import FloodWait, NotSent, Unknown, refused

TOKEN = Secret("123456:" + "A" * 35)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    """Serve connections as told, and return the address."""
    writers = []

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await serve(reader, writer)

    listening = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        for writer in writers:
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> None:
    """Read a request to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))


async def answer(writer: asyncio.StreamWriter, body: bytes = b'{"ok":true,"result":true}') -> None:
    """Answer a request and keep the connection."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    await writer.drain()


async def failure(url: str, proxy: str | None = None) -> TelegramError:
    """Call a method, and return how that failed; nothing that is chained to it knows the token."""
    api = Api(TOKEN, url, proxy, 4)
    try:
        with pytest.raises(TelegramError) as caught:
            await api.call("sendMessage", {"chat_id": "1", "text": "Chào"})
    finally:
        await api.close()
    for link in chain(caught.value):
        assert TOKEN.reveal() not in f"{link} {link!r} {vars(link)}"
    return caught.value


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Return an error and all it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def code(error: TelegramError, kind: type[NotSent] | type[Unknown]) -> str:
    """Return the code of an error of a kind."""
    assert isinstance(error, kind)
    return error.code


def unused_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_refused_connection_is_certainly_not_sent() -> None:
    assert code(await failure(f"http://127.0.0.1:{unused_port()}"), NotSent) == "refused"


async def test_an_unknown_name_is_certainly_not_sent() -> None:
    assert code(await failure("http://nowhere.invalid"), NotSent) == "dns"


async def test_a_proxy_that_is_not_there_is_certainly_not_sent() -> None:
    proxy = f"http://127.0.0.1:{unused_port()}"
    assert code(await failure("http://nowhere.invalid", proxy), NotSent) == "proxy"


async def test_a_proxy_that_gives_no_tunnel_is_certainly_not_sent() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    for serve in (refuse, hang_up):
        async with server(serve) as proxy:
            assert isinstance(await failure("https://nowhere.invalid", proxy), NotSent)


async def test_a_failed_handshake_is_certainly_not_sent() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    async with server(hang_up) as url:
        assert isinstance(await failure(url.replace("http:", "https:")), NotSent)


async def test_a_handshake_or_a_free_connection_that_does_not_come_is_certainly_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request, "CONNECT_TIMEOUT", 0.02)

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with server(hang) as url:
        assert code(await failure(url.replace("http:", "https:")), NotSent) == "connect_timeout"
        api = Api(TOKEN, url, None, 1)
        first = asyncio.create_task(api.call("getUpdates"))
        await asyncio.sleep(0.005)
        with pytest.raises(NotSent, match="connect_timeout"):
            await api.call("sendMessage")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await api.close()


async def test_an_answer_that_does_not_come_in_time_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await reader.read()

    async with server(hang) as url:
        api = Api(TOKEN, url, None, 4)
        with pytest.raises(Unknown, match="no_answer"):
            await api.call("sendMessage", read_timeout=0.02)
        await api.close()


async def test_a_connection_that_ends_before_the_answer_leaves_it_open() -> None:
    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.close()

    async with server(close) as url:
        assert code(await failure(url), Unknown) == "disconnected"


async def test_a_kept_connection_that_the_server_closes_just_then_leaves_it_open() -> None:
    requests = 0

    async def close_when_asked_again(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await read_request(reader)
        requests += 1
        await answer(writer)
        await read_request(reader)
        requests += 1
        writer.close()  # a server that died with the request read looks just the same

    async with server(close_when_asked_again) as url:
        api = Api(TOKEN, url, None, 4)
        await api.call("sendMessage", {"text": "1"})
        with pytest.raises(Unknown, match="disconnected"):
            await api.call("sendMessage", {"text": "2"})
        await api.close()
    assert requests == 2  # and never a third by itself


async def test_a_kept_connection_that_was_closed_while_idle_is_not_used() -> None:
    closed = asyncio.Event()

    async def close_when_answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await answer(writer)
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with server(close_when_answered) as url:
        api = Api(TOKEN, url, None, 4)
        for text in ("1", "2"):
            closed.clear()
            assert await api.call("sendMessage", {"text": text}) is True
            await closed.wait()
            await asyncio.sleep(0.002)
        await api.close()


@pytest.mark.parametrize("body", [b'{"ok":tr', b"<html>", b"[]", b'{"ok":true}', b'{"ok":false}', b"[" * 100_000])
async def test_an_answer_that_cannot_be_read_leaves_it_open(body: bytes) -> None:
    async def garble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await answer(writer, body)

    async with server(garble) as url:
        assert code(await failure(url), Unknown) == "answer_unreadable"


async def test_a_redirection_is_not_followed_with_the_token() -> None:
    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://nowhere.invalid/\r\nContent-Length: 0\r\n\r\n")

    async with server(redirect) as url:
        assert code(await failure(url), NotSent) == "foreign_302"


def test_answers_of_odd_forms_are_refusals_all_the_same() -> None:
    odd = b'{"ok":false,"description":5,"parameters":%s}'
    assert isinstance(refused(400, odd % b"[]"), BadRequest)
    assert isinstance(refused(401, odd % b"5"), InvalidToken)
    assert isinstance(refused(429, odd % b'{"retry_after":"soon"}'), NotSent)
    assert isinstance(refused(429, odd % b'{"retry_after":true}'), NotSent)
    assert isinstance(refused(429, odd % b'{"retry_after":5}'), FloodWait)
    assert isinstance(refused(418, odd % b"null"), NotSent)


def test_the_environment_names_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.test:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert request._proxy_of_environment("https://bots.test") == "http://proxy.test:3128"
    assert request._proxy_of_environment("https://127.0.0.1:81") is None
