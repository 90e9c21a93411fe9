"""How a message looks on a phone: where a long text is cut, and how buttons stand in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.cutting import before_character
from domain.messages import Choice

TEXT_LIMIT = 4096  # Bot API: sendMessage.text
CAPTION_LIMIT = 1024  # Bot API: sendPhoto.caption, sendDocument.caption
# The longest label that is shown whole on a narrow phone where so many buttons share a row.
_WIDTHS = ((3, 9), (2, 16))


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units.

    Bot API: limits are in characters after entities were parsed; which kind it does not say. This count is never less
    than any other.
    """
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units: at line ends, else at spaces, else between letters.

    Returns no empty part, and so nothing for a text of blanks, which the Bot API refuses.
    """
    parts = []
    while units(text) > limit:
        cut = _cut(text, limit)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip("\n")
    parts.append(text)
    return [part for part in parts if part.strip()]


def _cut(text: str, limit: int) -> int:
    room = limit
    end = 0
    while room >= units(text[end]):
        room -= units(text[end])
        end += 1
    for mark in ("\n", " "):
        if (found := text.rfind(mark, 1, end + 1)) > 0:
            return found
    return before_character(text, end)


def keyboard(choices: Sequence[Choice]) -> dict[str, Any] | None:
    """Return choices as an inline keyboard, in their order: short labels two or three a row, long ones alone."""
    if not choices:
        return None
    rows = []
    at = 0
    while at < len(choices):
        count = _in_row(choices[at:])
        rows.append([{"text": choice.label, "callback_data": choice.token} for choice in choices[at : at + count]])
        at += count
    return {"inline_keyboard": rows}


def _in_row(choices: Sequence[Choice]) -> int:
    for count, width in _WIDTHS:
        if len(choices) >= count and all(units(choice.label) <= width for choice in choices[:count]):
            # Four short ones stand better as two and two than as three and one.
            return 2 if count == 3 and len(choices) == 4 and units(choices[3].label) <= width else count
    return 1
