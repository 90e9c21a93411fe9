"""Reads Word files (.docx): the document's own XML, as it prints once every tracked change is accepted.

python-docx would show the table without its content controls, tracked insertions and automatic numbers, which is
where offices write; so the parts are read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.appendix.archive import Element, Package, attribute, local, number
from documents.appendix.columns import is_header
from documents.appendix.errors import TableTooLarge, UnreadableFile
from documents.appendix.gather import Gather, printed
from documents.appendix.grid import Cell, place
from documents.appendix.limits import Limits
from documents.appendix.rows import Row, plain, raised
from documents.appendix.word_numbers import Numbers

# What only wraps its contents. Deleted and moved-away text ("del", "moveFrom") is not among them, nor are drawings.
_WRAPPERS = frozenset({
    "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "bdo", "dir",
    "AlternateContent", "Choice",
})  # fmt: skip
_OFF = frozenset({"0", "false", "none", "off"})
_LETTERS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_MAX_NESTING = 6  # tables within tables
_MAX_SPAN = 500  # columns of Word's grid; it allows 63


@dataclass(slots=True)
class _Table:
    rows: list[list[Cell]] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)  # of each of them
    nested: list[_Table] = field(default_factory=list)  # tables of their own, met inside its cells


class _Reader:
    """Walks the body of a document."""

    def __init__(self, numbers: Numbers, limits: Limits) -> None:
        self.gather = Gather(limits)
        self._limits = limits
        self._numbers = numbers
        self._tables = 0
        self.elements: dict[int, Element] = {}  # rows of tables, by their line

    def body(self, body: Element) -> None:
        # Counted before they are walked: an enormous table is refused at once.
        for tag, what, limit in (("tr", "rows", self._limits.rows), ("tc", "cells", self._limits.cells)):
            count = sum(1 for _ in body.iter(f"{{*}}{tag}"))
            if count > limit:
                raise TableTooLarge(what, count, limit, 1)
        for block in _unwrapped(body, ("p", "tbl")):
            if local(block) == "p":
                for line in self.paragraph(block)[0].removesuffix("\n").split("\n"):
                    self.gather.paragraph(line)
            else:
                self.add(self.table(block, 0))

    def add(self, table: _Table) -> None:
        self._tables += 1
        at = self._tables
        for (cells, from_above), element in zip(place(table.rows), table.elements, strict=True):
            self.elements[self.gather.next_line] = element
            self.gather.table_row(cells, at, from_above=from_above)
        for nested in table.nested:
            self.add(nested)

    def table(self, element: Element, nesting: int) -> _Table:
        if nesting > _MAX_NESTING:
            raise UnreadableFile("bomb")
        grid = _grid(element)
        table = _Table()
        for row in _unwrapped(element, ("tr",)):
            cells = self.row(row, grid, table, nesting)
            if cells:
                table.rows.append(cells)
                table.elements.append(row)
        return table

    def row(self, row: Element, grid: list[float], table: _Table, nesting: int) -> list[Cell]:
        properties = _child(row, "trPr")
        if _child(properties, "del") is not None:
            return []
        at = number(_value(properties, "gridBefore"), 0, _MAX_SPAN)
        cells: list[Cell] = []
        bold_first = True
        for element in _unwrapped(row, ("tc",)):
            format_ = _child(element, "tcPr")
            if _child(format_, "cellDel") is not None:
                continue
            span = max(number(_value(format_, "gridSpan"), 1, _MAX_SPAN), 1)
            merge = _child(format_, "vMerge")
            continues = merge is not None and attribute(merge, "val") != "restart"
            text, bold = self.cell(element, table, nesting)
            if text.strip() and bold_first and not continues:
                # One mark in a row is enough to tell a heading, and leaves the other cells as printed.
                text, bold_first = (f"<b>{text}</b>" if bold else text), False
            start = grid[at] if at < len(grid) else float(at * 2_000)
            # What a merged cell holds below its first row is not printed.
            cells.append(Cell(start, "" if continues else text, continues))
            at += span
            if len(cells) > self._limits.columns:
                raise TableTooLarge("columns", len(cells), self._limits.columns, self.gather.next_line)
        return cells

    def cell(self, element: Element, table: _Table, nesting: int) -> tuple[str, bool]:
        """Return the words of a cell and whether all are bold; a plan's table inside it goes to `table.nested`."""
        parts: list[str] = []
        bolds: list[bool] = []
        for block in _unwrapped(element, ("p", "tbl")):
            if local(block) == "p":
                text, bold = self.paragraph(block)
                parts.append(text)
                if text.strip():
                    bolds.append(bold)
                continue
            inner = self.table(block, nesting + 1)
            table.nested.extend(inner.nested)
            if any(is_header([plain(printed(cell.text)) for cell in row]) for row in inner.rows):
                inner.nested = []
                table.nested.append(inner)
            else:
                parts.extend(" ".join(cell.text for cell in row if cell.text) + "\n" for row in inner.rows)
        return "".join(parts).strip("\n"), bool(bolds) and all(bolds)

    def paragraph(self, element: Element) -> tuple[str, bool]:
        """Return the words of a paragraph, ending in a line break unless its mark was deleted, and whether bold."""
        properties = _child(element, "pPr")
        words = ""
        bold = True
        for run in _unwrapped(element, ("r", "oMath", "oMathPara")):
            text = _run(run) if local(run) == "r" else "".join(t.text or "" for t in run.iter("{*}t"))
            if _value(_child(run, "rPr"), "vertAlign") == "superscript":
                text = raised(words, text)
            if text.strip():
                bold = bold and _is_on(_child(run, "rPr"), "b")
            words += text
        label = self._label(properties)
        text = f"{label} {words}" if label else words
        joined = _child(_child(properties, "rPr"), "del") is not None
        return (text if joined else f"{text}\n"), bool(text.strip()) and bold

    def _label(self, properties: Element) -> str:
        numbering = _child(properties, "numPr")
        if numbering is None:
            return ""
        return self._numbers.next(_value(numbering, "numId") or "", number(_value(numbering, "ilvl"), 0, 8))


def read_rows(package: Package, limits: Limits) -> list[Row]:
    """Return the paragraphs and table rows of a Word file in printed order.

    Raises UnreadableFile or TableTooLarge.
    """
    reader, _, _ = _read(package, limits)
    rows = reader.gather.rows
    foreign = any("/embeddings/" in name or "/afchunk" in name for name in package.names)
    if foreign and not any(row.in_table and is_header([plain(cell) for cell in row.cells]) for row in rows):
        raise UnreadableFile("embedded")
    return rows


def read_elements(package: Package, limits: Limits) -> tuple[str, Element, dict[int, Element]]:
    """Return the main part of a Word file, its root, and the rows of its tables by their line in `read_rows`.

    Raises UnreadableFile or TableTooLarge.
    """
    reader, main, document = _read(package, limits)
    return main, document, reader.elements


def _read(package: Package, limits: Limits) -> tuple[_Reader, str, Element]:
    main = next((name for kind, name in package.related("").values() if kind == "officeDocument"), "word/document.xml")
    document = package.xml(main)
    body = _child(document, "body")
    if body is None:
        raise UnreadableFile("damaged", "docx")
    lists = next((name for kind, name in package.related(main).values() if kind == "numbering"), None)
    numbers = Numbers.read(package.xml(lists)) if lists is not None and lists in package else Numbers()
    reader = _Reader(numbers, limits)
    reader.body(body)
    return reader, main, document


def _unwrapped(parent: Element, wanted: tuple[str, ...]) -> Iterator[Element]:
    """Yield the wanted children, also out of what only wraps them: content controls, insertions, links."""
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        name = local(child)
        if name in wanted:
            yield child
        elif name in _WRAPPERS:
            if name == "sdt" and _child(_child(child, "sdtPr"), "showingPlcHdr") is not None:
                continue  # "Click here to enter text" was never typed
            stack.append(iter(child))


def _run(run: Element) -> str:
    if _is_on(_child(run, "rPr"), "vanish"):
        return ""
    words: list[str] = []
    for child in run:
        name = local(child)
        if name == "t":
            words.append(child.text or "")
        elif name in _LETTERS:
            words.append(_LETTERS[name])
        elif name == "sym":
            words.append(_symbol(attribute(child, "char")))
    return "".join(words)


def _symbol(code: str | None) -> str:
    try:
        point = int(code or "", 16)
    except ValueError:
        return ""
    # The font Symbol may be named with or without the private range its letters live in.
    return chr(point if point >= 0xF000 else point + 0xF000) if 0x20 <= point <= 0xF0FF else ""


def _grid(table: Element) -> list[float]:
    """Return where each column of Word's grid starts."""
    starts, at = [0.0], 0.0
    columns = _child(table, "tblGrid")
    for column in columns if columns is not None else ():
        if local(column) == "gridCol" and len(starts) < _MAX_SPAN:
            at += max(number(attribute(column, "w"), 0, 100_000), 1)
            starts.append(at)
    return starts if len(starts) > 1 else []


def _child(parent: Element, name: str) -> Element:
    if parent is None:
        return None
    return next((child for child in parent if local(child) == name), None)


def _value(parent: Element, name: str) -> str | None:
    child = _child(parent, name)
    return attribute(child, "val") if child is not None else None


def _is_on(properties: Element, name: str) -> bool:
    child = _child(properties, name)
    return child is not None and attribute(child, "val") not in _OFF
