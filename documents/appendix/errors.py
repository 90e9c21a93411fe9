"""What can be wrong with a file of a plan, or with an answer to a question about it.

Every error has a stable `code` and its `values`, from which a template words it for people; str() is for logs.
"""

from __future__ import annotations

from collections.abc import Mapping

Value = str | int | tuple[str, ...]


class AppendixError(Exception):
    """Anything that keeps a plan from being read. `code` names the error, `values` its particulars."""

    code = "appendix_error"

    def __init__(self, message: str, **values: Value) -> None:
        super().__init__(message)
        self.values: Mapping[str, Value] = values


class FileTooLarge(AppendixError):
    """The file has more bytes than are read. Values: size, limit."""

    code = "file_too_large"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the file has {size} bytes, the limit is {limit}", size=size, limit=limit)


class UnreadableFile(AppendixError):
    """The bytes are nothing that can be read. Values: reason, detail (the format or encoding, or "").

    `reason` is "empty", "binary", "encoding"; "format" (known, but not read), "wrong_extension" (`detail` is what the
    file really is), "damaged", "password", "macros" (hidden behind the name of a file without), "entities", "bomb",
    "scanned", "no_letters" (a PDF whose letters cannot be told), "embedded" (the table is another program's object),
    "too_slow" or "no_pdf_reader".
    """

    code = "unreadable_file"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"unreadable file: {reason}{f' ({detail})' if detail else ''}", reason=reason, detail=detail)


class NotATable(AppendixError):
    """No table of indicators was found. Values: reason ("no_header", "no_indicators"), line of the header or 0."""

    code = "not_a_table"

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(f"no table of indicators: {reason}", reason=reason, line=line)


class FormNotPlan(AppendixError):
    """The table is a form still to be filled in: an empty column for results, and no targets. Values: line."""

    code = "form_not_plan"

    def __init__(self, line: int) -> None:
        super().__init__(f"a form with an empty column for results at line {line}", line=line)


class TableTooLarge(AppendixError):
    """A table is beyond what a plan can be.

    Values: what ("lines", "rows", "columns", "cells", "cell", "letters"; of a PDF also "page" and "pages"), count,
    limit, line (of "page" and "pages" the number of the page).
    """

    code = "table_too_large"

    def __init__(self, what: str, count: int, limit: int, line: int) -> None:
        message = f"too large at line {line}: {count} {what}, the limit is {limit}"
        super().__init__(message, what=what, count=count, limit=limit, line=line)


class YearNotFound(AppendixError):
    """Neither the document nor the caller says which year the plan is for."""

    code = "year_not_found"

    def __init__(self) -> None:
        super().__init__("the plan's year is not printed and was not given")


class UnknownQuestion(AppendixError):
    """An answer was given to a question that is not open. Values: question."""

    code = "unknown_question"

    def __init__(self, question: str) -> None:
        super().__init__(f"there is no open question {question!r}", question=question)


class BadAnswer(AppendixError):
    """An answer does not fit its question. Values: question, kind, answer, reason, proposals (texts to choose from).

    `reason` is "not_a_date", "date_out_of_range", "not_an_agency", "mistyped_agency" (`proposals` is the name most
    likely meant), "not_addressable", "not_a_unit", "not_a_target" or "not_a_choice".
    """

    code = "bad_answer"

    def __init__(self, question: str, kind: str, answer: str, reason: str, proposals: tuple[str, ...]) -> None:
        allowed = ", ".join(f"{number} = {text}" for number, text in enumerate(proposals, 1)) or "free text"
        super().__init__(
            f"question {question} ({kind}): {answer!r} is {reason}; allowed: {allowed}, or to leave it for later",
            question=question,
            kind=kind,
            answer=answer,
            reason=reason,
            proposals=proposals,
        )
