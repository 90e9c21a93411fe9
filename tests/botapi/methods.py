"""The methods by their names, and those that only ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.botapi import files, messages, settings, webhook
from tests.botapi.calls import Call
from tests.botapi.errors import ApiError, bad

Method = Callable[[Call], Any]
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
# Seconds a phone waits for the answer to a press.
QUERY_LIFETIME = 30.0


def get_me(call: Call) -> dict[str, Any]:
    """Return who the bot is."""
    return {
        **call.bot.raw,
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.has_privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_updates(call: Call) -> Awaitable[list[dict[str, Any]]]:
    """Wait for updates."""
    webhook.check_polling(call)
    kinds = call.nested("allowed_updates", list)
    if kinds is not None:
        call.bot.updates.allow(kinds)
    limit = min(max(call.integer("limit", 100), 1), 100)
    return call.bot.updates.poll(call.integer("offset"), limit, call.integer("timeout"))


def answer_callback_query(call: Call) -> bool:
    """Answer a press, once and in time."""
    asked = call.bot.queries.pop(call.text("callback_query_id"), None)
    if asked is None or call.world.now() - asked[0] > QUERY_LIFETIME:
        raise bad(QUERY_TOO_OLD)
    text = call.text("text")
    if len(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    call.world.log("answered", call.bot, asked[1], None, text, query=call.text("callback_query_id"))
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": webhook.set_webhook,
    "deleteWebhook": webhook.delete_webhook,
    "getWebhookInfo": webhook.get_webhook_info,
    "sendMessage": messages.send_message,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": messages.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendPhoto": files.send_photo,
    "sendDocument": files.send_document,
    "sendMediaGroup": files.send_media_group,
    "getFile": files.get_file,
    "sendChatAction": settings.send_chat_action,
    "setMessageReaction": settings.set_message_reaction,
    "setMyCommands": settings.set_my_commands,
    "deleteMyCommands": settings.delete_my_commands,
    "getMyCommands": settings.get_my_commands,
    "setMyDescription": settings.set_my_description,
    "getMyDescription": settings.get_my_description,
    "setMyShortDescription": settings.set_my_short_description,
    "getMyShortDescription": settings.get_my_short_description,
    "getChat": settings.get_chat,
    "getChatMember": settings.get_chat_member,
    "leaveChat": settings.leave_chat,
    "logOut": settings.log_out,
    "close": settings.close,
}
_BY_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}


def find(name: str) -> tuple[str, Method]:
    """Return the proper name of a method and itself, by its name in any case. Raise ApiError 404 for no method."""
    try:
        return _BY_NAME[name.lower()]
    except KeyError:
        raise ApiError(404, "Not Found: method not found") from None
