"""Keyboards: what the Bot API accepts as reply_markup."""

from __future__ import annotations

import json
from typing import Any

from tests.botapi.calls import Call
from tests.botapi.errors import bad

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_BYTES = 10_000
INLINE_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def read_markup(call: Call) -> dict[str, Any] | None:
    """Return the checked reply_markup of a call, None where it has none. Raise ApiError 400 for a wrong one."""
    if "reply_markup" not in call.params:
        return None
    markup: dict[str, Any] | None = call.nested("reply_markup", dict)
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard")
        for row in rows:
            for button in row:
                _check_inline(button)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        keyboard = [
            [{"text": button} if isinstance(button, str) else button for button in row]
            for row in _rows(markup["keyboard"], "keyboard")
        ]
        return {**markup, "keyboard": keyboard}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    raise bad("object expected as reply markup")


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(f"can't parse {what}: Array of Arrays expected")
    if sum(len(row) for row in rows) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    if len(json.dumps(rows, ensure_ascii=False).encode()) > MOST_BYTES:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            if not isinstance(button, (dict, str)):
                raise bad(f"can't parse {what} button: Object expected")
            if isinstance(button, dict) and not str(button.get("text", "")).strip():
                raise bad(f'can\'t parse {what} button: Field "text" must be non-empty')
    return [row for row in rows if row]


def _check_inline(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: Object expected")
    if not any(action in button for action in INLINE_ACTIONS):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
