"""Rows of any format -> the items of a plan's table: heads recognised, page breaks rejoined, headings followed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.appendix.columns import Column, Layout, Role
from documents.appendix.errors import NotATable
from documents.appendix.parts import Part, choose, divide
from documents.appendix.rows import Row, is_bold, plain
from documents.appendix.sections import Sections, heading
from domain.drafts import DraftSection
from domain.vietnamese import strip_marks

# The same as above, in every way it is typed. A lone dash is none: it means that nothing is given.
_DITTO = re.compile(
    r"^[-–.(\s]*(?:n\s*[./]?\s*t|nhu tren|nhu muc tren)[-–.)\s]*$|^[-–\s]*(?:[\"“”″〃]{1,2}|['’]{2}|//|,,)[-–\s]*$",
    re.IGNORECASE,
)
_SAME_AS_ABOVE: tuple[Role, ...] = ("unit", "target", "lead", "monitor", "coordinator", "deadline")
_NUMBER = re.compile(r"^\d{1,4}(?:\.\d{1,3}){0,3}\s*[.)]?$")


@dataclass(slots=True)
class Item:
    """One indicator as printed: the cells of each column, rejoined, and the lines they were printed on."""

    section: tuple[str, ...]
    layout: Layout
    cells: list[str]
    lines: list[int]
    repeats: bool = False  # some cell says "như trên" and was filled from the item before

    def raw(self, index: int | None) -> str:
        """Return the print of a column, or "" where there is no such column."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""

    def text(self, index: int | None) -> str:
        """Return the plain words of a column."""
        return plain(self.raw(index))


@dataclass(slots=True)
class PlanTable:
    """What is above the first table, its headings and its items, in printed order."""

    above: list[Row]
    sections: list[DraftSection]
    items: list[Item]


def read_table(rows: Sequence[Row]) -> PlanTable:
    """Return the items of every table of indicators in `rows`.

    Raises NotATable where there is no head of such a table, or nothing under it, and FormNotPlan.
    """
    above, parts = divide(rows)
    if not parts:
        raise NotATable("no_header")
    sections = Sections()
    items: list[Item] = []
    for part, layout in choose(parts):
        _read_part(part, layout, sections, items)
    if not items:
        raise NotATable("no_indicators", parts[0].line)
    _repeat_from_above(items)
    return PlanTable(above, sections.found, items)


def _read_part(part: Part, layout: Layout, sections: Sections, items: list[Item]) -> None:
    body = [cells for row, cells in part.rows if row.in_table]
    at_ordinal, at_name = layout.first("ordinal"), layout.first("name")
    if at_name is None:
        return
    numbered = at_ordinal is not None and any(_NUMBER.match(_at(cells, at_ordinal)) for cells in body)
    after_heading = False
    for position, (row, cells) in enumerate(part.rows):
        following = part.rows[position + 1][1] if position + 1 < len(part.rows) else ()
        found = _heading(row, cells, layout, following)
        if found is None and row.in_table and not numbered:
            found = _unnumbered_heading(cells, layout)
        if found is not None:
            sections.enter(*found)
            after_heading = True
            continue
        if not row.in_table:
            continue
        ordinal, name = _at(cells, at_ordinal), _at(cells, at_name)
        if not ordinal and after_heading and name and sum(map(bool, cells)) == 1:
            sections.extend(name)
            continue
        if items and not ordinal and not after_heading and _continues(cells, layout, numbered):
            _rejoin(items[-1], row)
            continue
        after_heading = False
        if name:
            width = len(layout.columns)
            items.append(
                Item(sections.path, layout, [*row.whole[:width]] + [""] * (width - len(row.cells)), [row.line])
            )


def _at(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def _heading(row: Row, cells: Sequence[str], layout: Layout, following: Sequence[str]) -> tuple[str, str] | None:
    at_ordinal, at_name = layout.first("ordinal"), layout.first("name")
    filled = [index for index, cell in enumerate(cells) if cell]
    bold = is_bold(row.cells[filled[0]])
    if not row.in_table:
        found = heading("", cells[0], others_empty=True, bold=bold)
        # Between pages stand page numbers and stamps; only a numbered line opens a section there.
        return found if found is not None and found[0] != cells[0] else None
    if len(filled) == 1 and filled[0] not in (at_name, at_ordinal):
        # A heading merged over the whole row stands in the row's first cell, whatever column that is.
        return heading("", cells[0], others_empty=True, bold=bold) if filled[0] == 0 else None
    ordinal, name = _at(cells, at_ordinal), _at(cells, at_name)
    others_empty = all(index in (at_ordinal, at_name) for index in filled)
    if ordinal and not name and len(filled) == 2:
        return heading(ordinal, cells[filled[1]], others_empty=True, bold=bold)  # its title is merged in some way
    measured = any(_at(cells, column.index) for column in layout.of("unit", "target", "deadline"))
    if others_empty and _NUMBER.match(ordinal) and name:
        number = ordinal.rstrip(".) ")
        below = _at(following, at_ordinal).rstrip(".) ")
        return (number, name) if below.startswith(f"{number}.") else None
    found = heading(ordinal, name, others_empty, bold)
    return None if measured else found


def _unnumbered_heading(cells: Sequence[str], layout: Layout) -> tuple[str, str] | None:
    """In a table without numbers, a name with nothing beside it is a heading."""
    name = _at(cells, layout.first("name"))
    if not name[:1].isupper() or not layout.of("target"):
        return None
    return (name, name) if sum(map(bool, cells)) == 1 else None


def _continues(cells: Sequence[str], layout: Layout, numbered: bool) -> bool:
    """Whether a row without an ordinal goes on with the row before, cut by a page break.

    In a numbered table it does, unless it is whole: name, unit and target are all there, or who and when beside a
    name of its own. In one without numbers, only a row without a name of its own, or with one that goes on in small
    letters, does.
    """
    name = _at(cells, layout.first("name"))
    if not name:
        return True
    essential = [_at(cells, column.index) for column in layout.of("unit", "target")]
    if not numbered:
        return name[:1].islower() and not any(essential)
    if essential and all(essential):
        return False
    duty = [_at(cells, column.index) for column in (*layout.of("lead", "monitor")[:1], *layout.of("deadline"))]
    known = layout.first("deadline") is not None or not essential
    return not (known and duty and all(duty) and name[:1].isupper())


def _repeat_from_above(items: Sequence[Item]) -> None:
    """Put what is printed above in place of "nt", ditto marks and the like; with nothing above they name nothing."""
    before: Item | None = None
    for item in items:
        for column in item.layout.of(*_SAME_AS_ABOVE):
            if _DITTO.match(strip_marks(item.text(column.index))):
                item.cells[column.index] = _above(before, item.layout, column)
                item.repeats = True
        before = item


def _above(before: Item | None, layout: Layout, column: Column) -> str:
    if before is None:
        return ""
    # In the next table the same column may stand elsewhere.
    index = column.index if before.layout == layout else before.layout.first(column.role)
    return before.raw(index)


def _rejoin(item: Item, row: Row) -> None:
    for index, cell in enumerate(row.cells[: len(item.cells)]):
        if cell:
            item.cells[index] = f"{item.cells[index]} {cell}".strip()
    item.lines.append(row.line)
