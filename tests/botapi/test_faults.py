"""What goes wrong on the way goes wrong as told: before the effect of a call, after it, often, or by chance."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
import telegram
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut

from tests.botapi import BotApi
from tests.botapi.people import Person


@pytest.fixture
def lan(api: BotApi) -> Person:
    lan = api.person("Lan")
    lan.start()
    return lan


async def send(api: BotApi, lan: Person, seconds: float = 5.0) -> int:
    limit = aiohttp.ClientTimeout(seconds)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.post(f"{api.url}/bot{api.token}/sendMessage", json={"chat_id": lan.id, "text": "a"}) as response,
    ):
        await response.read()
        return response.status


@pytest.mark.parametrize("kind", ["drop", "reset"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_breaks_before_or_after_the_effect(api: BotApi, lan: Person, kind: str, after: bool) -> None:
    fault = api.faults.add(kind, method="sendMessage", after=after)
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await send(api, lan)
    assert lan.texts() == (["a"] if after else [])
    assert await send(api, lan) == 200
    assert fault.hits == 1


async def test_an_answer_is_cut_in_the_middle_after_the_effect(api: BotApi, lan: Person) -> None:
    api.faults.add("cut")
    with pytest.raises(aiohttp.ClientPayloadError):
        await send(api, lan)
    assert lan.texts() == ["a"]


async def test_an_answer_that_is_not_json(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    api.faults.add("garbage", chat=lan.id)
    with pytest.raises(telegram.error.TelegramError, match="Invalid server response"):
        await ptb.send_message(lan.id, "a")
    assert lan.texts() == ["a"]


async def test_an_answer_that_comes_too_late(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    api.faults.add("delay", seconds=60, after=True)
    with pytest.raises(TimedOut):
        await ptb.send_message(lan.id, "a", read_timeout=0.02)
    api.faults.add("delay", seconds=60)
    with pytest.raises(TimeoutError):
        await send(api, lan, 0.02)
    assert lan.texts() == ["a"]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_gateway_answers_in_html(api: BotApi, lan: Person, ptb: telegram.Bot, status: int) -> None:
    api.faults.add("http", code=status, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await ptb.send_message(lan.id, "a")
    await ptb.send_message(lan.id, "a")
    assert lan.texts() == ["a"]


async def test_refusals_that_the_service_makes_up(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    for code, error in ((401, InvalidToken), (404, InvalidToken), (409, Conflict), (403, telegram.error.Forbidden)):
        api.faults.error(code, method="getMe")
        with pytest.raises(error):
            await ptb.get_me()
    api.faults.error(429, retry_after=7)
    with pytest.raises(RetryAfter):
        await ptb.send_message(lan.id, "a")
    api.faults.error(429, chat=lan.id)
    with pytest.raises(NetworkError, match="Too Many Requests"):
        await ptb.send_message(lan.id, "a")
    assert lan.texts() == []


async def test_chance_repeats_itself(api: BotApi, lan: Person) -> None:
    api.faults.add("http", code=502, times=None, probability=0.5)
    first = [await send(api, lan) for _ in range(12)]
    assert {200, 502} == set(first)
    async with BotApi(seed=1) as again:
        again.person("Lan", lan.id).start()
        again.faults.add("http", code=502, times=None, probability=0.5)
        assert [await send(again, lan) for _ in range(12)] == first


async def test_the_service_goes_down_and_comes_back_on_its_port(api: BotApi, lan: Person) -> None:
    url = api.url
    poll = asyncio.create_task(send(api, lan))
    api.faults.add("delay", seconds=60)
    await api.until(lambda: api.calls["sendMessage"])
    await api.go_down()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await poll
    with pytest.raises(aiohttp.ClientConnectorError):
        await send(api, lan)
    await api.come_up()
    assert api.url == url
    assert await send(api, lan) == 200
    assert lan.texts() == ["a"]


async def test_a_call_takes_effect_also_when_who_sent_it_is_gone(api: BotApi, lan: Person) -> None:
    api.latency = 0.02
    sending = asyncio.create_task(send(api, lan))
    await api.until(lambda: api.calls["sendMessage"])
    sending.cancel()
    await api.until(lambda: lan.texts() == ["a"])


async def test_latency_is_for_every_call(api: BotApi, lan: Person) -> None:
    api.latency = 0.02
    begin = asyncio.get_running_loop().time()
    await send(api, lan)
    assert asyncio.get_running_loop().time() - begin >= 0.02


@pytest.mark.parametrize(
    "kind", ["no_date", "no_chat", "unknown_update", "unknown_content", "wrong_types", "huge_text"]
)
async def test_strange_updates_come_whatever_was_asked_for(api: BotApi, lan: Person, kind: str) -> None:
    update = api.malformed(kind, lan)
    after = lan.say("sau đó")
    found = api.first_bot.updates.pending.values()
    assert [waiting.update for waiting in found][-2] == update
    assert [waiting.update["update_id"] for waiting in found][-1] == update["update_id"] + 1
    assert after.text == "sau đó"
