"""Reads workbooks (.xlsx, .xlsm): every visible sheet, values as printed. Macros and formulas are never run.

openpyxl either knows the merged cells or reads in bounded memory, not both, and takes the sheet's own word for its
size; so the parts are read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from documents.appendix.archive import Element, Package, attribute, local, number
from documents.appendix.cell_formats import BUILT_IN, as_printed
from documents.appendix.columns import is_header
from documents.appendix.errors import TableTooLarge, UnreadableFile
from documents.appendix.gather import Gather
from documents.appendix.limits import Limits
from documents.appendix.rows import Row, plain, raised

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a workbook writes characters XML cannot hold
_MAX_SHEETS = 50
_MAX_MERGES = 20_000
_MAX_WIDTH, _MAX_HEIGHT = 16_384, 1_048_576


@dataclass(slots=True)
class _Book:
    """What the sheets share: words, the print of numbers, which styles are bold."""

    words: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)  # the number format of each style
    bold: list[bool] = field(default_factory=list)  # of each style
    since_1904: bool = False


@dataclass(slots=True)
class _Merge:
    """Cells merged into one: from `top` to `bottom`, written in column `left`."""

    top: int
    bottom: int
    left: int


def read_rows(package: Package, limits: Limits) -> list[Row]:
    """Return the rows of every visible sheet, with the sheet's row numbers; each sheet is one table.

    Raises UnreadableFile or TableTooLarge.
    """
    main = next((name for kind, name in package.related("").values() if kind == "officeDocument"), "xl/workbook.xml")
    root, parts = package.xml(main), package.related(main)
    book = _book(package, root, parts)
    gather = Gather(limits)
    for table, name in enumerate(_visible_sheets(root, parts), 1):
        _read_sheet(package.xml(name), book, gather, table, limits)
    rows = gather.rows
    embedded = any("/embeddings/" in name for name in package.names)
    if embedded and not any(is_header([plain(cell) for cell in row.cells]) for row in rows):
        raise UnreadableFile("embedded")
    return rows


def _visible_sheets(root: Element, parts: dict[str, tuple[str, str]]) -> list[str]:
    shown: list[str] = []
    hidden: list[str] = []
    for sheet in root.iter("{*}sheet"):
        kind, name = parts.get(attribute(sheet, "id") or "", ("", ""))
        if kind == "worksheet":
            (hidden if (sheet.get("state") or "visible") != "visible" else shown).append(name)
    sheets = shown or hidden
    if not sheets:
        raise UnreadableFile("damaged", "xlsx")
    return sheets[:_MAX_SHEETS]


def _book(package: Package, root: Element, parts: dict[str, tuple[str, str]]) -> _Book:
    book = _Book()
    for kind, name in parts.values():
        if kind == "sharedStrings" and name in package:
            book.words = [_string(item) for item in package.xml(name) if local(item) == "si"]
        elif kind == "styles" and name in package:
            _read_styles(package.xml(name), book)
    book.since_1904 = any((part.get("date1904") or "0").lower() in ("1", "true") for part in root.iter("{*}workbookPr"))
    return book


def _string(item: Element) -> str:
    """Return a string of one or several runs, without the reading aids for Japanese."""
    text = ""
    for child in item:
        name = local(child)
        if name == "t":
            text += child.text or ""
        elif name == "r":
            words = "".join(part.text or "" for part in child if local(part) == "t")
            small = any(attribute(part, "val") == "superscript" for part in child.iterfind("{*}rPr/{*}vertAlign"))
            text += raised(text, words) if small else words
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter.isprintable() else " "


def _read_styles(root: Element, book: _Book) -> None:
    codes = dict(BUILT_IN)
    bold_fonts: list[bool] = []
    for group in root:
        name = local(group)
        if name == "numFmts":
            for code in group:
                codes[number(attribute(code, "numFmtId"))] = (attribute(code, "formatCode") or "General")[:200]
        elif name == "fonts":
            bold_fonts = [
                any(local(part) == "b" and attribute(part, "val") not in ("0", "false") for part in font)
                for font in group
            ]
        elif name == "cellXfs":
            for style in group:
                book.formats.append(codes.get(number(attribute(style, "numFmtId")), "General"))
                font = number(attribute(style, "fontId"))
                book.bold.append(font < len(bold_fonts) and bold_fonts[font])


def _read_sheet(root: Element, book: _Book, gather: Gather, table: int, limits: Limits) -> None:
    merges = _merges(root)
    open_merges: list[tuple[_Merge, str]] = []
    line = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        line = number(row.get("r"), line + 1, _MAX_HEIGHT)
        cells, bold = _cells(row, line, book, limits)
        open_merges = [(merge, text) for merge, text in open_merges if merge.bottom >= line]
        if not cells:
            continue
        width = max(cells) + 1
        reaching = [(merge.left, text) for merge, text in open_merges if merge.left < limits.columns]
        width = max([width, *(left + 1 for left, _ in reaching)])
        if width > limits.columns:
            raise TableTooLarge("columns", width, limits.columns, line)
        texts = [cells.get(index, "") for index in range(width)]
        open_merges += [(merge, texts[merge.left]) for merge in merges.get(line, ())
                        if merge.left < width and texts[merge.left]]  # fmt: skip
        first = min(cells)
        if first in bold:
            texts[first] = f"<b>{texts[first]}</b>"
        gather.table_row(texts, table, line, reaching)


def _merges(root: Element) -> dict[int, list[_Merge]]:
    """Return the cells merged over several rows, by their first row."""
    found: dict[int, list[_Merge]] = {}
    for count, merge in enumerate(root.iterfind("{*}mergeCells/{*}mergeCell")):
        if count >= _MAX_MERGES:
            raise UnreadableFile("bomb")
        first, _, last = (merge.get("ref") or "").partition(":")
        start, end = _place(first), _place(last)
        if start is not None and end is not None and end[0] > start[0]:
            found.setdefault(start[0], []).append(_Merge(start[0], end[0], start[1]))
    return found


def _cells(row: Element, line: int, book: _Book, limits: Limits) -> tuple[dict[int, str], set[int]]:
    """Return what a row prints by column, and which columns are bold."""
    texts: dict[int, str] = {}
    bold: set[int] = set()
    column = -1
    for cell in row:
        if local(cell) != "c":
            continue
        placed = _place(cell.get("r") or "")
        column = placed[1] if placed is not None else column + 1
        text = _value(cell, book)
        if not text or text.isspace():
            continue
        if column >= limits.columns:
            raise TableTooLarge("columns", column + 1, limits.columns, line)
        texts[column] = text
        style = number(cell.get("s"))
        if style < len(book.bold) and book.bold[style]:
            bold.add(column)
    return texts, bold


def _value(cell: Element, book: _Book) -> str:
    kind, stored = cell.get("t", "n"), ""
    for child in cell:
        name = local(child)
        if name == "is":
            return _string(child)
        if name == "v":
            stored = child.text or ""
    if kind == "s":
        at = number(stored, -1, 10_000_000)
        return book.words[at] if 0 <= at < len(book.words) else ""
    if kind == "b":
        return "TRUE" if stored == "1" else "FALSE"
    if kind != "n" or not stored:
        return stored
    style = number(cell.get("s"))
    code = book.formats[style] if style < len(book.formats) else "General"
    return as_printed(stored.strip(), code, since_1904=book.since_1904)


def _place(reference: str) -> tuple[int, int] | None:
    """Return (row from 1, column from 0) of a reference like "B3"."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return (int(match[2]), column - 1) if column <= _MAX_WIDTH else None
