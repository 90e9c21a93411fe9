"""The link by which a one-time code reaches the bot at a tap."""

from __future__ import annotations

import asyncio

from bot.channels.base import ChannelUnreachable, ChannelUnusable
from bot.cli.channels import telegram
from bot.complaint import Complaint
from bot.config import TelegramSettings

LINK_SECONDS = 5.0


async def link_to(settings: TelegramSettings, code: str) -> tuple[str, str]:
    """Return the bot's name and a link that sends it the code; both empty where Telegram cannot be asked now."""
    nothing = "", ""
    try:
        channel = telegram(settings)
    except Complaint:
        return nothing  # `dondoc check` says what is wrong with the token
    if channel is None:
        return nothing
    from bot.channels.telegram import start_link

    try:
        async with asyncio.timeout(LINK_SECONDS):
            username = (await channel.me()).username
    except (ChannelUnreachable, ChannelUnusable, TimeoutError):
        return nothing
    finally:
        await channel.close()
    return (username, start_link(username, code)) if username else nothing
