"""Files, contacts, menus, reactions and groups, as people and bots see them."""

from __future__ import annotations

import io

import pytest
import telegram
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, InputMediaPhoto
from telegram.error import BadRequest, NetworkError

from tests.botapi import BotApi
from tests.botapi.conftest import Ask
from tests.botapi.people import Person


@pytest.fixture
def lan(api: BotApi) -> Person:
    lan = api.person("Lan")
    lan.start()
    return lan


async def test_files_go_there_and_back(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    lan.send_document(b"%PDF-1", "ke_hoach.pdf", "Kế hoạch")
    update = (await ptb.get_updates())[-1]
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1"
    sent = await ptb.send_document(lan.id, io.BytesIO(b"so,lieu"), filename="bieu.csv", caption="Biểu")
    assert (sent.document.file_name, sent.document.file_size, lan.latest().text) == ("bieu.csv", 7, "Biểu")
    large = await ptb.get_file(lan.send_document(bytes(20 * 1024 * 1024)).file_id)
    assert len(await large.download_as_bytearray()) == 20 * 1024 * 1024
    again = await ptb.send_document(lan.id, sent.document.file_id)
    assert again.document.file_id == sent.document.file_id
    assert api.files[lan.latest().file_id].data == b"so,lieu"
    with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
        await ptb.send_photo(lan.id, sent.document.file_id)
    photo = await ptb.send_photo(lan.id, b"png", caption="a" * 1024)
    assert photo.photo[-1].file_size == 3
    await ptb.edit_message_caption(lan.id, photo.message_id, caption="b")
    assert lan.latest().text == "b"
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await ptb.edit_message_text("c", lan.id, photo.message_id)


async def test_files_that_are_too_large(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    mega = 1024 * 1024
    with pytest.raises(BadRequest, match="is too big for a photo"):
        await ptb.send_photo(lan.id, bytes(10 * mega + 1))
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await ptb.send_document(lan.id, bytes(50 * mega + 1))
    with pytest.raises(BadRequest, match="caption is too long"):
        await ptb.send_document(lan.id, b"a", caption="a" * 1025)
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await ptb.send_document(lan.id, b"")
    large = lan.send_document(bytes(20 * mega + 1))
    with pytest.raises(BadRequest, match="File is too big"):
        await ptb.get_file(large.file_id)
    assert lan.received() == []


async def test_albums_both_ways(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    lan.send_album([b"1", b"2", b"3"], "Ba trang")
    found = [update.message for update in (await ptb.get_updates())[-3:]]
    assert len({message.media_group_id for message in found}) == 1
    assert [message.caption for message in found] == ["Ba trang", None, None]
    first, second = (InputMediaPhoto(data) for data in (b"a", b"b"))
    sent = await ptb.send_media_group(lan.id, [first, second], caption="Hai ảnh")
    assert [message.text for message in lan.received()] == ["Hai ảnh", ""]
    assert sent[0].media_group_id == sent[1].media_group_id
    with pytest.raises(BadRequest, match="must include 2-10 items"):
        await ptb.send_media_group(lan.id, [first])


async def test_a_contact_is_ones_own_or_somebody_elses(lan: Person, ptb: telegram.Bot) -> None:
    button = telegram.KeyboardButton("Gửi số", request_contact=True)
    await ptb.send_message(lan.id, "Số?", reply_markup=telegram.ReplyKeyboardMarkup([[button]]))
    lan.press("Gửi số")
    lan.share_contact(own=False)
    own, other = (update.message.contact for update in (await ptb.get_updates())[-2:])
    assert (own.user_id, own.phone_number) == (lan.id, lan.phone)
    assert other.user_id != lan.id
    await ptb.send_message(lan.id, "Xong", reply_markup=telegram.ReplyKeyboardRemove())
    assert lan.reply_keyboard() == []


async def test_the_menu_of_the_narrowest_scope_is_shown(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    await ptb.set_my_commands([BotCommand("start", "Bắt đầu")])
    await ptb.set_my_commands([BotCommand("nop", "Nộp số")], scope=BotCommandScopeAllPrivateChats())
    await ptb.set_my_commands([BotCommand("duyet", "Duyệt")], scope=BotCommandScopeChat(lan.id))
    assert [one["command"] for one in lan.menu()] == ["duyet"]
    assert [one.command for one in await ptb.get_my_commands()] == ["start"]
    await ptb.delete_my_commands(scope=BotCommandScopeChat(lan.id))
    assert [one["command"] for one in lan.menu()] == ["nop"]
    assert [one["command"] for one in api.person("Minh").menu()] == ["nop"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await ptb.set_my_commands([("nộp", "Nộp")])
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.set_my_commands([("a", "b")], scope=BotCommandScopeChat(5))


async def test_reactions_actions_and_descriptions(api: BotApi, lan: Person, ptb: telegram.Bot) -> None:
    said = lan.say("Đã nộp")
    await ptb.set_message_reaction(lan.id, said.id, "👍")
    assert said.reaction == ["👍"]
    await ptb.send_chat_action(lan.id, "typing")
    assert [event.kind for event in lan.events("reaction", "action")] == ["reaction", "action"]
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await ptb.set_message_reaction(lan.id, said.id, "x")
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await ptb.send_chat_action(lan.id, "dancing")
    await ptb.set_my_description("Thu số liệu")
    await ptb.set_my_short_description("Đôn đốc")
    assert (await ptb.get_my_description()).description == "Thu số liệu"
    assert (await ptb.get_my_short_description()).short_description == "Đôn đốc"
    assert (await ptb.get_chat(lan.id)).first_name == "Lan"


async def test_a_bot_in_a_group_hears_what_concerns_it(api: BotApi, ptb: telegram.Bot, lan: Person) -> None:
    minh = api.person("Minh")
    group = api.group("Ban Chỉ đạo", lan, minh)
    sent = await ptb.send_message(group.id, "Chào cả nhà")
    await ptb.get_updates(offset=-1)
    minh.say("chuyện riêng", to=group)
    minh.say("/trangthai", to=group)
    minh.say("/trangthai@someone_else_bot", to=group)
    minh.say(f"hỏi @{api.first_bot.username}", to=group)
    minh.say("đúng", reply_to=sent.message_id, to=group)
    texts = [update.message.text for update in await ptb.get_updates() if update.message and update.message.text]
    assert texts == ["/trangthai", f"hỏi @{api.first_bot.username}", "đúng"]
    assert (await ptb.get_chat_member(group.id, lan.id)).status == "creator"
    assert (await ptb.get_chat_member(group.id, ptb.id)).status == "member"
    group.promote()
    assert (await ptb.get_chat_member(group.id, ptb.id)).status == "administrator"
    minh.say("chuyện chung", to=group)
    assert (await ptb.get_updates(offset=-1))[0].message.text == "chuyện chung"
    await ptb.leave_chat(group.id)
    assert (await ptb.get_updates(offset=-1))[0].my_chat_member.new_chat_member.status == "left"


async def test_two_bots_know_nothing_of_each_other(api: BotApi, lan: Person, ask: Ask) -> None:
    other = api.bot("777:AAother")
    refused = await ask("sendMessage", token=other.token, chat_id=lan.id, text="a")
    assert refused["description"] == "Bad Request: chat not found"
    lan.start(to=other)
    assert (await ask("sendMessage", token=other.token, chat_id=lan.id, text="a"))["ok"]
    assert (lan.texts(), lan.texts(other)) == ([], ["a"])
    file_id = lan.send_photo(b"1").file_id
    refused = await ask("sendPhoto", token=other.token, chat_id=lan.id, photo=file_id)
    assert refused["description"] == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_who_logged_out_is_not_served_any_more(ask: Ask) -> None:
    assert (await ask("close"))["result"] is True
    assert (await ask("logOut"))["result"] is True
    assert (await ask("getMe"))["description"] == "Logged out"
