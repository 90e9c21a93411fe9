"""The methods by their names, and those that only ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.botapi import messages
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
    "getme": get_me,
    "getupdates": get_updates,
    "answercallbackquery": answer_callback_query,
    "sendmessage": messages.send_message,
    "editmessagetext": messages.edit_message_text,
    "editmessagecaption": messages.edit_message_caption,
    "editmessagereplymarkup": messages.edit_message_reply_markup,
    "deletemessage": messages.delete_message,
    "deletemessages": messages.delete_messages,
}


def find(name: str) -> Method:
    """Return a method by its name, in any case. Raise ApiError 404 where there is none."""
    try:
        return METHODS[name.lower()]
    except KeyError:
        raise ApiError(404, "Not Found") from None
