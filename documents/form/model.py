"""What goes into a form, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from domain.model import FigureValue

ProblemCode = Literal[
    "empty",  # no figure; a note may stand there all the same
    "date",  # the program made a date of what was typed; `detail` is that date
    "error_value",  # #REF! and the like; `detail` is which
    "no_value",  # a formula nobody has calculated
    "too_long",  # more than a figure is; cut
    "note_cut",  # the note is longer than is kept; cut
    "no_id",  # something typed in a row that is none of the form's
    "unknown_id",  # the hidden id is no id
    "moved",  # the hidden id belongs to another indicator than the row names
    "other_form",  # the row comes from another form than most of its neighbours
    "duplicate_id",  # a line answered twice, and differently
]
PROBLEM_CODES: frozenset[str] = frozenset(get_args(ProblemCode))
_FORM_ID = re.compile(r"[A-Za-z0-9]{1,40}")


@dataclass(frozen=True, slots=True)
class FormHeader:
    """What stands above the table, and the id of this form. Raises ValueError for an id that is not [A-Za-z0-9]{1,40}.

    `due` is the day the figures are due, `cut_off` the day they are to be of. `earlier` holds the figures of the period
    before by the id of their line, None for "no figure yet"; a line that is not there shows the newest figure it has.
    """

    form_id: str
    commune: str
    agency: str
    due: date
    cut_off: date
    made_on: date
    earlier: Mapping[int, FigureValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _FORM_ID.fullmatch(self.form_id):
            raise ValueError("the id of a form is of plain letters and digits")


@dataclass(frozen=True, slots=True)
class FormRow:
    """What somebody wrote for a line: `text` as they would have typed it in a chat, or "" where there is none to read.

    `check` binds it to the indicator and the target it was written for; see `documents.form.layout.check`. `row` and
    `sheet` are where a person finds it again. Each line stands in a reply once.
    """

    line_id: int
    row: int
    text: str
    note: str
    sheet: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class FormProblem:
    """Why a row needs a person. `line_id` is None where it is not known for certain which line the row answers."""

    row: int
    code: ProblemCode
    line_id: int | None = None
    detail: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class FormReply:
    """A form read back, rows and problems from top to bottom.

    Lines whose row was deleted are in neither; a line whose row cannot be believed ("moved", "duplicate_id" …) is only
    in `problems`.
    """

    form_id: str
    rows: tuple[FormRow, ...]
    problems: tuple[FormProblem, ...] = ()
