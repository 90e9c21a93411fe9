"""Methods about the bot and its chats: menus, descriptions, members, actions, reactions, leaving."""

from __future__ import annotations

import re
from typing import Any

from tests.botapi.calls import Call
from tests.botapi.errors import bad
from tests.botapi.messages import find_chat

ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)
# Some of those every client has.
REACTIONS = frozenset("👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡👀💯🤝✍🫡🆒😎")
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")


def _scope(call: Call) -> tuple[str, int]:
    """Return the key of the scope and language of a call, and the chat it is about, 0 for none."""
    scope = call.nested("scope", dict) or {"type": "default"}
    kind = str(scope.get("type", ""))
    language = call.text("language_code")
    if kind in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        return f"{kind}/{language}", 0
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad("can't parse BotCommandScope: unsupported type specified")
    chat = find_chat(Call(call.world, call.bot, scope))
    user = f":{scope.get('user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{chat.id}{user}/{language}", chat.id


def set_my_commands(call: Call) -> bool:
    """Set the menu of a scope and language."""
    commands: list[Any] = call.nested("commands", list) or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict) or not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    key, chat_id = _scope(call)
    shown = [{"command": one["command"].lstrip("/"), "description": one["description"].strip()} for one in commands]
    if shown:
        call.bot.commands[key] = shown
    else:
        call.bot.commands.pop(key, None)
    call.world.log("commands", call.bot, chat_id, scope=key, commands=shown)
    return True


def delete_my_commands(call: Call) -> bool:
    """Take the menu of a scope and language away."""
    key, chat_id = _scope(call)
    call.bot.commands.pop(key, None)
    call.world.log("commands", call.bot, chat_id, scope=key, commands=[])
    return True


def get_my_commands(call: Call) -> list[dict[str, str]]:
    """Return the menu of exactly this scope and language."""
    return call.bot.commands.get(_scope(call)[0], [])


def _set_description(call: Call, name: str, longest: int) -> bool:
    text = call.text(name)
    if len(text) > longest:
        raise bad(f"bot {name.replace('_', ' ')} is too long")
    call.bot.descriptions[f"{name}/{call.text('language_code')}"] = text
    return True


def set_my_description(call: Call) -> bool:
    """Set what an empty chat shows."""
    return _set_description(call, "description", 512)


def set_my_short_description(call: Call) -> bool:
    """Set what the bot's page shows."""
    return _set_description(call, "short_description", 120)


def get_my_description(call: Call) -> dict[str, str]:
    """Return what an empty chat shows."""
    return {"description": call.bot.descriptions.get(f"description/{call.text('language_code')}", "")}


def get_my_short_description(call: Call) -> dict[str, str]:
    """Return what the bot's page shows."""
    return {"short_description": call.bot.descriptions.get(f"short_description/{call.text('language_code')}", "")}


def get_chat(call: Call) -> dict[str, Any]:
    """Return all about a chat."""
    chat = find_chat(call)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, True)}
    return {**chat.raw, **more}


def get_chat_member(call: Call) -> dict[str, Any]:
    """Return who somebody is in a chat."""
    chat = find_chat(call)
    user_id = call.integer("user_id")
    someone = call.bot if user_id == call.bot.id else call.world.people.get(user_id)
    if someone is None:
        raise bad("user not found")
    if chat.kind == "private":
        if user_id not in (chat.id, call.bot.id):
            raise bad("user not found")
        return {"user": someone.raw, "status": "member"}
    return {"user": someone.raw, **call.world.find_group(chat.id).member(user_id)}


def leave_chat(call: Call) -> bool:
    """Leave a group."""
    chat = find_chat(call)
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    call.world.find_group(chat.id).part(call.bot, None, "left")
    return True


def send_chat_action(call: Call) -> bool:
    """Show that the bot is busy."""
    action = call.text("action").lower()
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    call.world.log("action", call.bot, find_chat(call).id, None, action)
    return True


def set_message_reaction(call: Call) -> bool:
    """Put a reaction on a message, or take it away."""
    chat = find_chat(call)
    message = chat.message(call.integer("message_id"))
    if message is None:
        raise bad("message to react not found")
    wanted: list[Any] = call.nested("reaction", list) or []
    emoji = [str(one.get("emoji")) if isinstance(one, dict) else "" for one in wanted]
    if not all(one in REACTIONS for one in emoji):
        raise bad("REACTION_INVALID")
    if len(emoji) > 1:
        raise bad("REACTIONS_TOO_MANY")
    message.reactions = {**(message.reactions or {}), call.bot.id: emoji}
    call.world.log("reaction", call.bot, chat.id, message.id, emoji[0] if emoji else None)
    return True


def log_out(call: Call) -> bool:
    """Leave this server; it answers nothing else after it."""
    call.bot.logged_out = True
    return True


def close(call: Call) -> bool:
    """End the bot's session before it moves to another server."""
    call.bot.updates.end_poll("")
    return True
