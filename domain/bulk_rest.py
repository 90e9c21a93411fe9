"""The items nobody numbered: "còn lại không đổi", "các chỉ tiêu khác: chưa có số liệu", "tất cả chỉ tiêu không đổi"."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from domain.figure_items import items_of
from domain.figure_scales import any_of
from domain.figure_text import MAX_READ
from domain.unchanged import is_unchanged


class Rest(NamedTuple):
    """An answer to all other items: `typed` begins at `start`, `text` is the answer, unread.

    `sure`: it cannot speak of the rest of one figure ("85 %, còn lại chưa đạt"); `alone`: it needs no item beside it;
    `everything`: it speaks of all items, so that none may stand beside it.
    """

    start: int
    text: str
    typed: str
    sure: bool
    alone: bool
    everything: bool = False


_ITEMS = any_of("chỉ tiêu|câu hỏi|câu|mục|nội dung|ct|cái")
_OTHERS = any_of("còn lại|khác")
_ALL = any_of("tất cả các|tất cả những|tất cả|toàn bộ các|toàn bộ")
_REST = re.compile(
    rf"(?<![\w])(?:(?P<all>{_ALL}\s+{_ITEMS})(?!\s+{_OTHERS})"
    rf"|(?:(?:{any_of('còn|và')}\s+)?"
    rf"(?:(?:{_ALL}|{any_of('các|những|mọi|mấy')})\s+)?(?P<items>{_ITEMS})\s+{_OTHERS}"
    rf"|(?:{any_of('tất cả|phần|số')}\s+)?{any_of('còn lại')}(?:\s+(?P<behind>{any_of('các|những')}\s+{_ITEMS}))?))"
    rf"(?P<sign>\s*[:=]|\s+-(?=\s)|\s+{any_of('đều là|đều|là|thì')}(?!\w))?(?=\W)\s*",
    re.IGNORECASE,
)
_MOST_TRIED = 3
_QUIET = frozenset({"polite", "now", "lead", "thing"})


def find_rest(part: str, begin: int) -> Rest | None:
    """Return the answer to the rest that stands in `part` (tidied) at `begin` or, set apart, behind it, or None."""
    for found in islice(_REST.finditer(part, begin), _MOST_TRIED):
        if found.start() != begin and part[found.start() - 1] not in " ,-":
            continue
        text = part[found.end() :].strip(" ,")
        if not text or len(text) > MAX_READ:
            continue
        named = bool(found["items"] or found["behind"] or found["all"])
        clear = _is_no_figure(text)
        if not (named or found["sign"] or clear or _is_known(text)):
            continue  # "còn lại 2 thôn chưa xong" is a reason
        everything = bool(found["all"])
        sure = clear or (not everything and (named or (bool(found["sign"]) and not re.search("[0-9]", text))))
        alone = sure and (named or is_unchanged(text))
        return Rest(found.start(), text, part[found.start() :].strip(" ,"), sure, alone, everything)
    return None


def _is_no_figure(text: str) -> bool:
    """Tell whether `text` says that nothing changed or that there is no figure yet, which no part of a figure can."""
    if is_unchanged(text):
        return True
    tags = [item.tags for item in items_of(text) if not item.sign]
    return (
        _is_known(text) and any("no_data" in tag for tag in tags) and all(tag & (_QUIET | {"no_data"}) for tag in tags)
    )


def _is_known(text: str) -> bool:
    return all(item.tags or (item.sign and item.text in ".,;:!()") for item in items_of(text))
