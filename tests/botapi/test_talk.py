"""A person and a bot talk over the loopback Bot API, through a plain client and through python-telegram-bot."""

from __future__ import annotations

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from tests.botapi import BotApi
from tests.botapi.conftest import Ask
from tests.botapi.people import NoSuchButton

YES_NO = {"inline_keyboard": [[{"text": "Đúng", "callback_data": "yes"}, {"text": "Sai", "callback_data": "no"}]]}


async def test_what_a_person_says_arrives_and_the_reply_is_on_the_screen(api: BotApi, ask: Ask) -> None:
    lan = api.person("Lan")
    lan.start("moi-7K4M")
    [update] = (await ask("getUpdates"))["result"]
    assert update["message"]["text"] == "/start moi-7K4M"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["chat"] == {"id": lan.id, "type": "private", "first_name": "Lan"}
    sent = await ask("sendMessage", chat_id=lan.id, text="  Chào chị Lan \n", reply_markup=YES_NO)
    assert sent["result"]["message_id"] == 2
    assert lan.texts() == ["Chào chị Lan"]
    assert lan.latest().keyboard == [["Đúng", "Sai"]]


async def test_a_press_is_answered_once(api: BotApi, ask: Ask) -> None:
    lan = api.person("Lan")
    lan.start()
    await ask("sendMessage", chat_id=lan.id, text="Đúng không?", reply_markup=YES_NO)
    query = lan.press("Đúng")
    update = (await ask("getUpdates"))["result"][-1]["callback_query"]
    assert (update["id"], update["data"], update["message"]["text"]) == (query, "yes", "Đúng không?")
    assert (await ask("answerCallbackQuery", callback_query_id=query))["ok"]
    again = await ask("answerCallbackQuery", callback_query_id=query)
    assert again["description"] == ("Bad Request: query is too old and response timeout expired or query ID is invalid")
    with pytest.raises(NoSuchButton):
        lan.press("Có")


async def test_the_library_talks_to_it(api: BotApi, ptb: telegram.Bot) -> None:
    lan = api.person("Lan")
    lan.start()
    [update] = await ptb.get_updates(timeout=0)
    assert update.effective_user.id == lan.id > 2**31
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Đúng", callback_data="yes")]])
    message = await ptb.send_message(lan.id, "Đúng không?", reply_markup=keyboard)
    lan.press("yes", on=message.message_id)
    [pressed] = await ptb.get_updates(offset=update.update_id + 1)
    assert pressed.callback_query.message.reply_markup == keyboard
    await pressed.callback_query.answer("Đã ghi")
    await pressed.callback_query.edit_message_text("Đã nhận")
    assert (lan.latest().text, lan.latest().keyboard, lan.latest().edited) == ("Đã nhận", [], True)
    with pytest.raises(BadRequest, match="not modified"):
        await ptb.edit_message_text("Đã nhận", lan.id, message.message_id)
    assert [event.kind for event in lan.events()] == ["said", "sent", "pressed", "answered", "edited"]
