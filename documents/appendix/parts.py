"""Which rows of a document belong to its tables of indicators: not the letterhead, the signatures, the budget.

A file holds several tables. Those with a head of indicators are read; one without a head goes on with the table
before it when it is as wide and counts on; all others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from documents.appendix.columns import (
    Layout,
    classify,
    is_column_numbers,
    is_header,
    is_other_head,
    is_second_header,
    lay_out,
)
from documents.appendix.errors import FormNotPlan, NotATable
from documents.appendix.rows import Row, plain
from domain.named_targets import read_targets_in_name
from domain.vietnamese import fold

_COUNTS = re.compile(r"^(?:\d{1,4}(?:\.\d{1,3}){0,3}|[ivxlc]{1,7}|[a-zđ])\s*[.)]?$", re.IGNORECASE)
_MONEY = re.compile(r"\b(?:kinh phi|du toan|tong muc|nguon von|von|thanh tien|so tien|don gia|du kien chi)\b")
# What is printed under a table, in words no indicator begins with; the text is folded.
_SIGNED = re.compile(
    r"^(?:noi nhan\b|(?:t\.? ?m|k\.? ?t|t\.? ?l|t\.?u\.?q)\. |tm uy ban|kt chu tich|(?:pho )?chu tich$"
    r"|(?:pho )?bi thu$|nguoi lap\b|thu truong (?:don vi|co quan)$|\(?ky(?: ten|, ))"
)
_PLACE_AND_DAY = re.compile(r"^.{2,40}, ngay\b.{0,15}\bthang\b.{0,15}\bnam\b")
_TOTAL = re.compile(
    r"^(?:tong cong|tong so|tong|cong)(?:(?: so)?(?: cac)? (?:chi tieu|nhiem vu|muc tieu|muc))?\s*[:.]*\s*\d*"
    r"(?: (?:chi tieu|nhiem vu|muc tieu|muc))?\s*[.]?$"
)
_ASIDE = re.compile(r"^(?:\(\d\)\s*)?(?:ghi chu|chu thich|luu y)\s*[:.]|^\(\)|^[¹²³]")


@dataclass(slots=True)
class Part:
    """The rows under one head, as printed; a head repeated on the next page goes on with the same part."""

    header: tuple[str, ...]
    line: int
    second: tuple[str, ...] | None = None
    rows: list[tuple[Row, tuple[str, ...]]] = field(default_factory=list)  # with the plain words of the whole row

    def divide(self, cells: tuple[str, ...]) -> None:
        """Take in a row that divides the head; a third row divides the second ("Tỉnh | Xã" into years)."""
        if self.rows:
            return  # the head again, on the next page
        if self.second is None:
            self.second = cells
            return
        above, joined = "", []
        for index, cell in enumerate(cells):
            own = self.second[index] if index < len(self.second) else ""
            if own or (index < len(self.header) and self.header[index]):
                above = own
            joined.append(f"{own or (above if cell else '')} {cell}".strip())
        self.second = tuple(joined)

    def layout(self) -> Layout:
        """Return what its columns are."""
        return lay_out(self.header, self.second, [cells for row, cells in self.rows if row.in_table])


def divide(rows: Sequence[Row]) -> tuple[list[Row], list[Part]]:
    """Return the rows above the first table of indicators, and the tables."""
    above: list[Row] = []
    parts: list[Part] = []
    tables = _Tables(rows)
    under_head = closed = False
    for row in rows:
        if not parts and not row.in_table:
            above.append(row)
            continue
        cells = tables.words(row)
        if not any(cells):
            continue
        if parts and row.in_table and is_column_numbers(cells):
            continue
        # Before asking for a head: "Chủ trì | Phối hợp" under a head divides it, though it reads like one.
        if under_head and row.in_table and is_second_header(cells, parts[-1].header):
            parts[-1].divide(cells)
            continue
        if row.in_table and is_header(cells):
            if not parts or not _is_copy(cells, parts[-1].header):
                parts.append(Part(cells, row.line))
            under_head, closed = True, False
            continue
        if not parts:
            above.append(row)
            continue
        under_head = False
        if row.in_table and is_other_head(cells):
            # A head that came out damaged on a later page is still this one.
            closed = closed or not _is_copy(cells, parts[-1].header)
            continue
        closed = closed or _closes(cells)
        if not closed and not _is_aside(row, cells) and not (row.in_table and tables.is_foreign(row, parts[-1])):
            parts[-1].rows.append((row, _whole(row, cells)))
    return above, parts


def choose(parts: Sequence[Part]) -> list[tuple[Part, Layout]]:
    """Return the parts that are plans, with their columns.

    Raises FormNotPlan where there are only forms, NotATable where there are only budgets.
    """
    laid = [(part, part.layout()) for part in parts]
    forms = [part for part, layout in laid if _is_form(part, layout)]
    rest = [(part, layout) for part, layout in laid if part not in forms]
    plans = [(part, layout) for part, layout in rest if _is_plan(layout)]
    if not plans and forms:
        raise FormNotPlan(forms[0].line)
    plans = plans or [(part, layout) for part, layout in rest if not _is_budget(layout)]
    if not plans:
        raise NotATable("no_header")
    return plans


class _Tables:
    """The tables of a document, looked at as wholes."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._words: dict[int, tuple[str, ...]] = {}
        self._rows: dict[int, list[Row]] = {}
        self._foreign: dict[int, Mapping[int, bool]] = {}
        for row in rows:
            if row.in_table:
                self._rows.setdefault(row.table, []).append(row)
        self._first = next(iter(self._rows), 0)

    def words(self, row: Row) -> tuple[str, ...]:
        """Return the plain words of a row."""
        found = self._words.get(id(row))
        if found is None:
            found = self._words[id(row)] = tuple(plain(cell) for cell in row.cells)
        return found

    def is_foreign(self, row: Row, part: Part) -> bool:
        """Whether a row stands in a table, or above a head in its table, that does not go on with `part`."""
        if row.table == self._first:
            return False
        if row.table not in self._foreign:
            self._foreign[row.table] = self._judge(self._rows[row.table], part)
        return self._foreign[row.table].get(id(row), False)

    def _judge(self, rows: list[Row], part: Part) -> Mapping[int, bool]:
        headless: list[Row] = []
        for row in rows:
            if is_header(self.words(row)):
                break
            headless.append(row)
        foreign = not self._goes_on(headless, part)
        return {id(row): foreign for row in headless}

    def _goes_on(self, rows: Sequence[Row], part: Part) -> bool:
        """Whether rows without a head count on under the head of `part`."""
        filled = [self.words(row) for row in rows if any(self.words(row))]
        width = len(part.header)
        if not filled or abs(max(map(len, filled)) - width) > 1:
            return False
        at = next((index for index, cell in enumerate(part.header) if classify(cell) == "ordinal"), None)
        if at is None:
            return all(sum(map(bool, cells)) > 1 for cells in filled)
        likely = sum(not cells[at] or bool(_COUNTS.match(cells[at])) for cells in filled if at < len(cells))
        return likely * 2 > len(filled)


def _whole(row: Row, cells: tuple[str, ...]) -> tuple[str, ...]:
    """What is merged from above counts for indicators; heads were told by what their own row prints."""
    return tuple(plain(cell) for cell in row.whole) if row.from_above else cells


def _is_copy(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row is a head printed again, also where the copy came out damaged."""
    pairs = list(zip(_folded(cells), _folded(header), strict=False))
    same = sum(one == other != "" for one, other in pairs)
    damaged = all(one == other or not one or classify(one) is None for one, other in pairs)
    return damaged and len(cells) == len(header) and same * 2 >= sum(map(bool, header))


def _folded(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(cell) for cell in cells)


def _closes(cells: Sequence[str]) -> bool:
    """Whether a row begins what stands under a table: place and day, signatures, who gets a copy."""
    filled = [cell for cell in cells if cell]
    if len(filled) > 3 or any(_COUNTS.match(cell) for cell in filled[:1] if len(filled) > 1):
        return False
    words = [fold(cell[:120]) for cell in filled]
    return any(_SIGNED.match(word) for word in words) or (len(words) < 3 and bool(_PLACE_AND_DAY.match(words[-1])))


def _is_aside(row: Row, cells: Sequence[str]) -> bool:
    """Whether a row of a table is its total or a note under it."""
    if not row.in_table:
        return False
    filled = [cell for cell in cells if cell]
    words = [fold(cell[:60]) for cell in filled[:2]]
    if any(_TOTAL.match(word) for word in words):
        return True
    if len(filled) != 1:
        return False
    # Stars are taken off as marks of bold print; what is left of "(*)" is "()".
    first = next(cell for cell in row.cells if cell).removeprefix("<b>").lstrip()
    starred = first.startswith("*") and not first.startswith("**")
    return starred or bool(_ASIDE.match(words[0]))


def _is_plan(layout: Layout) -> bool:
    """Whether the columns are those of a plan: targets, or somebody who answers; money alone is a budget."""
    targets = [column for column in layout.of("target") if not _MONEY.search(fold(column.header))]
    if targets:
        return True
    return not _is_budget(layout) and bool(layout.of("lead", "monitor", "coordinator"))


def _is_budget(layout: Layout) -> bool:
    return any(_MONEY.search(fold(column.header)) for column in layout.columns)


def _is_form(part: Part, layout: Layout) -> bool:
    """Whether a table waits to be filled in: results asked for and none given, and no targets or nobody to ask."""
    body = [cells for row, cells in part.rows if row.in_table]

    def is_empty(role_columns: Sequence[int]) -> bool:
        return not any(index < len(cells) and cells[index] for cells in body for index in role_columns)

    results = [column.index for column in layout.of("result")]
    asks = any(cell[:1].isdecimal() for cells in body for cell in cells) or not is_empty(
        [column.index for column in layout.of("unit")]
    )
    if not results or not asks or not is_empty(results):
        return False
    if not layout.of("lead", "monitor", "coordinator"):
        return True
    if not is_empty([column.index for column in layout.of("target")]):
        return False
    name = layout.first("name")
    if name is None:
        return True
    names = [cells[name] for cells in body if name < len(cells) and cells[name]]
    return all(target.kind == "task" for words in names[:300] for target in read_targets_in_name(words))
