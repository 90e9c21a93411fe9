"""The webhook: the Bot API posts each update to us, and repeats it until we answer 200."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.channels.base import ChannelUnusable
from bot.channels.telegram.api import Api, Secret
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.patience import Patient, Pauses
from bot.channels.telegram.updates import ALLOWED, NAME, number_of
from bot.failures import where

LARGEST_BODY = 1024 * 1024  # bytes; an update is some kilobytes
_TRIES = 3
_REMEMBERED = 1000
CONNECTIONS = 16  # Bot API: setWebhook.max_connections, 1-100; updates of one chat come one after another
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the name of it
_log = logging.getLogger("dondoc.telegram")


def webhook_path(token: Secret) -> str:
    """Return the path updates are posted to. It is not guessed, and does not tell the token."""
    return f"/telegram/{_derived(token, 'dondoc webhook path')[:32]}"


def webhook_url(url: str, token: Secret) -> str:
    """Return the whole address updates are posted to, under the one the public reaches us by."""
    return url.rstrip("/") + webhook_path(token)


def webhook_secret(token: Secret) -> str:
    """Return what the Bot API shows with each update, and nobody else knows (Bot API: setWebhook.secret_token)."""
    return _derived(token, "dondoc webhook secret")


def _derived(token: Secret, label: str) -> str:
    return hmac.new(token.reveal().encode(), label.encode(), hashlib.sha256).hexdigest()


class Webhook:
    """A server for updates at `host`:`port`, reached from outside as `url`. `routes` are served beside it."""

    def __init__(
        self,
        api: Api,
        intake: Intake,
        token: Secret,
        url: str,
        listen: tuple[str, int],
        pauses: Pauses,
        progress: Callable[[], None],
        routes: Sequence[web.AbstractRouteDef] = (),
    ) -> None:
        self._patient = Patient(api, pauses)
        self._intake = intake
        self._path = webhook_path(token)
        self._secret = webhook_secret(token)
        self._url = Secret(webhook_url(url, token))
        self._listen = listen
        self._progress = progress
        self._pauses = pauses
        self._failed: Counter[int | None] = Counter()
        self._app = web.Application(client_max_size=LARGEST_BODY)
        self._app.add_routes([web.post(self._path, self._take), *routes])

    async def run(self) -> None:
        """Listen, and see to it that updates are sent here, until cancelled; raises ChannelUnusable.

        The webhook stays set when this ends: what people write meanwhile waits at the server for a day.
        """
        runner = web.AppRunner(self._app, access_log=None, handle_signals=False, shutdown_timeout=5.0)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, *self._listen).start()
            except OSError:
                raise ChannelUnusable(NAME, "port") from None
            await self._set()
            while True:
                await asyncio.sleep(self._pauses.look)  # it may be taken away by whoever has the token
                await self._look()
        finally:
            await runner.cleanup()

    async def _set(self) -> None:
        wanted = {
            "url": self._url.reveal(),
            "secret_token": self._secret,
            "allowed_updates": ALLOWED,
            "max_connections": CONNECTIONS,
            "drop_pending_updates": False,
        }
        await self._patient.call("setWebhook", wanted)
        self._progress()

    async def _look(self) -> None:
        state = await self._patient.call("getWebhookInfo")
        self._progress()
        if not isinstance(state, dict) or state.get("url") != self._url.reveal():
            _log.warning("the webhook was changed by somebody else; setting it again")
            await self._set()

    async def _take(self, request: web.Request) -> web.Response:
        shown = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), self._secret.encode()):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if request.content_type != "application/json":
            return web.Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        update: Any
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            _log.warning("what was posted is no JSON")
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        try:
            await self._record(update)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            _log.exception("an update was not recorded: %s", where(error), exc_info=False)
            return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
        self._progress()
        return web.Response()

    async def _record(self, update: Any) -> None:
        """Record an update; one that was posted in vain a few times already, as what is left of it then."""
        number = number_of(update)
        try:
            if self._failed[number] < _TRIES:
                await self._intake.take([update])
            else:
                await self._intake.take_apart([update])
        except Exception:
            if len(self._failed) < _REMEMBERED:  # while the database is away, everything is posted in vain
                self._failed[number] += 1
            raise
        self._failed.pop(number, None)
