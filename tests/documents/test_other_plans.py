"""Plans of other shapes than the five: nested numbers, divided heads, wards, tasks, no numbers at all."""

from __future__ import annotations

from datetime import date

import pytest

from documents.appendix import read_plan
from documents.appendix.columns import classify, is_column_numbers, is_header, lay_out
from documents.appendix.flags import is_about_secrets
from documents.appendix.mending import mend, mend_name
from documents.appendix.sections import Sections, heading
from domain.drafts import PlanDraft
from tests.documents.plans import in_words


def read(text: str) -> PlanDraft:
    return read_plan(text.encode(), "plan.txt", year=2026)


def column(draft: PlanDraft, name: str) -> list[str]:
    return [row[name] for row in in_words(draft)]


WARD = """ỦY BAN NHÂN DÂN
PHƯỜNG TÂN AN
Số: 12/KH-UBND
KẾ HOẠCH chuyển đổi số năm 2027
STT\tChỉ tiêu\tĐVT\tMục tiêu\tĐơn vị thực hiện\tThời hạn
1\tHạ tầng số
1.1\tTỷ lệ phủ sóng 5G\t%\t80\tPhòng KT-HT-ĐT\tQuý III/2027
1.2\tSố trạm phát sóng\tTrạm\t1.200\tViettel\t12/2027
2\tNhân lực số
2.1\tTỷ lệ cán bộ được bồi dưỡng\t%\tTrên 90\tPVHXH\ttrước ngày 15/12/2027
"""


def test_a_wards_plan_with_nested_numbers_and_a_letterhead() -> None:
    draft = read(WARD)
    document = draft.document
    assert (document.commune_type, document.commune, document.plan_number) == ("phường", "Tân An", "12/KH-UBND")
    assert document.year == 2027
    assert [(section.path, section.title) for section in draft.sections] == [
        (("1",), "Hạ tầng số"),
        (("2",), "Nhân lực số"),
    ]
    assert column(draft, "targets") == [
        "2027 xa >= 80 due 2027-09-30",
        "2027 xa >= 1200 due 2027-12-31",
        "2027 xa > 90 due 2027-12-15",
    ]
    assert column(draft, "lead") == ["Phòng Kinh tế, Hạ tầng và Đô thị", "Viettel", "Phòng Văn hóa - Xã hội"]
    assert [indicator.ordinal for indicator in draft.indicators] == [1, 2, 1]
    assert [question.kind for question in draft.questions] == ["no_addressable_agency"]


TASKS = """Phụ lục II
Danh mục nhiệm vụ
(Kèm theo Quyết định số 45/QĐ-UBND ngày 02 tháng 02 năm 2026 của UBND xã Tân Thành)
TT\tNhiệm vụ\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian hoàn thành\tSản phẩm
\tPHÁT TRIỂN HẠ TẦNG
1\tXây dựng kế hoạch\tPhòng VHXH\tCông an xã\t6/2026\tKế hoạch
2\tRà soát\tPhòng VHXH\tCác đơn vị\tThường xuyên\tBáo cáo
"""


def test_a_list_of_tasks_under_a_decision() -> None:
    draft = read(TASKS)
    document = draft.document
    assert (document.plan_number, document.plan_date) == ("45/QĐ-UBND", date(2026, 2, 2))
    assert (document.commune, document.appendix, document.title) == ("Tân Thành", "Phụ lục II", "Danh mục nhiệm vụ")
    assert column(draft, "targets") == ["2026 xa task due 2026-06-30", "2026 xa task"]
    assert column(draft, "section") == ["PHÁT TRIỂN HẠ TẦNG"] * 2
    assert [(question.kind, question.subject) for question in draft.questions] == [("unclear_deadline", "Thường xuyên")]


DIVIDED = """TT\tNội dung chỉ tiêu\tĐVT\tChỉ tiêu năm 2026\t\tCơ quan thực hiện\t
\t\t\tTỉnh giao\tXã phấn đấu\tChủ trì\tPhối hợp
(1)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)
A\tKINH TẾ
1\tTốc độ tăng trưởng\t%\t10,5\t11\tPhòng Kinh tế\tCông an xã
2\tThu ngân sách\tTỷ đồng\t1.250,5\t1.300\tPhòng Kinh tế\t
B\tXÃ HỘI
1\tTỷ lệ hộ nghèo\t%\t≤ 1,5\t< 1\tPhòng VHXH\t
Ghi chú: số liệu tạm tính
"""


def test_a_head_divided_into_levels_and_duties() -> None:
    draft = read(DIVIDED)
    assert column(draft, "targets") == [
        "2026 tinh >= 10.5 due 2026-12-31; 2026 xa >= 11 due 2026-12-31",
        "2026 tinh >= 1250.5 due 2026-12-31; 2026 xa >= 1300 due 2026-12-31",
        "2026 tinh <= 1.5 due 2026-12-31; 2026 xa < 1 due 2026-12-31",
    ]
    assert column(draft, "coordinating") == ["Công an xã", "", ""]
    assert column(draft, "section") == ["A", "A", "B"]
    assert draft.questions == ()


def test_a_table_without_any_numbers() -> None:
    draft = read(
        "Chỉ tiêu\tĐơn vị tính\tKế hoạch năm 2026\tPhân công\n"
        "Hạ tầng số\t\t\t\n"
        "Tỷ lệ phủ sóng\t%\t80\tPhòng Kinh tế\n"
        "trên dân số\t\t\t\n"
        "Tỷ lệ hộ có cáp quang\t%\t90\tCông an xã\n"
    )
    assert column(draft, "name") == ["Tỷ lệ phủ sóng trên dân số", "Tỷ lệ hộ có cáp quang"]
    assert column(draft, "section") == ["Hạ tầng số"] * 2
    assert column(draft, "lines") == ["3 4", "5"]


def test_the_year_of_a_target_may_stand_in_its_sections_title() -> None:
    draft = read(
        "STT\tMục tiêu\tChỉ tiêu\tCơ quan theo dõi\n"
        "I\tMục tiêu đến năm 2027\n"
        "1\tTỷ lệ hồ sơ trực tuyến toàn trình\t≥ 90%\tVP HĐND-UBND\n"
        "2\tSố mô hình chuyển đổi số\t05 mô hình\tTYT\n"
        "II\tMục tiêu đến năm 2030\n"
        "1\tKinh tế số chiếm tỷ trọng GRDP\t30%\tPhòng Kinh tế\n"
    )
    assert column(draft, "targets") == ["2027 xa >= 90", "2027 xa >= 5", "2030 xa >= 30"]
    assert column(draft, "unit") == ["%", "mô hình", "%"]
    assert [(q.indicators, q.proposals) for q in draft.questions] == [
        ((1, 2), ("31/12/2027",)),
        ((3,), ("31/12/2030",)),
    ]


def test_a_deadline_dates_the_column_of_its_own_year_only() -> None:
    draft = read(
        "STT\tChỉ tiêu\tĐơn vị\tNăm 2026\tNăm 2030\tCơ quan chủ trì\tThời gian\n"
        "1\tTỷ lệ A\t%\t70\t80\tPhòng Kinh tế\tTháng 11/2026\n"
    )
    assert column(draft, "targets") == ["2026 xa >= 70 due 2026-11-30; 2030 xa >= 80 due 2030-12-31"]
    assert [target.due_basis for target in draft.indicators[0].targets] == ["stated", "year_column"]


def test_results_of_last_year_are_no_target() -> None:
    draft = read(
        "STT\tChỉ tiêu\tĐơn vị\tKết quả thực hiện năm 2025\tMục tiêu năm 2026\tCơ quan chủ trì\n"
        "1\tTỷ lệ A\t%\t70\t80\tPhòng Kinh tế\n"
        "2\tTỷ lệ B\t%\t75\t-\tPhòng Kinh tế\n"
    )
    assert column(draft, "targets") == ["2026 xa >= 80 due 2026-12-31", "2026 xa -"]


def test_what_was_reached_last_year_is_no_target_however_it_is_called() -> None:
    draft = read(
        "STT\tChỉ tiêu\tĐơn vị\tKết quả năm 2025\tMục tiêu năm 2026\tTình hình thực hiện\tCơ quan chủ trì\n"
        "1\tTỷ lệ A\t%\t70\t80\t\tPhòng Kinh tế\n"
    )
    assert column(draft, "targets") == ["2026 xa >= 80 due 2026-12-31"]


def test_two_appendices_in_one_file_keep_their_sections_apart() -> None:
    head = "STT\tChỉ tiêu\tĐơn vị\tMục tiêu\tCơ quan chủ trì\n"
    draft = read(
        f"{head}I\tHạ tầng\t\t\t\n1\tTỷ lệ A\t%\t80\tPKT\n"
        "Phụ lục 2\nSTT\tNhiệm vụ\tCơ quan chủ trì\n"
        "I\tNhân lực\t\n1\tBồi dưỡng cán bộ\tPVHXH\n"
    )
    assert [(section.path, section.title) for section in draft.sections] == [
        (("I",), "Hạ tầng"),
        (("I (2)",), "Nhân lực"),
    ]
    assert column(draft, "targets") == ["2026 xa >= 80", "2026 xa task"]


def test_a_heading_repeated_on_the_next_page_is_the_same_section() -> None:
    draft = read(
        "STT\tChỉ tiêu\tĐơn vị\tMục tiêu\tCơ quan chủ trì\n"
        "I\tHạ tầng\t\t\t\n1\tTỷ lệ A\t%\t80\tPKT\n"
        "I\tHạ tầng (tiếp theo)\t\t\t\n2\tTỷ lệ B\t%\t80\tPKT\n"
    )
    assert [section.title for section in draft.sections] == ["Hạ tầng"]
    assert column(draft, "section") == ["I", "I"]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("STT", "ordinal"),
        ("Số TT", "ordinal"),
        ("Đơn vị", "unit"),
        ("Đơn vị tính", "unit"),
        ("ĐVT", "unit"),
        ("Đơn vị chủ trì", "lead"),
        ("Đơn vị phối hợp thực hiện", "coordinator"),
        ("Cơ quan chủ trì, phối hợp", "lead"),
        ("Cơ quan chủ trì theo dõi, đánh giá", "monitor"),
        ("Cơ quan theo dõi, đánh giá, kiểm tra, tổng hợp báo cáo", "monitor"),
        ("Đơn vị chủ trì tổ chức thực hiện", "lead"),
        ("Phân công thực hiện", "lead"),
        ("Thời gian hoàn thành", "deadline"),
        ("Tiến độ", "deadline"),
        ("Hạn", "deadline"),
        ("Nội dung chỉ tiêu", "name"),
        ("Tên/Mục tiêu cụ thể", "name"),
        ("Chỉ tiêu", "level"),
        ("Kết quả", "level"),
        ("2030", "level"),
        ("Đến năm 2030", "level"),
        ("Kết quả thực hiện", "result"),
        ("Ước thực hiện 2025", "result"),
        ("Ghi chú", "note"),
        ("Trách nhiệm thực hiện", "lead"),
        ("Ban, ngành phụ trách", "lead"),
        ("Cơ quan tổng hợp", "monitor"),
        ("Lộ trình thực hiện", "deadline"),
        ("Ngày hoàn thành", "deadline"),
        ("Hạng mục", "name"),
        ("KH năm 2026", "level"),
        ("Giai đoạn 2026-2030", "level"),
        ("TH 2025", "result"),
        ("Tình hình thực hiện", None),
        ("Phương pháp tính", None),
        ("Sản phẩm", None),
        ("", None),
    ],
)
def test_header_words_are_matched_as_whole_phrases(header: str, role: str | None) -> None:
    assert classify(header) == role


def test_a_row_of_data_is_no_head() -> None:
    assert not is_header(["1", "Chỉ tiêu tổng hợp", "%", "90", "Phòng Kinh tế"])
    assert not is_header(["STT", "", ""])
    assert is_header(["", "Chỉ tiêu", "Đơn vị", "Kết quả"])


def test_only_ascending_numbers_number_columns() -> None:
    assert is_column_numbers(["(1)", "(2)", "(3)=(1)/(2)"])
    assert is_column_numbers(["A", "B", "1", "2"])
    assert not is_column_numbers(["1", "2", "80"])
    assert not is_column_numbers(["1", "", "", "", "5"])


def test_a_column_without_a_head_that_counts_is_the_ordinal() -> None:
    layout = lay_out(["", "Chỉ tiêu", "Đơn vị", "Mức"], None, [["1", "Tỷ lệ", "%", "5"], ["2", "Tỷ lệ", "%", "6"]])
    assert [column.role for column in layout.columns] == ["ordinal", "name", "unit", "target"]


def test_letters_and_numerals_are_told_apart_by_what_came_before() -> None:
    sections = Sections()
    paths = []
    for marker in ("A", "I", "II", "B", "I", "C", "D", "I", "II", "III", "IV", "V"):
        sections.enter(marker, f"{marker}{len(paths)}")
        paths.append("/".join(sections.path))
    assert paths == ["A", "A/I", "A/II", "B", "B/I", "C", "D", "D/I", "D/II", "D/III", "D/IV", "D/V"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("II Phát triển nguồn lực", ("II", "Phát triển nguồn lực")),
        ("III. Phát triển", ("III", "Phát triển")),
        ("A. Mục tiêu", ("A", "Mục tiêu")),
        ("Nhóm 2: Hạ tầng", ("2", "Hạ tầng")),
        ("PHÁT TRIỂN", ("PHÁT TRIỂN", "PHÁT TRIỂN")),
        ("3", None),
        ("hành chính công", None),
        ("Có người dân", None),
    ],
)
def test_headings_in_one_cell(only: str, expected: tuple[str, str] | None) -> None:
    assert heading("", only, others_empty=True, bold=False) == expected


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Tỷ lệ văn bản điện tử có độ mật, tối mật được gửi", True),
        ("Quản lý tài liệu mật trên máy tính độc lập", True),
        ("VĂN BẢN MẬT ĐƯỢC SỐ HÓA", True),
        ("Bảo vệ bí mật nhà nước trên không gian mạng", True),
        ("Tỷ lệ hồ sơ được xử lý (trừ hồ sơ thuộc phạm vi bí mật nhà nước)", False),
        ("Tỷ lệ hồ sơ được xử lý, trừ văn bản mật, trên môi trường mạng", False),
        ("Hệ thống được bảo mật, mật khẩu đổi định kỳ", False),
        ("Mật độ dân số", False),
        ("Mức độ mật độ xây dựng", False),
    ],
)
def test_secret_papers_are_told_from_everyday_words(name: str, secret: bool) -> None:
    assert is_about_secrets(name) is secret


def test_evident_slips_are_mended_and_nothing_else() -> None:
    assert mend("PHÁT TRIỂN CHUYÊN ĐÔI SỐ") == "PHÁT TRIỂN CHUYỂN ĐỔI SỐ"
    assert mend("Chỉ số chuyên đổi số; chuyên viên") == "Chỉ số chuyển đổi số; chuyên viên"
    assert mend("Công thông tin") == "Cổng thông tin"
    assert mend_name("Tỷ lệ, chính quyền xã đạt")[0] == "Tỷ lệ chính quyền xã"
    assert mend_name("Tỷ lệ phủ sóng ,") == ("Tỷ lệ phủ sóng", ("trailing_comma_in_name",))
    assert mend_name("Tỷ lệ thôn đạt chuẩn") == ("Tỷ lệ thôn đạt chuẩn", ())
