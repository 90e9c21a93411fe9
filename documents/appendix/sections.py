"""Which rows are headings of sections, and how they nest: "A" over "I.", "II Phát triển nguồn lực" in one cell."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from domain.drafts import DraftSection
from domain.vietnamese import fold

_ROMAN = re.compile(r"^(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$")
_MARKER = re.compile(r"^([IVXLC]{1,7}|[A-ZĐ]|[a-zđ](?=[.)]))\s*[.):/]?$")
_MARKED_TITLE = re.compile(r"^([IVXLC]{1,7}|[A-ZĐ])(?:\s*[.):\-–]\s*|\s+)(?=\S)(.{2,300})$")
_WORD_TITLE = re.compile(
    r"^(?:Phần|Nhóm|Mục|Chương|Lĩnh vực|PHẦN|NHÓM|MỤC|CHƯƠNG)\s+([IVXLC]+|\d{1,2}|[A-Z])\b[\s.:\-–]*(.*)$"
)
_GROUP_TITLE = re.compile(
    r"^(?:Nhóm|Lĩnh vực|Về|Các (?:chỉ tiêu|mục tiêu|nhiệm vụ)|Chỉ tiêu về|Mục tiêu về|Nhiệm vụ về)\s"
)
_CONTINUED = re.compile(r"\s*\(?ti[eế]p(?: theo)?\)?$", re.IGNORECASE)  # the heading printed again on the next page
_ALPHABETS = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDĐEGHIKLMNOPQRSTUVXY")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@dataclass(slots=True)
class Sections:
    """The headings met so far; `path` is where the next indicator belongs."""

    found: list[DraftSection] = field(default_factory=list)
    _paths: dict[tuple[tuple[str, ...], str, str], tuple[str, ...]] = field(default_factory=dict)  # by printed heading
    _counts: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)  # headings with one marker
    _open: list[tuple[str, str]] = field(default_factory=list)  # (kind of marker, marker), outermost first
    _last: dict[str, str] = field(default_factory=dict)  # the last marker of each kind

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(marker for _, marker in self._open)

    def enter(self, marker: str, title: str) -> None:
        """Open the section `marker` ("A", "IV", "2", or the title where none is printed)."""
        if marker == title:
            marker = title = _CONTINUED.sub("", title)
        kind = self._kind(marker)
        kinds = [open_kind for open_kind, _ in self._open]
        if kind in kinds:
            del self._open[kinds.index(kind) :]
        self._last[kind] = marker
        compared = _compared(title)
        above = self.path
        path = self._paths.get((above, marker, compared))
        if path is None:
            # Another appendix in the same file starts again at "I"; a section is known by its path alone.
            self._counts[above, marker] += 1
            number = self._counts[above, marker]
            path = (*above, marker if number == 1 else f"{marker} ({number})")
            self._paths[above, marker, compared] = path
            self.found.append(DraftSection(path, title))
        self._open.append((kind, path[-1]))

    def extend(self, more: str) -> None:
        """Add the rest of a title that goes on in the next row."""
        path, (kind, _) = self.path, self._open[-1]
        at = next(at for at in range(len(self.found) - 1, -1, -1) if self.found[at].path == path)
        title = self.found[at].title
        if not fold(title).endswith(fold(more)):  # else printed again on the next page
            self.found[at] = DraftSection(path, f"{title} {more}")
            self._paths[path[:-1], self._last[kind], _compared(self.found[at].title)] = path

    def _kind(self, marker: str) -> str:
        if marker.isdecimal() or "." in marker:
            return f"number {marker.count('.')}"
        if len(marker) == 1 and marker.islower():
            return "small letter"
        roman = bool(_ROMAN.match(marker))
        letter = len(marker) == 1 and marker.isalpha() and marker.isupper()
        if roman and letter:
            # "C" after "B" goes on with the letters; "V" after "IV", and any "I", with the numerals.
            goes_on = _value(marker) in (1, _value(self._last.get("roman", "")) + 1)
            return "roman" if goes_on or not self._follows(marker) else "letter"
        return "roman" if roman else "letter" if letter else "title"

    def _follows(self, marker: str) -> bool:
        last = self._last.get("letter", "")
        return bool(last) and any(last + marker in alphabet for alphabet in _ALPHABETS)


def _compared(title: str) -> str:
    return _CONTINUED.sub("", fold(title))


def heading(ordinal: str, name: str, others_empty: bool, bold: bool) -> tuple[str, str] | None:
    """Return (marker, title) where a row is a heading, else None.

    `ordinal` and `name` are the plain cells, `others_empty` says that the row has nothing else, `bold` that its
    print is marked.
    """
    if ordinal and name:
        match = _MARKER.match(ordinal)
        if match and (others_empty or (bold or name.isupper())):
            return match[1], name
        return None
    only = ordinal or name
    if not only or not others_empty:
        return None
    if match := _WORD_TITLE.match(only):
        return match[1], match[2] or only
    if (match := _MARKED_TITLE.match(only)) and (ordinal or bold or len(match[1]) > 1 or only[1:2] in ".):"):
        return match[1], match[2].strip()
    if _GROUP_TITLE.match(only):
        return only, only
    letters = any(character.isalpha() for character in only)
    if letters and (bold or (only.isupper() and len(only) > 3)):
        return only, only
    return (only, only) if ordinal and letters and len(only) > 6 and " " in only else None


def _value(roman: str) -> int:
    if not _ROMAN.match(roman):
        return -1 if roman else 0
    total = 0
    for this, following in zip(roman, [*roman[1:], ""], strict=True):
        value = _VALUES[this]
        total += -value if following and value < _VALUES[following] else value
    return total
