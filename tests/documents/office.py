"""The five plans as an office would have them: Word, workbook, PDF, Markdown and CSV files made from their text."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from xml.sax.saxutils import escape

from documents.appendix.rows import plain
from domain.drafts import PlanDraft
from tests.documents.plans import plan_text

Grid = list[list[str]]

LETTERHEAD = [
    ["ỦY BAN NHÂN DÂN\nVĂN PHÒNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"],
    ["", "Bản mẫu, ngày 26 tháng 3 năm 2026"],
]
SIGNATURES = [["Nơi nhận:\n- Như trên;\n- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nNguyễn Văn A"]]
BUDGET = [
    ["STT", "Nội dung", "Đơn vị tính", "Kinh phí (triệu đồng)", "Nguồn vốn"],
    ["1", "Mua sắm thiết bị", "Bộ", "120", "Ngân sách xã"],
    ["2", "Tập huấn", "Lớp", "30", "Ngân sách xã"],
    ["", "Tổng cộng", "", "150", ""],
]


@dataclass(slots=True)
class Plan:
    """A plan's text taken apart: what stands above its table, and its table page by page, free of markup."""

    above: list[str]
    pages: list[Grid] = field(default_factory=list)
    width: int = 0


def plan_of(name: str) -> Plan:
    lines = plan_text(name).split("\n")
    width = max(line.count("\t") for line in lines) + 1
    first = next(index for index, line in enumerate(lines) if "\t" in line)
    plan = Plan([plain(line) for line in lines[:first] if line.strip()], width=width)
    for is_row, group in groupby(lines[first:], key=lambda line: "\t" in line):
        if is_row:
            rows = [[plain(cell) for cell in line.split("\t")] for line in group]
            plan.pages.append([row + [""] * (width - len(row)) for row in rows])
    return plan


def bare_text(name: str) -> bytes:
    """The plan as text without any markup: what the other formats are compared with."""
    plan = plan_of(name)
    pages = ["\n".join("\t".join(row) for row in page) for page in plan.pages]
    return "\n\n".join([*plan.above, *pages]).encode()


def comparable(draft: PlanDraft) -> PlanDraft:
    """A draft without its source and lines, which are the only things two formats may differ in."""
    indicators = tuple(replace(indicator, source_lines=()) for indicator in draft.indicators)
    return replace(draft, source_name="", source_sha256="", indicators=indicators)


def is_head(row: Sequence[str]) -> bool:
    return row[0] in ("STT", "TT")


def is_section(row: Sequence[str]) -> bool:
    return bool(re.match(r"^(?:[IVX]+|[AB])\b", row[0])) and not any(row[2:])


def is_whole(row: Sequence[str]) -> bool:
    """Whether a row is a full indicator: only such take part in merges downwards."""
    return bool(re.match(r"^\d", row[0])) and bool(row[1]) and bool(row[-1])


# -- Word ------------------------------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MARK = 'w:id="1" w:author="Văn thư" w:date="2026-03-26T08:00:00Z"'


def run(text: str, *, bold: bool = False) -> str:
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    parts = [f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n")]
    return f"<w:r>{weight}{'<w:br/>'.join(parts)}</w:r>" if text else ""


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def cell(inner: str, *, span: int = 1, merge: str = "") -> str:
    properties = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += {"start": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}.get(merge, "")
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(rows: Sequence[str], widths: Sequence[int]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f'<w:tbl xmlns:w="{W}"><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'


def tr(cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def simple_table(rows: Grid) -> str:
    return table([tr("".join(cell(paragraph(run(text))) for text in row)) for row in rows], [1500] * len(rows[0]))


def _plain_cell(text: str) -> str:
    return paragraph(run(text))


def _changed(text: str) -> str:
    """The text as two insertions around a deletion, one half moved in from a place above."""
    middle = len(text) // 2
    return paragraph(
        f"<w:ins {_MARK}>{run(text[:middle])}</w:ins>"
        f"<w:del {_MARK}><w:r><w:delText>CŨ BỎ ĐI</w:delText></w:r></w:del>"
        f"<w:moveFrom {_MARK}>{run('ĐÃ CHUYỂN')}</w:moveFrom>"
        f"<w:moveTo {_MARK}>{run(text[middle:])}</w:moveTo>"
    )


def _controlled(text: str) -> str:
    """The text in a content control, beside one nobody filled in."""
    return (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(run(text))}</w:sdtContent></w:sdt>"
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{paragraph(run('Bấm để nhập'))}</w:sdtContent></w:sdt>"
        f"{paragraph('')}"
    )


def _in_pieces(text: str) -> str:
    """The text as Word keeps it after some editing: in runs, with soft hyphens, in decomposed letters, "≥" a symbol."""
    text = unicodedata.normalize("NFD", text.replace(" ", "\u00a0", 1))
    pieces = []
    for piece in re.split(r"(≥|.{7})", text):
        if piece == "≥":
            pieces.append('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>')
        elif piece:
            pieces.append(run(piece) + '<w:r><w:softHyphen/></w:r><w:proofErr w:type="spellStart"/>')
    return paragraph("".join(pieces))


_STYLES: tuple[Callable[[str], str], ...] = (_plain_cell, _changed, _plain_cell, _controlled, _in_pieces)


def _body_rows(page: Grid) -> list[str]:
    rows = []
    for number, row in enumerate(page):
        if is_section(row):
            title = paragraph(run(row[1], bold=True))
            if row[1]:
                cells = cell(paragraph(run(row[0], bold=True))) + cell(title, span=len(row) - 1)
            else:
                cells = cell(paragraph(run(row[0], bold=True)), span=len(row))
            rows.append(tr(cells))
            continue
        style = _STYLES[number % len(_STYLES)]
        cells = "".join(cell(style(text)) for text in row[:-1]) + _last_cell(page, number, style)
        rows.append(f"<w:sdt><w:sdtContent>{tr(cells)}</w:sdtContent></w:sdt>" if number % 7 == 3 else tr(cells))
        if number % 9 == 4:
            gone = "".join(cell(paragraph(run("hàng đã xóa"))) for _ in row)
            rows.append(tr(gone, f"<w:del {_MARK}/>"))
    return rows


def _last_cell(page: Grid, number: int, style: Callable[[str], str]) -> str:
    """The agency of equal neighbours is merged downwards."""

    def same(one: int, other: int) -> bool:
        within = min(one, other) >= 0 and max(one, other) < len(page)
        return within and is_whole(page[one]) and is_whole(page[other]) and page[one][-1] == page[other][-1]

    if same(number - 1, number):
        return cell(paragraph(""), merge="on")
    return cell(style(page[number][-1]), merge="start" if same(number, number + 1) else "")


def _head_rows(rows: Grid) -> list[str]:
    if len(rows) == 1:
        return [tr("".join(cell(paragraph(run(text, bold=True))) for text in rows[0]), "<w:tblHeader/>")]
    upper, lower, column = "", "", 0
    first, second = rows
    while column < len(first):
        span = 1
        while second[column] and column + span < len(first) and second[column + span] and not first[column + span]:
            span += 1
        merge = "" if second[column] else "start"
        upper += cell(paragraph(run(first[column], bold=True)), span=span, merge=merge)
        for below in second[column : column + span]:
            lower += cell(paragraph(run(below, bold=True)), merge="" if below else "on")
        column += span
    return [tr(upper, "<w:tblHeader/>"), tr(lower, "<w:tblHeader/>")]


def split_head(page: Grid) -> tuple[Grid, Grid]:
    if not is_head(page[0]):
        return [], page
    head = 2 if len(page) > 1 and not page[1][0] and any(re.fullmatch(r"20\d\d", text) for text in page[1]) else 1
    return page[:head], page[head:]


def docx(name: str) -> bytes:
    """The plan in Word: a table for each page, among letterhead, budget and signatures."""
    plan = plan_of(name)
    blocks = [simple_table(LETTERHEAD), *plan.above]
    for page in plan.pages:
        head, body = split_head(page)
        rows = (_head_rows(head) if head else []) + _body_rows(body)
        blocks.append(table(rows, [700, 4000, *[1100] * (plan.width - 2)]))
        blocks.append("")
    return word_file([*blocks, "Phụ lục kinh phí", simple_table(BUDGET), simple_table(SIGNATURES)])


def word_file(blocks: Sequence[str]) -> bytes:
    """A Word file of tables and paragraphs."""
    from docx import Document
    from docx.oxml import parse_xml

    document = Document()
    body = document.element.body
    for block in blocks:
        if block.startswith("<w:"):
            xml = block if "xmlns:w=" in block else block.replace(">", f' xmlns:w="{W}">', 1)
            body.insert(len(body) - 1, parse_xml(xml))
        else:
            document.add_paragraph(block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


# -- workbooks -------------------------------------------------------------------------------------------------------


_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(name: str) -> bytes:
    """The plan as a workbook: figures as numbers, merged heads and agencies, more sheets than the one."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    plan = plan_of(name)
    book = Workbook()
    sheet = book.active
    sheet.title = "Phu luc"
    for line in plan.above:
        sheet.append([line])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=plan.width)
    sheet.append([])
    for page in plan.pages:
        start = sheet._current_row + 1  # max_row does not count a blank row
        for row in page:
            sheet.append([_number(text) for text in row])
            if is_section(row):
                sheet.cell(sheet.max_row, 1).font = Font(bold=True)
                sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=2, end_column=plan.width)
        _merge_sheet(sheet, page, start, plan.width)
    sheet.append([])
    sheet.append(["", "", "", "TM. ỦY BAN NHÂN DÂN"])
    sheet.append(["Nơi nhận:", "", "", "CHỦ TỊCH"])
    sheet.append(["", "", "", "Nguyễn Văn A"])
    for title, rows in (("Kinh phi", BUDGET), ("Nhap", [["STT", "Chỉ tiêu", "Kết quả"], ["1", "Nháp", "5"]])):
        extra = book.create_sheet(title)
        for row in rows:
            extra.append(row)
    extra.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return with_shared_words(stream.getvalue())


def with_shared_words(data: bytes) -> bytes:
    """The workbook as Excel writes it: every text once, in a part of its own, some in several runs."""
    words: list[str] = []

    def share(match: re.Match[str]) -> str:
        text = match[2]
        half = text.rfind(" ") if "&" not in text else -1
        whole = f'<t xml:space="preserve">{text}</t>'
        parts = [f'<r><rPr><b/></rPr><t xml:space="preserve">{part}</t></r>' for part in (text[:half], text[half:])]
        words.append(f"<si>{''.join(parts) if half > 0 else whole}<rPh><t>ghi âm</t></rPh></si>")
        return f'<c{match[1]} t="s"><v>{len(words) - 1}</v></c>'

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if "worksheets/sheet" in name:
                part = re.sub(r'<c([^>]*) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>', share, part)
            elif name.endswith("workbook.xml.rels"):
                link = '<Relationship Id="rIdW" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
                part = part.replace("</Relationships>", link)
            new.writestr(name, part)
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_SHEETS}">{"".join(words)}</sst>')
    return stream.getvalue()


def _merge_sheet(sheet, page: Grid, start: int, width: int) -> None:  # type: ignore[no-untyped-def]
    head, _ = split_head(page)
    if len(head) == 2:
        for column in range(width):
            if not head[1][column]:
                sheet.merge_cells(start_row=start, end_row=start + 1, start_column=column + 1, end_column=column + 1)
        years = [column + 1 for column in range(width) if head[1][column]]
        sheet.merge_cells(start_row=start, end_row=start, start_column=years[0], end_column=years[-1])
    first = None
    for number in range(len(page) + 1):
        row = page[number] if number < len(page) else [""] * width
        if first is not None and (not is_whole(row) or row[-1] != page[first][-1]):
            if number - first > 1:
                sheet.merge_cells(
                    start_row=start + first, end_row=start + number - 1, start_column=width, end_column=width
                )
            first = None
        if first is None and is_whole(row):
            first = number


def _number(text: str) -> str | int | float:
    if re.fullmatch(r"[1-9]\d{0,5}", text):
        return int(text)
    return float(text) if re.fullmatch(r"[1-9]\d*\.[1-9]", text) else text


# -- plain text ------------------------------------------------------------------------------------------------------


def markdown(name: str) -> bytes:
    plan = plan_of(name)
    lines = [f"# {plan.above[0]}", "", *plan.above[1:], ""]
    for page in plan.pages:
        for number, row in enumerate(page):
            lines.append("| " + " | ".join(text.replace("|", "\\|") for text in row) + " |")
            if number == 0 and is_head(row):
                lines.append("|" + "|".join([":--", *["---"] * (len(row) - 1)]) + "|")
        lines.append("")
    return "\n".join(lines).encode()


def csv_file(name: str, separator: str = ",", *, line_breaks: bool = False) -> bytes:
    """The plan as a spreadsheet program exports it: every line padded, cells quoted where needed, a mark in front."""
    plan = plan_of(name)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator)
    for line in plan.above:
        writer.writerow([line] + [""] * (plan.width - 1))
    for page in plan.pages:
        for row in page:
            writer.writerow([text.replace(" ", "\n", 1) if line_breaks else text for text in row])
        writer.writerow([""] * plan.width)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()
