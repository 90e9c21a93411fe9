"""Reads the appendix of a plan: a file's bytes -> a draft of the plan with the questions a person must answer."""

from __future__ import annotations

from domain.drafts import PlanDraft

__all__ = ["read_plan"]


def read_plan(data: bytes, name: str, *, year: int | None = None) -> PlanDraft:
    """Read the appendix of a plan from the bytes of a file.

    `name` is kept as the source's name and never interpreted. `year` is the plan's year where the document does not
    say. Raises an AppendixError: FileTooLarge, UnreadableFile, TableTooLarge, NotATable or YearNotFound.
    """
    import hashlib

    from documents.appendix.interpret import interpret
    from documents.appendix.text import read_rows

    return interpret(read_rows(data), name, hashlib.sha256(data).hexdigest(), year=year)
