"""The plan's own appendix returned with what was reached: same numbering, wording and order, three columns more.

A Word file or a workbook keeps everything it has; columns for results that it has already are filled in where they are
empty. Of a text or a PDF a clean new table is made.
"""

from __future__ import annotations

import copy
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from documents.appendix import read_plan
from documents.appendix.archive import Element, Package, attribute, local
from documents.appendix.columns import is_header
from documents.appendix.formats import office_format, recognise
from documents.appendix.limits import LIMITS
from documents.form.layout import printable
from documents.report.model import Line, Report
from domain.vietnamese import fold

_NAMES = ("result", "verdict", "note")
# Heads of columns that are there to be filled in; "Kết quả" alone is a target in some plans, and then not empty.
_KNOWN = {
    "result": ("ket qua thuc hien", "ket qua dat duoc", "ket qua", "thuc hien"),
    "verdict": ("danh gia", "danh gia ket qua"),
    "note": ("ghi chu",),
}
_SHARE = {"result": 0.09, "verdict": 0.08, "note": 0.11}  # of the table's width


@dataclass(frozen=True, slots=True)
class Filled:
    """An appendix filled in: `suffix` says what kind of file it is, `rows` how many indicators were found in it."""

    data: bytes
    suffix: str
    rows: int


def fill_appendix(report: Report, plan_id: int, source: bytes | None) -> Filled:
    """Return the appendix of a plan with results. A source that cannot be read any more gives a new table."""
    plan = next(each for each in report.plans if each.id == plan_id)
    lines = [line for line in report.lines if line.plan_id == plan_id]
    texts = _texts(lines)
    if source is not None and recognise(source) == "zip":
        try:
            package = Package(source, LIMITS)
            draft = read_plan(source, plan.source_name, year=plan.year)
            places = {each.seq: each.source_lines[0] for each in draft.indicators if each.source_lines}
            names = {each.seq: each.name for each in draft.indicators}
            if office_format(package.read("[Content_Types].xml"), package.names) in ("docx", "docm"):
                return _fill_word(source, package, places, texts, report)
            return _fill_sheets(source, places, names, texts, report)
        except Exception:
            return Filled(_new_table(report, plan_id, lines), ".docx", len(texts))
    return Filled(_new_table(report, plan_id, lines), ".docx", len(texts))


def _texts(lines: Sequence[Line]) -> dict[int, dict[str, str]]:
    """Return what goes into the row of each indicator; several targets share a row."""
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.position].append(line)
    return {
        position: {name: printable("; ".join(_distinct([getattr(line, name) for line in each]))) for name in _NAMES}
        for position, each in found.items()
    }


def _distinct(texts: Sequence[str]) -> list[str]:
    several = len({text for text in texts if text}) > 1
    return [text for text in texts if text] if several else [text for text in texts if text][:1]


def _fill_word(
    source: bytes, package: Package, places: Mapping[int, int], texts: Mapping[int, Mapping[str, str]], report: Report
) -> Filled:
    from lxml import etree

    from documents.appendix.word import read_elements

    main, root, rows = read_elements(package, LIMITS)
    wanted = {id(rows[line]): texts.get(seq, dict.fromkeys(_NAMES, "")) for seq, line in places.items() if line in rows}
    tables = {id(table): table for table in (_table(rows[line]) for line in places.values() if line in rows)}
    for table in tables.values():
        _fill_table(table, wanted, report.words["report_columns"])
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return Filled(_with_part(source, main, data), ".docx", len(wanted))


def _table(row: Element) -> Element:
    return next(each for each in row.iterancestors() if local(each) == "tbl")


def _fill_table(table: Element, wanted: Mapping[int, Mapping[str, str]], heads: Mapping[str, str]) -> None:
    rows = [each for each in table.iter("{*}tr") if _table(each) is table]
    first = next(at for at, row in enumerate(rows) if id(row) in wanted)
    known = _known_columns(rows[:first], [row for row in rows if id(row) in wanted])
    new = [name for name in _NAMES if name not in known]
    if new:
        _make_room(table, rows, new)
    # A table goes on over pages with its head repeated, or without one.
    header = {
        at for at, row in enumerate(rows) if id(row) not in wanted and is_header([_words(c) for c in _cells(row)])
    }
    for at, row in enumerate(rows):
        texts = wanted.get(id(row))
        if texts is not None:
            cells = _cells(row)
            for name, column in known.items():
                if column < len(cells) and not _words(cells[column]):
                    _write(cells[column], texts[name])
        for name in new:
            _append(row, heads[name] if at in header else "" if texts is None else texts[name], bold=at in header)


def _known_columns(heads: Sequence[Element], rows: Sequence[Element]) -> dict[str, int]:
    """Return the columns for results that the table has, where nothing is written in any row of an indicator."""
    found: dict[str, int] = {}
    for head in heads:
        for column, cell in enumerate(_cells(head)):
            for name, words in _KNOWN.items():
                if fold(_words(cell)) in words and name not in found:
                    below = [cells[column] for row in rows if column < len(cells := _cells(row))]
                    if below and not any(map(_words, below)):
                        found[name] = column
    return found


def _cells(row: Element) -> list[Element]:
    return [
        cell for cell in row.iter("{*}tc") if next(each for each in cell.iterancestors() if local(each) == "tr") is row
    ]


def _words(cell: Element) -> str:
    return " ".join("".join(text.text or "" for text in cell.iter("{*}t")).split())


def _tag(like: Element, name: str) -> str:
    return f"{like.tag[: like.tag.index('}') + 1]}{name}"


def _make_room(table: Element, rows: Sequence[Element], new: Sequence[str]) -> None:
    """Make the columns narrower, each alike, so that the table stays as wide as it is."""
    grid = next((each for each in table if local(each) == "tblGrid"), None)
    columns = list(grid) if grid is not None else []
    width = sum(int(attribute(column, "w") or 0) for column in columns)
    if grid is None or not width:
        return
    kept = 1 - sum(_SHARE[name] for name in new)
    sizes = list(columns)
    for row in rows:
        sizes += [
            each for cell in _cells(row) for each in cell.iter(_tag(cell, "tcW")) if attribute(each, "type") == "dxa"
        ]
    for size in sizes:
        key = next((name for name in size.attrib if name.rpartition("}")[2] == "w"), None)
        if key is not None and size.get(key, "").isdecimal():
            size.set(key, str(int(int(size.get(key)) * kept)))
    for name in new:
        column = copy.deepcopy(columns[-1])
        key = next(each for each in column.attrib if each.rpartition("}")[2] == "w")
        column.set(key, str(int(width * _SHARE[name])))
        grid.append(column)


def _append(row: Element, text: str, *, bold: bool) -> None:
    """Add a cell like the last one of the row, with nothing of what that one is merged with."""
    cells = _cells(row)
    if not cells:
        return
    last = cells[-1]
    cell = copy.deepcopy(last)
    for properties in cell:
        if local(properties) == "tcPr":
            for each in list(properties):
                if local(each) in ("gridSpan", "vMerge", "hMerge", "tcW"):
                    properties.remove(each)
    paragraphs = [each for each in cell if local(each) == "p"]
    for each in list(cell):
        if local(each) not in ("tcPr",) and each is not (paragraphs[0] if paragraphs else None):
            cell.remove(each)
    last.addnext(cell)
    _write(cell, text, bold=bold)


def _write(cell: Element, text: str, *, bold: bool | None = None) -> None:
    """Put a text into a cell, as its first letters are written."""
    paragraph = next((each for each in cell if local(each) == "p"), None)
    if paragraph is None:
        paragraph = cell.makeelement(_tag(cell, "p"))
        cell.append(paragraph)
    properties = next((each for run in paragraph.iter(_tag(cell, "r")) for each in run if local(each) == "rPr"), None)
    kept = copy.deepcopy(properties) if properties is not None else None
    for each in list(paragraph):
        if local(each) != "pPr":
            paragraph.remove(each)
    if not text:
        return
    run = paragraph.makeelement(_tag(cell, "r"))
    if kept is not None:
        for each in list(kept):
            if bold is False and local(each) in ("b", "bCs"):
                kept.remove(each)
        run.append(kept)
    words = run.makeelement(_tag(cell, "t"))
    words.text = text
    run.append(words)
    paragraph.append(run)


def _with_part(source: bytes, name: str, data: bytes) -> bytes:
    """Return an archive with one part exchanged, everything else as it was."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(source)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry, data if entry.filename == name else old.read(entry))
    return stream.getvalue()


def _fill_sheets(
    source: bytes,
    places: Mapping[int, int],
    names: Mapping[int, str],
    texts: Mapping[int, Mapping[str, str]],
    report: Report,
) -> Filled:
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    book = load_workbook(BytesIO(source))
    heads = report.words["report_columns"]
    done = 0
    for sheet in book.worksheets:
        rows = {
            line: texts.get(seq, dict.fromkeys(_NAMES, ""))
            for seq, line in places.items()
            if any(fold(names[seq])[:40] in fold(str(cell.value or "")) for cell in sheet[line])
        }
        if not rows:
            continue
        done += len(rows)
        first = min(rows)
        last = max(cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
        headers = [at for at in range(1, sheet.max_row + 1) if is_header([str(c.value or "") for c in sheet[at]])]
        columns = _sheet_columns(sheet, first, rows)
        for name in _NAMES:
            if name not in columns:
                last += 1
                columns[name] = last
                sheet.column_dimensions[get_column_letter(last)].width = 30 if name == "note" else 16
                for head in headers or [max(first - 1, 1)]:
                    _put(sheet, head, last, heads[name], like=sheet.cell(head, max(last - 1, 1)))
            for line, found in rows.items():
                _put(sheet, line, columns[name], found[name], like=sheet.cell(line, max(columns[name] - 1, 1)))
    stream = BytesIO()
    book.save(stream)
    return Filled(stream.getvalue(), ".xlsx", done)


def _sheet_columns(sheet: Any, first: int, rows: Mapping[int, object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in range(1, first):
        for cell in sheet[line]:
            for name, words in _KNOWN.items():
                empty = all(sheet.cell(row, cell.column).value in (None, "") for row in rows)
                if fold(str(cell.value or "")) in words and empty and name not in found:
                    found[name] = cell.column
    return found


def _put(sheet: Any, row: int, column: int, text: str, *, like: Any) -> None:
    """Write a text as a text, also where it begins with "=", looking like its neighbour."""
    cell = sheet.cell(row, column)
    if type(cell).__name__ == "MergedCell":
        return
    cell.value = text or None
    if text:
        cell.data_type = "s"
    for name in ("font", "border", "alignment", "fill"):
        setattr(cell, name, copy.copy(getattr(like, name)))


def _new_table(report: Report, plan_id: int, lines: Sequence[Line]) -> bytes:
    """Return a clean table of a plan, for sources that are no table one could fill in."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Mm, Pt

    words = report.words["report_columns"]
    plan = next(each for each in report.plans if each.id == plan_id)
    document = Document()
    document.core_properties.created = report.at.replace(tzinfo=None)
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = (
        Mm(25),
        Mm(20),
        Mm(20),
        Mm(20),
    )
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Times New Roman")
    for text in (plan.title or words["title"], f"({plan.number})" if plan.number else ""):
        if text:
            heading = document.add_paragraph()
            heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
            heading.add_run(printable(text)).bold = True
    widths = {
        "stt": 1.2,
        "name": 9.0,
        "unit": 1.9,
        "target": 2.4,
        "agency": 3.4,
        "result": 2.2,
        "verdict": 2.2,
        "note": 2.9,
    }
    table = document.add_table(rows=1, cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    _mark(table.rows[0], "tblHeader")
    _fill_row(table.rows[0], [words[name] for name in widths], bold=True)
    for cell, width in zip(table.rows[0].cells, widths.values(), strict=True):
        cell.width = Cm(width)
    at = ""
    for line in lines:
        if line.section != at:
            at = line.section
            row = table.add_row()
            merged = row.cells[0].merge(row.cells[-1])
            merged.paragraphs[0].add_run(printable(at)).bold = True
        texts = [line.ordinal, line.name, line.unit, line.target, line.agency, line.result, line.verdict, line.note]
        row = table.add_row()
        _mark(row, "cantSplit")
        _fill_row(row, texts)
        for cell, width in zip(row.cells, widths.values(), strict=True):
            cell.width = Cm(width)
    for column, width in zip(table.columns, widths.values(), strict=True):
        column.width = Cm(width)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))  # noqa: SLF001 - python-docx has no name for it


def _fill_row(row: Any, texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(printable(text))
        run.bold = bold
