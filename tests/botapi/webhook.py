"""Webhooks: updates are delivered to an address instead of being polled for."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.botapi.calls import Call, Told
from tests.botapi.errors import ApiError, bad
from tests.botapi.updates import Pending, Updates

FIRST_WAIT = 0.02
LONGEST_WAIT = 1.0
READ_TIMEOUT = 60.0
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


class Webhook:
    """Deliver the updates of a bot to its URL: those of a chat one by one, `most` chats at a time, until it takes them.

    Waits between attempts are short, and double up to a second. What the URL answers may be a call, which is run.
    """

    def __init__(
        self, updates: Updates, url: str, secret: str, most: int, run: Callable[[str, dict[str, Any]], None]
    ) -> None:
        self.url = url
        self.secret = secret
        self.most = most
        self.last_error: tuple[int, str] | None = None
        self.clock: Callable[[], float] = updates.clock
        self._updates = updates
        self._run = run
        self._lines: dict[int, deque[int]] = {}
        self._free: deque[int] = deque()
        self._waits: dict[int, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Begin to deliver, or go on, with all that waits."""
        self._updates.on_new = self._line_up
        for serial, waiting in self._updates.pending.items():
            self._line_up(serial, waiting)

    async def stop(self) -> None:
        """Deliver nothing any more; what was not taken waits."""
        self._updates.on_new = None
        for timer in self._timers.values():
            timer.cancel()
        self._lines.clear()
        self._free.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def _line_up(self, serial: int, waiting: Pending) -> None:
        line = self._lines.get(waiting.key)
        if line is None:
            self._lines[waiting.key] = deque([serial])
            self._go_on(waiting.key)
        else:
            line.append(serial)

    def _go_on(self, key: int) -> None:
        self._free.append(key)
        self._pump()

    def _pump(self) -> None:
        while self._free and len(self._tasks) < self.most:
            task = asyncio.get_running_loop().create_task(self._attempt(self._free.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()
            self._pump()

    async def _attempt(self, key: int) -> None:
        line = self._lines[key]
        waiting = self._updates.pending.get(line[0])
        is_taken = waiting is None or await self._deliver(waiting.update)
        self._updates.notify()
        if not is_taken:
            wait = self._waits.get(key, FIRST_WAIT)
            self._waits[key] = min(2 * wait, LONGEST_WAIT)
            self._timers[key] = asyncio.get_running_loop().call_later(wait, self._go_on, key)
            return
        self._updates.drop([line.popleft()])
        self._waits.pop(key, None)
        if line:
            self._free.append(key)
        else:
            del self._lines[key]

    async def _deliver(self, update: dict[str, Any]) -> bool:
        """Return whether the URL took an update."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(READ_TIMEOUT))
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        body = io.BytesIO(json.dumps(update, ensure_ascii=False).encode())  # aiohttp warns of large bytes
        try:
            async with self._session.post(self.url, data=body, headers=headers) as response:
                if 200 <= response.status < 300:
                    self._take_reply(await response.read())
                    return True
                why = f"Wrong response from the webhook: {response.status} {response.reason}"
        except aiohttp.ClientConnectorError:
            why = "Connection refused"
        except aiohttp.ClientError:
            why = "Connection closed"
        except TimeoutError:
            why = "Read timeout expired"
        self.last_error = (int(self.clock()), why)
        return False

    def _take_reply(self, body: bytes) -> None:
        try:
            reply = json.loads(body) if body.startswith(b"{") else {}
        except ValueError:
            return
        if method := reply.pop("method", None):
            self._run(method, reply)


async def set_webhook(call: Call) -> Told:
    """Deliver updates to a URL from now on; an empty one: let them be polled for."""
    url, secret = call.text("url").strip(), call.text("secret_token")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise bad("invalid webhook URL specified")
    if url and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise bad("bad webhook: Failed to resolve host: only this machine is known here")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    kinds = call.nested("allowed_updates", list)
    if kinds is not None:
        call.bot.updates.allow(kinds)
    if call.flag("drop_pending_updates"):
        call.bot.updates.drop(call.bot.updates.pending)
    old, call.bot.webhook = call.bot.webhook, None
    if old:
        await old.stop()
    if not url:
        return Told(True, "Webhook was deleted" if old else "Webhook is already deleted")
    call.bot.updates.end_poll("terminated by setWebhook request")
    most = min(max(call.integer("max_connections", 40), 1), 100)

    def run(method: str, params: dict[str, Any]) -> None:
        call.world.perform(call.bot, method, params)

    call.bot.webhook = Webhook(call.bot.updates, url, secret, most, run)
    call.bot.webhook.start()
    return Told(True, "Webhook was set")


async def delete_webhook(call: Call) -> Told:
    """Let updates be polled for."""
    params = {"drop_pending_updates": call.flag("drop_pending_updates")}
    return await set_webhook(Call(call.world, call.bot, params))


def get_webhook_info(call: Call) -> dict[str, Any]:
    """Return where updates go and how many wait."""
    webhook, updates = call.bot.webhook, call.bot.updates
    updates.drop_old()
    shown: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if webhook:
        shown |= {"ip_address": "127.0.0.1", "max_connections": webhook.most}
        if webhook.last_error:
            shown |= {"last_error_date": webhook.last_error[0], "last_error_message": webhook.last_error[1]}
    if updates.allowed is not None:
        shown["allowed_updates"] = updates.allowed
    return shown


def check_polling(call: Call) -> None:
    """Raise ApiError 409 where updates go to a webhook."""
    if call.bot.webhook:
        why = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        raise ApiError(409, f"Conflict: {why}")
