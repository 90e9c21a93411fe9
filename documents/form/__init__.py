"""The Excel form: one person's open lines as a workbook to fill in, and the filled workbook back as texts.

Nothing here says what a figure means: the texts of a `documents.form.model.FormReply` go to
`domain.figures.read_reply` as any message does, and its notes, which may say anything, through `domain.figures.screen`.
The ids are a claim, as in any message: whoever acts on one first looks whether its sender owes that line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from documents.appendix.limits import Limits
    from documents.form.model import FormHeader, FormReply
    from documents.form.words import FormWords
    from domain.model import DutyLine

__all__ = ["read_form", "write_form"]


def write_form(lines: Sequence[DutyLine], header: FormHeader, words: FormWords) -> bytes:
    """Write a workbook that asks for the figures of `lines`, a row each in their order.

    The same arguments give the same bytes. Raises ValueError without lines, or for a target that is not assigned.
    """
    from documents.form.write import write

    return write(lines, header, words)


def read_form(data: bytes, limits: Limits | None = None) -> FormReply:
    """Read back a form that was filled in, whatever program saved it and whatever its file is called now.

    Raises NotAForm; FileTooLarge, UnreadableFile or TableTooLarge as for a plan, where "macros" is any macro at all.
    """
    from documents.form.read import FORM_LIMITS, read

    return read(data, limits or FORM_LIMITS)
