"""Telegram: a bot's chats and groups, by long polling or a webhook."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from aiohttp import web
from telegram.error import TelegramError

from bot.channels.base import Channel, ChannelUnusable, Record
from bot.channels.drawing import drawn
from bot.channels.telegram import files, sending
from bot.channels.telegram.api import Api, Me, Secret
from bot.channels.telegram.diagnosis import Port, WebhookState, ahead, look_at_port, plainly, read_state
from bot.channels.telegram.errors import code_of
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.patience import Patient, Pauses
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.updates import NAME
from bot.channels.telegram.webhook import Webhook, webhook_path, webhook_url
from bot.clock import Clock
from domain.messages import Address, Capabilities, MenuCommand, Outgoing, ReceivedFile

__all__ = ["Me", "Pauses", "Port", "Secret", "Telegram", "TelegramOptions", "WebhookState", "start_link"]

CAPABILITIES = Capabilities(max_text=4096, buttons=True, edits=True, reactions=True, menus=True, files=True)
SENDS_AT_ONCE = 32  # where 25 a second may go, far more than there are unless the server is more than a second away
MOST_SENDS_AT_ONCE = 128
LONGEST_SILENCE = 600.0  # seconds; each poll is answered within one, and a network may be down for some
_BESIDE_SENDS = 32  # connections for the poll, answers to presses, "typing" and files
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Bot API: the start parameter of a deep link

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_log = logging.getLogger("dondoc.telegram")
# At "debug" the library writes down the token and all texts.
logging.getLogger("telegram").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """How the Bot API is reached. `folder` is where relative paths of attachments begin.

    `webhook_url` is the address the public reaches `listen_host`:`listen_port` by, without a path of ours.
    `sends_a_second` is Telegram's limit for a bot of about 30, with room to spare. `local_api` says that
    `api_base_url` is a Bot API server of our own in its local mode.
    """

    token: Secret
    api_base_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    listen_host: str = "127.0.0.1"
    listen_port: int = 8443
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    sends_a_second: float = 25.0
    local_api: bool = False
    folder: Path = Path()


class Telegram(Channel):
    """A Telegram bot. `progress` is called whenever the server has been heard, for a watchdog.

    `menu` and `description` are what the bot shows to everybody. `routes` are served beside the webhook. Raises
    ChannelUnusable for what cannot be a token.
    """

    name = NAME
    capabilities = CAPABILITIES

    def __init__(
        self,
        options: TelegramOptions,
        menu: Sequence[MenuCommand] = (),
        description: str = "",
        *,
        progress: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] | None = None,
        pauses: Pauses | None = None,
        routes: Sequence[web.AbstractRouteDef] = (),
    ) -> None:
        if not _TOKEN.fullmatch(options.token.reveal()):
            raise ChannelUnusable(NAME, "token")
        self.sends_a_second = options.sends_a_second
        # A bot that may send more (Bot API: allow_paid_broadcast, 1,000 a second) has more on their way at once.
        self.sends_at_once = min(max(SENDS_AT_ONCE, int(options.sends_a_second)), MOST_SENDS_AT_ONCE)
        self.longest_silence = LONGEST_SILENCE if options.mode == "polling" else None
        self._options = options
        self._menu = tuple(menu)
        self._description = description
        self._progress = progress
        self._now = now or Clock().now
        self._pauses = pauses or Pauses()
        self._routes = tuple(routes)
        self._api = Api(options.token, options.api_base_url, options.proxy, self.sends_at_once + _BESIDE_SENDS)
        self._me: Me | None = None

    async def receive(self, record: Record) -> None:
        """Hand on what people send, until cancelled; raises ChannelUnusable "token" or "port"."""
        me = self._known(await Patient(self._api, self._pauses, self._progress).until(self._api.me, "getMe"))
        _log.info("connected as @%s, receiving by %s", me.username, self._options.mode)
        introduction = asyncio.create_task(self._introduce())
        intake = Intake(self._api, me, record, self._now)
        way_in = self._webhook(intake) if self._options.mode == "webhook" else self._poller(intake)
        try:
            await way_in.run()
        finally:
            introduction.cancel()
            await asyncio.gather(introduction, return_exceptions=True)
            await intake.close()

    async def send(self, address: Address, outgoing: Outgoing) -> str:
        """Send one message and return the id of the message it became, "" for none; raises `SendError`."""
        with drawn(outgoing) as ready:
            return await sending.send(self._api, address, ready, self._options.folder, self._pauses.sleep)

    def spacing(self, address: Address) -> timedelta:
        """Return a second for a person, three for a group (Bot API: 20 messages a minute)."""
        return timedelta(seconds=3 if address.id.startswith("-") else 1)

    async def show_working(self, address: Address) -> None:
        """Show that the bot is typing, for five seconds at most (Bot API: sendChatAction)."""
        await self._api.attempt("sendChatAction", {"chat_id": address.id, "action": "typing"}, 5.0)

    async def fetch(self, file: ReceivedFile, into: Path, limit: int) -> None:
        """Save a received file of at most `limit` bytes as `into`; raises `FileUnavailable`."""
        await files.fetch(self._api, file, into, limit, local=self._options.local_api)

    async def close(self) -> None:
        """Close all connections."""
        await self._api.close()

    async def me(self) -> Me:
        """Return who the bot is; raises ChannelUnusable "token" and ChannelUnreachable the first time."""
        if self._me is None:
            with plainly():
                return self._known(await self._api.me())
        return self._me

    def _known(self, me: Me) -> Me:
        """Keep who the bot is, and from now on offer links to it."""
        self._me = me
        if me.username:
            self.capabilities = replace(CAPABILITIES, start_link=start_link(me.username, ""))
        return me

    async def webhook_state(self) -> WebhookState:
        """Return what the Bot API says of the webhook; raises ChannelUnusable "token" and ChannelUnreachable."""
        options = self._options
        with plainly():
            told: Any = await self._api.call("getWebhookInfo")
        return read_state(told, webhook_url(options.webhook_url, options.token) if options.webhook_url else "")

    def clock_ahead(self) -> timedelta | None:
        """Return how far our clock is ahead of the server's, by its newest answer; None before one."""
        dated = self._api.dated()
        return ahead(*dated, self._now()) if dated else None

    async def port(self) -> Port:
        """Return whether a webhook could listen where it should, or who is there."""
        options = self._options
        return await look_at_port(options.listen_host, options.listen_port, webhook_path(options.token))

    def __repr__(self) -> str:
        return f"Telegram({self._options.mode})"

    def _poller(self, intake: Intake) -> Poller:
        return Poller(self._api, intake, self._pauses, self._progress)

    def _webhook(self, intake: Intake) -> Webhook:
        options = self._options
        listen = options.listen_host, options.listen_port
        return Webhook(
            self._api, intake, options.token, options.webhook_url, listen, self._pauses, self._progress, self._routes
        )

    async def _introduce(self) -> None:
        """Set what the bot shows to everybody; it is there from the last start if this fails."""
        commands = [{"command": one.name, "description": one.description} for one in self._menu]
        try:
            if commands:
                await self._api.call("setMyCommands", {"commands": commands, "scope": {"type": "default"}})
            if self._description:
                await self._api.call("setMyShortDescription", {"short_description": self._description})
        except TelegramError as error:
            _log.warning("the menu was not set: %s", code_of(error))


def start_link(username: str, payload: str) -> str:
    """Return a link that opens a chat with the bot and sends "/start PAYLOAD" at a tap; raises ValueError.

    Without a payload, what one is to be put behind.
    """
    if payload and not _PAYLOAD.fullmatch(payload):
        raise ValueError("a payload is 1 to 64 of A-Z, a-z, 0-9, _ and -")
    return f"https://t.me/{username}?start={payload}"
