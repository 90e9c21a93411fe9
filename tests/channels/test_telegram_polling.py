"""Nothing that people send is lost, whatever fails between them and the record."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.channels.base import ChannelUnusable
from bot.channels.telegram import Pauses, polling
from bot.channels.telegram.patience import Backoff
from domain.messages import Choice, MenuCommand, Outgoing
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.channels.telegram_stage import Book, at, eventually, receiving, telegram


async def test_what_people_say_is_recorded_and_answered(api: BotApi, lan: Person, book: Book) -> None:
    channel = telegram(api)
    async with receiving(channel, book):
        await book.until(lambda book: book.messages)
        await channel.send(book.messages[0].sender, Outgoing("Chào chị Lan", (Choice("1:0", "Đúng"),)))
        lan.press("Đúng")
        await api.until(lambda: lan.events("answered"))
    assert [(one.text, one.token) for one in book.messages] == [("/start", None), ("", "1:0")]


async def test_the_server_is_told_only_after_the_record(api: BotApi, lan: Person, book: Book) -> None:
    book.failures = 2
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.attempts >= 2)
        assert len(api.first_bot.updates.pending) == 1
        await eventually(lambda: not api.first_bot.updates.pending)
    assert book.texts == ["/start"]


async def test_a_press_is_answered_only_after_the_record(api: BotApi, lan: Person, book: Book) -> None:
    sender = telegram(api)
    await sender.send(at(lan), Outgoing("Đúng không?", (Choice("1:0", "Đúng"),)))
    await sender.close()
    lan.press("Đúng")
    book.refuses = lambda _: True
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.attempts == 3)
        assert api.calls["answerCallbackQuery"] == 0
        book.refuses = lambda _: False
        await api.until(lambda: lan.events("answered"))


async def test_a_restart_at_any_moment_loses_nothing(api: BotApi, book: Book) -> None:
    people = [api.person(f"Người {number}") for number in range(5)]
    said = 0
    for _ in range(6):
        for person in people:
            person.say(f"{person.name}: {said}")
            said += 1
        channel = telegram(api)
        task = asyncio.create_task(channel.receive(book))
        await book.holds(said - 4)
        task.cancel()  # before the next poll has confirmed anything
        await asyncio.gather(task, return_exceptions=True)
        await channel.close()
    assert sorted(int(text.rpartition(" ")[2]) for text in book.texts) == list(range(said))
    for person in people:
        numbers = [int(text.rpartition(" ")[2]) for text in book.texts if text.startswith(f"{person.name}:")]
        assert numbers == sorted(numbers)


async def test_more_than_one_fetch_holds_comes_in_order(api: BotApi, lan: Person, book: Book) -> None:
    for number in range(250):
        lan.say(str(number))
    async with receiving(telegram(api), book):
        await book.until(lambda book: len(book.messages) == 251)
    assert book.texts[1:] == [str(number) for number in range(250)]
    assert max(len(batch) for batch in book.batches) == polling.BATCH


async def test_strange_updates_stop_nobody(
    api: BotApi, lan: Person, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    for kind in ("no_chat", "wrong_types", "huge_text", "unknown_update", "unknown_content", "empty", "null"):
        api.malformed(kind, lan)
        lan.say(kind)
    async with receiving(telegram(api), book):
        await book.until(lambda book: "null" in book.texts)
    strange = [(one.sender, one.unread) for one in book.messages if not one.text]
    assert strange == [(at(lan), True), (at(lan), True)]  # the huge text and the unknown content
    assert "ạạ" not in caplog.text
    assert caplog.text.count("is unreadable") == 4


async def test_a_message_that_cannot_be_recorded_stops_nobody(api: BotApi, lan: Person, book: Book) -> None:
    for text in ("trước", "độc", "sau"):
        lan.say(text)
    book.refuses = lambda message: message.text == "độc"
    async with receiving(telegram(api), book):
        await book.until(lambda book: len(book.messages) == 4)
        lan.say("tiếp")
        await book.until(lambda book: "tiếp" in book.texts)
    assert [(one.text, one.unread) for one in book.messages[1:]] == [
        ("trước", False),
        ("", True),
        ("sau", False),
        ("tiếp", False),
    ]


async def test_a_database_that_is_away_for_long_costs_no_words(api: BotApi, lan: Person, book: Book) -> None:
    book.failures = 12
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.messages)
    assert book.texts == ["/start"]


@pytest.mark.parametrize("kind", ["drop", "reset", "cut", "garbage", "http"])
@pytest.mark.parametrize("method", ["getMe", "getWebhookInfo", "getUpdates"])
async def test_a_network_that_fails_is_tried_again(
    api: BotApi, lan: Person, book: Book, kind: str, method: str
) -> None:
    api.faults.add(kind, method=method, times=3, code=502)
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.messages)
    assert book.texts == ["/start"]


async def test_a_server_that_goes_away_and_comes_back(api: BotApi, lan: Person, book: Book) -> None:
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.messages)
        await api.go_down()
        lan.say("95")
        await asyncio.sleep(0.01)
        await api.come_up()
        await book.until(lambda book: len(book.messages) == 2)


@pytest.mark.parametrize("kind", ["error", "http"])
@pytest.mark.parametrize("code", [401, 404])
async def test_a_passing_refusal_of_the_token_is_survived(
    api: BotApi, lan: Person, book: Book, kind: str, code: int
) -> None:
    api.faults.add(kind, method="getUpdates", code=code)
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.messages)


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_refused_twice_ends_the_program(api: BotApi, book: Book, code: int) -> None:
    api.faults.error(code, times=None)
    channel = telegram(api)
    with pytest.raises(ChannelUnusable, match="telegram: token"):
        await channel.receive(book)
    await channel.close()
    assert api.calls["getMe"] == 2


async def test_what_cannot_be_a_token_is_refused_at_once() -> None:
    for token in ("123", "123:", ":abc", "123:ab c", "123:abc\n"):
        with pytest.raises(ChannelUnusable):
            telegram("http://127.0.0.1:1", token)


async def test_another_program_that_polls_is_waited_for_and_complained_of_once(
    api: BotApi, lan: Person, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    api.faults.error(409, method="getUpdates", times=20)
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.messages)
    assert caplog.text.count("another program uses this bot") == 1


async def test_a_webhook_that_was_left_behind_is_taken_away_and_nothing_with_it(
    api: BotApi, lan: Person, book: Book
) -> None:
    channel = telegram(api)
    await channel._api.call("setWebhook", {"url": "http://127.0.0.1:1/", "allowed_updates": ["poll"]})
    assert (await channel.webhook_state()).host == "127.0.0.1"
    async with receiving(channel, book):
        await book.until(lambda book: book.messages)
        lan.say("95")
        await book.until(lambda book: len(book.messages) == 2)  # the list of kinds was set anew


async def test_the_service_says_how_long_polling_has_to_wait(api: BotApi, lan: Person, book: Book) -> None:
    api.faults.error(429, retry_after=5, method="getUpdates", times=2)
    async with receiving(telegram(api), book):
        await book.until(lambda book: book.messages)


async def test_progress_is_told_and_the_menu_is_set(api: BotApi, lan: Person, book: Book) -> None:
    beats: list[int] = []
    menu = [MenuCommand("giup", "Trợ giúp")]
    channel = telegram(api, menu=menu, description="Thu số liệu", progress=lambda: beats.append(1))
    async with receiving(channel, book):
        await book.until(lambda book: book.messages)
        await eventually(lambda: api.first_bot.descriptions)
    assert beats
    assert lan.menu() == [{"command": "giup", "description": "Trợ giúp"}]
    assert api.first_bot.descriptions == {"short_description/": "Thu số liệu"}


async def test_a_menu_that_cannot_be_set_is_no_reason_to_stop(
    api: BotApi, lan: Person, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiving(telegram(api, menu=[MenuCommand("Giúp!", "?")]), book):
        await book.until(lambda book: book.messages)
        await eventually(lambda: "the menu was not set" in caplog.text)
    assert [record.levelno for record in caplog.records if "menu" in record.message] == [logging.WARNING]


async def test_pauses_grow_up_to_a_limit() -> None:
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)

    backoff = Backoff(Pauses(first=1, longest=30, sleep=note))
    for _ in range(40):
        await backoff.pause()
    assert all(least <= found <= least * 1.5 for least, found in zip([1, 2, 4, 8, 16, 30, 30], waited, strict=False))
    assert max(waited) <= 45


async def test_who_the_bot_is(api: BotApi) -> None:
    channel = telegram(api)
    me: Any = await channel.me()
    assert (me.id, me.username) == (api.first_bot.id, api.first_bot.username)
    await channel.me()
    assert api.calls["getMe"] == 1
    await channel.close()
