"""Entities: the marked parts of a text, found in what people type or parsed from HTML."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.botapi.errors import bad

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)([^<>]*)>|<")
_LINK = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""")
_TYPED = re.compile(r"(?<![\w/])(/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)(?![\w/])|(?<!\w)(@[A-Za-z]\w{3,31})")


def units(text: str) -> int:
    """Return the length in UTF-16 code units, which is how offsets are counted."""
    return len(text.encode("utf-16-le")) // 2


def typed(text: str) -> list[dict[str, Any]]:
    """Return the commands and names in what somebody typed."""
    return [
        {
            "type": "bot_command" if match[1] else "mention",
            "offset": units(text[: match.start()]),
            "length": units(match[0]),
        }
        for match in _TYPED.finditer(text)
    ]


def parse(text: str, mode: str) -> tuple[str, list[dict[str, Any]]]:
    """Return a text without its HTML and what was marked. Raise ApiError 400 where it does not parse."""
    if mode.lower() != "html":
        raise bad("unsupported parse_mode")
    plain = ""
    at = 0
    open_tags: list[tuple[str, int, dict[str, Any]]] = []
    found: list[dict[str, Any]] = []
    for match in _TAG.finditer(text):
        plain += html.unescape(text[at : match.start()])
        at = match.end()
        place = len(text[: match.start()].encode())
        name = (match[2] or "").lower()
        if name not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {place}')
        if not match[1]:
            link = _LINK.search(match[3] or "") if name == "a" else None
            open_tags.append((name, units(plain), {"url": html.unescape(link[1])} if link else {}))
            continue
        if not open_tags or open_tags[-1][0] != name:
            raise bad(f'can\'t parse entities: Unmatched end tag at byte offset {place}, found "</{name}>"')
        _, begin, more = open_tags.pop()
        if units(plain) > begin:
            found.append({"type": TAGS[name], "offset": begin, "length": units(plain) - begin, **more})
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"")
    return plain + html.unescape(text[at:]), sorted(found, key=lambda one: (one["offset"], -one["length"]))
