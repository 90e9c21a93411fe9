"""Methods that send, change and take back messages."""

from __future__ import annotations

from typing import Any

from tests.botapi.calls import Call
from tests.botapi.entities import parse
from tests.botapi.errors import bad
from tests.botapi.keyboards import read_markup
from tests.botapi.world import Chat, Message

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
DELETABLE_FOR = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def find_chat(call: Call) -> Chat:
    """Return the chat a call names. Raise ApiError where the bot cannot act in it."""
    chat_id = call.params.get("chat_id")
    if type(chat_id) is not int:
        if chat_id is None or chat_id == "":
            raise bad("chat_id is empty")
        chat_id = call.integer("chat_id")
    return call.bot.chat(chat_id)


def read_text(call: Call, name: str, longest: int) -> dict[str, Any]:
    """Return the fields of a text or caption: itself, without mark-up, and its entities."""
    text = call.text(name)
    prefix = "" if name == "text" else "caption_"
    found: list[dict[str, Any]] = []
    if mode := call.text("parse_mode"):
        text, found = parse(text, mode)
    elif entities := call.params.get(f"{prefix}entities"):
        found = call.nested(f"{prefix}entities", list) if entities else []
    text = text.strip()
    if not text and name == "text":
        raise bad("message text is empty")
    if len(text) > longest:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    if not text:
        return {}
    return {name: text, f"{prefix}entities": found} if found else {name: text}


def replied(call: Call, chat: Chat) -> dict[str, Any]:
    """Return the field that shows which message is replied to. Raise ApiError 400 where it is gone."""
    params = call.params
    if "reply_parameters" not in params and "reply_to_message_id" not in params:
        return {}
    asked = call.nested("reply_parameters", dict) or {
        "message_id": call.integer("reply_to_message_id"),
        "allow_sending_without_reply": call.flag("allow_sending_without_reply"),
    }
    original = chat.message(int(asked.get("message_id") or 0))
    if original is None:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in original.raw.items() if k != "reply_to_message"}}


def put(call: Call, chat: Chat, content: dict[str, Any], markup: dict[str, Any] | None, **more: Any) -> Message:
    """Write a message of the bot into a chat and log it. Its effect is here and nowhere else."""
    if markup and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    message = chat.write(call.bot.raw, call.world.now(), **content)
    message.markup = markup
    if markup:
        more["markup"] = markup
    call.world.log("sent", call.bot, chat.id, message.id, message.text, **more)
    return message


def send_message(call: Call) -> dict[str, Any]:
    """Send a text."""
    content = read_text(call, "text", LONGEST_TEXT)
    markup = read_markup(call)
    chat = find_chat(call)
    content.update(replied(call, chat))
    return put(call, chat, content, markup).raw


def find_own(call: Call, chat: Chat) -> Message:
    """Return the message a call wants to change. Raise ApiError 400 where it is gone or cannot be changed."""
    message = chat.message(call.integer("message_id"))
    if message is None:
        raise bad("message to edit not found")
    # A message with a keyboard that is not under it stays as it is.
    if message.author != call.bot.id or (message.markup and "inline_keyboard" not in message.markup):
        raise bad("message can't be edited")
    return message


def change(call: Call, message: Message, content: dict[str, Any], markup: dict[str, Any] | None) -> dict[str, Any]:
    """Change a message of the bot and log it. Raise ApiError 400 where nothing would change."""
    wanted = {**content, "reply_markup": markup}
    if all(message.raw.get(name) == value for name, value in wanted.items()):
        raise bad(NOT_MODIFIED)
    message.change(**wanted, edit_date=int(call.world.now()))
    message.markup = markup
    more = {"markup": markup} if markup else {}
    call.world.log("edited", call.bot, message.chat.id, message.id, message.text, **more)
    return message.raw


def edit_message_text(call: Call) -> dict[str, Any]:
    """Change a text; a keyboard that is not sent again goes away."""
    content = read_text(call, "text", LONGEST_TEXT)
    markup = read_markup(call)
    message = find_own(call, find_chat(call))
    if "text" not in message.raw:
        raise bad("there is no text in the message to edit")
    return change(call, message, {"entities": None, **content}, markup)


def edit_message_caption(call: Call) -> dict[str, Any]:
    """Change the words under a photo or a file."""
    content = read_text(call, "caption", LONGEST_CAPTION)
    markup = read_markup(call)
    message = find_own(call, find_chat(call))
    if "text" in message.raw:
        raise bad("there is no caption in the message to edit")
    return change(call, message, {"caption": None, "caption_entities": None, **content}, markup)


def edit_message_reply_markup(call: Call) -> dict[str, Any]:
    """Change the keyboard under a message, or take it away."""
    markup = read_markup(call)
    return change(call, find_own(call, find_chat(call)), {}, markup)


def _delete(call: Call, chat: Chat, message: Message) -> None:
    if message.raw["date"] < call.world.now() - DELETABLE_FOR:
        raise bad("message can't be deleted for everyone")
    if chat.kind != "private" and message.author != call.bot.id:
        raise bad("message can't be deleted")
    message.deleted = True
    del chat.history[message.id]
    call.world.log("deleted", call.bot, chat.id, message.id, message.text)


def delete_message(call: Call) -> bool:
    """Take a message back."""
    chat = find_chat(call)
    message = chat.message(call.integer("message_id"))
    if message is None:
        raise bad("message to delete not found")
    _delete(call, chat, message)
    return True


def delete_messages(call: Call) -> bool:
    """Take up to 100 messages back; those that are gone are passed over."""
    chat = find_chat(call)
    wanted = call.nested("message_ids", list) or []
    if not 1 <= len(wanted) <= 100:
        raise bad("message identifiers are not specified" if not wanted else "too many message identifiers specified")
    for number in wanted:
        if message := chat.message(int(number)):
            _delete(call, chat, message)
    return True
