"""Updates that are posted to us: recorded before they are acknowledged, and from nobody but the service."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.channels.base import ChannelUnusable
from bot.channels.telegram import Secret, Telegram
from bot.channels.telegram.webhook import LARGEST_BODY, webhook_path, webhook_secret
from domain.messages import Choice, Outgoing
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.channels.telegram_stage import Book, at, eventually, receiving, telegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def webhook(api: BotApi, port: int, **more: Any) -> Telegram:
    """Return a channel that is posted to."""
    return telegram(api, mode="webhook", webhook_url=f"http://127.0.0.1:{port}/", listen_port=port, **more)


async def post(port: int, path: str, secret: str, **what: Any) -> int:
    """Post something, and return the status answered."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}{path}", headers={HEADER: secret}, **what) as response,
    ):
        assert await response.read() in (b"", b"404: Not Found")  # nothing that helps anybody
        return response.status


async def test_what_people_do_is_posted_recorded_and_answered(api: BotApi, lan: Person, book: Book, port: int) -> None:
    beats: list[int] = []
    channel = webhook(api, port, progress=lambda: beats.append(1))
    async with receiving(channel, book):
        await book.until(lambda book: book.messages)
        await channel.send(at(lan), Outgoing("Đúng không?", (Choice("1:0", "Đúng"),)))
        lan.press("Đúng")
        await eventually(lambda: lan.events("answered"))
        assert (await channel.webhook_state()).host == "127.0.0.1"
    assert [(one.text, one.token) for one in book.messages] == [("/start", None), ("", "1:0")]
    assert beats


async def test_what_could_not_be_recorded_is_posted_again(api: BotApi, lan: Person, book: Book, port: int) -> None:
    book.failures = 3
    channel = webhook(api, port)
    async with receiving(channel, book):
        await book.until(lambda book: book.messages)
        assert "500" in (await channel.webhook_state()).failure
    assert book.attempts == 4


async def test_what_can_never_be_recorded_holds_nothing_up(api: BotApi, lan: Person, book: Book, port: int) -> None:
    book.refuses = lambda one: one.text == "poison"
    async with receiving(webhook(api, port), book):
        await book.until(lambda book: book.messages)
        lan.say("poison")
        lan.say("95")
        await book.until(lambda book: len(book.messages) == 3)
    assert [(one.text, one.unread) for one in book.messages][1:] == [("", True), ("95", False)]


async def test_what_is_said_while_the_program_is_down_waits(api: BotApi, lan: Person, book: Book, port: int) -> None:
    async with receiving(webhook(api, port), book):
        await book.until(lambda book: book.messages)
    lan.say("95")
    async with receiving(webhook(api, port), book):
        await book.until(lambda book: len(book.messages) == 2)
    assert book.texts == ["/start", "95"]


async def test_only_the_service_is_listened_to(api: BotApi, book: Book, port: int) -> None:
    path, secret = webhook_path(Secret(api.token)), webhook_secret(Secret(api.token))
    async with receiving(webhook(api, port), book):
        await eventually(lambda: api.first_bot.webhook)
        assert await post(port, path, "", json={}) == 403
        assert await post(port, path, "ữ".encode().decode("latin-1"), json={}) == 403
        assert await post(port, path, secret[:-1] + "x", json={}) == 403
        assert await post(port, "/telegram/" + "0" * 32, secret, json={}) == 404
        assert await post(port, path, secret, data="text") == 415
        assert await post(port, path, secret, json={"update_id": 1}) == 200
    assert not book.attempts


async def test_what_is_damaged_or_too_large_is_not_taken(api: BotApi, book: Book, port: int) -> None:
    path, secret = webhook_path(Secret(api.token)), webhook_secret(Secret(api.token))
    headers = {HEADER: secret, "Content-Type": "application/json"}
    async with receiving(webhook(api, port), book), aiohttp.ClientSession(headers=headers) as session:
        await eventually(lambda: api.first_bot.webhook)
        for body, status in ((b"{", 400), (b"[" * 100_000, 400), (b" " * (LARGEST_BODY + 1), 413), (b"null", 200)):
            async with session.post(f"http://127.0.0.1:{port}{path}", data=io.BytesIO(body)) as response:
                assert response.status == status


async def test_the_address_and_the_secret_do_not_tell_the_token(api: BotApi) -> None:
    token = Secret(api.token)
    assert api.token.partition(":")[2] not in webhook_path(token) + webhook_secret(token)
    assert webhook_path(token)[-32:] not in webhook_secret(token)
    assert webhook_path(token) != webhook_path(Secret(api.token + "x"))


async def test_a_webhook_that_somebody_else_changed_is_set_again(
    api: BotApi, lan: Person, book: Book, port: int
) -> None:
    async with receiving(webhook(api, port), book):
        await book.until(lambda book: book.messages)
        other = telegram(api)
        await other._api.call("deleteWebhook")
        await other.close()
        lan.say("95")
        await book.until(lambda book: len(book.messages) == 2)


async def test_setting_the_webhook_is_tried_until_it_is_set(api: BotApi, lan: Person, book: Book, port: int) -> None:
    api.faults.error(502, method="setWebhook", times=3)
    async with receiving(webhook(api, port), book):
        await book.until(lambda book: book.messages)


async def test_a_port_in_use_ends_the_program(api: BotApi, book: Book, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        channel = webhook(api, port)
        with pytest.raises(ChannelUnusable, match="telegram: port"):
            await asyncio.wait_for(channel.receive(book), 5)
        await channel.close()


async def test_other_pages_can_be_served_beside_it(api: BotApi, book: Book, port: int) -> None:
    async def health(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    channel = webhook(api, port, routes=[web.get("/health", health)])
    async with receiving(channel, book), aiohttp.ClientSession() as session:
        await eventually(lambda: api.first_bot.webhook)
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert await response.text() == "ok"


async def test_nobody_learns_of_posts_from_the_log(
    api: BotApi, lan: Person, book: Book, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with receiving(webhook(api, port), book):
        await book.until(lambda book: book.messages)
    assert webhook_path(Secret(api.token)) not in caplog.text
