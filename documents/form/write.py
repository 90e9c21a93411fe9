"""Writes a form: a table with two columns to fill in, everything else protected, and a mark in every row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from documents.form.layout import COLUMNS, INPUTS, KEYS, mark, printable
from documents.form.model import FormHeader
from documents.form.words import FormWords
from domain.figures import measure_of
from domain.model import DutyLine, Target
from domain.vietnamese import format_date, shorten

# In digits of the usual font; together as wide as fits on an A4 sheet on its side with letters still to be read.
_WIDTHS = {
    "stt": 5,
    "section": 17,
    "name": 46,
    "mark": 8,
    "unit": 11,
    "target": 14,
    "before": 13,
    "figure": 18,
    "note": 28,
}
_FONT, _SIZE, _LINE = "Times New Roman", 12, 16.5  # as in every document of the administration; points
_HIGHEST = 409.0  # points; no program shows a higher row
_TITLE, _PLACE, _DAYS, _GUIDE, _KEYS, _HEADS = range(6)
_FIRST = _HEADS + 1
_LONGEST_HINT, _LONGEST_LIST, _LONGEST_UNIT = 255, 255, 40
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "number": ("no_data",),
    "boolean": ("yes", "no", "no_data"),
    "qualitative": ("yes", "no", "no_data"),
    "task": ("done", "in_progress", "not_started", "no_data"),
}
# What a clerk may still do. Rows of locked cells cannot be sorted or deleted in Excel before the protection is taken
# off, which takes no password; other programs ask less.
_ALLOWED = {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True}


def write(lines: Sequence[DutyLine], header: FormHeader, words: FormWords) -> bytes:
    """Return the workbook. Raises ValueError as `documents.form.write_form`."""
    from xlsxwriter import Workbook

    if not lines:
        raise ValueError("a form without lines asks for nothing")
    asked = [_asked(line, words) for line in lines]
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The program's own clock is asked nowhere below bot/, not even by a library.
    book.set_properties({"title": printable(words.title), "created": datetime.combine(header.made_on, time())})
    formats = _formats(book)
    sheet = book.add_worksheet(shorten(words.sheet, 31))
    _set_up(sheet, words, len(lines))
    _write_head(sheet, header, words, formats)
    for at, (line, options) in enumerate(zip(lines, asked, strict=True)):
        cells = _cells(at + 1, line, header, words)
        sheet.set_row(_FIRST + at, _height(cells))
        for column, name in enumerate(COLUMNS):
            if cells[name]:
                sheet.write_string(_FIRST + at, column, cells[name], formats[name])
            else:
                sheet.write_blank(_FIRST + at, column, None, formats[name])
        sheet.data_validation(_FIRST + at, COLUMNS.index("figure"), _FIRST + at, COLUMNS.index("figure"), options)
    book.close()
    return stream.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    """Return the formats of the cells. All are of text ("@"): no name that begins with "=" becomes a formula when it is
    edited, and no "12/15" a date when it is typed."""
    usual = {"font_name": _FONT, "font_size": _SIZE, "num_format": "@", "text_wrap": True}
    cell = {**usual, "border": 1, "valign": "top"}
    center = {**cell, "align": "center"}
    formats = {
        name: book.add_format(center if name in ("stt", "unit", "target", "before") else cell) for name in COLUMNS
    }
    entry = {**cell, "locked": False, "bg_color": "#FFF8DC"}
    return formats | {
        "figure": book.add_format({**entry, "align": "center", "bold": True}),
        "note": book.add_format(entry),
        "title": book.add_format({**usual, "bold": True, "font_size": 14, "align": "center", "valign": "vcenter"}),
        "line": book.add_format({**usual, "align": "center", "valign": "vcenter"}),
        "guide": book.add_format({**usual, "italic": True, "valign": "vcenter"}),
        "head": book.add_format({**center, "valign": "vcenter", "bold": True, "bg_color": "#D9E2EC"}),
        "input_head": book.add_format({**center, "valign": "vcenter", "bold": True, "bg_color": "#FFE699"}),
        "key": book.add_format({"num_format": "@", "hidden": True}),
    }


def _set_up(sheet: Any, words: FormWords, count: int) -> None:
    """Set widths, protection, print and screen."""
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS[name], None, {"hidden": name == "mark"})
    sheet.protect("", _ALLOWED)
    sheet.freeze_panes(_FIRST, 0)
    sheet.set_selection(_FIRST, COLUMNS.index("figure"), _FIRST, COLUMNS.index("figure"))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADS)
    sheet.set_footer(f"&C{words.page.format(page='&P', pages='&N')}")
    last, note = _FIRST + count - 1, COLUMNS.index("note")
    sheet.print_area(0, 0, last, len(COLUMNS) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{chr(ord('A') + len(COLUMNS) - 1)}{last + 1}"})
    hint = {"validate": "any", "input_title": words.headings["note"][:32], "input_message": _hint(words, "note")}
    sheet.data_validation(_FIRST, note, last, note, hint)


def _write_head(sheet: Any, header: FormHeader, words: FormWords, formats: Mapping[str, Any]) -> None:
    last = len(COLUMNS) - 1
    place = words.place.format(commune=header.commune, agency=header.agency)
    days = words.days.format(
        due=format_date(header.due), cut_off=format_date(header.cut_off), made_on=format_date(header.made_on)
    )
    for row, text, name, height in (
        (_TITLE, words.title, "title", 22.0),
        (_PLACE, place, "line", 17.0),
        (_DAYS, days, "line", 17.0),
        (_GUIDE, words.guide, "guide", 34.0),
    ):
        sheet.set_row(row, height)
        sheet.merge_range(row, 0, row, last, "", formats[name])
        sheet.write_string(row, 0, printable(text), formats[name])
    sheet.set_row(_KEYS, None, None, {"hidden": True})
    for column, (key, name) in enumerate(KEYS.items()):
        sheet.write_string(_KEYS, column, key, formats["key"])
        head = printable(words.headings[name]) if name != "mark" else ""
        sheet.write_string(_HEADS, column, head, formats["input_head" if name in INPUTS else "head"])
    sheet.set_row(_HEADS, 34.0)


def _cells(number: int, line: DutyLine, header: FormHeader, words: FormWords) -> dict[str, str]:
    target = printable(words.target(line.target))
    name = printable(line.indicator)
    before = ""
    if line.id in header.earlier:
        before = words.figure(header.earlier[line.id], line.target)
    elif line.submission_id is not None:
        before = words.figure(line.value, line.target)
    return {
        "stt": str(number),
        "section": printable(line.section),
        "name": name,
        "mark": mark(header.form_id, line.id, name, target),
        "unit": printable(line.target.unit or ""),
        "target": target,
        "before": printable(before),
        "figure": "",
        "note": "",
    }


def _height(cells: Mapping[str, str]) -> float:
    """Return a height that shows every cell of a row whole: not every program measures the rows of a file it opens."""
    lines = max(_lines(text, _WIDTHS[name]) for name, text in cells.items() if name != "mark")
    return min(_HIGHEST, lines * _LINE + 4)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes; a word longer than a line goes on in the next."""
    width = width * 9 // 10  # capitals are wider than digits, and half a line too much is better than one too few
    lines, left = 1, width
    for word in text.split(" "):
        if len(word) > left and left < width:
            lines, left = lines + 1, width
        if len(word) > width:
            lines += math.ceil(len(word) / width) - 1
            left = width - len(word) % width
        left -= len(word) + 1 if len(word) <= width else 0
    return lines


def _asked(line: DutyLine, words: FormWords) -> dict[str, Any]:
    """Return the list and the hint of a cell for a figure.

    The list warns and never forbids: sorting moves cells and leaves the lists where they were, and what somebody would
    rather say in other words is read like any message.
    """
    kind = measure_of(line.target).kind
    choices = [words.label(name) for name in _CHOICES[kind]]
    if any("," in choice for choice in choices) or len(",".join(choices)) > _LONGEST_LIST:
        raise ValueError("the choices of a list are parted by commas and together at most 255 letters")
    return {
        "validate": "list",
        "source": choices,
        "input_title": words.hint_title[:32],
        "input_message": _hint(words, _shape(line.target) if kind == "number" else "choice", line.target, choices),
        "show_error": kind != "number",  # the list of a number holds only what may be said instead of one
        "error_type": "warning",
        "error_title": words.other_title[:32],
        "error_message": shorten(words.other, _LONGEST_HINT),
    }


def _hint(words: FormWords, name: str, target: Target | None = None, choices: Sequence[str] = ()) -> str:
    unit = shorten(printable(target.unit), _LONGEST_UNIT) if target is not None and target.unit else ""
    text = words.hints[name].format(
        unit=f" ({unit})" if unit else "",
        example=words.examples.get(name, ""),
        choices=", ".join(choices[:-1]),
        no_data=words.label("no_data"),
    )
    return shorten(text, _LONGEST_HINT)


def _shape(target: Target) -> str:
    """Return which example fits; never the target itself, for an example must not suggest the answer."""
    if (target.unit or "").startswith("%"):
        return "percent"
    value = target.value
    return "ratio" if isinstance(value, Decimal) and value <= 1 and value != int(value) else "number"
