"""A sample of `make fuzz`: damaged documents of each format are read or refused by name, and soon."""

from __future__ import annotations

import pytest

from documents.appendix import pdf
from documents.appendix.pdf_pages import answer
from tests.documents import pdf_files
from tests.documents.fuzz import FORMATS, run


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of the PDF library on broken files
def test_damaged_documents_never_break_the_reader(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if format_ == "pdf":
        if pdf_files.font_file() is None:
            pytest.skip("no font with Vietnamese letters to make a PDF with")
        monkeypatch.setattr(pdf, "_ask", answer)
    outcome = run(format_, 20 if format_ == "pdf" else 60, seed=7)
    assert outcome.failures == []
    assert outcome.read
    assert outcome.refused
