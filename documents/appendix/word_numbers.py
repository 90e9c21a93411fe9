"""The numbers Word prints by itself before a paragraph: they are nowhere in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from documents.appendix.archive import Element, attribute, local, number

_LEVELS = 9
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_PLACE = re.compile(r"%([1-9])")
_MOST = 3_000  # a list counted further is no plan, and Roman numbers grow long


@dataclass(slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    pattern: str = ""


@dataclass(slots=True)
class Numbers:
    """The lists of a document and how far each has counted."""

    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # by list
    _counts: dict[str, list[int | None]] = field(default_factory=dict)  # by the lists' common pattern
    _pattern_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Element) -> Numbers:
        """Read the part that describes the lists."""
        patterns: dict[str, dict[int, _Level]] = {}
        numbers = cls()
        for child in root:
            name = local(child)
            if name == "abstractNum":
                patterns[attribute(child, "abstractNumId") or ""] = _levels(child)
            elif name == "num":
                key = attribute(child, "numId") or ""
                of = next((attribute(part, "val") or "" for part in child if local(part) == "abstractNumId"), "")
                overrides = _overrides(child)
                numbers._levels[key] = patterns.get(of, {}) | overrides
                # Lists of one pattern count on together unless one says where it starts.
                numbers._pattern_of[key] = key if overrides else f"pattern {of}"
        return numbers

    def next(self, list_id: str, depth: int) -> str:
        """Return the number printed before the next paragraph of a list, "" for bullets and unknown lists."""
        levels = self._levels.get(list_id)
        if not levels or depth not in levels:
            return ""
        counts = self._counts.setdefault(self._pattern_of[list_id], [None] * _LEVELS)
        level, before = levels[depth], counts[depth]
        counts[depth] = level.start if before is None else min(before + 1, _MOST)
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        if level.style == "bullet":
            return ""

        def place(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = levels.get(at, _Level())
            count = counts[at]
            return _written(shown.start if count is None else count, shown.style)

        return _PLACE.sub(place, level.pattern)


def _levels(parent: Element) -> dict[int, _Level]:
    found = {}
    for child in parent:
        if local(child) != "lvl":
            continue
        level = _Level()
        for part in child:
            value = attribute(part, "val") or ""
            if local(part) == "start":
                level.start = number(value, 1, _MOST)
            elif local(part) == "numFmt":
                level.style = value
            elif local(part) == "lvlText":
                level.pattern = value[:40]
        depth = number(attribute(child, "ilvl"), 0)
        if depth < _LEVELS:
            found[depth] = level
    return found


def _overrides(child: Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for part in child:
        if local(part) == "lvlOverride":
            found |= _levels(part)
    return found


def _written(count: int, style: str) -> str:
    if style in ("upperRoman", "lowerRoman"):
        text = ""
        for value, letters in _ROMAN:
            text += letters * (count // value)
            count %= value
        return text if style == "upperRoman" else text.lower()
    if style in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(ord("A") + (count - 1) % 26) * min((count - 1) // 26 + 1, 4)
        return letter if style == "upperLetter" else letter.lower()
    if style == "none":
        return ""
    return f"{count:02d}" if style == "decimalZero" else str(count)
