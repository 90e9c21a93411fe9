"""What offices do to Word files, workbooks and text tables: numbers made by Word, forms, budgets, percent cells."""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
import time

import pytest
from openpyxl import Workbook

from documents.appendix import read_plan
from documents.appendix.cell_formats import as_printed
from documents.appendix.errors import FormNotPlan, NotATable, UnreadableFile
from documents.appendix.separated import read_rows
from documents.appendix.word_numbers import Numbers
from domain.drafts import PlanDraft
from tests.documents import office
from tests.documents.office import cell, paragraph, run, simple_table, table, tr, word_file
from tests.documents.plans import in_words

HEAD = ["STT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu năm 2026", "Cơ quan chủ trì"]
ROWS = [["1", "Tỷ lệ A", "%", "80", "Phòng Kinh tế"], ["2", "Tỷ lệ B", "%", "≥ 90", "Công an xã"]]


def word(*blocks: str) -> PlanDraft:
    return read_plan(word_file(blocks), "plan.docx", year=2026)


def sheet(*rows: list[object], formats: dict[str, str] | None = None) -> PlanDraft:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, code in (formats or {}).items():
        book.active[place].number_format = code
    return read_plan(saved(book), "plan.xlsx", year=2026)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def column(draft: PlanDraft, name: str) -> list[str]:
    return [row[name] for row in in_words(draft)]


def raws(draft: PlanDraft) -> list[str]:
    return [target.target.raw for indicator in draft.indicators for target in indicator.targets]


def test_the_letterhead_names_the_commune() -> None:
    letterhead = [["ỦY BAN NHÂN DÂN\nXÃ TÂN AN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Số: 12/KH-UBND", ""]]
    document = word(simple_table(letterhead), simple_table([HEAD, *ROWS])).document
    assert (document.commune_type, document.commune, document.plan_number) == ("xã", "Tân An", "12/KH-UBND")


def test_numbers_that_word_prints_by_itself_are_read() -> None:
    levels = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    lists = (
        f'<w:numbering xmlns:w="{office.W}"><w:abstractNum w:abstractNumId="5">'
        + levels.format(0, "upperRoman", "%1.")
        + levels.format(1, "decimal", "%2.")
        + levels.format(2, "bullet", "•")
        + '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="5"/></w:num></w:numbering>'
    )
    from lxml import etree

    numbers = Numbers.read(etree.fromstring(lists))
    given = [numbers.next("7", depth) for depth in (0, 1, 1, 2, 1, 0, 1)]
    assert given == ["I.", "1.", "2.", "", "3.", "II.", "1."]
    assert numbers.next("8", 0) == ""


def test_automatic_ordinals_make_indicators_and_sections() -> None:
    from docx import Document
    from docx.oxml import parse_xml

    def numbered(depth: int) -> str:
        return paragraph("", f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>')

    rows = [tr("".join(cell(paragraph(run(text))) for text in HEAD))]
    for section in ("Hạ tầng", "Nhân lực"):
        rows.append(tr(cell(numbered(0)) + cell(paragraph(run(section)), span=4)))
        rows += [tr(cell(numbered(1)) + "".join(cell(paragraph(run(text))) for text in row[1:])) for row in ROWS]
    document = Document()
    document.element.body.insert(0, parse_xml(table(rows, [1000] * 5)))
    lists = document.part.numbering_part.element
    levels = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    lists.insert(0, parse_xml(
        f'<w:abstractNum xmlns:w="{office.W}" w:abstractNumId="77">'
        f'{levels.format(0, "upperRoman", "%1")}{levels.format(1, "decimal", "%2.")}</w:abstractNum>'
    ))  # fmt: skip
    lists.append(parse_xml(f'<w:num xmlns:w="{office.W}" w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    stream = io.BytesIO()
    document.save(stream)
    draft = read_plan(stream.getvalue(), "plan.docx")
    assert column(draft, "ordinal") == ["1.", "2.", "1.", "2."]
    assert column(draft, "section") == ["I", "I", "II", "II"]


def test_columns_dragged_a_little_stay_columns() -> None:
    rows = [tr("".join(cell(paragraph(run(text))) for text in HEAD))]
    # Word cuts its grid wherever any row was dragged: five cells over seven columns of the grid.
    spans = ((1, 2, 1, 1, 2), (1, 1, 2, 1, 2))
    for number, spread in enumerate(spans):
        cells = (cell(paragraph(run(text)), span=span) for text, span in zip(ROWS[number], spread, strict=True))
        rows.append(tr("".join(cells)))
    draft = word(table(rows, [700, 3000, 120, 900, 900, 200, 1500]))
    assert column(draft, "targets") == ["2026 xa >= 80 due 2026-12-31", "2026 xa >= 90 due 2026-12-31"]
    assert column(draft, "lead") == ["Phòng Kinh tế", "Công an xã"]


def test_an_agency_merged_downwards_answers_for_every_row() -> None:
    merged = [[*row[:4], ""] for row in ROWS]
    rows = [tr("".join(cell(paragraph(run(text))) for text in HEAD))]
    for number, row in enumerate(merged):
        agency = cell(paragraph(run("" if number else "Phòng Kinh tế")), merge="on" if number else "start")
        rows.append(tr("".join(cell(paragraph(run(text))) for text in row[:4]) + agency))
    assert column(word(table(rows, [1000] * 5)), "lead") == ["Phòng Kinh tế", "Phòng Kinh tế"]


def test_one_name_merged_over_two_targets_is_two_indicators() -> None:
    first = [cell(paragraph(run(text)), merge="start") for text in ("1", "Tỷ lệ A")]
    rest = [cell(paragraph(""), merge="on")] * 2
    rows = [
        tr("".join(cell(paragraph(run(text))) for text in HEAD)),
        tr("".join(first) + "".join(cell(paragraph(run(text))) for text in ("%", "80", "Phòng Kinh tế"))),
        tr("".join(rest) + "".join(cell(paragraph(run(text))) for text in ("Người", "12", "Công an xã"))),
    ]
    draft = word(table(rows, [1000] * 5))
    assert column(draft, "name") == ["Tỷ lệ A", "Tỷ lệ A"]
    assert column(draft, "unit") == ["%", "Người"]


def test_a_plan_inside_a_frame_and_a_small_table_inside_a_cell() -> None:
    inner = simple_table([["máy tính", "máy in"]])
    rows = [[*row] for row in ROWS]
    body = [tr("".join(cell(paragraph(run(text))) for text in HEAD))]
    extra = {"Tỷ lệ A": inner + paragraph("")}
    body += [tr("".join(cell(paragraph(run(text)) + extra.get(text, "")) for text in row)) for row in rows]
    framed = table([tr(cell(table(body, [1000] * 5) + paragraph("")))], [9000])
    assert column(word(framed), "name") == ["Tỷ lệ A máy tính máy in", "Tỷ lệ B"]


FORM = [["STT", "Chỉ tiêu", "Đơn vị tính", "Kết quả", "Ghi chú"], ["1", "Tỷ lệ A", "%", "", ""]]
REPORT_FORM = [
    ["STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Kết quả thực hiện"],
    ["1", "Tỷ lệ A", "%", "90", ""],
]


@pytest.mark.parametrize("form", [FORM, REPORT_FORM])
def test_a_form_to_be_filled_in_is_no_plan(form: list[list[str]]) -> None:
    with pytest.raises(FormNotPlan) as caught:
        word("Biểu mẫu báo cáo", simple_table(form))
    assert caught.value.values["line"] == 2
    with pytest.raises(FormNotPlan):
        sheet(*form)


def test_the_plan_is_found_beside_a_form_and_a_budget() -> None:
    draft = word(simple_table(office.BUDGET), simple_table(FORM), simple_table([HEAD, *ROWS]))
    assert column(draft, "name") == ["Tỷ lệ A", "Tỷ lệ B"]


def test_totals_notes_and_signatures_are_no_indicators() -> None:
    under: list[list[object]] = [
        ["", "Tổng cộng", "", "170", ""],
        ["Ghi chú: số liệu tạm tính", "", "", "", ""],
        ["(*) Theo Nghị quyết 57", "", "", "", ""],
        ["", "", "", "", ""],
        ["", "", "Tân An, ngày 3 tháng 4 năm 2026", "", ""],
        ["Nơi nhận:", "", "", "TM. ỦY BAN NHÂN DÂN", ""],
        ["- Lưu VT", "", "", "CHỦ TỊCH", ""],
        ["", "", "", "Nguyễn Văn A", ""],
    ]
    draft = sheet(list(HEAD), *ROWS, *under)
    assert column(draft, "name") == ["Tỷ lệ A", "Tỷ lệ B"]
    assert column(draft, "lead") == ["Phòng Kinh tế", "Công an xã"]
    assert draft.sections == ()


def test_figures_are_read_as_their_cells_print_them() -> None:
    rows: list[list[object]] = [
        [1, "Tỷ lệ A", "%", 0.65, "Phòng Kinh tế"],
        [2, "Tỷ lệ B", "%", 0.1 + 0.2, "Phòng Kinh tế"],
        [3, "Số hộ", "Hộ", 1234.5, "Phòng Kinh tế"],
        [4, "Số hộ", "Hộ", 1.234, "Phòng Kinh tế"],
    ]
    draft = sheet(list(HEAD), *rows, formats={"D2": "0%", "D4": "#,##0"})
    assert raws(draft) == ["65 %", "0.3", "1234", "1,234"]
    values = [target.target.value for indicator in draft.indicators for target in indicator.targets]
    assert [f"{value}" for value in values] == ["65", "0.3", "1234", "1.234"]


def test_a_date_in_a_workbook_is_a_deadline() -> None:
    rows: list[list[object]] = [
        ["STT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu", "Cơ quan chủ trì", "Thời gian hoàn thành"],
        [1, "Tỷ lệ A", "%", 80, "Phòng Kinh tế", datetime.date(2026, 11, 30)],
        [2, "Tỷ lệ B", "%", 80, "Phòng Kinh tế", datetime.date(2026, 6, 1)],
    ]
    draft = sheet(*rows, formats={"F3": "mmm-yy"})
    assert column(draft, "deadline") == ["2026-11-30", "2026-06-30"]


@pytest.mark.parametrize(
    ("stored", "code", "print_"),
    [
        ("0.65", "0%", "65 %"),
        ("0.6555", "0.0%", "65.6 %"),
        ("0.705", "General", "0,705"),
        ("95.5", "General", "95.5"),
        ("7", '0" người"', "7"),
        ("46356", "dd/mm/yyyy", "30/11/2026"),
        ("44894", "dd/mm/yyyy", "29/11/2022"),
        ("46174", "mm/yyyy", "6/2026"),
        ("46174", "[$-42A]d mmmm yyyy", "01/06/2026"),
        ("-0.0", "0", "0"),
        ("1e308", "0%", "1e308"),
        ("nan", "0", "nan"),
        ("99999999", "dd/mm/yyyy", "99999999"),
        ("Duy trì", "0", "Duy trì"),
    ],
)
def test_a_number_is_written_as_its_format_prints_it(stored: str, code: str, print_: str) -> None:
    assert as_printed(stored, code) == print_


def test_the_same_day_in_the_calendar_of_old_macs() -> None:
    assert as_printed("44894", "dd/mm/yyyy", since_1904=True) == "30/11/2026"


def test_a_head_with_line_breaks_in_a_csv_file() -> None:
    text = 'STT;Chỉ tiêu;"Đơn vị\ntính";"Mục tiêu\nnăm 2026";Cơ quan chủ trì\n1;"Tỷ lệ ""A"", B";%;80;Phòng Kinh tế\n'
    draft = read_plan(text.encode(), "plan.csv")
    assert column(draft, "name") == ['Tỷ lệ "A", B']
    assert column(draft, "lines") == ["4"]


def test_a_sentence_with_commas_above_a_csv_table_stays_whole() -> None:
    text = "Phụ lục 1\n(Kèm theo Kế hoạch số 1/KH-UBND, ngày 1/2/2026, của UBND xã Tân An)\n" + "\n".join(
        ",".join(row) for row in [HEAD, *ROWS]
    )
    document = read_plan(text.encode(), "plan.csv").document
    assert (document.plan_number, document.issuer) == ("1/KH-UBND", "UBND xã Tân An")


def test_pipes_may_be_missing_at_the_ends_and_stand_inside_cells() -> None:
    rows = read_rows(b"a \\| b | c\n|---|:-:|\n| d | |\n")
    assert [row.cells for row in rows] == [("a \\| b | c",), ("|---|:-:|",), ("| d | |",)]  # no head, no table
    text = f"{' | '.join(HEAD)}\n---|---|---|---|---\n1 | A \\| B | % | 80 | Phòng Kinh tế\n"
    assert column(read_plan(text.encode(), "plan.md"), "name") == ["A | B"]


def test_a_table_in_an_object_of_another_program_is_named() -> None:
    import zipfile

    data = io.BytesIO(word_file(["Phụ lục"]))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("word/embeddings/Microsoft_Excel_Worksheet.xlsx", b"PK")
    with pytest.raises(UnreadableFile) as caught:
        read_plan(data.getvalue(), "plan.docx")
    assert caught.value.values["reason"] == "embedded"
    with pytest.raises(NotATable):
        word("Phụ lục")


def test_other_formats_load_no_library_they_do_not_need() -> None:
    program = (
        "import sys; from documents.appendix import read_plan; from documents.samples import vu_duong\n"
        "read_plan(vu_duong(), 'x.txt')\n"
        "print([name for name in ('lxml', 'zipfile', 'csv', 'pdfplumber', 'subprocess') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.strip("[]\n").replace("'", "").split(", ")) <= {"csv", "zipfile", ""}


def test_a_word_plan_and_a_large_workbook_are_read_in_time() -> None:
    plan = office.docx("xuan_hung")
    read_plan(plan, "x.docx")
    start = time.process_time()
    read_plan(plan, "x.docx")
    assert time.process_time() - start < 0.3
    rows = [[number, f"Tỷ lệ {number}", "%", 70 + number % 30, "Phòng Kinh tế"] for number in range(1, 2_001)]
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in [HEAD, *rows]:
        page.append(row)
    data = saved(book)
    start = time.process_time()
    assert len(read_plan(data, "x.xlsx").indicators) == 2_000
    assert time.process_time() - start < 3
