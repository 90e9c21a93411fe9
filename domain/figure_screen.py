"""What must not be kept: secrecy wording and citizens' data. A refusal carries nothing of the text."""

from __future__ import annotations

import re
import unicodedata

from domain.figure_types import Reading
from domain.reply_words import known_leftover
from domain.vietnamese import strip_marks

# "mật" is an everyday syllable in these: security, density, honey, password, close …
_HARMLESS_BEFORE = frozenset({"bảo", "thân", "cẩn", "túi", "sỏi", "ống", "chu"})
_HARMLESS_AFTER = frozenset({"độ", "ong", "khẩu", "mã", "thiết", "mía", "hoa", "gấu", "ngọt"})
# Without marks the syllable is also face, eye, cool, lose: only these company words make it secrecy.
_TELLING_BEFORE = frozenset({"toi", "tối", "tuyet", "tuyệt"})
_TELLING_TWO = frozenset(
    {("van", "ban"), ("cong", "van"), ("tai", "lieu"), ("ho", "so"), ("dong", "dau"), ("dau", "do")}
)
_WORD = re.compile(r"[^\W_]+")

_IDENTITY = re.compile(
    r"(?<![0-9])(?<![0-9][.,])[0-9]{12}(?![0-9])"
    r"|(?<![0-9])(?<![0-9][.,-])0(?!00)[0-9]{2}([ .-])[0-9]{3}(?:\1[0-9]{3}){2}(?![0-9])"
)
_TELEPHONE = re.compile(
    r"(?<![0-9])(?<![0-9][.,])[0oO][0-9]{9,10}(?![0-9])|(?<=[.,])0[35789][0-9]{8}(?![0-9])"
    r"|(?<![0-9])(?:\+|00)\s?84[)\s.-]*0?[0-9](?:[\s.-]?[0-9]){8}(?![0-9])|(?<![0-9.,])84[35789][0-9]{8}(?![0-9])"
    # Groups as no figure has them; 84.912.345.678 with dots is an amount.
    r"|(?<![0-9.,])(?:84[ -]|0 )[35789][0-9]{2}[ -][0-9]{3}[ -][0-9]{3}(?![0-9])"
    r"|(?<![0-9.,])0[35789][0-9]{1,2}([,/])[0-9]{3}\1[0-9]{3,4}(?![0-9])"
    r"|(?<![0-9.,])0[35789][0-9][ .-][0-9]{7}(?![0-9])"
)
# Digits in groups, one separator throughout, first group a telephone prefix: 0912.345.678, 091 234 5678.
_GROUPED_TELEPHONE = re.compile(
    r"(?<![0-9.,])\(?0[2-9][0-9]{1,3}\)?([ .-])\s?[0-9]{2,6}(?:\1[0-9]{2,6}){0,3}(?![0-9])"
    r"|(?<![0-9.,])0[2-9](?:([ .-])[0-9]{2})(?:\2[0-9]{2}){3}(?![0-9])"
)
# Family names that are not also the beginning of a province's name (Hà Nội, Cao Bằng, Thái Nguyên, Lâm Đồng).
_FAMILY_NAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đào|Đoàn|Vương|Trịnh|Trương|Đinh|Phùng"
    "|Tạ|Lương|Nông|Hứa|Lục|Lưu|Quách|Kiều|Nghiêm|Đàm"
)
_CAPITAL = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ"
_PERSON = re.compile(rf"(?<!\w)(?:{_FAMILY_NAMES})(?:\s[{_CAPITAL}][^\W\d_]*){{1,4}}(?!\w)")
_PLACE_BEFORE = re.compile(
    r"(?:xã|phường|đường|phố|thôn|trường|tỉnh|huyện|ấp|bản|khu|THCS|THPT|Tiểu học)\s*$", re.IGNORECASE
)


def screened(text: str) -> Reading | None:
    """Return a refusal when `text` (tidied) holds secrecy wording or personal data, else None."""
    if _is_secret(text):
        return Reading("refuse", reason="secret")
    if _is_personal(text):
        return Reading("refuse", reason="personal_data")
    return None


def _is_secret(text: str) -> bool:
    lowered = text.lower()
    if lowered.isascii() and "ma" not in lowered:
        return False
    words = [known_leftover(word) or word.strip("0123456789") for word in _WORD.findall(lowered)]
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        if word in {"mật", "mât"} and before not in _HARMLESS_BEFORE:
            if place + 1 < len(words) and words[place + 1] in _HARMLESS_AFTER:
                continue
            return True
        if word == "mat" and (before in _TELLING_BEFORE or _told_by_two(words, place)):
            return True
        if word in {"tốimật", "tuyệtmật", "toimat", "tuyetmat"}:
            return True
    return False


def _told_by_two(words: list[str], place: int) -> bool:
    if place >= 2 and (strip_marks(words[place - 2]), strip_marks(words[place - 1])) in _TELLING_TWO:
        return True
    return [strip_marks(word) for word in words[place - 1 : place + 3]] == ["bi", "mat", "nha", "nuoc"]


def _is_personal(text: str) -> bool:
    digits = text
    if not text.isascii():
        digits = "".join(str(unicodedata.decimal(c, c)) for c in text)
    if _IDENTITY.search(digits) or _TELEPHONE.search(digits):
        return True
    if any(len(re.sub("[^0-9]", "", found.group())) in {10, 11} for found in _GROUPED_TELEPHONE.finditer(digits)):
        return True
    people = {
        m.group() for m in _PERSON.finditer(text) if not _PLACE_BEFORE.search(text[max(0, m.start() - 12) : m.start()])
    }
    return len(people) > 1
