"""Updates of the Bot API, read with suspicion: every field may be missing or of another kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram.api import Me
from domain.messages import Address, Contact, Incoming, IncomingKind, ReceivedFile

NAME = "telegram"
# Bot API: getUpdates.allowed_updates; what is not named here is never sent, and the list is kept by the server.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_CHAT_KINDS = ("private", "group", "supergroup", "channel")
_OUTSIDE = ("left", "kicked")  # Bot API: ChatMember.status of a bot that may not write; "kicked" is "blocked" as well
_LARGEST_ID = 1 << 53  # Bot API: ids have at most 52 significant bits
_LONGEST_WORDS = 16_384  # Bot API: a text has at most 4096 characters; whatever is far beyond was not typed by anybody
_EARLIEST = datetime(2015, 6, 24, tzinfo=UTC)  # the first bots; a message from before is a mistake of somebody's clock
# Events of a chat that come as messages, though nobody said anything.
_SERVICE = frozenset(
    {
        "boost_added",
        "chat_background_set",
        "chat_shared",
        "channel_chat_created",
        "checklist_tasks_added",
        "checklist_tasks_done",
        "connected_website",
        "delete_chat_photo",
        "direct_message_price_changed",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway",
        "giveaway_completed",
        "giveaway_created",
        "giveaway_winners",
        "group_chat_created",
        "invoice",
        "left_chat_member",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "migrate_to_chat_id",
        "new_chat_members",
        "new_chat_photo",
        "new_chat_title",
        "paid_message_price_changed",
        "pinned_message",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "supergroup_chat_created",
        "users_shared",
        "video_chat_ended",
        "video_chat_participants_invited",
        "video_chat_scheduled",
        "video_chat_started",
        "write_access_allowed",
    }
)

Json = Mapping[str, Any]


class Unreadable(Exception):
    """An update is not as the Bot API describes it. `field` names where; nothing anybody wrote is in it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read(update: Any, me: Me, now: datetime) -> Incoming | None:
    """Return what a person did, None for what is no message to us; raises `Unreadable`.

    In groups that is everything but commands that name us or nobody, presses, and replies to what we said: other
    people's talk is not for us, and is not even recorded.
    """
    fields = _object(update, "update")
    external_id = f"{me.id}:{update_id(fields)}"
    if "message" in fields:
        return _message(_object(fields["message"], "message"), "said", external_id, me, now)
    if "edited_message" in fields:
        return _message(_object(fields["edited_message"], "edited_message"), "edited", external_id, me, now)
    if "callback_query" in fields:
        return _press(_object(fields["callback_query"], "callback_query"), external_id, now)
    if "my_chat_member" in fields:
        return _membership(_object(fields["my_chat_member"], "my_chat_member"), external_id, now)
    return None


def salvage(update: Any, me: Me, now: datetime) -> Incoming | None:
    """Return what can be said of an unreadable update: that its sender did something; None where not even that.

    In groups nobody spoke to us for certain, so nothing is said of it.
    """
    try:
        fields = _object(update, "update")
        external_id = f"{me.id}:{update_id(fields)}"
        for name in ("message", "edited_message", "callback_query"):
            if name not in fields:
                continue
            about = _object(fields[name], name)
            holder = _object(about.get("message"), "message") if name == "callback_query" else about
            chat = _object(holder.get("chat"), "chat")
            sender = about.get("from")
            is_bot = isinstance(sender, Mapping) and sender.get("is_bot") is True
            if is_bot or chat.get("type", "private") != "private" or _id(chat, "id") <= 0:
                return None
            return Incoming(
                Address(NAME, str(_id(chat, "id"))),
                external_id,
                _instant(holder, "date", now) if name == "message" else now,
                kind="edited" if name == "edited_message" else "said",
                unread=True,
            )
    except Unreadable:
        return None
    return None


def update_id(update: Any) -> int:
    """Return the number of an update; raises `Unreadable`."""
    return _id(_object(update, "update"), "update_id")


def number_of(update: Any) -> int | None:
    """Return the number of an update, None where it has none that can be read."""
    try:
        return update_id(update)
    except Unreadable:
        return None


def query_id(update: Any) -> str | None:
    """Return the id of the press that an update is about, None where it is about none."""
    query = update.get("callback_query") if isinstance(update, Mapping) else None
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) and found else None


def _message(message: Json, kind: IncomingKind, external_id: str, me: Me, now: datetime) -> Incoming | None:
    sender, group = _chat(message)
    if not group and "from" not in message:
        raise Unreadable("from")
    if _is_from_no_person(message) or not _SERVICE.isdisjoint(message):
        return None
    told = message.get("text", message.get("caption"))
    text = _for_us(_words(told, "text") if told is not None else "", me)
    reply_to, to_us = _reply(message, me)
    if text is None or (group and not (to_us or text.startswith("/"))):
        return None
    file = None if "animation" in message else _file(message)  # Bot API: an animation comes as a document, too
    contact = _contact(message)
    album = message.get("media_group_id")
    return Incoming(
        sender,
        external_id,
        _instant(message, "edit_date" if kind == "edited" else "date", now),
        text,
        kind=kind,
        message_id=str(_id(message, "message_id")),
        reply_to=reply_to,
        file=file,
        album=None if album is None else _words(album, "media_group_id"),
        contact=contact,
        unread="text" not in message and file is None and contact is None,
        group=group,
    )


def _press(query: Json, external_id: str, now: datetime) -> Incoming | None:
    if "data" not in query or "message" not in query or _is_from_no_person(query):
        return None  # a game, or a message of somebody else's sent through an inline bot: not ours
    message = _object(query["message"], "message")
    sender, group = _chat(message)
    return Incoming(
        sender,
        external_id,
        now,  # Bot API: a press has no date of its own
        token=_words(query["data"], "data"),
        message_id=str(_id(message, "message_id")),
        group=group,
    )


def _membership(change: Json, external_id: str, now: datetime) -> Incoming | None:
    """Return that the bot was blocked, put out or let in again; None where that stays as it was."""
    sender, group = _chat(change)
    new = _outside(_object(change.get("new_chat_member"), "new_chat_member"))
    old = change.get("old_chat_member")
    if isinstance(old, Mapping) and "status" in old and _outside(old) == new:
        return None
    kind: IncomingKind = "blocked" if new else "unblocked"
    return Incoming(sender, external_id, _instant(change, "date", now), kind=kind, group=group)


def _outside(member: Json) -> bool:
    return _words(member.get("status"), "status") in _OUTSIDE


def _chat(holder: Json) -> tuple[Address, bool]:
    chat = _object(holder.get("chat"), "chat")
    kind = chat.get("type")
    if kind not in _CHAT_KINDS:
        raise Unreadable("chat.type")
    return Address(NAME, str(_id(chat, "id"))), kind != "private"


def _is_from_no_person(holder: Json) -> bool:
    """Tell whether a bot did it, or nobody: a channel, or an admin of a group who hides behind it."""
    if "from" not in holder:
        return True
    sender = _object(holder["from"], "from")
    _id(sender, "id")
    is_bot = sender.get("is_bot", False)
    if not isinstance(is_bot, bool):
        raise Unreadable("from.is_bot")
    return is_bot


def _for_us(text: str, me: Me) -> str | None:
    """Return a text with our name taken off its command, None for a command to another bot."""
    if not text.startswith("/"):
        return text
    command = text.split(maxsplit=1)[0]
    name, at, bot = command.partition("@")
    if not at:
        return text
    return name + text[len(command) :] if bot.casefold() == me.username.casefold() else None


def _reply(message: Json, me: Me) -> tuple[str | None, bool]:
    """Return the id of the message replied to, and whether we said that."""
    if "reply_to_message" not in message:
        return None, False
    original = _object(message["reply_to_message"], "reply_to_message")
    author = original.get("from")
    return str(_id(original, "message_id")), isinstance(author, Mapping) and author.get("id") == me.id


def _file(message: Json) -> ReceivedFile | None:
    if "photo" in message:
        sizes = message["photo"]
        if not isinstance(sizes, list) or not sizes:
            raise Unreadable("photo")
        largest = max((_object(size, "photo") for size in sizes), key=_area)
        return ReceivedFile("photo", _file_id(largest), size=_size(largest), media_type="image/jpeg")
    if "document" in message:
        document = _object(message["document"], "document")
        return ReceivedFile(
            "document",
            _file_id(document),
            _words(document.get("file_name", ""), "file_name"),
            _size(document),
            _words(document.get("mime_type", ""), "mime_type"),
        )
    return None


def _area(photo: Json) -> int:
    sides = photo.get("width"), photo.get("height")
    if not all(type(side) is int for side in sides):
        raise Unreadable("photo.width")
    return int(sides[0]) * int(sides[1])  # type: ignore[arg-type]


def _file_id(file: Json) -> str:
    if not (found := _words(file.get("file_id"), "file_id")):
        raise Unreadable("file_id")
    return found


def _size(file: Json) -> int | None:
    size = file.get("file_size")
    return size if type(size) is int and 0 <= size < _LARGEST_ID else None


def _contact(message: Json) -> Contact | None:
    if "contact" not in message:
        return None
    contact = _object(message["contact"], "contact")
    phone = _words(contact.get("phone_number"), "phone_number")
    # Bot API: anybody may pass on anybody's card; the user_id in it is set by the server.
    forwarded = "forward_origin" in message
    own = contact.get("user_id") == _id(_object(message.get("from"), "from"), "id") and not forwarded
    return Contact(phone, own)


def _instant(holder: Json, name: str, now: datetime) -> datetime:
    """Return an instant, `now` for one that is missing, in the future or from before there were bots."""
    seconds = holder.get(name)
    if type(seconds) is not int or not _EARLIEST.timestamp() < seconds < now.timestamp():
        return now
    return datetime.fromtimestamp(seconds, UTC)


def _object(value: Any, field: str) -> Json:
    if not isinstance(value, Mapping):
        raise Unreadable(field)
    return value


def _id(holder: Json, field: str) -> int:
    value = holder.get(field)
    if type(value) is not int or abs(value) >= _LARGEST_ID:
        raise Unreadable(field)
    return value


def _words(value: Any, field: str) -> str:
    """Return a string as a database takes it: without NUL and halves of characters."""
    if not isinstance(value, str) or len(value) > _LONGEST_WORDS:
        raise Unreadable(field)
    return value.encode("utf-8", "replace").decode().replace("\0", "")
