"""Reads the appendix of a plan: a file's bytes -> a draft of the plan with the questions a person must answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.drafts import PlanDraft

if TYPE_CHECKING:
    from documents.appendix.limits import Limits
    from documents.appendix.rows import Row

__all__ = ["read_plan"]


def read_plan(data: bytes, name: str, *, year: int | None = None, limits: Limits | None = None) -> PlanDraft:
    """Read the appendix of a plan from the bytes of a Word file, a workbook, a PDF or a text.

    The content says what the file is; `name` is kept as the source's name and only held to its extension. `year` is
    the plan's year where the document does not say. Raises an AppendixError: FileTooLarge, UnreadableFile,
    TableTooLarge, NotATable, FormNotPlan or YearNotFound.
    """
    import hashlib

    from documents.appendix.interpret import interpret
    from documents.appendix.limits import LIMITS

    rows = _read_rows(data, name, limits or LIMITS)
    return interpret(rows, name, hashlib.sha256(data).hexdigest(), year=year)


def _read_rows(data: bytes, name: str, limits: Limits) -> Sequence[Row]:
    """Choose the reader. Each brings its own libraries, which are not loaded for the other formats."""
    from documents.appendix.errors import FileTooLarge
    from documents.appendix.formats import check_name, office_format, recognise

    if len(data) > limits.file_bytes:
        raise FileTooLarge(len(data), limits.file_bytes)
    found = recognise(data)
    if found == "zip":
        from documents.appendix.archive import Package

        package = Package(data, limits)
        types = package.read("[Content_Types].xml") if "[Content_Types].xml" in package else b""
        office = office_format(types, package.names)
        check_name(name, office)
        if office in ("docx", "docm"):
            from documents.appendix import word

            return word.read_rows(package, limits)
        from documents.appendix import workbook

        return workbook.read_rows(package, limits)
    check_name(name, "pdf" if found == "pdf" else "text")
    if found == "pdf":
        from documents.appendix import pdf

        return pdf.read_rows(data, limits)
    from documents.appendix import separated

    return separated.read_rows(data, limits)
