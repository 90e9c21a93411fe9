"""The Excel form on its way out: the workbook of a person's open lines, made when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from documents.form import write_form
from documents.form.model import FormHeader
from documents.form.words import FormWords, form_words
from domain.model import DutyLine
from handlers.render import environment, label, words, words_of_figure
from storage import duties
from storage.database import Transaction
from storage.values import read_day

if TYPE_CHECKING:
    from handlers.made import Argument


@cache
def words_of_form() -> FormWords:
    """Return the words of a form as people see them."""
    macros: Any = environment().globals
    return form_words(
        words("form")["form"], label=label, target=lambda of: str(macros["target"](of)), figure=words_of_figure
    )


def open_lines(lines: Sequence[DutyLine], due: date | None = None) -> list[DutyLine]:
    """Return the lines that lack a figure: those due on a day, or all."""
    return [line for line in lines if line.status != "reported" and due in (None, line.due)]


async def collect(tx: Transaction, argument: Argument, today: date) -> tuple[FormHeader, list[DutyLine]] | None:
    """Return what the form of a person for a due day is made of; None where no line of it is open any more.

    `argument` has "person", "due" and "id", which of the forms it is.
    """
    lines = open_lines(await duties.lines_of(tx, argument["person"]), read_day(argument["due"]))
    if not lines:
        return None
    header = FormHeader(
        form_id=argument["id"],
        commune=", ".join(dict.fromkeys(line.unit_name for line in lines)),
        agency=", ".join(dict.fromkeys(line.agency for line in lines)),
        due=lines[0].due,
        cut_off=max(line.cut_off or line.due for line in lines),
        made_on=today,
        earlier={line.id: line.previous for line in lines},
    )
    return header, lines


def make(rows: tuple[FormHeader, list[DutyLine]]) -> bytes:
    """Return the workbook."""
    header, lines = rows
    return write_form(lines, header, words_of_form())
