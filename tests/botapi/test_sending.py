"""What may be sent and what is refused, in the words of the documentation."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from tests.botapi import BotApi
from tests.botapi.conftest import Ask, Clock


def inline(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(data: str) -> dict[str, str]:
    return {"text": "nút", "callback_data": data}


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"text": " \n "}, "message text is empty"),
        ({"text": "ạ" * 4097}, "message is too long"),
        ({"chat_id": "", "text": "a"}, "chat_id is empty"),
        ({"chat_id": 12345, "text": "a"}, "chat not found"),
        ({"text": "a", "reply_markup": inline([button("ạ" * 22)])}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": inline([button("")])}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": inline(*[[button("x")]] * 101)}, "reply markup is too long"),
        ({"text": "a", "reply_markup": inline([button("x")] * 9)}, "reply markup is too long"),
        ({"text": "a", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        (
            {"text": "<b>a", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "a<br>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "br" at byte offset 1'),
    ],
)
async def test_a_message_that_cannot_be_sent(api: BotApi, ask: Ask, params: dict[str, Any], why: str) -> None:
    lan = api.person("Lan")
    lan.start()
    answer = await ask("sendMessage", **{"chat_id": lan.id, **params})
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {why}"}
    assert lan.texts() == []


async def test_the_longest_message_and_the_fullest_keyboard_pass(api: BotApi, ask: Ask) -> None:
    lan = api.person("Lan")
    lan.start()
    full = inline(*[[button("x" * 64)] * 8] * 12)
    assert (await ask("sendMessage", chat_id=lan.id, text="ạ" * 4096, reply_markup=full))["ok"]
    assert (await ask("sendMessage", chat_id=str(lan.id), text=f"<b>{'a' * 4096}</b>", parse_mode="HTML"))["ok"]


async def test_parameters_come_as_json_as_a_form_in_parts_or_in_the_address(api: BotApi, ptb: telegram.Bot) -> None:
    lan = api.person("Lan")
    lan.start()
    markup = '{"inline_keyboard":[[{"text":"Đúng","callback_data":"1"}]]}'
    params = {"chat_id": str(lan.id), "text": "Chào", "reply_markup": markup}
    parts = aiohttp.MultipartWriter("form-data")
    for name, value in params.items():
        parts.append(value).set_content_disposition("form-data", name=name)
    async with aiohttp.ClientSession() as session:
        url = f"{api.url}/bot{api.token}/SENDMESSAGE"
        for how in ({"json": params}, {"data": params}, {"data": parts}, {"params": params}):
            async with session.post(url, **how) as response:
                assert (await response.json())["result"]["text"] == "Chào"
        async with session.get(url, params=params) as response:
            assert response.status == 200
    await ptb.send_message(lan.id, "Chào", reply_markup=telegram.InlineKeyboardMarkup.from_button(lan_button()))
    assert [message.keyboard for message in lan.received()] == [[["Đúng"]]] * 6


def lan_button() -> telegram.InlineKeyboardButton:
    return telegram.InlineKeyboardButton("Đúng", callback_data="1")


async def test_tokens_and_paths_that_do_not_exist(api: BotApi, ask: Ask) -> None:
    assert (await ask("getMe", token="999:no"))["error_code"] == 401
    assert (await ask("getMe", token="nonsense"))["error_code"] == 404
    assert (await ask("getNothing"))["description"] == "Not Found: method not found"
    assert (await ask("getMe"))["result"]["is_bot"] is True


async def test_edits_and_deletions_that_cannot_be(api: BotApi, ask: Ask, clock: Clock) -> None:
    lan = api.person("Lan")
    said = lan.start().id
    sent = (await ask("sendMessage", chat_id=lan.id, text="a"))["result"]["message_id"]
    menu = {"keyboard": [["Nộp số"]]}
    fixed = (await ask("sendMessage", chat_id=lan.id, text="b", reply_markup=menu))["result"]["message_id"]
    assert lan.press("Nộp số").text == "Nộp số"

    async def edit(message_id: int, text: str) -> str:
        return (await ask("editMessageText", chat_id=lan.id, message_id=message_id, text=text))["description"]

    assert (await edit(sent, "a")).startswith("Bad Request: message is not modified: ")
    assert await edit(99, "c") == "Bad Request: message to edit not found"
    assert await edit(said, "c") == "Bad Request: message can't be edited"
    assert await edit(fixed, "c") == "Bad Request: message can't be edited"
    assert (await ask("deleteMessage", chat_id=lan.id, message_id=sent))["result"] is True
    gone = await ask("deleteMessage", chat_id=lan.id, message_id=sent)
    assert gone["description"] == "Bad Request: message to delete not found"
    clock.at += 49 * 3600
    late = await ask("deleteMessage", chat_id=lan.id, message_id=fixed)
    assert late["description"] == "Bad Request: message can't be deleted for everyone"


async def test_an_edit_without_a_keyboard_takes_it_away(api: BotApi, ask: Ask) -> None:
    lan = api.person("Lan")
    lan.start()
    sent = await ask("sendMessage", chat_id=lan.id, text="a", reply_markup=inline([button("x")]))
    number = sent["result"]["message_id"]
    only = {"chat_id": lan.id, "message_id": number}
    await ask("editMessageReplyMarkup", **only, reply_markup=inline([button("x"), button("y")]))
    assert lan.latest().keyboard == [["nút", "nút"]]
    assert lan.press("y", on=number)
    await ask("editMessageText", **only, text="b")
    assert (lan.latest().text, lan.latest().keyboard) == ("b", [])
    assert sent["result"]["text"] == "a"
    query = lan.press("x", on=number, forced=True)
    assert (await ask("answerCallbackQuery", callback_query_id=query, text="Đã xong"))["ok"]


async def test_a_press_is_too_old_after_half_a_minute(api: BotApi, ask: Ask, clock: Clock) -> None:
    lan = api.person("Lan")
    lan.start()
    await ask("sendMessage", chat_id=lan.id, text="a", reply_markup=inline([button("x")]))
    query = lan.press("x")
    clock.at += 31
    assert "query is too old" in (await ask("answerCallbackQuery", callback_query_id=query))["description"]


async def test_who_blocked_the_bot_left_or_never_wrote(api: BotApi, ptb: telegram.Bot) -> None:
    lan, minh, hoa = api.person("Lan"), api.person("Minh"), api.person("Hoa")
    group = api.group("Ban Chỉ đạo", lan, minh)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await ptb.send_message(lan.id, "a")
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(hoa.id, "a")
    lan.start()
    lan.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await ptb.send_message(lan.id, "a")
    updates = await ptb.get_updates(offset=-1)
    assert updates[0].my_chat_member.new_chat_member.status == "kicked"
    lan.start("lại")
    await ptb.send_message(lan.id, "a")
    lan.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await ptb.send_message(lan.id, "a")
    group.kick()
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await ptb.send_message(group.id, "a")


async def test_a_group_that_became_a_supergroup_says_where_it_went(api: BotApi, ptb: telegram.Bot) -> None:
    group = api.group("Ban Chỉ đạo", api.person("Lan"))
    new = group.migrate()
    with pytest.raises(ChatMigrated) as moved:
        await ptb.send_message(group.id, "a")
    assert moved.value.new_chat_id == new.id < -(10**12)
    await ptb.send_message(new.id, "a")
    found = [update.message for update in await ptb.get_updates() if update.message]
    assert found[-2].migrate_to_chat_id == new.id
    assert (found[-1].migrate_from_chat_id, found[-1].chat.type) == (group.id, "supergroup")


async def test_limits_answer_how_long_to_wait(api: BotApi, ask: Ask, ptb: telegram.Bot, clock: Clock) -> None:
    lan = api.person("Lan")
    lan.start()
    api.enforce_limits(burst=2)
    for _ in range(2):
        await ptb.send_message(lan.id, "a")
    answer = await ask("sendMessage", chat_id=lan.id, text="a")
    assert answer["description"] == "Too Many Requests: retry after 2"
    assert answer["parameters"] == {"retry_after": 2}
    clock.at += 2
    await ptb.send_message(lan.id, "a")
    group = api.group("Tổ", lan)
    clock.at += 60
    for _ in range(20):
        clock.at += 1
        await ptb.send_message(group.id, "a")
    with pytest.raises(RetryAfter):
        await ptb.send_message(group.id, "a")
    api.limits = None
    await ptb.send_message(group.id, "a")
