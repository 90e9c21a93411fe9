"""What people do on Telegram, as the program is told of it. Updates may be anything."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.api import Me
from bot.channels.telegram.updates import Unreadable, query_id, read, salvage
from domain.messages import Address, Contact, Incoming, ReceivedFile

ME = Me(123456, "dondoc_bot")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAN: dict[str, Any] = {"id": 7_000_000_001, "is_bot": False, "first_name": "Lan"}
PRIVATE: dict[str, Any] = {"id": 7_000_000_001, "type": "private"}
GROUP: dict[str, Any] = {"id": -100123, "type": "supergroup"}
OURS = {"message_id": 3, "from": {"id": ME.id, "is_bot": True}, "chat": GROUP, "text": "?"}
SENT_AT = NOW - timedelta(seconds=5)


def message(kind: str = "message", chat: Any = PRIVATE, sender: Any = LAN, **content: Any) -> dict[str, Any]:
    """Return an update with a message."""
    about = {"message_id": 5, "from": sender, "chat": chat, "date": int(SENT_AT.timestamp()), **content}
    return {"update_id": 42, kind: {name: value for name, value in about.items() if value is not None}}


def said(text: str = "", *, chat: dict[str, Any] = PRIVATE, **more: Any) -> Incoming:
    """Return what is expected of a message."""
    sender = Address("telegram", str(chat["id"]))
    usual = {"sent_at": SENT_AT, "text": text, "message_id": "5", "group": chat is not PRIVATE}
    return Incoming(sender, "123456:42", **{**usual, **more})


def test_a_text() -> None:
    assert read(message(text="/start 7K4M-29QX"), ME, NOW) == said("/start 7K4M-29QX")


def test_an_edited_text_carries_the_time_of_the_edit() -> None:
    edited = message("edited_message", text="96", edit_date=int(NOW.timestamp()) - 1)
    assert read(edited, ME, NOW) == said("96", kind="edited", sent_at=NOW - timedelta(seconds=1))


def test_the_largest_size_of_a_photo_with_its_caption_and_album() -> None:
    sizes = [
        {"file_id": "large", "width": 1280, "height": 960, "file_size": 5},
        {"file_id": "small", "width": 90, "height": 60},
    ]
    update = message(photo=sizes, caption="Biên bản", media_group_id="77")
    file = ReceivedFile("photo", "large", size=5, media_type="image/jpeg")
    assert read(update, ME, NOW) == said("Biên bản", file=file, album="77")


def test_a_document() -> None:
    shown = {"file_id": "f", "file_name": "kế hoạch.docx", "mime_type": "application/msword", "file_size": 9}
    file = ReceivedFile("document", "f", "kế hoạch.docx", 9, "application/msword")
    assert read(message(document=shown), ME, NOW) == said(file=file)
    assert read(message(document={"file_id": "f", "file_size": "big"}), ME, NOW) == said(
        file=ReceivedFile("document", "f")
    )


@pytest.mark.parametrize("more", [{}, {"forward_origin": {"type": "user"}}])
@pytest.mark.parametrize("user_id", [LAN["id"], 5, None])
def test_only_the_own_number_given_by_oneself_is_own(user_id: int | None, more: dict[str, Any]) -> None:
    card = {"phone_number": "+84900000000", "first_name": "Lan", "user_id": user_id}
    own = user_id == LAN["id"] and not more
    assert read(message(contact=card, **more), ME, NOW) == said(contact=Contact("+84900000000", own))


@pytest.mark.parametrize(
    "content",
    [{"sticker": {"file_id": "s"}}, {"voice": {"file_id": "v"}}, {"animation": {"file_id": "a"}, "document": {}}, {}],
)
def test_what_no_flow_reads(content: dict[str, Any]) -> None:
    assert read(message(**content), ME, NOW) == said(unread=True)


def test_a_reply() -> None:
    original = {"message_id": 3, "chat": PRIVATE}
    assert read(message(text="95", reply_to_message=original), ME, NOW) == said("95", reply_to="3")


def test_a_press() -> None:
    query = {"id": "9", "from": LAN, "message": {"message_id": 4, "chat": PRIVATE, "date": 0}, "data": "2a:1"}
    update = {"update_id": 42, "callback_query": query}
    assert read(update, ME, NOW) == said(token="2a:1", message_id="4", sent_at=NOW)
    assert query_id(update) == "9"


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("member", "kicked", "blocked"),
        ("kicked", "member", "unblocked"),
        ("member", "left", "blocked"),
        ("left", "administrator", "unblocked"),
        ("member", "administrator", None),
        ("left", "kicked", None),
    ],
)
def test_being_blocked_and_let_in_again(chat: dict[str, Any], old: str, new: str, kind: Any) -> None:
    change = {
        "chat": chat,
        "from": LAN,
        "date": int(SENT_AT.timestamp()),
        "old_chat_member": {"status": old},
        "new_chat_member": {"status": new},
    }
    expected = None if kind is None else said(chat=chat, kind=kind, message_id=None)
    assert read({"update_id": 42, "my_chat_member": change}, ME, NOW) == expected


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/giup", "/giup"),
        ("/giup@DonDoc_bot báo cáo", "/giup báo cáo"),
        ("/giup@other_bot", None),
        ("chuyện riêng", None),
        ("@dondoc_bot ơi", None),
    ],
)
def test_in_groups_only_what_is_for_us_is_heard(text: str, heard: str | None) -> None:
    expected = None if heard is None else said(heard, chat=GROUP)
    assert read(message(chat=GROUP, text=text), ME, NOW) == expected


def test_in_groups_replies_to_us_and_to_nobody_else_are_heard() -> None:
    assert read(message(chat=GROUP, text="95", reply_to_message=OURS), ME, NOW) == said("95", chat=GROUP, reply_to="3")
    theirs = {**OURS, "from": LAN}
    assert read(message(chat=GROUP, text="95", reply_to_message=theirs), ME, NOW) is None
    assert read(message(chat=GROUP, text="/x@other_bot", reply_to_message=OURS), ME, NOW) is None
    assert read(message(chat=GROUP, photo=[{"file_id": "f", "width": 1, "height": 1}]), ME, NOW) is None


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 42},
        {"update_id": 42, "thought_reader": {}},
        message(text="/giup", sender={"id": 5, "is_bot": True}),
        message(chat=GROUP, text="/giup", sender=None),
        message(chat=GROUP, migrate_to_chat_id=-100456),
        message(pinned_message=OURS),
        {"update_id": 42, "callback_query": {"id": "9", "from": LAN, "game_short_name": "chess"}},
    ],
)
def test_what_is_not_said_to_us(update: dict[str, Any]) -> None:
    assert read(update, ME, NOW) is None


@pytest.mark.parametrize("date", [None, "yesterday", 0, -5, True, 1e9, 10**30, int(NOW.timestamp()) + 60, 86_400])
def test_an_absurd_time_is_now(date: Any) -> None:
    found = read(message(text="95", date=date), ME, NOW)
    assert found == said("95", sent_at=NOW)


@pytest.mark.parametrize(
    ("update", "sender"),
    [
        (message(text={"a": 1}), "7000000001"),
        (message(text="ạ" * 1_000_000), "7000000001"),
        (message(text="95", message_id="five"), "7000000001"),
        (message(text="95", sender=None), "7000000001"),
        (message("edited_message", text=5), "7000000001"),
        (message(photo=[]), "7000000001"),
        ({"update_id": 42, "callback_query": {"from": LAN, "message": {"chat": PRIVATE}, "data": 5}}, "7000000001"),
        (message(chat=GROUP, text=5), None),
        (message(chat={"id": "x", "type": "private"}, text="95"), None),
        (message(chat={"id": 5, "type": 5}, text="95"), None),
        ({"update_id": 42, "message": None}, None),
        ({"update_id": "42", "message": message(text="95")["message"]}, None),
        (None, None),
        ([1], None),
    ],
)
def test_of_what_cannot_be_read_its_sender_is_kept(update: Any, sender: str | None) -> None:
    with pytest.raises(Unreadable):
        read(update, ME, NOW)
    found = salvage(update, ME, NOW)
    assert (found and (found.sender.id, found.unread, found.text)) == (sender and (sender, True, ""))


def test_no_character_that_a_database_refuses_gets_through() -> None:
    found = read(json.loads(json.dumps(message(text="a\0b\ud800c", document={"file_id": "\0f"}))), ME, NOW)
    assert found == said("ab?c", file=ReceivedFile("document", "f"))


KEYS = st.sampled_from(
    [
        "update_id",
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "chat",
        "from",
        "id",
        "type",
        "is_bot",
        "text",
        "caption",
        "date",
        "photo",
        "document",
        "contact",
        "reply_to_message",
        "message_id",
        "media_group_id",
        "data",
        "new_chat_member",
        "old_chat_member",
        "status",
        "file_id",
        "user_id",
        "phone_number",
        "width",
        "height",
        "file_size",
        "file_name",
        "edit_date",
        "sticker",
    ]
)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["private", "supergroup", "kicked", "member", "/x@dondoc_bot", "\ud800"]),
)
JSON = st.recursive(
    PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=6)), max_leaves=30
)
CHAT = st.fixed_dictionaries(
    {"id": st.integers(-(10**12), 10**12), "type": st.sampled_from(["private", "group", "?"])}, optional={"title": JSON}
)
ABOUT = st.dictionaries(KEYS, JSON, max_size=6).flatmap(
    lambda content: st.fixed_dictionaries({"chat": CHAT | JSON, "message_id": st.just(5) | JSON}).map(
        lambda head: {"from": LAN, **content, **head}
    )
)
UPDATE = JSON | st.fixed_dictionaries(
    {"update_id": st.integers()},
    optional=dict.fromkeys(("message", "edited_message", "callback_query", "my_chat_member"), ABOUT),
)


@settings(max_examples=200, deadline=None)
@given(UPDATE)
def test_whatever_arrives_is_read_or_refused_by_name(update: Any) -> None:
    try:
        found = read(update, ME, NOW)
    except Unreadable:
        found = salvage(update, ME, NOW)
    query_id(update)
    if found is not None:
        assert found.sent_at <= NOW
        for field in fields(found):
            value = getattr(found, field.name)
            if isinstance(value, str):
                assert "\0" not in value
                value.encode()
