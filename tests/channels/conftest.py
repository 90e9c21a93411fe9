"""What the tests of channels may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import Telegram
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.channels.telegram_stage import Book, telegram


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API on the loopback interface."""
    async with BotApi() as started:
        yield started


@pytest.fixture
def lan(api: BotApi) -> Person:
    """Somebody who has started a chat with the bot."""
    person = api.person("Lan")
    person.start()
    return person


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[Telegram]:
    """The channel of the bot, for sending."""
    opened = telegram(api)
    yield opened
    await opened.close()


@pytest.fixture
def book() -> Book:
    """A record in memory."""
    return Book()
