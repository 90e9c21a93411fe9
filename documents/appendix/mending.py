"""Evident slips of typing and scanning in names, units and titles: mended as a suggestion, the print is kept."""

from __future__ import annotations

import re

# print -> meant. Only words that mean nothing as printed, so that no right word is ever changed.
_SLIPS = (
    (re.compile(r"\b(c)huyên đổi\b", re.IGNORECASE), "huyển đổi"),
    (re.compile(r"\b(c)huyên đôi\b", re.IGNORECASE), "huyển đổi"),
    (re.compile(r"\b(t)rực liên thông\b", re.IGNORECASE), "rục liên thông"),
    (re.compile(r"\b(c)ông thông tin\b", re.IGNORECASE), "ổng thông tin"),
)
_CAPITAL_SLIPS = (("CHUYÊN ĐÔI", "CHUYỂN ĐỔI"), ("CHUYÊN ĐỔI", "CHUYỂN ĐỔI"), ("CÔNG THÔNG TIN", "CỔNG THÔNG TIN"))
_DANGLING = re.compile(r"\s+đạt(?: từ| trên)?$", re.IGNORECASE)
_STRAY_COMMA = re.compile(r"^(T[ỷỉ] (?:lệ|trọng)|Số|Số lượng),\s+", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"\s+(?=[,;:](?:\s|$))")


def mend(text: str) -> str:
    """Return `text` with the known slips mended, capitals kept."""
    if text.isupper():
        for slip, meant in _CAPITAL_SLIPS:
            text = text.replace(slip, meant)
        return text
    for pattern, rest in _SLIPS:
        text = pattern.sub(lambda match, rest=rest: match[1] + rest, text)  # type: ignore[misc]
    return text


def mend_name(name: str) -> tuple[str, tuple[str, ...]]:
    """Return an indicator's name as it was meant, and which kinds of slip were mended (flag names)."""
    flags = []
    mended = mend(name)
    if mended != name:
        flags.append("ocr_in_name")
    trimmed = mended.rstrip(" ,;")
    if trimmed != mended:
        flags.append("trailing_comma_in_name")
    whole = _DANGLING.sub("", trimmed)
    if whole != trimmed:
        flags.append("dangling_dat_in_name")
    joined = _STRAY_COMMA.sub(r"\1 ", whole)
    if joined != whole:
        flags.append("stray_comma_in_name")
    return _SPACE_BEFORE.sub("", joined), tuple(flags)
