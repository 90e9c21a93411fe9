"""The Bot API as a process of its own is told over HTTP what happens in it."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
import telegram

from tests.botapi.process import Process


async def test_a_talk_over_two_processes() -> None:
    async with (
        Process() as service,
        telegram.Bot(service.token, base_url=f"{service.url}/bot", base_file_url=f"{service.url}/file/bot") as bot,
    ):
        lan = await service.do("person", name="Lan", id=2**33)
        said = await service.do("start", person="Lan", payload="moi")
        [update] = await bot.get_updates(timeout=5)
        assert (update.message.text, update.message.message_id) == ("/start moi", said["message_id"])
        markup = telegram.InlineKeyboardMarkup.from_button(telegram.InlineKeyboardButton("Đúng", callback_data="1"))
        await bot.send_message(lan["id"], "Đúng không?", reply_markup=markup)
        [seen] = await service.do("wait", kinds=["sent"], chat=lan["id"], text="không")
        query = await service.do("press", person=lan["id"], button="Đúng", on=seen["message_id"])
        assert await bot.answer_callback_query(query)
        document = base64.b64encode(b"%PDF-1" + bytes(2_000_000)).decode()
        sent = await service.do("send_document", person="Lan", data=document, name="a.pdf")
        file = await bot.get_file(sent["file_id"])
        assert len(await file.download_as_bytearray()) == 2_000_006
        screen = await service.do("messages", person="Lan")
        assert [message["text"] for message in screen] == ["/start moi", "Đúng không?", ""]
        state = await service.do("state")
        assert state["bots"][service.token]["pending"] == 3
        assert state["calls"]["sendMessage"] == 1
        kinds = [event["kind"] for event in await service.do("events")]
        assert kinds == ["said", "sent", "pressed", "answered", "said"]


async def test_things_go_wrong_over_there_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with Process() as service, telegram.Bot(service.token, base_url=f"{service.url}/bot") as bot:
        await service.do("say", person="Lan", text="chào")
        lan = (await service.do("person", name="Lan"))["id"]
        await service.do("fault", kind="error", code=429, retry_after=3, method="sendMessage")
        await service.do("fault", kind="drop", after=True, method="sendMessage")
        with pytest.raises(telegram.error.RetryAfter):
            await bot.send_message(lan, "a")
        with pytest.raises(telegram.error.NetworkError):
            await bot.send_message(lan, "b")
        await bot.send_message(lan, "c")
        group = await service.do("group", title="Tổ", members=["Lan"])
        moved = await service.do("change_group", group=group, what="migrate")
        assert moved < group
        await service.do("say", person="Lan", text="/start", to=moved)
        await service.do("malformed", kind="no_date", person="Lan")
        await service.do("react", person="Lan", message=3, emoji=["👍"])
        await service.do("block", person="Lan")
        texts = [message["text"] for message in await service.do("messages", person="Lan")]
        assert texts == ["chào", "b", "c"]
        with pytest.raises(RuntimeError, match="dance is none of"):
            await service.do("dance")


async def test_the_process_is_down_for_a_while_and_remembers() -> None:
    async with Process() as service, telegram.Bot(service.token, base_url=f"{service.url}/bot") as bot:
        await service.do("say", person="Lan", text="chào")
        await service.do("down", seconds=0.05)
        with pytest.raises(telegram.error.NetworkError):
            while True:
                await bot.get_me()
        found = None
        while not found:
            with suppress(telegram.error.NetworkError):
                found = await bot.get_updates()
        assert [update.message.text for update in found] == ["chào"]
