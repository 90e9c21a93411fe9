"""The documents of a commune, made from the one summary; where a library is missing, its documents are not offered."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from domain.vietnamese import strip_marks
from handlers.summaries import Summary, printed

Format = Literal["docx", "xlsx", "appendix", "png"]
FORMATS: tuple[Format, ...] = get_args(Format)
_NEEDS: dict[Format, tuple[str, ...]] = {
    "docx": ("docxtpl",),
    "xlsx": ("xlsxwriter",),
    "appendix": ("docx", "openpyxl"),
    "png": ("matplotlib",),
}
_BEGINS = {"docx": "bao-cao", "xlsx": "so-lieu", "appendix": "phu-luc", "png": "bieu-do"}


@dataclass(frozen=True, slots=True)
class Made:
    """A document: its bytes, and the end of its name, ".docx" and the like."""

    data: bytes
    suffix: str


def missing(name: Format) -> list[str]:
    """Return the libraries a format needs and this installation lacks."""
    return [library for library in _NEEDS[name] if importlib.util.find_spec(library) is None]


def build(name: Format, summary: Summary, source: bytes | None = None, template: bytes | None = None) -> Made:
    """Make a document: pure work of up to some seconds, for a thread. `source` is the file of the first plan.

    Raises ImportError where a library is missing, see `missing`.
    """
    report = printed(summary)
    if name == "docx":
        from documents.report.word import write_word

        return Made(write_word(report, template), ".docx")
    if name == "xlsx":
        from documents.report.sheets import write_workbook

        return Made(write_workbook(report), ".xlsx")
    if name == "appendix":
        from documents.report.appendix import fill_appendix

        filled = fill_appendix(report, report.plans[0].id, source)
        return Made(filled.data, filled.suffix)
    from documents.report.pictures import progress

    return Made(progress(report), ".png")


def file_name(name: Format, commune: str, at: datetime, suffix: str) -> str:
    """Return what the file is called: of plain letters, which no messenger and no disk spoils."""
    place = strip_marks(commune).lower().replace(" ", "-")
    plain = "".join(letter for letter in place if letter.isascii() and (letter.isalnum() or letter == "-"))
    return f"{_BEGINS[name]}-{plain}-{at:%Y%m%d-%H%M}{suffix}"
