"""What `dondoc check` says of Telegram: the token, the webhook and the way in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from bot.channels.base import ChannelUnreachable, ChannelUnusable
from bot.cli.channels import channel_complaint, telegram
from bot.cli.findings import Finding, Level, found
from bot.complaint import Complaint
from bot.config import TelegramSettings

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram, WebhookState

SECONDS = 8.0
RECENT = timedelta(days=1)
# Bot API: setWebhook takes no other ports, and nothing but https; a server of one's own in its local mode does.
PORTS = (443, 80, 88, 8443)
_Answer = TypeVar("_Answer")


class TelegramCheck:
    """Looks at Telegram; `now` is in the zone in which people read it.

    `ahead` is how far our clock is ahead of Telegram's, once that has answered.
    """

    def __init__(self, settings: TelegramSettings, now: datetime, *, offline: bool) -> None:
        self.ahead: timedelta | None = None
        self._settings = settings
        self._now = now
        self._offline = offline

    async def findings(self) -> AsyncIterator[Finding]:
        """Yield what is found, each as soon as it is."""
        try:
            channel = telegram(self._settings)
        except Complaint as complaint:
            yield found("bad", "cli/check_token", complaint=str(complaint))
            return
        if channel is None:
            yield found("warning", "cli/check_token", complaint="", username=None, code="absent")
            return
        try:
            async for finding in self._ask(channel):
                yield finding
            if self._settings.mode == "webhook":
                yield await self._port(channel)
        finally:
            await channel.close()

    async def _ask(self, channel: Telegram) -> AsyncIterator[Finding]:
        """Yield what the Bot API says; nothing more of it once it has not answered."""
        if self._offline:
            yield found("good", "cli/check_token", complaint="", username=None, code="offline")
            return
        try:
            me = await _in_time(channel, channel.me())
            yield found("good", "cli/check_token", complaint="", username=me.username, code="")
            yield self._webhook(await _in_time(channel, channel.webhook_state()))
        except ChannelUnusable as error:
            yield found("bad", "cli/check_token", complaint=str(channel_complaint(error)))
        except ChannelUnreachable as error:
            host = urlsplit(self._settings.api_base_url).hostname
            values = {"host": host, "proxied": bool(self._settings.proxy)}
            yield found("bad", "cli/check_unreachable", code=error.code, **values)
        finally:
            self.ahead = channel.clock_ahead()

    def _webhook(self, state: WebhookState) -> Finding:
        by_webhook = self._settings.mode == "webhook"
        failed_at = state.failed_at
        failed = bool(state.failure) and (failed_at is None or self._now - failed_at < RECENT)
        wrong = self._wrong_address()
        level: Level = "warning" if failed or by_webhook != state.ours or (state.host and not by_webhook) else "good"
        return found(
            "bad" if wrong else level,
            "cli/check_webhook",
            mode=self._settings.mode,
            state=state,
            failure=state.failure if failed else "",
            failed_at=failed_at and failed_at.astimezone(self._now.tzinfo),
            wanted=urlsplit(self._settings.webhook_url).hostname,
            wrong=wrong,
            ports=PORTS,
        )

    def _wrong_address(self) -> bool:
        """Tell whether Telegram would never take our address."""
        if self._settings.mode != "webhook" or self._settings.local_api:
            return False
        address = urlsplit(self._settings.webhook_url)
        return address.scheme != "https" or (address.port or 443) not in PORTS

    async def _port(self, channel: Telegram) -> Finding:
        state = await channel.port()
        values = {"host": self._settings.listen_host, "port": self._settings.listen_port}
        return found("good" if state in ("free", "ours") else "bad", "cli/check_port", state=state, **values)


async def _in_time(channel: Telegram, answer: Awaitable[_Answer]) -> _Answer:
    """Wait for an answer, but not for long; raises ChannelUnreachable."""
    try:
        async with asyncio.timeout(SECONDS):
            return await answer
    except TimeoutError:
        raise ChannelUnreachable(channel.name, "no_answer") from None
