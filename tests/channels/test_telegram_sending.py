"""What becomes of a message: on a phone of the loopback Bot API, or which failure it ends with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.base import SendError
from bot.channels.telegram import Telegram
from domain.messages import Attachment, Choice, MenuCommand, Outgoing
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.channels.telegram_stage import at, telegram

YES_NO = (Choice("1:0", "Đúng"), Choice("1:1", "Sai"))


async def fails(channel: Telegram, person: Person | int, outgoing: Outgoing) -> SendError:
    """Send what cannot be sent, and return how it failed."""
    with pytest.raises(SendError) as caught:
        await channel.send(at(person), outgoing)
    return caught.value


async def test_a_text_with_choices_is_on_the_phone(api: BotApi, channel: Telegram, lan: Person) -> None:
    found = await channel.send(at(lan), Outgoing("Chỉ tiêu <b>1</b> *2* đúng không?", YES_NO))
    latest = lan.latest()
    assert latest is not None
    assert (str(latest.id), latest.text) == (found, "Chỉ tiêu <b>1</b> *2* đúng không?")
    assert latest.buttons == [[{"text": "Đúng", "callback_data": "1:0"}, {"text": "Sai", "callback_data": "1:1"}]]


async def test_a_long_text_goes_in_parts_with_the_keyboard_under_the_last(channel: Telegram, lan: Person) -> None:
    lines = [f"{number}. Tỷ lệ hộ dân dùng nước sạch 😀" for number in range(400)]
    found = await channel.send(at(lan), Outgoing("\n".join(lines), YES_NO))
    parts = lan.received()
    assert "\n".join(part.text for part in parts).split("\n") == lines
    assert [bool(part.keyboard) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert found == str(parts[-1].id)


async def test_a_replaced_message_changes_in_place(channel: Telegram, lan: Person) -> None:
    asked = await channel.send(at(lan), Outgoing("Đúng không?", YES_NO))
    assert await channel.send(at(lan), Outgoing("Đã ghi.", replaces=asked)) == asked
    assert [(one.text, one.keyboard) for one in lan.received()] == [("Đã ghi.", [])]
    assert await channel.send(at(lan), Outgoing("Đã ghi.", replaces=asked)) == asked  # "not modified" is as wanted
    assert await channel.send(at(lan), Outgoing(choices=YES_NO, replaces=asked)) == asked
    assert [(one.text, one.keyboard) for one in lan.received()] == [("Đã ghi.", [["Đúng", "Sai"]])]


@pytest.mark.parametrize(
    "why", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID", "SOMETHING_QUITE_NEW"]
)
async def test_what_cannot_be_edited_is_sent_anew(api: BotApi, channel: Telegram, lan: Person, why: str) -> None:
    asked = await channel.send(at(lan), Outgoing("Đúng không?", YES_NO))
    api.faults.error(400, method="editMessageText", description=f"Bad Request: {why}")
    assert await channel.send(at(lan), Outgoing("Đã ghi.", replaces=asked)) != asked
    assert lan.texts() == ["Đúng không?", "Đã ghi."]


async def test_buttons_that_cannot_be_taken_away_any_more_stay(channel: Telegram, lan: Person) -> None:
    assert await channel.send(at(lan), Outgoing(replaces="999")) == "999"
    assert lan.texts() == []


async def test_the_words_under_a_file_are_edited_as_its_caption(channel: Telegram, lan: Person, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")
    file = Attachment("document", str(tmp_path / "a.docx"), "Báo cáo.docx")
    asked = await channel.send(at(lan), Outgoing("Nhập kế hoạch này?", YES_NO, attachments=(file,)))
    await channel.send(at(lan), Outgoing("Đã nhập.", replaces=asked))
    assert [(one.text, one.keyboard) for one in lan.received()] == [("Đã nhập.", [])]


async def test_a_reaction_appears_or_is_passed_over(api: BotApi, channel: Telegram, lan: Person) -> None:
    said = lan.say("95")
    assert await channel.send(at(lan), Outgoing(reaction="👍", reacts_to=str(said.id))) == ""
    assert said.reaction == ["👍"]
    for number, reaction in ((said.id, "🦄"), (999, "👍")):
        assert await channel.send(at(lan), Outgoing(reaction=reaction, reacts_to=str(number))) == ""


async def test_the_words_of_a_reaction_are_sent_only_where_it_cannot_be(channel: Telegram, lan: Person) -> None:
    said = lan.say("cảm ơn")
    await channel.send(at(lan), Outgoing("Dạ.", reaction="👍", reacts_to=str(said.id)))
    assert (said.reaction, lan.texts()) == (["👍"], [])
    await channel.send(at(lan), Outgoing("Dạ.", reaction="👍", reacts_to="999"))
    assert lan.texts() == ["Dạ."]


async def test_a_menu_is_set_for_a_chat_and_taken_away(channel: Telegram, lan: Person) -> None:
    await channel.send(at(lan), Outgoing(menu=(MenuCommand("giup", "Trợ giúp"),)))
    assert lan.menu() == [{"command": "giup", "description": "Trợ giúp"}]
    await channel.send(at(lan), Outgoing(menu=()))
    assert lan.menu() == []


async def test_files_go_out_with_their_names_and_their_text(
    api: BotApi, channel: Telegram, lan: Person, tmp_path: Path
) -> None:
    channel = telegram(api, folder=tmp_path)
    for name in ("a.docx", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(name.encode() * 1000)
    document = Attachment("document", "a.docx", 'Báo cáo "quý 4".docx')
    photos = tuple(Attachment("photo", name, name) for name in ("b.jpg", "c.jpg"))
    await channel.send(at(lan), Outgoing("Báo cáo", YES_NO, attachments=(document,)))
    await channel.send(at(lan), Outgoing("Ảnh", attachments=photos))
    await channel.send(at(lan), Outgoing("Chọn", YES_NO, attachments=photos))
    await channel.send(at(lan), Outgoing("dài " * 500, attachments=(document,)))
    await channel.close()
    shown = [
        (one.text.strip()[:7], sorted(set(one.raw) & {"document", "photo"}), one.keyboard) for one in lan.received()
    ]
    assert shown == [
        ("Báo cáo", ["document"], [["Đúng", "Sai"]]),
        ("Ảnh", ["photo"], []),
        ("", ["photo"], []),
        ("", ["photo"], []),
        ("", ["photo"], []),
        ("Chọn", [], [["Đúng", "Sai"]]),
        ("dài dài", [], []),
        ("", ["document"], []),
    ]
    first = lan.received()[0]
    assert first.raw["document"]["file_name"] == 'Báo cáo "quý 4".docx'
    assert api.files[first.file_id or ""].data == b"a.docx" * 1000
    actions = [event.text for event in lan.events("action")]
    assert actions == ["upload_document", "upload_photo", "upload_photo", "upload_document"]


async def test_a_photo_the_service_will_not_have_goes_as_a_document(
    api: BotApi, channel: Telegram, lan: Person, tmp_path: Path
) -> None:
    (tmp_path / "b.jpg").write_bytes(b"b" * 5000)
    api.faults.error(400, method="sendPhoto", description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    file = Attachment("photo", str(tmp_path / "b.jpg"), "b.jpg")
    await channel.send(at(lan), Outgoing(attachments=(file,)))
    latest = lan.latest()
    assert latest is not None
    assert api.files[latest.file_id or ""].data == b"b" * 5000


@pytest.mark.parametrize(
    ("outgoing", "reason"),
    [
        (Outgoing(" \n"), "empty"),
        (Outgoing("?", (Choice("ữ" * 22, "Đúng"),)), "token"),
        (Outgoing("?", (Choice("", "Đúng"),)), "token"),
        (Outgoing("?", (Choice("1:0", " "),)), "label"),
        (Outgoing(choices=YES_NO), "empty"),
        (Outgoing("?", attachments=(Attachment("document", "is/not/there", "a"),)), "file_missing"),
    ],
)
async def test_what_would_be_refused_is_not_even_sent(
    api: BotApi, channel: Telegram, lan: Person, outgoing: Outgoing, reason: str
) -> None:
    failure = await fails(channel, lan, outgoing)
    assert (failure.outcome, failure.reason) == ("refused", reason)
    assert not api.calls


@pytest.mark.parametrize(
    ("code", "description", "outcome", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked", "bot_blocked"),
        (403, "Forbidden: user is deactivated", "blocked", "deactivated"),
        (403, "Forbidden: bot was kicked from the supergroup chat", "blocked", "kicked"),
        (403, "Forbidden: bot is not a member of the channel chat", "blocked", "not_member"),
        (403, "Forbidden: bot can't initiate conversation with a user", "blocked", "not_started"),
        (403, "Forbidden: something new", "blocked", "forbidden"),
        (400, "Bad Request: chat not found", "blocked", "chat_not_found"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "blocked", "no_rights"),
        (400, "Bad Request: message is too long", "refused", "too_long"),
        (400, "Bad Request: BUTTON_DATA_INVALID", "refused", "token"),
        (400, "Bad Request: WEBPAGE_CURL_FAILED", "refused", "webpage_curl_failed"),
        (400, "Bad Request: what Lan wrote is wrong", "refused", "bad_request"),
        (413, "Request Entity Too Large", "refused", "too_large"),
        (401, "Unauthorized", "not_sent", "token"),
        (404, "Not Found", "not_sent", "token"),
        (429, "Too Many Requests", "not_sent", "http_429"),
        (503, "Service Unavailable", "not_sent", "http_503"),
        (500, "Internal Server Error", "ambiguous", "http_500"),
        (502, "Bad Gateway", "ambiguous", "http_502"),
        (504, "Gateway Timeout", "ambiguous", "http_504"),
    ],
)
async def test_each_refusal_has_its_outcome(
    api: BotApi, channel: Telegram, lan: Person, code: int, description: str, outcome: str, reason: str
) -> None:
    api.faults.error(code, description=description)
    failure = await fails(channel, lan, Outgoing("Chào"))
    assert (failure.outcome, failure.reason, failure.retry_after) == (outcome, reason, None)


async def test_the_service_says_how_long_to_wait(api: BotApi, channel: Telegram, lan: Person) -> None:
    api.faults.error(429, retry_after=7)
    failure = await fails(channel, lan, Outgoing("Chào"))
    assert (failure.outcome, failure.retry_after) == ("not_sent", timedelta(seconds=7))


async def test_a_group_that_moved_on_says_where_to(api: BotApi, channel: Telegram, lan: Person) -> None:
    group = api.group("Tổ", lan)
    new = group.migrate()
    failure = await fails(channel, group.id, Outgoing("Chào"))
    assert (failure.outcome, failure.moved_to) == ("moved", str(new.id))


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409])
async def test_a_page_of_something_in_between_says_nothing_about_anybody(
    api: BotApi, channel: Telegram, lan: Person, code: int
) -> None:
    api.faults.add("http", code=code)
    failure = await fails(channel, lan, Outgoing("Chào"))
    assert (failure.outcome, failure.reason) == ("not_sent", f"foreign_{code}")


@pytest.mark.parametrize("kind", ["drop", "reset", "cut", "garbage"])
@pytest.mark.parametrize("after", [False, True])
async def test_an_answer_that_does_not_come_leaves_it_open(
    api: BotApi, channel: Telegram, lan: Person, kind: str, after: bool
) -> None:
    api.faults.add(kind, after=after)
    assert (await fails(channel, lan, Outgoing("Chào"))).outcome == "ambiguous"


@pytest.mark.parametrize("kind", ["drop", "cut", "garbage", "http"])
async def test_what_shows_nothing_twice_may_go_again(api: BotApi, channel: Telegram, lan: Person, kind: str) -> None:
    asked = await channel.send(at(lan), Outgoing("Đúng không?", YES_NO))
    for outgoing in (
        Outgoing("Đã ghi.", replaces=asked),
        Outgoing(menu=(MenuCommand("giup", "Trợ giúp"),)),
        Outgoing(reaction="👍", reacts_to="1"),
    ):
        api.faults.add(kind, code=502)
        assert (await fails(channel, lan, outgoing)).outcome == "not_sent"
        await channel.send(at(lan), outgoing)


async def test_a_new_message_in_place_of_an_edit_is_not_repeatable(api: BotApi, channel: Telegram, lan: Person) -> None:
    api.faults.add("drop", method="sendMessage", after=True)
    assert (await fails(channel, lan, Outgoing("Đã ghi.", replaces="999"))).outcome == "ambiguous"


async def test_the_rest_of_a_long_text_is_sent_from_where_it_failed(
    api: BotApi, channel: Telegram, lan: Person
) -> None:
    text = "\n".join("chữ " * 200 for _ in range(12))
    api.faults.error(503, method="sendMessage", times=0)
    second = api.faults.error(429, retry_after=3, method="sendMessage", times=2)
    second.hits = 2
    sent = channel.send(at(lan), Outgoing(text))
    original = api.log

    def after_the_first(kind: str, *rest: object, **more: object) -> None:
        original(kind, *rest, **more)  # type: ignore[arg-type]
        if kind == "sent" and len(lan.received()) == 1:
            second.hits = 0

    api.log = after_the_first  # type: ignore[method-assign]
    await sent
    assert second.hits == 2
    assert "".join(lan.texts()).replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")


async def test_a_long_text_that_breaks_off_is_never_sent_from_the_start(
    api: BotApi, channel: Telegram, lan: Person
) -> None:
    text = "\n".join("chữ " * 200 for _ in range(12))
    refused = api.faults.error(503, method="sendMessage", times=0)
    original = api.log

    def after_the_first(kind: str, *rest: object, **more: object) -> None:
        original(kind, *rest, **more)  # type: ignore[arg-type]
        refused.times = None

    api.log = after_the_first  # type: ignore[method-assign]
    failure = await fails(channel, lan, Outgoing(text))
    assert (failure.outcome, failure.reason) == ("ambiguous", "partly_sent_http_503")
    assert len(lan.received()) == 1


async def test_a_long_text_of_which_nothing_went_out_may_go_again(api: BotApi, channel: Telegram, lan: Person) -> None:
    api.faults.error(503, method="sendMessage")
    assert (await fails(channel, lan, Outgoing("chữ " * 3000))).outcome == "not_sent"
    assert lan.texts() == []


async def test_typing_is_shown_and_its_failure_is_none(api: BotApi, channel: Telegram, lan: Person) -> None:
    await channel.show_working(at(lan))
    api.faults.error(500)
    await channel.show_working(at(lan))
    assert [event.text for event in lan.events("action")] == ["typing"]


def test_how_far_apart_messages_go() -> None:
    channel = telegram("http://127.0.0.1:1")
    assert (channel.spacing(at(5)), channel.spacing(at(-5))) == (timedelta(seconds=1), timedelta(seconds=3))
    assert (channel.sends_at_once, channel.sends_a_second) == (32, 25)
