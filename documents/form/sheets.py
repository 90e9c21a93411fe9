"""The sheets of a workbook as cells of known kinds.

`documents.appendix.workbook` reads what a plan prints, rounded as printed; a form needs what was typed, and must know a
date, an error and a formula without a value from a text. Both stand on `documents.appendix.archive`, which trusts
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from documents.appendix.archive import Element, Package, attribute, local, number
from documents.appendix.cell_formats import BUILT_IN
from documents.appendix.errors import TableTooLarge, UnreadableFile
from documents.appendix.limits import Limits
from documents.appendix.rows import raised
from documents.form.cells import Cell, of_error, of_number, of_text

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?\d{1,7}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a workbook writes characters XML cannot hold
_MAX_SHEETS = 50
_MAX_HEIGHT = 1_048_576
# Formats of East Asian editions, written down in no file: all of them are days.
_FORMATS = {**dict.fromkeys((*range(27, 37), *range(50, 59)), "dd/mm/yyyy"), **BUILT_IN}

Row = Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's cells that hold something, by row from 1 and column from 0."""

    name: str
    is_visible: bool
    rows: Mapping[int, Row]


@dataclass(slots=True)
class _Book:
    """What the sheets share, and how much of them has been read."""

    limits: Limits
    words: list[Cell] = field(default_factory=list)  # each made once, however many cells name it
    formats: list[str] = field(default_factory=list)  # the number format of each style
    since_1904: bool = False
    cells: int = 0
    rows: int = 0
    letters: int = 0


def read_sheets(package: Package, limits: Limits) -> Iterator[Sheet]:
    """Yield the sheets of a workbook in their order. Raises UnreadableFile or TableTooLarge."""
    main = next((name for kind, name in package.related("").values() if kind == "officeDocument"), "xl/workbook.xml")
    root, parts = package.xml(main), package.related(main)
    book = _Book(limits)
    for kind, name in parts.values():
        if kind == "sharedStrings" and name in package:
            book.words = [of_text(_string(item)) for item in package.xml(name) if local(item) == "si"]
        elif kind == "styles" and name in package:
            book.formats = _formats(package.xml(name))
    book.since_1904 = any((part.get("date1904") or "0").lower() in ("1", "true") for part in root.iter("{*}workbookPr"))
    found = 0
    for sheet in root.iter("{*}sheet"):
        kind, name = parts.get(attribute(sheet, "id") or "", ("", ""))
        if kind == "worksheet" and found < _MAX_SHEETS:
            found += 1
            is_visible = (sheet.get("state") or "visible") == "visible"
            yield Sheet((sheet.get("name") or "")[:31], is_visible, _rows(package.xml(name), book))
    if not found:
        raise UnreadableFile("damaged", "xlsx")


def _formats(root: Element) -> list[str]:
    codes, formats = dict(_FORMATS), []
    for group in root:
        if local(group) == "numFmts":
            for code in group:
                codes[number(attribute(code, "numFmtId"))] = (attribute(code, "formatCode") or "General")[:200]
        elif local(group) == "cellXfs":
            formats = [codes.get(number(attribute(style, "numFmtId")), "General") for style in group]
    return formats


def _rows(root: Element, book: _Book) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    line = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        line = number(row.get("r"), line + 1, _MAX_HEIGHT)
        cells = dict(_cells(row, book))
        if not cells:
            continue
        book.rows, book.cells = book.rows + 1, book.cells + len(cells)
        book.letters += sum(len(cell.text) for cell in cells.values())
        for what, count, limit in (
            ("rows", book.rows, book.limits.rows),
            ("cells", book.cells, book.limits.cells),
            ("columns", max(cells) + 1, book.limits.columns),
            ("letters", book.letters, book.limits.letters),
        ):
            if count > limit:
                raise TableTooLarge(what, count, limit, line)
        rows[line] = cells
    return rows


def _cells(row: Element, book: _Book) -> Iterator[tuple[int, Cell]]:
    column = -1
    for element in row:
        if local(element) != "c":
            continue
        placed = _column(element.get("r") or "")
        column = column + 1 if placed is None else placed
        cell = _cell(element, book)
        if cell != Cell():
            yield column, cell


def _cell(element: Element, book: _Book) -> Cell:
    kind, stored, is_formula = element.get("t") or "n", "", False
    for child in element:
        name = local(child)
        if name == "is":
            return of_text(_string(child))
        if name == "v":
            stored = (child.text or "").strip() if kind != "str" else child.text or ""
        elif name == "f":
            is_formula = True
    if kind == "s":
        at = number(stored, -1, 10_000_000)
        return book.words[at] if 0 <= at < len(book.words) else Cell()
    if not stored:
        # A formula whose result is an empty text has a value; one written by a program that cannot calculate has not.
        return Cell("", "no_value") if is_formula and kind != "str" else Cell()
    if kind == "n":
        style = number(element.get("s"))
        code = book.formats[style] if style < len(book.formats) else "General"
        return of_number(stored, code, since_1904=book.since_1904)
    if kind == "b":
        return Cell("TRUE" if stored == "1" else "FALSE")
    if kind == "d":
        return Cell("", "date")
    return of_error(stored) if kind == "e" else of_text(_unescaped(stored))


def _string(item: Element) -> str:
    """Return a string of one or several runs; a raised digit is the mark of a footnote, never one of the figure's."""
    text = ""
    for child in item:
        if local(child) == "t":
            text += child.text or ""
        elif local(child) == "r":
            words = "".join(part.text or "" for part in child if local(part) == "t")
            small = any(attribute(part, "val") == "superscript" for part in child.iterfind("{*}rPr/{*}vertAlign"))
            text += raised(text, words) if small else words
    return _unescaped(text)


def _unescaped(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        found = chr(int(match[1], 16))
        return found if found.isprintable() else " "

    return _ESCAPED.sub(letter, text) if "_x" in text else text


def _column(reference: str) -> int | None:
    """Return the column, from 0, of a reference like "B3"."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return column - 1
