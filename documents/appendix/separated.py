"""Reads tables in plain text: TAB, Markdown pipes, CSV with commas or semicolons. The content tells which."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import islice

from documents.appendix.columns import is_header
from documents.appendix.errors import TableTooLarge
from documents.appendix.gather import Gather
from documents.appendix.limits import LIMITS, Limits
from documents.appendix.rows import Row, plain
from documents.appendix.text import decode, split_tabs

_LOOKED_AT = 2_000  # lines with a separator, in search of the head of a table
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^\|?[\s:|\-]*-[\s:|\-]*\|?$")  # |---|:-:|
_LINE_END = re.compile(r"\r\n?|\n")


def read_rows(data: bytes, limits: Limits = LIMITS) -> list[Row]:
    """Return the rows of a text, with 1-based line numbers. Raises FileTooLarge, UnreadableFile or TableTooLarge."""
    text = decode(data, max_bytes=limits.file_bytes)
    count = text.count("\n") + text.count("\r") - text.count("\r\n") + 1
    if count > limits.lines:
        raise TableTooLarge("lines", count, limits.lines, limits.lines)
    lines = _LINE_END.split(text)
    if _has_head(line.split("\t") for line in lines if "\t" in line):
        return split_tabs(lines, limits)
    if _has_head(_pipe_cells(line) for line in lines if "|" in line):
        return _markdown(lines, limits)
    for separator in (";", ","):
        if separator in text and _has_head(_records(text, separator, limits, until=_LOOKED_AT)):
            return _csv(text, separator, limits)
    return split_tabs(lines, limits)


def _has_head(rows: Iterable[Sequence[str]]) -> bool:
    return any(is_header([plain(cell) for cell in cells]) for cells in islice(rows, _LOOKED_AT)
               if len(cells) > 1 and max(map(len, cells)) < 600)  # fmt: skip


def _pipe_cells(line: str) -> list[str]:
    line = line.strip()
    cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line)]
    # The pipes at both ends frame the row; either may be missing.
    return cells[line.startswith("|") : len(cells) - (line.endswith("|") and len(cells) > 1)]


def _markdown(lines: Sequence[str], limits: Limits) -> list[Row]:
    gather = Gather(limits)
    for number, line in enumerate(lines, 1):
        if "|" not in line:
            gather.paragraph(line.strip().lstrip("#>").strip(), number)
        elif not _RULE.match(line.strip()):
            gather.table_row(_pipe_cells(line), 1, number)
    return gather.rows


def _csv(text: str, separator: str, limits: Limits) -> list[Row]:
    records = list(_numbered(text, separator, limits))
    width = next(len(cells) for _, cells in records if is_header([plain(cell) for cell in cells]))
    gather = Gather(limits)
    headed = False
    for number, cells in records:
        headed = headed or is_header([plain(cell) for cell in cells])
        if len(cells) == 1 or (not headed and len(cells) != width):
            # A sentence above the table may hold the separator too.
            gather.paragraph(separator.join(cells), number)
        else:
            gather.table_row(cells, 1, number)
    return gather.rows


def _records(text: str, separator: str, limits: Limits, until: int) -> Iterable[Sequence[str]]:
    try:
        yield from (cells for _, cells in islice(_numbered(text, separator, limits), until))
    except TableTooLarge:
        return  # with this separator it is no table


def _numbered(text: str, separator: str, limits: Limits) -> Iterable[tuple[int, list[str]]]:
    """Yield each record with the line it begins on."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    begin = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The only thing left to fail is a quote that is never closed.
            raise TableTooLarge("cell", csv.field_size_limit(), limits.cell, begin) from error
        if cells and max(map(len, cells)) > limits.cell:
            raise TableTooLarge("cell", max(map(len, cells)), limits.cell, begin)
        yield begin, cells
        begin = reader.line_num + 1
