"""What the lines above a plan's table say: title, number, date, who issued it, and the year it is for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from documents.appendix.rows import Row, plain
from domain.vietnamese import fold

MAX_LINES = 80  # the last lines above the table that are looked at
MAX_LINE = 600

_APPENDIX = re.compile(r"^(phụ lục(?:\s+(?:số\s*)?(?:[IVX]+|\d{1,2}))?)\s*[:.\-–]?\s*(.*)$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d/])(\d{1,5})\s*([-/])\s*((?:[A-ZĐ]{1,6})(?:[-/][A-ZĐ0-9]{1,12}){1,3})(?!\w)")
_BLANK_NUMBER = re.compile(r"((?:kế hoạch|quyết định)\s+số\s*:?\s*/.{0,40})", re.IGNORECASE)
_DAY = re.compile(r"ngày\s*(\d{1,2})\s*[/\-.]\s*(\d{1,2})\s*[/\-.]\s*(\d{4})", re.IGNORECASE)
_DAY_IN_WORDS = re.compile(r"ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.IGNORECASE)
_MONTH = re.compile(r"ngày\s*[.…_\s]*(?:/|tháng)\s*(\d{1,2})\s*(?:/|năm)\s*(\d{4})", re.IGNORECASE)
_TITLE_YEAR = re.compile(r"\bnam (20\d\d)\b(?!\s*-|\s*den)")
_COMMUNE = re.compile(
    r"\b(xã|phường|đặc khu|thị trấn)\s+((?:[A-ZÀ-ỸĐ][\w’']*)(?:[\s-]+[A-ZÀ-ỸĐ0-9][\w’']*){0,4})", re.IGNORECASE
)
_LETTERHEAD = re.compile(r"^(XÃ|PHƯỜNG|ĐẶC KHU)\s+([A-ZÀ-ỸĐ][A-ZÀ-ỸĐ ’']{1,40})$")


class Heading:
    """The lines above the table, read once. Every property is None where the document does not say."""

    def __init__(self, above: Sequence[Row]) -> None:
        # A letterhead is a table, and each of its cells has lines of its own.
        prints = [line for row in above[-MAX_LINES:] for cell in row.cells for line in cell.split("\n")]
        self.lines = [line for text in prints[-2 * MAX_LINES :] if (line := plain(text[:MAX_LINE]))]
        self.attached = next((line for line in reversed(self.lines) if "kem theo" in fold(line)), "")
        self.appendix, self.title = self._titles()
        source = self.attached or " ".join(self.lines)
        number = self._number(source)
        self.number = f"{number[1]}{number[2]}{number[3]}" if number else None
        blank = _BLANK_NUMBER.search(source)
        self.number_raw = None if number and " " not in number[0] else self._raw(source, number, blank)
        self.date, self.month = self._date(source)
        self.issuer = self._issuer()
        self.commune_type, self.commune = self._commune()

    @property
    def issuer_type(self) -> str | None:
        """Return "UBND" or "Đảng ủy": a Party body's papers follow other rules."""
        folded = fold(self.issuer or "")
        if "dang uy" in folded:
            return "Đảng ủy"
        return "UBND" if "uy ban nhan dan" in folded or "ubnd" in folded else None

    def title_year(self) -> int | None:
        years = {int(year) for year in _TITLE_YEAR.findall(fold(self.title or ""))}
        return years.pop() if len(years) == 1 else None

    def date_year(self) -> int | None:
        if self.date is not None:
            return self.date.year
        return int(self.month[:4]) if self.month else None

    def _titles(self) -> tuple[str | None, str | None]:
        starts = [index for index, line in enumerate(self.lines) if _APPENDIX.match(line)]
        if not starts:
            others = [line for line in self.lines if line != self.attached]
            return None, others[-1] if others else None
        match = _APPENDIX.match(self.lines[starts[-1]])
        rest = [match[2] if match else "", *self.lines[starts[-1] + 1 :]]
        title = " ".join(line for line in rest if line and line != self.attached)
        return (match[1] if match else None), title or None

    def _number(self, source: str) -> re.Match[str] | None:
        plans = [match for match in _NUMBER.finditer(source) if "KH" in match[3] or "QĐ" in match[3]]
        return plans[0] if plans else None

    def _raw(self, source: str, number: re.Match[str] | None, blank: re.Match[str] | None) -> str | None:
        """Return the number as printed where it is blank or oddly spaced, to be shown to a person."""
        found = blank if number is None else re.search(r"(?:kế hoạch|quyết định).*", source, re.IGNORECASE)
        if found is None:
            return None
        end = re.search(r"\s+của\b|\)", found[0])
        return found[0][: end.start()] if end else found[0]

    def _date(self, source: str) -> tuple[date | None, str | None]:
        for pattern in (_DAY, _DAY_IN_WORDS):
            if match := pattern.search(source):
                try:
                    return date(int(match[3]), int(match[2]), int(match[1])), None
                except ValueError:
                    return None, None
        match = _MONTH.search(source)
        if match and 1 <= int(match[1]) <= 12 and 2000 <= int(match[2]) <= 2100:
            return None, f"{int(match[2])}-{int(match[1]):02d}"
        return None, None

    def _issuer(self) -> str | None:
        if not self.attached:
            return None
        _, of, issuer = self.attached.rpartition(" của ")
        return issuer.strip(" ).;*") or None if of else None

    def _commune(self) -> tuple[str | None, str | None]:
        text = self.issuer or ""
        if match := _capitalised(text):
            return match
        for line in self.lines:
            if head := _LETTERHEAD.match(line):
                return head[1].lower(), head[2].title().strip()
        if match := _capitalised(" ".join(self.lines)):
            return match
        word = re.search(r"\b(xã|phường|đặc khu)\s*$", text)
        return (word[1] if word else None), None


def _capitalised(text: str) -> tuple[str, str] | None:
    for match in _COMMUNE.finditer(text):
        words = []
        for word in match[2].split():
            if not word[:1].isupper():
                break
            words.append(word)
        if words and not match[0].isupper():
            return match[1].lower(), " ".join(words)
    return None


def plan_year(
    heading: Heading, deadline_years: Iterable[int], column_years: Iterable[int], given: int | None
) -> int | None:
    """Return the year a plan is for: from its title, its date, its deadlines or year columns, else `given`.

    The date counts unless the deadlines speak of other years only: a plan of 2027 may be signed in December 2026.
    """
    if (year := heading.title_year()) is not None:
        return year
    deadlines, columns = Counter(deadline_years), sorted(set(column_years))
    dated = heading.date_year()
    if dated is not None and ((not deadlines and not columns) or dated in deadlines or dated in columns):
        return dated
    if deadlines:
        return deadlines.most_common(1)[0][0]
    return columns[0] if columns else given
