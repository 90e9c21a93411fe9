"""Reads a plan's appendix from text with TAB between columns: bytes -> rows. Other formats have their own reader."""

from __future__ import annotations

import re
import unicodedata

from documents.appendix.errors import FileTooLarge, TableTooLarge, UnreadableFile
from documents.appendix.rows import Row

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 100_000  # of the whole document
MAX_ROWS = 10_000  # rows of tables; a plan has a few hundred
MAX_COLUMNS = 64
MAX_CELLS = 150_000
MAX_CELL = 20_000  # letters of one cell
_LIMITS = {"rows": MAX_ROWS, "columns": MAX_COLUMNS, "cells": MAX_CELLS}

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n?|\n")
# Words hardly any plan is without. Bytes read with the wrong code page do not spell them by accident.
_USUAL_WORDS = ("chỉ tiêu", "đơn vị", "phòng", "kế hoạch", "tỷ lệ", "tỉ lệ", "cơ quan", "phát triển", "mục tiêu")


def read_rows(data: bytes, *, max_bytes: int = MAX_BYTES) -> list[Row]:
    """Return the rows of a tab-separated text, blank lines left out, with 1-based line numbers.

    Raises FileTooLarge, UnreadableFile or TableTooLarge.
    """
    text = decode(data, max_bytes=max_bytes)
    lines = _LINE_END.split(text)
    if len(lines) > MAX_LINES:
        raise TableTooLarge("lines", len(lines), MAX_LINES, MAX_LINES)
    rows: list[Row] = []
    table_rows = table_cells = 0
    for number, line in enumerate(lines, 1):
        if not line or line.isspace():
            continue
        columns = line.count("\t") + 1
        if columns > 1:
            table_rows, table_cells = table_rows + 1, table_cells + columns
            _check_size(line, number, {"rows": table_rows, "columns": columns, "cells": table_cells})
        rows.append(Row(number, tuple(cell.strip() for cell in line.split("\t")), columns > 1))
    return rows


def decode(data: bytes, *, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of `data` in NFC: UTF-8 with or without a mark, UTF-16 with one, or Windows-1258.

    Raises FileTooLarge, or UnreadableFile with the reason "empty", "format", "binary" or "encoding".
    """
    if len(data) > max_bytes:
        raise FileTooLarge(len(data), max_bytes)
    if not data.strip():
        raise UnreadableFile("empty")
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile("format", name)
    text = _decode(data)
    if _CONTROLS.search(text):
        raise UnreadableFile("binary")
    return unicodedata.normalize("NFC", text)


def _decode(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableFile("encoding", encoding) from error
    if b"\x00" in data:
        raise UnreadableFile("binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_windows(data)


def _decode_windows(data: bytes) -> str:
    """Windows-1258 writes tones as separate marks; it is believed only if it spells the words every plan has."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise UnreadableFile("encoding") from error
    small = text.casefold()
    if sum(word in small for word in _USUAL_WORDS) < 2:
        raise UnreadableFile("encoding")
    return text


def _check_size(line: str, number: int, counts: dict[str, int]) -> None:
    for what, count in counts.items():
        if count > _LIMITS[what]:
            raise TableTooLarge(what, count, _LIMITS[what], number)
    if len(line) > MAX_CELL:
        longest = max(map(len, line.split("\t")))
        if longest > MAX_CELL:
            raise TableTooLarge("cell", longest, MAX_CELL, number)
