"""Vietnamese text: one spelling to store, one to search, and how figures and dates are written."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

# Characters people paste without seeing them: zero width, soft hyphen, byte order mark, direction marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_USUAL_MARKS = re.compile("[\u0300-\u036f]+")  # all of Vietnamese; other scripts have theirs elsewhere
_LINKING = re.compile(r"[-‐‑‒–—―−&/]+|\bva\b")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def clean(text: str) -> str:
    """Return `text` in NFC, without invisible characters, every run of white space one space, ends trimmed.

    Wording, case and marks stay as typed: this is the form that is stored and shown.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(plain.split())


def strip_marks(text: str) -> str:
    """Return `text` without tone and vowel marks; "Đảng ủy" and "Đảng uỷ" both give "Dang uy".

    The stroked d has no decomposition in Unicode, so it is replaced by hand, and with it ð/Ð (U+00F0, U+00D0),
    which old fonts put in its place.
    """
    if text.isascii():
        return text
    text = (
        text.replace("đ", "d").replace("Đ", "D").replace("ð", "d").replace("Ð", "D")
    )  # ten times as fast as translate
    decomposed = _USUAL_MARKS.sub("", unicodedata.normalize("NFD", text))
    if decomposed.isascii():
        return decomposed
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def fold(text: str) -> str:
    """Return the form of `text` that is searched and compared: no marks, no case, dashes, "&" and "và" as one space.

    Search on the fold, decide on the accented form: distinct names may share a fold ("Dân Hòa", "Dân Hóa").
    """
    bare = strip_marks(clean(text).casefold())
    return " ".join(_LINKING.sub(" ", bare).split())


def format_number(value: Decimal | int) -> str:
    """Return `value` as Vietnamese readers write it: dot between thousands, comma before decimals.

    Decimal("1234.50") gives "1.234,5"; an exponent is written out; trailing zeros after the comma are dropped.
    """
    text = f"{Decimal(value):,f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    whole = whole.replace(",", ".")
    if whole == "-0" and not decimals:
        whole = "0"
    return f"{whole},{decimals}" if decimals else whole


def format_quantity(value: Decimal | int, unit: str | None) -> str:
    """Return a figure with its unit: "66,5 %", "12 Sản phẩm", or the bare figure without a unit."""
    number = format_number(value)
    return f"{number} {unit}" if unit else number


def format_date(day: date) -> str:
    """Return a day as dd/mm/yyyy, e.g. "30/11/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_day(day: date) -> str:
    """Return a day with its weekday, e.g. "30/11/2026 (thứ Hai)"."""
    return f"{format_date(day)} ({WEEKDAYS[day.weekday()]})"


def shorten(text: str, limit: int) -> str:
    """Return `text` cut at a word within `limit` characters, ending in "…" where something was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    whole_word = text[limit - 1] == " "
    head = cut if whole_word or " " not in cut[limit // 2 :] else cut.rsplit(" ", 1)[0]
    return head.rstrip(" ,;:.-–(") + "…"
