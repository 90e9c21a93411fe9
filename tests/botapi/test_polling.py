"""Updates are delivered until they are confirmed, in order, to one poller at a time."""

from __future__ import annotations

import asyncio

import telegram

from tests.botapi import BotApi
from tests.botapi.conftest import Ask, Clock


async def ids(ask: Ask, **params: int) -> list[int]:
    return [update["update_id"] for update in (await ask("getUpdates", **params))["result"]]


async def test_an_offset_confirms_all_below_it_and_only_then(api: BotApi, ask: Ask) -> None:
    lan = api.person("Lan")
    for number in range(5):
        lan.say(str(number))
    first = await ids(ask)
    assert first == list(range(first[0], first[0] + 5))
    assert await ids(ask) == first
    assert await ids(ask, offset=first[2]) == first[2:]
    assert await ids(ask) == first[2:]
    assert await ids(ask, limit=2) == first[2:4]
    assert await ids(ask, limit=1000) == first[2:]
    assert await ids(ask, limit=0) == first[2:3]
    assert await ids(ask, offset=first[4] + 1) == []


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(api: BotApi, ask: Ask) -> None:
    lan = api.person("Lan")
    for number in range(5):
        lan.say(str(number))
    first = await ids(ask)
    assert await ids(ask, offset=-2) == first[3:]
    assert await ids(ask) == first[3:]
    assert await ids(ask, offset=-100) == first[3:]


async def test_a_long_poll_ends_with_the_first_update_and_after_its_time(api: BotApi, ask: Ask) -> None:
    poll = asyncio.create_task(ask("getUpdates", timeout=50))
    await api.until(api.first_bot.updates.is_polled)
    api.person("Lan").say("xin chào")
    assert [update["message"]["text"] for update in (await poll)["result"]] == ["xin chào"]
    assert (await ask("getUpdates", offset=-1, timeout=0))["result"] != []


async def test_the_older_of_two_pollers_is_ended(api: BotApi, ask: Ask) -> None:
    older = asyncio.create_task(ask("getUpdates", timeout=50))
    await api.until(api.first_bot.updates.is_polled)
    newer = asyncio.create_task(ask("getUpdates", timeout=50))
    ended = await older
    assert ended["error_code"] == 409
    assert ended["description"].startswith("Conflict: terminated by other getUpdates request; make sure that only one")
    api.person("Lan").say("xin chào")
    assert len((await newer)["result"]) == 1


async def test_kinds_that_were_not_asked_for_do_not_come_and_the_choice_stays(api: BotApi, ask: Ask) -> None:
    lan = api.person("Lan")
    message = lan.say("một")
    lan.react(message, "👍")
    await ask("getUpdates", offset=-1, allowed_updates=["message_reaction", "edited_message", "nonsense"])
    lan.say("hai")
    lan.edit(message, "một rưỡi")
    lan.react(message, "🔥")
    found = (await ask("getUpdates"))["result"]
    assert [list(update)[1] for update in found] == ["message", "edited_message", "message_reaction"]
    assert found[2]["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    await ask("getUpdates", offset=found[-1]["update_id"] + 1, allowed_updates=[])
    lan.react(message)
    lan.say("ba")
    assert [list(update)[1] for update in (await ask("getUpdates"))["result"]] == ["message"]


async def test_what_nobody_fetches_in_a_day_is_lost(api: BotApi, ask: Ask, clock: Clock) -> None:
    api.person("Lan").say("hôm qua")
    clock.at += 24 * 3600 - 1
    assert len(await ids(ask)) == 1
    clock.at += 2
    assert await ids(ask) == []


async def test_an_update_can_come_again_after_it_was_confirmed(api: BotApi, ask: Ask) -> None:
    api.person("Lan").say("một")
    [update] = (await ask("getUpdates"))["result"]
    after = update["update_id"] + 1
    assert await ids(ask, offset=after) == []
    api.repeat(update)
    assert await ids(ask, offset=after) == [update["update_id"]]
    assert await ids(ask, offset=after) == []


async def test_the_library_polls(api: BotApi, ptb: telegram.Bot) -> None:
    lan = api.person("Lan", username="lan_nb")
    lan.say("một")
    poll = await ptb.get_updates(timeout=5, allowed_updates=["message", "callback_query"])
    assert poll[0].message.from_user.username == "lan_nb"
    assert api.first_bot.updates.allowed == ["message", "callback_query"]
