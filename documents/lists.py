"""Lists in plain text: a CSV whose first row names its columns, as a spreadsheet saves it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

from documents.appendix.errors import NotATable, TableTooLarge
from documents.appendix.limits import LIMITS, Limits
from documents.appendix.text import decode
from domain.vietnamese import clean, fold

_SEPARATORS = (";", "\t", ",")


def read_list(
    data: bytes, columns: Mapping[str, Sequence[str]], limits: Limits = LIMITS
) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a list as (line, cells by column); empty rows are passed over.

    `columns` says, by the name of each column, what its head may read, whatever its marks and case. Cells are cleaned
    texts and nothing is ever computed. Raises `FileTooLarge`, `UnreadableFile`, `TableTooLarge`, or `NotATable` where
    the first row does not name every column.
    """
    text = decode(data, max_bytes=limits.file_bytes)
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    found: list[tuple[int, dict[str, str]]] = []
    places: dict[str, int] = {}
    before = 0
    try:
        for cells in rows:
            line, before = before + 1, rows.line_num
            if line > limits.rows:
                raise TableTooLarge("rows", line, limits.rows, line)
            if cells and max(map(len, cells)) > limits.cell:
                raise TableTooLarge("cell", max(map(len, cells)), limits.cell, line)
            if not places:
                places = _places(cells, columns)
            elif any(cell.strip() for cell in cells):
                kept = {name: clean(cells[at]) if at < len(cells) else "" for name, at in places.items()}
                found.append((line, kept))
    except csv.Error as error:  # a quote that is never closed
        raise TableTooLarge("cell", csv.field_size_limit(), limits.cell, before + 1) from error
    if not places:
        raise NotATable("no_header")
    return found


def _places(cells: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    heads = [fold(clean(cell)) for cell in cells]
    places = {
        name: at for name, ways in columns.items() for at, head in reversed(list(enumerate(heads))) if head in ways
    }
    if len(places) < len(columns):
        raise NotATable("no_header", 1)
    return places
