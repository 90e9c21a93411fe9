"""The same five plans in every format an office has give the same draft as their text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from documents.appendix import read_plan
from tests.documents import office, pdf_files
from tests.documents.office import bare_text, comparable
from tests.documents.plans import PLANS

MAKERS: dict[str, Callable[[str], bytes]] = {
    "docx": office.docx,
    "xlsx": office.xlsx,
    "md": office.markdown,
    "csv": office.csv_file,
    "semicolon.csv": lambda name: office.csv_file(name, ";"),
    "broken-lines.csv": lambda name: office.csv_file(name, line_breaks=True),
    "pdf": pdf_files.pdf,
}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("format_", MAKERS)
def test_every_format_gives_the_draft_of_the_text(plan: str, format_: str) -> None:
    if format_ == "pdf" and pdf_files.font_file() is None:
        pytest.skip("no font with Vietnamese letters to make a PDF with")
    draft = comparable(read_plan(MAKERS[format_](plan), f"{plan}.{format_}"))
    text = comparable(read_plan(bare_text(plan), f"{plan}.txt"))
    for ours, theirs in zip(draft.indicators, text.indicators, strict=True):
        assert ours == theirs
    assert draft == text
