"""Several figures in one message, and the single figures that must never be taken for them."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from domain.bulk import Bulk, BulkItem, read_bulk
from domain.vietnamese import strip_marks

FIXTURE = json.loads((Path(__file__).parent.parent / "fixtures" / "figures.json").read_text(encoding="utf-8"))
SINGLE = sorted({row[0] for rows in FIXTURE["replies"].values() for row in rows})
COUNT = 20


def bulk(*items: tuple[int, str], rest: str | None = None, unplaced: tuple[str, ...] = ()) -> Bulk:
    return Bulk(tuple(BulkItem(*item) for item in items), rest, unplaced)


FIRST_TWO = bulk((1, "92,5"), (2, "14"))


@pytest.mark.parametrize(
    "text",
    [
        "1: 92,5; 2: 14",
        "1:92,5;2:14",
        "1 : 92,5 ; 2 : 14",
        "1: 92,5\n2: 14",
        "1: 92,5\r\n\r\n2: 14\n",
        "1: 92,5, 2: 14",
        "1: 92,5 - 2: 14",
        "1: 92,5 | 2: 14",
        "1: 92,5 2: 14",
        "1:92,5 2:14",
        "  1:   92,5   2:  14  ",
        "1) 92,5; 2) 14",
        "1) 92,5 2) 14",
        "1)92,5\n2)14",
        "(1) 92,5; (2) 14",
        "1. 92,5\n2. 14",
        "1. 92,5 2. 14",
        "1. 92,5; 2. 14;",
        "1 - 92,5; 2 - 14",
        "1- 92,5\n2- 14",
        "1=92,5; 2=14",
        "1=92,5 2=14",
        "1 = 92,5, 2 = 14",
        "1 -> 92,5; 2 -> 14",
        "1 → 92,5\n2 → 14",
        "1 là 92,5, 2 là 14",
        "1/ 92,5  2/ 14",
        "1 92,5; 2 14",
        "1\t92,5\n2\t14",
        "| 1 | 92,5 |\n| 2 | 14 |",
        "câu 1: 92,5; câu 2: 14",
        "Câu 1 92,5 câu 2 14",
        "cau 1 la 92,5, cau 2 la 14",
        "số 1 là 92,5; số 2 là 14",
        "CT1: 92,5; CT2: 14",
        "ct 1 92,5, ct 2 14",
        "chỉ tiêu 1: 92,5, chỉ tiêu 2: 14",
        "Chỉ tiêu số 1: 92,5\nChỉ tiêu số 2: 14",
        "#1: 92,5 #2: 14",
        "c1: 92,5; c2: 14",
        "l: 92,5; 2: 14",
        "I: 92,5; 2: 14",
        "1：９２，５；２：１４",
        "1∶ 92,5； 2∶ 14",
        "1: 92,5、2: 14",
        "• 1: 92,5\n• 2: 14",
        "- 1: 92,5\n- 2: 14",
        "+ 1. 92,5\n+ 2. 14",
        "*1*: 92,5\n*2*: 14",
        "1️⃣ 92,5  2️⃣ 14",
        "1️⃣92,5\n2️⃣14",
        "1️⃣: 92,5; 2️⃣: 14",
        "① 92,5 ② 14",
        "2: 14; 1: 92,5",
        "2: 14, 1: 92,5",
        "1: 92,5; 1: 92,5; 2: 14",
        "Dạ em báo cáo: 1: 92,5; 2: 14",
        "Dạ em gửi 1. 92,5\n2. 14",
        "Kính gửi anh chị\n1: 92,5\n2: 14\nEm cảm ơn ạ",
        "Số liệu: 1: 92,5; 2: 14",
        "👍 1: 92,5; 2: 14 🙏",
    ],
)
def test_two_items_are_read_however_they_are_parted(text: str) -> None:
    assert read_bulk(text, COUNT) == FIRST_TWO
    assert read_bulk(unicodedata.normalize("NFD", text), COUNT) == FIRST_TWO
    assert read_bulk(strip_marks(text), COUNT) == FIRST_TWO


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1: 92,5; 2: 14; 4 không đổi", bulk((1, "92,5"), (2, "14"), (4, "không đổi"))),
        ("1: 23,5; 2 chưa đạt 85", bulk((1, "23,5"), (2, "chưa đạt 85"))),
        ("1: 92,5\n2: 14\n3: đạt", bulk((1, "92,5"), (2, "14"), (3, "đạt"))),
        ("1:32,5 2:100", bulk((1, "32,5"), (2, "100"))),
        ("1:32 2:45", bulk((1, "32"), (2, "45"))),
        ("1/ 66,5%  2/ 14", bulk((1, "66,5%"), (2, "14"))),
        ("1: đạt,2: chưa", bulk((1, "đạt"), (2, "chưa"))),
        ("1: 92%,2: 14", bulk((1, "92%"), (2, "14"))),
        ("1: 12 sản phẩm 2: 85%", bulk((1, "12 sản phẩm"), (2, "85%"))),
        ("3. đạt; 5. chưa đạt", bulk((3, "đạt"), (5, "chưa đạt"))),
        ("1/ 66; 3/ 14", bulk((1, "66"), (3, "14"))),
        ("3/ 66; 4/ 14", bulk((3, "66"), (4, "14"))),
        ("1: 85; 2 - 14", bulk((1, "85"), (2, "14"))),
        ("2 chưa đạt; 3: 85", bulk((2, "chưa đạt"), (3, "85"))),
        ("1/đạt 2/chưa", bulk((1, "đạt"), (2, "chưa"))),
        ("1: 1.234; 2: 1.234,5", bulk((1, "1.234"), (2, "1.234,5"))),
        ("1. 1.234\n2. 1.5", bulk((1, "1.234"), (2, "1.5"))),
        ("1: 12/15; 2: 27/11", bulk((1, "12/15"), (2, "27/11"))),
        ("1: 12/15 = 80%; 2: 14", bulk((1, "12/15 = 80%"), (2, "14"))),
        ("1: tháng 11: 85; 2: 14", bulk((1, "tháng 11: 85"), (2, "14"))),
        ("1: 14/11: 85; 2: 14", bulk((1, "14/11: 85"), (2, "14"))),
        ("1: 85, 90; 2: 14", bulk((1, "85, 90"), (2, "14"))),
        ("1: -; 2: -5", bulk((1, "-"), (2, "-5"))),
        ("1: 8️⃣5️⃣; 2: 14", bulk((1, "85"), (2, "14"))),
        ("1O: 85; 2O: 90", bulk((10, "85"), (20, "90"))),
        ("1 đạt 85; 2 đạt 90", bulk((1, "đạt 85"), (2, "đạt 90"))),
        # a list or a span of items
        ("1-3: không đổi", bulk((1, "không đổi"), (2, "không đổi"), (3, "không đổi"))),
        ("từ 1 đến 3: không đổi", bulk((1, "không đổi"), (2, "không đổi"), (3, "không đổi"))),
        ("câu 1-3 không đổi", bulk((1, "không đổi"), (2, "không đổi"), (3, "không đổi"))),
        ("1,2,3: đạt", bulk((1, "đạt"), (2, "đạt"), (3, "đạt"))),
        ("1, 2 và 4 đều đạt", bulk((1, "đạt"), (2, "đạt"), (4, "đạt"))),
        ("1, 2: 100%", bulk((1, "100%"), (2, "100%"))),
        ("1,2: đạt; 3: 85", bulk((1, "đạt"), (2, "đạt"), (3, "85"))),
        ("1-2: 100; 3: 85", bulk((1, "100"), (2, "100"), (3, "85"))),
        ("1: 85, 2-3: không đổi", bulk((1, "85"), (2, "không đổi"), (3, "không đổi"))),
        # the rest
        ("1: 85; còn lại không đổi", bulk((1, "85"), rest="không đổi")),
        ("1: 85, còn lại như kỳ trước", bulk((1, "85"), rest="như kỳ trước")),
        ("1: 85 còn lại chưa có số liệu", bulk((1, "85"), rest="chưa có số liệu")),
        ("1: 85; các chỉ tiêu còn lại: chưa có", bulk((1, "85"), rest="chưa có")),
        ("1: 85\nNhững chỉ tiêu khác: đạt", bulk((1, "85"), rest="đạt")),
        ("1: 85; các câu còn lại đều đạt", bulk((1, "85"), rest="đạt")),
        ("cac chi tieu con lai: chua co", bulk(rest="chua co")),
        ("các chỉ tiêu còn lại em gửi sau", bulk(rest="em gửi sau")),
        ("còn lại không đổi", bulk(rest="không đổi")),
        ("tất cả các chỉ tiêu không đổi", bulk(rest="không đổi")),
        # one is enough
        ("1: 92,5", bulk((1, "92,5"))),
        ("7: 85", bulk((7, "85"))),
        ("1:92,5", bulk((1, "92,5"))),
        ("1:đạt", bulk((1, "đạt"))),
        ("1: -", bulk((1, "-"))),
        ("1) 92,5", bulk((1, "92,5"))),
        ("1) đạt", bulk((1, "đạt"))),
        ("1. 92,5", bulk((1, "92,5"))),
        ("câu 1: 66,5", bulk((1, "66,5"))),
        ("câu 1 66,5", bulk((1, "66,5"))),
        ("số 2 là 14", bulk((2, "14"))),
        ("CT3: đạt", bulk((3, "đạt"))),
        ("ct3 đạt", bulk((3, "đạt"))),
        ("dạ câu 1: 85 ạ", bulk((1, "85 ạ"))),
    ],
)
def test_a_message_is_read_as_the_table_says(text: str, expected: Bulk) -> None:
    assert read_bulk(text, COUNT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1: 85; 70: 90", bulk((1, "85"), unplaced=("70: 90",))),
        ("1: 85; 0: 90", bulk((1, "85"), unplaced=("0: 90",))),
        ("1: 85; 1: 90", bulk(unplaced=("1: 85", "1: 90"))),
        ("1: 85; l: 90; 2: 14", bulk((2, "14"), unplaced=("1: 85", "l: 90"))),
        ("1: 85; 90; 2: 14", bulk((1, "85"), (2, "14"), unplaced=("90",))),
        ("1: 85; 2", bulk((1, "85"), unplaced=("2",))),
        ("1: 85; 2:", bulk((1, "85"), unplaced=("2:",))),
        ("1: 85; 3 dự án", bulk((1, "85"), unplaced=("3 dự án",))),
        ("5: 85; 2 chưa đạt", bulk((5, "85"), unplaced=("2 chưa đạt",))),  # item 2, or two of item 5?
        ("1: 85; 12 - 15", bulk((1, "85"), unplaced=("12 - 15",))),
        ("12/ 15; 3: 85", bulk((3, "85"), unplaced=("12/ 15",))),
        ("2 chưa đạt; 5: 85", bulk((5, "85"), unplaced=("2 chưa đạt",))),
        ("1: 85; 2 500", bulk((1, "85"), unplaced=("2 500",))),
        ("1: 92,5,2: 14", bulk(unplaced=("1: 92,5,2: 14",))),  # 92,5 and 2, or 92 and 5,2?
        ("1: 85 ở thôn 2: 90", bulk(unplaced=("1: 85 ở thôn 2: 90",))),
        ("1: 12:15; 2: 14", bulk((2, "14"), unplaced=("1: 12:15",))),
        ("1: 85%\ncòn 2 thôn chưa xong\n2: 14", bulk((1, "85%"), (2, "14"), unplaced=("còn 2 thôn chưa xong",))),
        ("Phòng VHXH báo cáo:\n1. 92,5\n2. 14", FIRST_TWO._replace(unplaced=("Phòng VHXH báo cáo:",))),
        ("1: 85, còn lại chưa đạt", bulk((1, "85"), unplaced=("còn lại chưa đạt",))),  # the other 15 %?
        ("1: 85; còn lại: 15%", bulk((1, "85"), unplaced=("còn lại: 15%",))),
        (
            "1: 85; còn lại không đổi; còn lại như cũ: 2",
            bulk((1, "85"), rest="không đổi", unplaced=("còn lại như cũ: 2",)),
        ),
        ("1: 85; tất cả chỉ tiêu không đổi", bulk((1, "85"), unplaced=("tất cả chỉ tiêu không đổi",))),
        ("1-3: không đổi; 2: 85", bulk((1, "không đổi"), (3, "không đổi"), unplaced=("1-3: không đổi", "2: 85"))),
        ("1: 85; 18-22: đạt", bulk((1, "85"), unplaced=("18-22: đạt",))),
    ],
)
def test_what_belongs_to_no_item_for_certain_is_unplaced(text: str, expected: Bulk) -> None:
    assert read_bulk(text, COUNT) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n;",
        "66,5",
        "12/15",
        "12/ 15",
        "1.234",
        "1. 234",
        "1,5",
        "27/11",
        "1 92,5",
        "3 chỉ tiêu đạt",
        "3 chỉ tiêu: 85",
        "85, còn 2 thôn chưa xong",
        "85. Còn 2 thôn chưa xong",
        "12. chưa tính thôn A",
        "85%\n1. thôn A chưa xong\n2. thôn B chưa xong",
        "85; 2: 14",
        "12:15",
        "12 : 15",
        "1:100",
        "8:30 họp",
        "8:30 họp; 9:15 xong",
        "7:30 - 11:30",
        "80 - 85; 90 - 95",
        "10 - 15; 20 - 25",
        "1 - 92,5",
        "1 - 92 xã",
        "3/ 4; 7/ 8",
        "1=92,5",
        "12=80%",
        "12 + 3 = 15",
        "1 đạt; 2 chưa đạt",  # one has, two have not
        "1 xã đạt 85; 2 xã đạt 90",
        "1-3: 85",  # a day?
        "1,2: đạt",  # a decimal?
        "1-3 không đổi",
        "còn lại chưa đạt",
        "còn lại: 15%",
        "còn lại 2 thôn chưa xong",
        "tất cả đạt",
        "không đổi",
        "chỉ tiêu 2 đạt",
        "chỉ tiêu 85",
        "câu 3",
        "câu nào cũng đạt",
        "21: 85",
        "70: 85; 71: 90",
        "năm 2026: 85",
        "tháng 10: 80, tháng 11: 85",
        "12/BC-UBND",
        "8️⃣5️⃣ %",
        "1: " * 2000,
    ],
)
def test_what_is_no_list_is_none(text: str) -> None:
    assert read_bulk(text, COUNT) is None


@pytest.mark.parametrize("count", [1, 2, 3, 11, 12, 15, 31, 60])
def test_no_single_figure_is_taken_for_a_list(count: int) -> None:
    assert [text for text in SINGLE if read_bulk(text, count)] == []


@pytest.mark.parametrize("count", [0, -1, 201])
def test_a_list_of_no_sensible_length_has_no_items(count: int) -> None:
    assert read_bulk("1: 85; 2: 90", count) is None
