"""docs/plans.md: its session runs as printed, and its tables hold."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from domain.agencies import read_cell
from domain.deadlines import read_deadline
from domain.drafts import BLOCKING, QuestionKind
from domain.targets import read_target
from domain.vietnamese import format_date
from tests.docs.pages import blocks, tables
from tests.docs.shell import follow, lay_out

PAGE = "docs/plans.md"
PRINTED = "Ghi trong kế hoạch"
CELLS = list(tables(PAGE, PRINTED))


def test_the_session_prints_what_the_page_says(tmp_path: Path) -> None:
    lay_out(tmp_path, {block.name: block.text for block in blocks(PAGE) if block.name})
    printed = None
    compared = 0
    for block in blocks(PAGE):
        if block.language == "sh":
            printed = follow(block.text, tmp_path)
        elif block.language == "text":
            assert printed == block.text
            compared += 1
    assert compared == 3


@pytest.mark.parametrize("row", [row for row in CELLS if "Ngày" in row], ids=lambda row: row[PRINTED])
def test_a_deadline_is_read_as_the_page_says(row: dict[str, str]) -> None:
    day = read_deadline(row[PRINTED], 2026).date
    assert (format_date(day) if day else "hỏi") == row["Ngày"]


@pytest.mark.parametrize("row", [row for row in CELLS if "Hiểu là" in row], ids=lambda row: row[PRINTED])
def test_a_target_is_read_as_the_page_says(row: dict[str, str]) -> None:
    target = read_target(row[PRINTED], row["Đơn vị tính"] or None)
    words = [target.kind, target.op, target.value] if target.kind in ("number", "range") else [target.kind]
    assert " ".join(map(str, words)) == row["Hiểu là"]


@pytest.mark.parametrize("row", [row for row in CELLS if "Cơ quan" in row], ids=lambda row: row[PRINTED])
def test_an_agency_cell_is_read_as_the_page_says(row: dict[str, str]) -> None:
    reading = read_cell(row[PRINTED])
    assert "; ".join(agency.name for agency in reading.agencies) == row["Cơ quan"]
    assert "; ".join(reading.unknown) == row["Chưa biết, phải hỏi"]


def test_every_kind_of_question_is_explained_those_that_block_first() -> None:
    kinds = [row["Câu hỏi"].strip("`") for row in tables(PAGE, "Câu hỏi")]
    assert set(kinds) == set(get_args(QuestionKind))
    assert set(kinds[: len(BLOCKING)]) == BLOCKING
    assert len(BLOCKING) == 5  # "Năm loại đầu"
