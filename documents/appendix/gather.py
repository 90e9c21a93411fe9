"""Collects the rows of a document as a reader meets them, and stops where there are more than any plan has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from documents.appendix.errors import TableTooLarge
from documents.appendix.limits import LIMITS, Limits
from documents.appendix.rows import Row

# Word and Excel write what is typed with the font "Symbol" as private characters: there stand most "≥" of old files.
_SYMBOLS = {
    0xF0B3: "≥", 0xF0A3: "≤", 0xF03E: ">", 0xF03C: "<", 0xF0B1: "±", 0xF0B4: "×", 0xF0B8: "÷", 0xF02D: "-",
    0xF0B7: "-", 0xF025: "%", 0xF02B: "+",
}  # fmt: skip
_PRIVATE = re.compile("[\uf000-\uf0ff]")


def printed(text: str) -> str:
    """Return text as it is printed: in NFC, with the letters of the font Symbol."""
    if text.isascii():
        return text
    if _PRIVATE.search(text):
        text = text.translate(_SYMBOLS)
    return unicodedata.normalize("NFC", text)


class Gather:
    """Takes paragraphs and table rows in printed order; blank ones are counted and left out."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.rows: list[Row] = []
        self._limits = limits
        self._line = self._table_rows = self._cells = self._letters = 0

    @property
    def next_line(self) -> int:
        return self._line + 1

    def paragraph(self, text: str, line: int | None = None) -> None:
        """Add a line outside of tables. Raises TableTooLarge."""
        number = self._count(line)
        if len(text) > self._limits.cell * 5:
            raise TableTooLarge("cell", len(text), self._limits.cell * 5, number)
        if text.strip():
            self.rows.append(Row(number, (printed(text).strip(),), in_table=False))

    def table_row(
        self, cells: Sequence[str], table: int, line: int | None = None, from_above: Iterable[tuple[int, str]] = ()
    ) -> None:
        """Add a row of table number `table`. Raises TableTooLarge."""
        number = self._count(line)
        reaching = tuple((index, text) for index, text in from_above if text.strip())
        if not reaching and not any(cell and not cell.isspace() for cell in cells):
            return
        self._table_rows += 1
        self._cells += len(cells)
        self._letters += sum(map(len, cells)) + sum(len(text) for _, text in reaching)
        longest = max(map(len, cells), default=0)
        for what, count, limit in (
            ("columns", len(cells), self._limits.columns),
            ("rows", self._table_rows, self._limits.rows),
            ("cells", self._cells, self._limits.cells),
            ("cell", longest, self._limits.cell),
            ("letters", self._letters, self._limits.letters),
        ):
            if count > limit:
                raise TableTooLarge(what, count, limit, number)
        self.rows.append(Row(number, tuple(printed(cell).strip() for cell in cells), True, table, reaching))

    def _count(self, line: int | None) -> int:
        self._line = self._line + 1 if line is None else line
        if self._line > self._limits.lines and line is None:
            raise TableTooLarge("lines", self._line, self._limits.lines, self._line)
        return self._line
