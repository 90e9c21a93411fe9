"""Updates go to a webhook until it takes them, those of a chat in their order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from aiohttp import web
from telegram.error import Conflict

from tests.botapi import BotApi
from tests.botapi.conftest import Ask


class Hook:
    """An address that takes updates, or refuses the next `refusals` of them."""

    def __init__(self) -> None:
        self.url = ""
        self.taken: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.refusals = 0
        self.reply: dict[str, Any] | None = None
        self.changed = asyncio.Event()

    async def take(self, request: web.BaseRequest) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        self.changed.set()
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=500)
        self.taken.append(update)
        return web.json_response(self.reply) if self.reply else web.Response()

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.taken) < count:
                self.changed.clear()
                await self.changed.wait()
        return [update["message"]["text"] for update in self.taken]


def large_request(*given: Any) -> web.BaseRequest:
    return web.BaseRequest(*given, asyncio.get_running_loop(), client_max_size=1 << 24)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    server = web.ServerRunner(web.Server(hook.take, request_factory=large_request, access_log=None))
    await server.setup()
    site = web.TCPSite(server, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{server.addresses[0][1]}/hook"
    yield hook
    await server.cleanup()


async def test_updates_are_delivered_with_the_secret(api: BotApi, hook: Hook, ptb: telegram.Bot) -> None:
    lan = api.person("Lan")
    lan.say("một")
    assert await ptb.set_webhook(hook.url, secret_token="bi-mat", max_connections=4, allowed_updates=["message"])
    lan.say("hai")
    assert await hook.until(2) == ["một", "hai"]
    assert set(hook.secrets) == {"bi-mat"}
    info = await ptb.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (hook.url, 4, ("message",))
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await ptb.get_updates()
    assert await ptb.delete_webhook()
    lan.say("ba")
    assert [update.message.text for update in await ptb.get_updates()] == ["ba"]


async def test_what_is_refused_comes_again_in_order(api: BotApi, hook: Hook, ask: Ask) -> None:
    lan, minh = api.person("Lan"), api.person("Minh")
    hook.refusals = 2
    await ask("setWebhook", url=hook.url)
    for number in range(4):
        lan.say(f"lan {number}")
        minh.say(f"minh {number}")
    texts = await hook.until(8)
    assert [text for text in texts if "lan" in text] == [f"lan {number}" for number in range(4)]
    assert [text for text in texts if "minh" in text] == [f"minh {number}" for number in range(4)]
    info = (await ask("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_an_address_where_nobody_listens_leaves_updates_waiting(api: BotApi, hook: Hook, ask: Ask) -> None:
    answer = await ask("setWebhook", url="http://127.0.0.1:1/hook")
    assert answer == {"ok": True, "result": True, "description": "Webhook was set"}
    api.person("Lan").say("một")
    await api.until(lambda: api.first_bot.webhook.last_error)
    info = (await ask("getWebhookInfo"))["result"]
    assert (info["pending_update_count"], info["last_error_message"]) == (1, "Connection refused")
    await ask("setWebhook", url=hook.url)
    assert await hook.until(1) == ["một"]
    api.person("Lan").say("hai")
    await hook.until(2)
    assert (await ask("deleteWebhook", drop_pending_updates=True))["description"] == "Webhook was deleted"
    assert (await ask("getUpdates"))["result"] == []


async def test_strange_and_large_updates_are_delivered_too(api: BotApi, hook: Hook, ask: Ask) -> None:
    await ask("setWebhook", url=hook.url)
    for kind in ("no_date", "unknown_update", "huge_text"):
        api.malformed(kind, api.person("Lan"))
    await api.until(lambda: not api.first_bot.updates.pending)
    assert [list(update)[1] for update in hook.taken] == ["message", "thought_reader", "message"]


async def test_the_answer_to_a_delivery_may_be_a_call(api: BotApi, hook: Hook, ask: Ask) -> None:
    lan = api.person("Lan")
    hook.reply = {"method": "sendMessage", "chat_id": lan.id, "text": "Đã nhận"}
    await ask("setWebhook", url=hook.url)
    lan.say("một")
    await api.until(lambda: lan.texts() == ["Đã nhận"])


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"url": "ftp://127.0.0.1"}, "invalid webhook URL specified"),
        ({"url": "https://example.com/hook"}, "bad webhook: Failed to resolve host: only this machine is known here"),
        ({"url": "http://127.0.0.1:1", "secret_token": "bí mật"}, "secret token contains unallowed characters"),
    ],
)
async def test_webhooks_that_cannot_be(ask: Ask, params: dict[str, Any], why: str) -> None:
    assert (await ask("setWebhook", **params))["description"] == f"Bad Request: {why}"


async def test_a_poll_ends_when_a_webhook_is_set(api: BotApi, hook: Hook, ask: Ask) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=50))
    await api.until(api.first_bot.updates.is_polled)
    await ask("setWebhook", url=hook.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
