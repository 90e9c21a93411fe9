"""Plans as offices really type them: "nt", heads of three rows, an agency under "Đơn vị", lists of people below."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from documents.appendix.errors import NotATable
from domain.drafts import PlanDraft
from tests.documents.office import cell, paragraph, run, simple_table, table, tr, word_file
from tests.documents.plans import in_words

HEAD = "STT|Chỉ tiêu|ĐVT|Mục tiêu|Cơ quan chủ trì|Cơ quan phối hợp|Thời hạn"
FIRST = "1|Tỷ lệ A|%|90|Phòng Kinh tế|Công an xã|Quý II/2026"


def read(*rows: str, name: str = "plan.txt") -> PlanDraft:
    """Read a plan of 2026 typed with "|" between its columns."""
    return read_plan("\n".join(row.replace("|", "\t") for row in rows).encode(), name, year=2026)


def column(draft: PlanDraft, name: str) -> list[str]:
    return [row[name] for row in in_words(draft)]


def kinds(draft: PlanDraft) -> list[tuple[str, tuple[int, ...]]]:
    return [(question.kind, question.indicators) for question in draft.questions]


@pytest.mark.parametrize(
    "same", ["nt", "NT", "n.t", "-nt-", "- nt -", "như trên", "Như trên", '"', "″", "〃", "''", "//", '- " -', "(nt)"]
)
def test_the_same_as_above_is_read_as_what_stands_above(same: str) -> None:
    draft = read(HEAD, FIRST, f"2|Tỷ lệ B|{same}|80|{same}|{same}|{same}", f"3|Tỷ lệ C|{same}|{same}|{same}|-|{same}")
    assert column(draft, "unit") == ["%"] * 3
    assert column(draft, "lead") == ["Phòng Kinh tế"] * 3
    assert column(draft, "coordinating") == ["Công an xã", "Công an xã", ""]
    assert column(draft, "deadline") == ["2026-06-30"] * 3
    assert column(draft, "targets")[2] == "2026 xa >= 80 due 2026-06-30"
    assert ["same_as_above" in indicator.flags for indicator in draft.indicators] == [False, True, True]
    assert draft.questions == ()


def test_the_same_as_above_reaches_over_a_heading_and_a_page_and_names_nobody_at_the_top() -> None:
    draft = read(HEAD, "I|Hạ tầng|||||", FIRST, HEAD, "II|Dữ liệu|||||", "1|Tỷ lệ B|nt|80|nt|nt|nt")
    assert column(draft, "lead") == ["Phòng Kinh tế"] * 2
    assert kinds(read(HEAD, "1|Tỷ lệ A|nt|90|nt|nt|Năm 2026")) == [("missing_agency", (1,))]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("STT|Nội dung|ĐVT|Chỉ tiêu|Đơn vị|Hạn", "1|Tỷ lệ A|%|90|Phòng Kinh tế|Quý II/2026"),
        ("STT|Chỉ tiêu|Đơn vị|Mục tiêu|Đơn vị|Hạn", "1|Tỷ lệ A|%|90|Phòng Kinh tế|Quý II/2026"),
        ("STT|Chỉ tiêu|Mục tiêu|Đơn vị|Hạn", "1|Tỷ lệ A|90%|Phòng Kinh tế|Quý II/2026"),
        ("STT|Chỉ tiêu|ĐVT|Mục tiêu|Cơ quan, đơn vị|Hạn", "1|Tỷ lệ A|%|90|Phòng Kinh tế|Quý II/2026"),
        ("TT|Chỉ tiêu|ĐVT|TH 2025|KH|Chủ trì|Hạn", "1|Tỷ lệ A|%|70|90|Phòng Kinh tế|Quý II/2026"),
        ("STT|Mục tiêu|Chỉ tiêu|ĐVT|Cơ quan|Hạn", "1|A|≥ 90|%|Phòng Kinh tế|Quý II/2026"),
    ],
)
def test_what_is_in_a_column_tells_what_its_head_means(head: str, row: str) -> None:
    draft = read(head, row)
    assert column(draft, "unit") == ["%"]
    assert column(draft, "targets") == ["2026 xa >= 90 due 2026-06-30"]
    assert column(draft, "lead") == ["Phòng Kinh tế"]
    assert draft.questions == ()


def test_a_head_of_three_rows_repeated_on_the_next_page() -> None:
    head = (
        "TT|Tên chỉ tiêu|ĐVT|Chỉ tiêu giao||||Cơ quan|",
        "|||Tỉnh giao||Xã giao||Chủ trì|Phối hợp",
        "|||2026|2030|2026|2030||",
    )
    draft = read(*head, "1|Tỷ lệ A|%|65|75|70|80|PKT|CAX", *head, "2|Tỷ lệ B|%|1|2|3|4|PKT|CAX")
    assert column(draft, "targets") == [
        "2026 tinh >= 65 due 2026-12-31; 2030 tinh >= 75 due 2030-12-31; "
        "2026 xa >= 70 due 2026-12-31; 2030 xa >= 80 due 2030-12-31",
        "2026 tinh >= 1 due 2026-12-31; 2030 tinh >= 2 due 2030-12-31; "
        "2026 xa >= 3 due 2026-12-31; 2030 xa >= 4 due 2030-12-31",
    ]
    assert column(draft, "coordinating") == ["Công an xã"] * 2


def test_rows_without_a_number_are_indicators_where_they_are_whole() -> None:
    tasks = read(
        "STT|Nhiệm vụ|Cơ quan chủ trì|Thời hạn",
        "1|Nhiệm vụ A|Phòng Kinh tế|Quý II/2026",
        "|Nhiệm vụ B|Công an xã|Quý III/2026",
        "|kéo dài sang trang sau|xã Tân An|",
    )
    assert column(tasks, "name") == ["Nhiệm vụ A", "Nhiệm vụ B kéo dài sang trang sau"]
    assert column(tasks, "deadline") == ["2026-06-30", "2026-09-30"]
    mixed = read(HEAD, FIRST, "|Tỷ lệ B|%|80|Công an xã||Năm 2026", "|Ban hành kế hoạch|||Công an xã||Năm 2026")
    assert column(mixed, "name") == ["Tỷ lệ A", "Tỷ lệ B", "Ban hành kế hoạch"]


def test_headings_in_odd_places() -> None:
    draft = read(
        HEAD, "A. MỤC TIÊU ĐỘT PHÁ||||||", "I|Hạ tầng|||||", FIRST, "B||MỤC TIÊU KHÁC||||", "I/|Dữ liệu|||||", FIRST,
        "|Nhóm chỉ tiêu về kinh tế|||||", FIRST,
    )  # fmt: skip
    assert [("/".join(section.path), section.title) for section in draft.sections] == [
        ("A", "MỤC TIÊU ĐỘT PHÁ"),
        ("A/I", "Hạ tầng"),
        ("B", "MỤC TIÊU KHÁC"),
        ("B/I", "Dữ liệu"),
        ("B/I/Nhóm chỉ tiêu về kinh tế", "Nhóm chỉ tiêu về kinh tế"),
    ]
    assert column(draft, "section") == ["A/I", "B/I", "B/I/Nhóm chỉ tiêu về kinh tế"]


def test_a_heading_without_a_number_printed_again_is_the_same_section() -> None:
    draft = read(HEAD, "|HẠ TẦNG|||||", FIRST, HEAD, "|HẠ TẦNG (tiếp theo)|||||", FIRST)
    assert [section.title for section in draft.sections] == ["HẠ TẦNG"]
    split = ("I|Phát triển|||||", "|hạ tầng số|||||")
    assert [section.title for section in read(HEAD, *split, FIRST, HEAD, *split, FIRST).sections] == [
        "Phát triển hạ tầng số"
    ]


PEOPLE = ("TT|Họ và tên|Chức vụ|Đơn vị|Nhiệm vụ|Ghi chú|", "1|Nguyễn Văn A|Chủ tịch|UBND xã|Trưởng ban||")
MACHINES = ("TT|Tên thiết bị|Số lượng|Cấu hình|Nơi dùng||", "1|Máy tính|5|i5|Phòng VHXH||")


@pytest.mark.parametrize("other", [PEOPLE, MACHINES])
def test_lists_of_people_and_machines_are_no_indicators(other: Sequence[str]) -> None:
    assert column(read(*other, HEAD, FIRST), "name") == ["Tỷ lệ A"]
    assert column(read(HEAD, FIRST, "Danh sách kèm theo", *other), "name") == ["Tỷ lệ A"]
    grids = [[row.split("|") for row in rows] for rows in ((HEAD, FIRST), other)]
    for tables in (grids, grids[::-1]):
        draft = read_plan(word_file([simple_table(grid) for grid in tables]), "plan.docx", year=2026)
        assert column(draft, "name") == ["Tỷ lệ A"]


def test_a_head_that_came_out_damaged_on_the_next_page_loses_nothing() -> None:
    for damaged in (HEAD.replace("Chỉ tiêu", ""), HEAD.replace("Chỉ tiêu", "Ch1 t1eu").replace("Mục tiêu", "M*c tiu")):
        assert column(read(HEAD, FIRST, damaged, FIRST), "name") == ["Tỷ lệ A", "Tỷ lệ A"]


def test_a_budget_alone_is_no_plan() -> None:
    with pytest.raises(NotATable):
        read("STT|Nội dung|Đơn vị tính|Kinh phí (triệu đồng)|Nguồn vốn", "1|Mua máy|Bộ|120|Ngân sách xã")


def test_totals_in_words_are_left_out() -> None:
    draft = read(
        HEAD, FIRST, "|Tổng số chỉ tiêu: 15|||||", "|Tổng cộng 15 chỉ tiêu|||||", "2|Tổng thu|Tỷ|9|PKT||6/2026"
    )
    assert column(draft, "name") == ["Tỷ lệ A", "Tổng thu"]


def test_a_deadline_without_a_day_is_asked_about_also_under_the_years_column() -> None:
    head = "STT|Chỉ tiêu|ĐVT|Năm 2026|Năm 2030|Cơ quan chủ trì|Thời hạn"
    draft = read(head, "1|Tỷ lệ A|%|70|80|PKT|Thường xuyên")
    assert column(draft, "targets") == ["2026 xa >= 70; 2030 xa >= 80 due 2030-12-31"]
    assert kinds(draft) == [("unclear_deadline", (1,))]
    assert column(apply_answers(draft, {"Q1": "1"}), "targets") == [
        "2026 xa >= 70 due 2026-12-31; 2030 xa >= 80 due 2030-12-31"
    ]


@pytest.mark.parametrize(
    ("row", "proposals"),
    [
        ("1|Tỷ lệ hộ nghèo|%|1,5", ("≤ 1,5%", "≥ 1,5%")),
        ("1|Giảm tỷ lệ hộ nghèo|%|1,5", ("≤ 1,5%", "≥ 1,5%")),
        ("1|Số vụ tai nạn giao thông|Vụ|5", ("≤ 5", "≥ 5")),
        ("1|Tỷ lệ hồ sơ đúng hạn|%|0.98", ("≥ 98%", "≥ 0,98%")),
        ("1|Số hộ tham gia|Hộ|12 500", ("≥ 12", "≥ 500", "Đạt")),
        ("1|Chỉ số A|Xếp hạng|Top 10", ("≤ 10", "≥ 10", "Đạt")),
        ("1|Tỷ lệ A|%|≥ 70 (tỉnh giao 65)", ("≥ 70%", "≥ 65%", "Đạt")),
        ("1|Tỷ lệ A|%|100% (12/12 thôn)", ("≥ 100%", "≤ 100%", "Đạt")),
        ("1|Xây dựng phần mềm||Hoàn thành trước 30/6", ("Đạt",)),
        ("1|Số hộ tham gia|Hộ|", ("Đạt",)),
    ],
)
def test_a_doubtful_target_is_asked_about_with_what_it_may_mean(row: str, proposals: tuple[str, ...]) -> None:
    draft = read(HEAD, FIRST, f"{row}|Phòng Kinh tế||Năm 2026")
    assert [(question.kind, question.proposals) for question in draft.questions] == [("unclear_target", proposals)]
    for number in range(1, len(proposals) + 1):
        _, answered = apply_answers(draft, {"Q1": str(number)}).indicators
        assert answered.targets[0].target.kind in ("number", "boolean")


@pytest.mark.parametrize(
    "row",
    [
        "1|Tỷ lệ hộ nghèo được hỗ trợ|%|100",
        "1|Tỷ lệ hộ nghèo|%|≤ 1,5",
        "1|Tỷ lệ vụ vi phạm được xử lý|%|100",
        "1|Số vụ tai nạn|Vụ|0",
        "1|Tỷ lệ tăng dân số|%|≥ 0,7",
        "1|Chỉ số chuyển đổi số|Chỉ số|0,7",
    ],
)
def test_a_clear_target_is_not_asked_about(row: str) -> None:
    assert read(HEAD, f"{row}|Phòng Kinh tế||Năm 2026").questions == ()


def test_dotted_places_are_empty() -> None:
    draft = read(HEAD, FIRST, "2|Tỷ lệ B|…|......|…|____|... ")
    assert kinds(draft) == [("missing_agency", (2,)), ("missing_deadline", (2,))]
    assert draft.indicators[1].targets[0].target.kind == "task"


def test_an_unknown_agency_always_comes_with_proposals() -> None:
    draft = read(HEAD, FIRST, "2|Tỷ lệ B|%|80|Xyz||Năm 2026")
    assert [question.kind for question in draft.questions] == ["unknown_agency"]
    assert draft.questions[0].proposals[0] == "Phòng Kinh tế"


def test_the_mark_of_a_footnote_is_no_digit() -> None:
    small = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{}</w:t></w:r>'
    texts = FIRST.split("|")
    parts = {"90": run("90") + small.format("1"), "%": run("người/km") + small.format("2")}
    rows = [tr("".join(cell(paragraph(run(text))) for text in HEAD.split("|")))]
    rows.append(tr("".join(cell(paragraph(parts.get(text, run(text)))) for text in texts)))
    draft = read_plan(word_file([table(rows, [1000] * len(texts))]), "plan.docx", year=2026)
    assert [indicator.unit for indicator in draft.indicators] == ["người/km2"]
    assert [(question.kind, question.proposals[0]) for question in draft.questions] == [("unclear_target", "≥ 90")]
    html = read(HEAD, FIRST.replace("90", "90<sup>1</sup>").replace("%", "người/m<sup>2</sup>"))
    assert html.questions[0].subject == "90 (1)"
    assert html.indicators[0].unit == "người/m2"
