"""What a form is recognised by: its columns, the keys over them, and the mark that says whose row it is."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from domain.vietnamese import clean, fold, shorten

# From left to right. The mark stands between columns that are seen, so that no selection to be sorted leaves it out.
COLUMNS = ("stt", "section", "name", "mark", "unit", "target", "before", "figure", "note")
INPUTS = ("figure", "note")
# A hidden row above the heads holds these. Where somebody has deleted it, columns are known by their heads, folded.
KEYS = {f"dondoc:{column}": column for column in COLUMNS}
HEADS = {"chi tieu": "name", "muc tieu": "target", "so lieu": "figure", "ly do ghi chu": "note"}
LONGEST_TEXT = 16_000  # a cell holds 32,767 units of UTF-16, at most two to a character
_LONGEST_ID = 18  # digits; more would not fit a database's integers
_MARK = re.compile(rf"dd1-([A-Za-z0-9]{{1,40}})-([1-9][0-9]{{0,{_LONGEST_ID - 1}}})-([0-9a-f]{{10}})")
_LIKE_A_MARK = "dd1-"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Mark(NamedTuple):
    """What the hidden cell of a row says; `check` binds it to the indicator that the row names."""

    form_id: str
    line_id: int
    check: str


def printable(text: str) -> str:
    """Return `text` as a cell can hold it: clean, without what XML cannot write, cut where a cell ends."""
    return shorten(clean(_NOT_IN_XML.sub(" ", text)), LONGEST_TEXT)


def mark(form_id: str, line_id: int, name: str, target: str) -> str:
    """Return what the hidden cell of a row holds, for the words that stand beside it."""
    return f"{_LIKE_A_MARK}{form_id}-{line_id}-{check(form_id, line_id, name, target)}"


def check(form_id: str, line_id: int, name: str, target: str) -> str:
    """Return the check of a row. It tells a row sorted apart from its id; it is no secret and proves nothing.

    What programs change by themselves, spaces and the form of letters, does not change it.
    """
    words = "\0".join((form_id, str(line_id), fold(name), fold(target)))
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=5).hexdigest()


def is_like_a_mark(text: str) -> bool:
    """Whether a cell holds a mark, or once did."""
    return text.startswith(_LIKE_A_MARK)


def read_mark(text: str) -> Mark | None:
    """Return what a mark says, or None for any other text."""
    match = _MARK.fullmatch(text)
    return Mark(match[1], int(match[2]), match[3]) if match else None
