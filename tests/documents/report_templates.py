"""Makes the Word templates of reports anew: `python -m tests.documents.report_templates`.

The measures are those of Nghị định 30/2020/NĐ-CP, Phụ lục I; the Party's layout follows Hướng dẫn 05-HD/VPTW. What was
made is shipped, and an office may change it in Word: only the words in braces must stay.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

FOLDER = Path(__file__).parents[2] / "templates" / "vi" / "documents"
CENTER, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
COLUMNS = {
    "stt": ("TT", 1.2),
    "name": ("Chỉ tiêu", 7.3),
    "unit": ("ĐVT", 1.9),
    "target": ("Mục tiêu", 2.3),
    "result": ("Kết quả thực hiện", 2.6),
    "verdict": ("Đánh giá", 2.4),
    "agency": ("Cơ quan chủ trì", 3.4),
    "note": ("Ghi chú", 4.1),
}


def _font(style: Any, size: float) -> None:
    style.font.name = "Times New Roman"
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Times New Roman")


def _paragraph(
    where: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = 14, align: Any = CENTER,
    before: float = 0, after: float = 0, indent: float = 0,
) -> Any:  # fmt: skip
    paragraph = where.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after = align, Pt(before), Pt(after)
    form.line_spacing, form.first_line_indent = 1.0, Cm(indent)
    return paragraph


def _body(where: Any, text: str, **more: Any) -> Any:
    return _paragraph(where, text, align=JUSTIFY, after=6, indent=1.27, **more)


def _rule(where: Any, left: float, right: float) -> None:
    """Draw a line: the lower border of an empty paragraph, drawn in by so many centimetres on each side."""
    paragraph = _paragraph(where, "", size=2)
    paragraph.paragraph_format.line_spacing = Pt(4)
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Cm(left), Cm(right)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _table(document: Any, widths: list[float], rows: int = 1, *, grid: bool = False) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    if grid:
        table.style = "Table Grid"
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _cell(
    cell: Any, text: str, *, bold: bool = False, align: Any = LEFT, size: float = 12, italic: bool = False
) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.paragraph_format.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)


def _row_property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _page_number(section: Any, *, restart: bool) -> None:
    """Put the page number in the middle of the top margin, from the second page on."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
    if restart:
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        section._sectPr.append(numbers)


def _margins(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = Mm(10)


def _state_head(document: Any) -> None:
    head = _table(document, [6.0, 10.0], 2)
    left, right = head.rows[0].cells
    _paragraph(left, "ỦY BAN NHÂN DÂN", bold=True, size=12)
    _paragraph(left, "{{ commune_capitals }}", bold=True, size=12)
    _rule(left, 1.9, 1.9)
    _paragraph(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12)
    _paragraph(right, "Độc lập - Tự do - Hạnh phúc", bold=True, size=13)
    _rule(right, 2.0, 2.0)
    left, right = head.rows[1].cells
    _paragraph(left, "Số:          /BC-UBND", size=13, before=4)
    _paragraph(right, "{{ place }}, ngày       tháng {{ month }} năm {{ year }}", italic=True, size=13, before=4)
    _trim(head)


def _party_head(document: Any) -> None:
    head = _table(document, [7.3, 8.7], 2)
    left, right = head.rows[0].cells
    _paragraph(left, "{{ party_parent }}", size=14)
    _paragraph(left, "ĐẢNG UỶ {{ commune_capitals }}", bold=True, size=14)
    _paragraph(left, "*", bold=True, size=14)
    _paragraph(right, "ĐẢNG CỘNG SẢN VIỆT NAM", bold=True, size=15)
    _rule(right, 0.85, 0.85)
    left, right = head.rows[1].cells
    _paragraph(left, "Số          -BC/ĐU", size=14)
    _paragraph(right, "{{ place }}, ngày       tháng {{ month }} năm {{ year }}", italic=True, size=14)
    _trim(head)


def _trim(table: Any) -> None:
    """Take away the empty paragraph every new cell begins with."""
    for row in table.rows:
        for cell in row.cells:
            if len(cell.paragraphs) > 1 and not cell.paragraphs[0].text:
                cell._tc.remove(cell.paragraphs[0]._p)


def _title(document: Any) -> None:
    _paragraph(document, "BÁO CÁO", bold=True, size=14, before=18)
    _paragraph(document, "{{ subject }}", bold=True, size=14)
    _rule(document, 5.6, 5.6)
    _paragraph(document, "(Dự thảo, {{ as_of }})", italic=True, size=13, before=4, after=8)
    _paragraph(document, "{%p if addressee %}", size=14)
    _paragraph(document, "Kính gửi: {{ addressee }}", size=14, after=10)
    _paragraph(document, "{%p endif %}", size=14)


def _sums(document: Any) -> None:
    _body(document, "I. KẾT QUẢ CHUNG", bold=True)
    _body(document, "{{ opening }}")
    _body(document, "{{ general }}")
    widths = [1.2, 6.8, 1.6, 1.6, 1.6, 1.6, 1.6]
    table = _table(document, widths, 4, grid=True)
    heads = ("TT", "Nhóm chỉ tiêu", "Tổng số", "Đã báo cáo", "Đạt", "Chưa đạt", "Chưa có")
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, text, bold=True, align=CENTER)
    _row_property(table.rows[0], "cantSplit")
    _row_property(table.rows[0], "tblHeader")
    _cell(table.rows[1].cells[0], "{%tr for part in sections %}")
    values = ("stt", "name", "total", "reported", "met", "not_met", "missing")
    for cell, name in zip(table.rows[2].cells, values, strict=True):
        _cell(cell, f"{{{{ part.{name} }}}}", align=LEFT if name == "name" else CENTER)
    _row_property(table.rows[2], "cantSplit")
    _cell(table.rows[3].cells[0], "{%tr endfor %}")
    _body(document, "Kết quả từng chỉ tiêu tại Phụ lục I kèm theo.", before=6)


def _lists(document: Any) -> None:
    for title, name in (("II. CÁC CHỈ TIÊU ĐẠT", "reached"), ("III. CÁC CHỈ TIÊU CHƯA ĐẠT", "not_reached")):
        _body(document, title, bold=True)
        _body(document, f"{{%p for item in {name} %}}")
        _body(document, "- {{ item.text }}")
        if name == "not_reached":
            _body(document, "{%p if item.reason %}")
            _body(document, "Nguyên nhân: {{ item.reason }}")
            _body(document, "{%p endif %}")
            _body(document, "{%p if item.remedy %}")
            _body(document, "Giải pháp: {{ item.remedy }}")
            _body(document, "{%p endif %}")
        _body(document, "{%p endfor %}")
    _body(document, "IV. CÁC CHỈ TIÊU CHƯA CÓ SỐ LIỆU", bold=True)
    _body(document, "{%p for item in not_there %}")
    _body(document, "- {{ item.text }}")
    _body(document, "{%p endfor %}")
    _body(document, "V. ĐỀ XUẤT, KIẾN NGHỊ", bold=True)
    _body(document, "{%p for text in proposals %}")
    _body(document, "{{ loop.index }}. {{ text }}")
    _body(document, "{%p endfor %}")
    _body(document, "{{ closing }}").paragraph_format.keep_with_next = True  # no page with the signature alone


def _foot(document: Any, body: str, head: str, copies: list[str]) -> None:
    foot = _table(document, [8.0, 8.0], 1)
    left, right = foot.rows[0].cells
    _paragraph(left, "Nơi nhận:", bold=True, italic=True, size=12, align=LEFT, before=8)
    for copy in copies:
        _paragraph(left, copy, size=11, align=LEFT)
    _paragraph(right, body, bold=True, size=14, before=8)
    _paragraph(right, head, bold=True, size=14, after=70)
    _trim(foot)
    _row_property(foot.rows[0], "cantSplit")


def _annexes(document: Any, number: str) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _margins(section)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    _page_number(section, restart=True)
    _annex_head(document, "Phụ lục I", "KẾT QUẢ THỰC HIỆN TỪNG CHỈ TIÊU", number)
    table = _table(document, [width for _, width in COLUMNS.values()], 8, grid=True)
    for cell, (text, _) in zip(table.rows[0].cells, COLUMNS.values(), strict=True):
        _cell(cell, text, bold=True, align=CENTER)
    _row_property(table.rows[0], "cantSplit")
    _row_property(table.rows[0], "tblHeader")
    tags = ("{%tr for line in lines %}", "{%tr if line.is_heading %}", "", "{%tr else %}", "", "{%tr endif %}")
    for at, tag in enumerate((*tags, "{%tr endfor %}"), 1):
        _cell(table.rows[at].cells[0], tag)
    heading = table.rows[3].cells
    _cell(heading[0].merge(heading[-1]), "{{ line.section }}", bold=True)
    _row_property(table.rows[3], "cantSplit")
    heading[0].paragraphs[0].paragraph_format.keep_with_next = True
    for cell, name in zip(table.rows[5].cells, COLUMNS, strict=True):
        _cell(cell, f"{{{{ line.{name} }}}}", align=LEFT if name in ("name", "agency", "note") else CENTER)
    _row_property(table.rows[5], "cantSplit")
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _margins(section)
    section.orientation = WD_ORIENT.PORTRAIT
    _page_number(section, restart=True)
    _annex_head(document, "Phụ lục II", "TÀI LIỆU MINH CHỨNG", number)
    _paragraph(document, "{%p if not evidence %}")
    _body(document, "Chưa có tài liệu minh chứng được gửi.")
    _paragraph(document, "{%p endif %}")
    table = _table(document, [1.2, 8.8, 6.0], 4, grid=True)
    for cell, text in zip(table.rows[0].cells, ("TT", "Chỉ tiêu", "Tài liệu"), strict=True):
        _cell(cell, text, bold=True, align=CENTER)
    _row_property(table.rows[0], "tblHeader")
    _cell(table.rows[1].cells[0], "{%tr for item in evidence %}")
    for cell, name in zip(table.rows[2].cells, ("stt", "name", "files"), strict=True):
        _cell(cell, f"{{{{ item.{name} }}}}", align=CENTER if name == "stt" else LEFT)
    _row_property(table.rows[2], "cantSplit")
    _cell(table.rows[3].cells[0], "{%tr endfor %}")


def _annex_head(document: Any, number: str, title: str, attached: str) -> None:
    _paragraph(document, number, bold=True, size=14)
    _paragraph(document, title, bold=True, size=14)
    _paragraph(document, f"(Kèm theo {attached})", italic=True, size=13, after=8)


def make(name: str) -> Path:
    """Write one template and return where."""
    document = Document()
    _font(document.styles["Normal"], 14)
    _margins(document.sections[0])
    _page_number(document.sections[0], restart=True)
    if name == "party":
        _party_head(document)
        _title(document)
        _sums(document)
        _lists(document)
        copies = [
            "- Thường trực Tỉnh uỷ;",
            "- Các đồng chí Uỷ viên Ban Chấp hành Đảng bộ xã;",
            "- Lưu: Văn phòng Đảng uỷ.",
        ]
        _foot(document, "T/M BAN THƯỜNG VỤ", "BÍ THƯ", copies)
        _annexes(
            document,
            "Báo cáo số          -BC/ĐU, ngày       tháng {{ month }} năm {{ year }} của Ban Thường vụ Đảng uỷ",
        )
    else:
        _state_head(document)
        _title(document)
        _sums(document)
        _lists(document)
        copies = [
            "- Như trên;",
            "- Thường trực Đảng ủy, HĐND xã;",
            "- Chủ tịch, các Phó Chủ tịch UBND;",
            "- Lưu: VT, VHXH.",
        ]
        _foot(document, "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", copies)
        _annexes(
            document,
            "Báo cáo số          /BC-UBND ngày       tháng {{ month }} năm {{ year }}"
            " của Ủy ban nhân dân {{ commune }}",
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"bao_cao_{name}.docx"
    document.save(str(path))
    return path


if __name__ == "__main__":
    for each in ("state", "party"):
        make(each)
