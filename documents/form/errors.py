"""What can be wrong with a form beyond what can be wrong with any file (`documents.appendix.errors`)."""

from __future__ import annotations

from collections.abc import Mapping


class NotAForm(Exception):
    """The workbook is sound and no form of ours. Values: reason.

    `reason` is "no_ids" (another workbook, or the hidden column is gone) or "no_columns" (the ids are there, but not
    the indicators, their targets or the column for figures).
    """

    code = "not_a_form"

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a form: {reason}")
        self.values: Mapping[str, str] = {"reason": reason}
