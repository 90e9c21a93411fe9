"""Files that are broken, enormous or malicious: refused by name, quickly, or read without harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.appendix import read_plan
from documents.appendix.errors import (
    FileTooLarge,
    FormNotPlan,
    NotATable,
    TableTooLarge,
    UnreadableFile,
    YearNotFound,
)
from documents.appendix.limits import LIMITS
from documents.appendix.rows import Row, plain
from documents.appendix.separated import read_rows
from documents.appendix.text import decode
from domain.drafts import PlanDraft
from tests.documents.plans import PLANS, plan_bytes, plan_text
from tests.documents.test_hostile_files import worked

HEADER = "STT\tChỉ tiêu\tĐơn vị\tKết quả\tCơ quan chủ trì"
SECONDS = 5.0  # for the worst file; a plan takes a hundredth of that


def read(text: str) -> PlanDraft:
    return read_plan(text.encode(), "x.txt", year=2026)


def read_or_refuse(data: bytes) -> PlanDraft | None:
    """Read a file, or let it be refused by one of the named errors: both are right, anything else is not."""
    try:
        return read_plan(data, "x", year=2026)
    except (FileTooLarge, UnreadableFile, NotATable, FormNotPlan, TableTooLarge, YearNotFound):
        return None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"PK\x03\x04 a Word file", "damaged"),
        (b"%PDF-1.7", "wrong_extension"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format"),
        (b"{\\rtf1", "format"),
        (b"\x89PNG\r\n", "format"),
        (b"STT\tCh\x00", "binary"),
        (b"STT\x01\tTen", "binary"),
        (b"\xff\xfeS", "encoding"),
        (b"\xef\xbb\xbf\xff\xff", "encoding"),
        ("Chỉ tiêu, đơn vị".encode("utf-16-le"), "binary"),
        (b"STT\tCh\xd8 ti\xaau\t\xa7\xac", "encoding"),  # an old font's code page
        (b"caf\xe9 cr\xe8me", "encoding"),
        (b"\x81\x8d\x8f\x90", "encoding"),
    ],
)
def test_what_is_no_vietnamese_text_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_plan(data, "x.txt", year=2026)
    assert caught.value.code == "unreadable_file"
    assert caught.value.values["reason"] == reason


def test_a_file_over_the_limit_is_not_even_decoded() -> None:
    with pytest.raises(FileTooLarge) as caught:
        decode(b"\xff" * 101, max_bytes=100)
    assert dict(caught.value.values) == {"size": 101, "limit": 100}
    with pytest.raises(FileTooLarge):
        read_plan(b"x" * (20 * 1024 * 1024 + 1), "x.txt")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Kính gửi các đồng chí", "no_header"),
        ("a\tb\tc\n1\t2\t3", "no_header"),
        (HEADER, "no_indicators"),
        (HEADER + "\nI\tPhát triển hạ tầng\t\t\t", "no_indicators"),
        ("2026\t2030\n1\t2", "no_header"),
    ],
)
def test_text_without_a_table_of_indicators_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotATable) as caught:
        read(text)
    assert caught.value.values["reason"] == reason


def test_a_plan_without_any_year_asks_its_caller() -> None:
    with pytest.raises(YearNotFound):
        read_plan(f"{HEADER}\n1\tTỷ lệ\t%\t90\tPhòng Kinh tế".encode(), "x.txt")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"{HEADER}\n" + "1\tTỷ lệ\t%\t90\tx\n" * (LIMITS.rows + 1), "rows"),
        (f"{HEADER}\n" + "x\t" * 5_000, "columns"),
        (f"{HEADER}\n1\t" + "x" * (LIMITS.cell + 1), "cell"),
        (f"{HEADER}\n" + ("x\t" * (LIMITS.columns - 1) + "\n") * (LIMITS.cells // LIMITS.columns + 1), "cells"),
        ("a\n" * (LIMITS.lines + 1), "lines"),
    ],
)
def test_tables_beyond_any_plan_are_refused(text: str, what: str) -> None:
    with pytest.raises(TableTooLarge) as caught:
        read(text)
    assert caught.value.values["what"] == what
    assert caught.value.values["line"]


NUMBERS = "1\tTỷ lệ " + "100% và " * 2_000 + "\t%\t" + "9" * 5_000 + "\tPhòng Kinh tế"
HOSTILE = {
    "5 MB of junk lines": "x y z\n" * 800_000,
    "5 MB in one line": "x" * 5_000_000,
    "one line of spaces": " " * 5_000_000 + "x",
    "junk rows": "a\tb\tc\td\n" * 19_000,
    "rows of headers": f"{HEADER}\n" * 19_000,
    "different headers": "".join(f"STT\tChỉ tiêu {n}\tĐơn vị\tKết quả\tCơ quan chủ trì\n" for n in range(5_000)),
    "wide junk": "\n".join([HEADER, *["x\t" * (LIMITS.columns - 1)] * 5_000]),
    "open tags": f"{HEADER}\n1\t{'<b ' * 6_000}\t%\t90\tPhòng Kinh tế",
    "dollars": f"{HEADER}\n1\t{'$' * 15_000}\t%\t{'$<' * 5_000}\tPhòng Kinh tế",
    "backslashes": f"{HEADER}\n1\t{chr(92) * 15_000}\t%\t90\tPhòng Kinh tế",
    "stars": f"{HEADER}\n1\t{'*_' * 8_000}\t%\t90\tPhòng Kinh tế",
    "numbers": f"{HEADER}\n{NUMBERS}",
    "dots and digits": f"{HEADER}\n1\tTỷ lệ\t%\t{'1.' * 9_000}\tPhòng Kinh tế",
    "brackets": f"{HEADER}\n1\tTỷ lệ\t%\t90\t{'(' * 15_000}",
    "exceptions": f"{HEADER}\n1\t{'(trừ ' * 3_000} độ mật\t%\t90\tPhòng Kinh tế",
    "an agency a thousand times": f"{HEADER}\n1\tTỷ lệ\t%\t90\t{'Phòng ' * 3_000}",
    "acronyms": f"{HEADER}\n1\tTỷ lệ\t%\t90\t{'VHXXH ' * 3_000}",
    "a long title": "Phụ lục " * 100_000 + f"\n{HEADER}\n1\tTỷ lệ\t%\t90\tPhòng Kinh tế",
    "kèm theo for ever": "(Kèm theo Kế hoạch số " * 50_000 + f"\n{HEADER}\n1\tTỷ lệ\t%\t90\tPhòng Kinh tế",
    "many unknown agencies": f"{HEADER}\n"
    + "".join(f"{n}\tTỷ lệ {n}\t%\t90\tTrường số {n} Xuân Hưng\n" for n in range(1, 400)),
    "many sections": f"{HEADER}\n" + "".join(f"I\tPhần {n}\t\t\t\n1\tTỷ lệ\t%\t9\tPKT\n" for n in range(5_000)),
    "a thousand cells of unknown agencies": f"{HEADER}\n"
    + "".join(f"{n}\tTỷ lệ\t%\t9\t{f'Trường số {n}, ' * 70}\n" for n in range(400)),
    "nobody named": f"{HEADER}\n" + "".join(f"{n}\tTỷ lệ {n}\t%\t9\t\n" for n in range(4_000)),
    "continuations": f"{HEADER}\n1\tTỷ lệ\t%\t90\tPhòng Kinh tế\n" + "\tnối\t\t\t\n" * 15_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_long(name: str) -> None:
    data = HOSTILE[name].encode()
    start = worked()
    read_or_refuse(data)
    assert worked() - start < SECONDS


@pytest.mark.parametrize("plan", PLANS)
def test_a_real_plan_is_read_in_well_under_a_blink(plan: str) -> None:
    data = plan_bytes(plan)
    read_plan(data, plan)
    start = worked()
    read_plan(data, plan)
    assert worked() - start < 0.2  # about 0.02 on an idle machine


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    read_or_refuse(data)


CELL = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["I", "II.", "A", "1", "2.", "1.1", "%", "≥ 90", "-", "", "có", "<b>x</b>", "$\\geq 70$", "Năm 2026", "(1)",
         "STT", "Chỉ tiêu", "Đơn vị", "Kết quả", "2030", "Cơ quan chủ trì", "Phòng VHXXH", "phối hợp với", "()",
         "công chức", "31/02/2026", "Tỷ lệ người dân", "Có 5 trường", "100% và 5% x", "Nội dung", "Thời gian"]
    ),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=7), max_size=8))
def test_any_table_is_read_or_refused_by_name(table: list[list[str]]) -> None:
    text = "\n".join([HEADER, *("\t".join(row) for row in table)])
    draft = read_or_refuse(text.encode("utf-8", "ignore"))
    if draft is None:
        return
    assert [indicator.seq for indicator in draft.indicators] == list(range(1, len(draft.indicators) + 1))
    assert all(indicator.name and indicator.targets for indicator in draft.indicators)
    sections = {section.path for section in draft.sections}
    assert all(not indicator.section or indicator.section in sections for indicator in draft.indicators)
    assert [question.id for question in draft.questions] == [f"Q{n}" for n in range(1, len(draft.questions) + 1)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLANS), st.data())
def test_losing_any_line_never_breaks_the_reader(plan: str, data: st.DataObject) -> None:
    lines = plan_text(plan).split("\n")
    del lines[data.draw(st.integers(0, len(lines) - 1))]
    try:
        read_plan("\n".join(lines).encode(), "x", year=2026)
    except NotATable:
        assert plan == "vu_duong"  # the only plan with a single head


@given(st.text(max_size=300))
def test_freeing_a_cell_of_markup_never_fails(text: str) -> None:
    assert plain(plain(text)) is not None


@pytest.mark.parametrize(
    ("print_", "words"),
    [
        ("$\\geq 70\\%$", "≥ 70%"),
        ("Có $>60\\%$ hộ", "Có > 60% hộ"),
        ("$\\leq 15$", "≤ 15"),
        ("<b>II</b>", "II"),
        ("a<br>b", "a b"),
        ("**Phụ lục** *(kèm)*", "Phụ lục (kèm)"),
        ("x < 5 và y > 3", "x < 5 và y > 3"),
        ("R&amp;D&nbsp;số", "R&D số"),
        ("giá 5$ một", "giá 5$ một"),
        ("hóa\u00a0 \u200bđơn", "hóa đơn"),
    ],
)
def test_markup_is_taken_off(print_: str, words: str) -> None:
    assert plain(print_) == words


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = read_rows("a\n\nb\tc\r\n\u2028d\u0085\te".encode())
    assert [(row.line, row.in_table) for row in rows] == [(1, False), (3, True), (4, True)]
    assert rows[1] == Row(3, ("b", "c"))


def test_every_error_says_what_happened_in_words_for_the_log() -> None:
    error = TableTooLarge("rows", 5, 4, 3)
    assert str(error) == "too large at line 3: 5 rows, the limit is 4"
    assert (error.code, error.values["limit"]) == ("table_too_large", 4)
