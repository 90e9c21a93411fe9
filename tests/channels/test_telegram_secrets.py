"""A whole run, heard at its loudest: no token, no words, no numbers in logs, failures or descriptions of things."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot import logs
from bot.channels.base import SendError
from bot.channels.telegram import Secret, TelegramOptions, start_link
from domain.messages import Choice, MenuCommand, Outgoing
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.channels.telegram_stage import Book, at, receiving, telegram

WORDS = "Tỷ lệ hộ nghèo"


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged at "debug" by everybody, with the filter that every log has."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.addFilter(logs.WithoutTokens())
    root = logging.getLogger()
    names = [name for name in logging.root.manager.loggerDict if not name.startswith(("telegram", "hypothesis"))]
    levels = {logger: logger.level for logger in [root, *map(logging.getLogger, names)]}
    for logger in levels:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield heard
    root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)


async def test_a_whole_run_tells_nothing(api: BotApi, lan: Person, book: Book, loud: io.StringIO) -> None:
    channel = telegram(api, menu=[MenuCommand("giup", "Trợ giúp")])
    async with receiving(channel, book):
        await book.until(lambda book: book.messages)
        lan.say(WORDS)
        lan.share_contact()
        api.malformed("wrong_types", lan)
        for kind in ("error", "http", "drop", "cut", "garbage"):
            for method in ("sendMessage", "getUpdates", "answerCallbackQuery"):
                api.faults.add(kind, method=method, code=502)
            with pytest.raises(SendError) as caught:
                await channel.send(at(lan), Outgoing(WORDS, (Choice("1:0", "Đúng"),)))
            assert api.token not in f"{caught.value!r} {caught.value.__context__!r} {caught.value.__cause__!r}"
        await channel.send(at(lan), Outgoing(WORDS, (Choice("1:0", "Đúng"),)))
        lan.press("Đúng")
        book.failures = 2
        lan.say("hết")
        await book.until(lambda book: "hết" in book.texts)
    assert "getUpdates: failed" in loud.getvalue()
    for secret in (api.token, api.token.partition(":")[2], WORDS, lan.phone, lan.phone[1:], api.url):
        assert secret not in loud.getvalue()


def test_nothing_shows_its_token() -> None:
    token = "123456:" + "A" * 35
    options = TelegramOptions(Secret(token), proxy="http://lan:password@proxy.test")
    channel = telegram("http://127.0.0.1:1", token)
    for thing in (options, options.token, channel, channel._api, channel._api._bot, channel._api._request):
        assert token not in f"{thing} {thing!r}"
        assert "password" not in repr(thing)
    assert options.token.reveal() == token


def test_a_log_blanks_whatever_looks_like_a_token() -> None:
    token = "123456789:" + "aB3-_" * 7
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.addFilter(logs.WithoutTokens())
    logger = logging.Logger("any")
    logger.addHandler(handler)
    logger.warning("GET https://api.telegram.org/bot%s/getMe", token)
    logger.warning(f"bot{token.replace(':', '%3A')}")
    logger.warning("%d", token)  # cannot be formatted
    logger.warning({"token": token})
    try:
        set[str]().remove(token)
    except KeyError:
        logger.exception("failed", stack_info=True)
    assert token[-20:] not in heard.getvalue()
    assert heard.getvalue().count("[token]") == 5
    assert "KeyError" in heard.getvalue()
    logger.warning("%s at %d:%s", "ValueError", 12, "short")
    assert "ValueError at 12:short" in heard.getvalue()


def test_links_carry_only_what_telegram_passes_on() -> None:
    assert start_link("dondoc_bot", "7K4M-29QX") == "https://t.me/dondoc_bot?start=7K4M-29QX"
    for payload in ("a b", "mời", "a" * 65, "a\n"):
        with pytest.raises(ValueError):
            start_link("dondoc_bot", payload)


def test_help_is_shown_without_loading_the_library() -> None:
    script = "import sys; import bot.cli.main; sys.exit('telegram' in sys.modules or 'aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
