"""The channels that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.base import Channel, ChannelUnusable
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings, TelegramSettings
from bot.watchdog import Pulse
from handlers import menus
from handlers.render import render

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram


def channel_complaint(error: ChannelUnusable) -> Complaint:
    """Return what to tell a person about a channel that cannot be used."""
    return Complaint("channel", channel=error.channel, code=error.code)


def telegram(
    settings: TelegramSettings,
    progress: Callable[[], None] = lambda: None,
    now: Callable[[], datetime] | None = None,
    folder: Path = Path(),
) -> Telegram | None:
    """Return the channel of Telegram, None without a token; raises `Complaint` for what cannot be a token.

    Files to send are found in `folder`.
    """
    token = settings.token()
    if token is None:
        return None
    from bot.channels.telegram import Secret, Telegram, TelegramOptions

    options = TelegramOptions(
        token=Secret(token),
        api_base_url=settings.api_base_url,
        mode=settings.mode,
        webhook_url=settings.webhook_url,
        listen_host=settings.listen_host,
        listen_port=settings.listen_port,
        proxy=settings.proxy or None,
        sends_a_second=settings.sends_a_second,
        local_api=settings.local_api,
        folder=folder,
    )
    try:
        return Telegram(options, menus.for_strangers(), render("common/about"), progress=progress, now=now)
    except ChannelUnusable as error:
        raise channel_complaint(error) from error


def channels(settings: Settings, pulse: Pulse, clock: Clock) -> list[Channel]:
    """Return the channels there are."""
    folder = Path(settings.received.folder)
    found = telegram(settings.telegram, partial(pulse.beat, "telegram receiver"), clock.now, folder)
    return [found] if found else []
