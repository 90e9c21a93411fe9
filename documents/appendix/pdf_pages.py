"""The pages of a PDF -> lines and tables. Runs as a process of its own, started by `documents.appendix.pdf`."""

from __future__ import annotations

import json
import logging
import signal
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from types import FrameType
from typing import Any

from documents.appendix.errors import AppendixError, TableTooLarge, UnreadableFile
from documents.appendix.limits import Limits

PrintedRow = tuple[list[str], int, list[tuple[int, str]]]  # cells, table (0: a line), (column, words) from above
Box = tuple[float, float, float, float]  # left, top, right, bottom
Word = dict[str, Any]

_MAX_CONTENT = 1024 * 1024  # bytes of drawing instructions of one page; a full table takes a tenth
_MAX_CHARACTERS = 40_000  # of one page
_MAX_LINES = 8_000  # drawn on one page
_SAME = 3.0  # points between edges that are one edge, and between the heights of words on one line
_TIMED = sys.platform != "win32"  # there only the whole is timed
_FEW_LETTERS = 20  # on a page: stamps and page numbers of a scan
_AVERAGE = 5  # pages together may take this part of what one of them may; a real page takes a twentieth


class _Overdue(BaseException):
    """Raised inside the library by a timer; no Exception, which it might catch."""


def main() -> None:
    """Read a PDF from standard input and write its rows, or why there are none, to standard output as JSON."""
    limits = Limits(**json.loads(sys.argv[1]))
    _bound(limits)
    logging.disable(logging.CRITICAL)
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read(), limits)))


def answer(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return {"rows": …}, {"reason": …} of an UnreadableFile, or {"too_large": […]} of a TableTooLarge."""
    before = signal.signal(signal.SIGVTALRM, _overdue) if _TIMED else None
    try:
        return {"rows": read_pages(data, limits)}
    except _Overdue:
        return {"reason": "too_slow"}
    except UnreadableFile as error:
        return {"reason": error.values["reason"]}
    except TableTooLarge as error:
        return {"too_large": [error.values[name] for name in ("what", "count", "limit", "line")]}
    finally:
        if _TIMED:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)


def read_pages(data: bytes, limits: Limits) -> list[PrintedRow]:
    """Return what the pages print. Raises UnreadableFile or TableTooLarge, whatever is in `data`."""
    try:
        return list(_read(data, limits))
    except AppendixError:
        raise
    except MemoryError as error:
        raise UnreadableFile("bomb", "pdf") from error
    except Exception as error:
        # The library fails on broken files in every way Python knows.
        names = {type(part).__name__ for part in (error, *error.args, error.__cause__, error.__context__)}
        locked = names & {"PDFPasswordIncorrect", "PDFEncryptionError"}
        raise UnreadableFile("password" if locked else "damaged", "pdf") from error


def _bound(limits: Limits) -> None:
    """Let the system stop this process where Python cannot; Windows has no such limits."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        seconds = int(limits.pdf_seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_DATA, (limits.pdf_memory, limits.pdf_memory))


def _give_time(page_seconds: float, more: float) -> None:
    """Give the next page `more` seconds and what the pages before left over, where `answer` waits for the end."""
    if _TIMED and signal.getsignal(signal.SIGVTALRM) is _overdue:
        left, _ = signal.getitimer(signal.ITIMER_VIRTUAL)
        signal.setitimer(signal.ITIMER_VIRTUAL, min(page_seconds, left + more))


def _overdue(_signal: int, _frame: FrameType | None) -> None:
    raise _Overdue


def _read(data: bytes, limits: Limits) -> Iterator[PrintedRow]:
    import pdfplumber

    letters = unknown = tables = rows = 0
    _give_time(limits.pdf_page_seconds, limits.pdf_page_seconds)
    with pdfplumber.open(BytesIO(data)) as document:
        pages = document.pages
        if len(pages) > limits.pdf_pages:
            raise TableTooLarge("pages", len(pages), limits.pdf_pages, len(pages))
        for number, page in enumerate(pages, 1):
            # One heavy page is read, a hundred of them would take minutes.
            _give_time(limits.pdf_page_seconds, limits.pdf_page_seconds / _AVERAGE)
            _check_page(page, number)
            letters += sum(not char["text"].isspace() for char in page.chars)
            unknown += sum(char["text"].startswith("(cid:") for char in page.chars)
            printed = _page_rows(page, limits)
            rows += len(printed)
            if rows > limits.lines:
                raise TableTooLarge("lines", rows, limits.lines, rows)
            for cells, table, from_above in printed:
                yield cells, tables + table if table else 0, from_above
            tables += max((table for _, table, _ in printed), default=0)
            page.close()
    if letters <= _FEW_LETTERS * len(pages):
        raise UnreadableFile("scanned", "pdf")
    if unknown * 5 > letters:
        raise UnreadableFile("no_letters", "pdf")


def _check_page(page: Any, number: int) -> None:
    size = 0
    for content in page.page_obj.contents:
        stream = content.resolve() if hasattr(content, "resolve") else content
        size += len(stream.get_data()) if hasattr(stream, "get_data") else 0
    if size > _MAX_CONTENT:
        raise TableTooLarge("page", size, _MAX_CONTENT, number)
    characters, lines = len(page.chars), len(page.lines) + len(page.rects) + len(page.curves)
    if characters > _MAX_CHARACTERS or lines > _MAX_LINES:
        raise TableTooLarge("page", characters + lines, _MAX_CHARACTERS + _MAX_LINES, number)


def _page_rows(page: Any, limits: Limits) -> list[PrintedRow]:
    """Return the rows of a page from top to bottom; its tables are numbered from 1."""
    words: list[Word] = page.extract_words(x_tolerance_ratio=0.15, y_tolerance=_SAME)
    found: list[tuple[float, list[PrintedRow]]] = []
    tables = sorted(page.find_tables(), key=lambda table: (table.bbox[1], table.bbox[0]))
    for number, table in enumerate(tables, 1):
        left, top, right, bottom = table.bbox
        inside = [word for word in words if left <= _middle(word)[0] <= right and top <= _middle(word)[1] <= bottom]
        found.append((top, _table_rows(table.cells, inside, number, limits)))
        taken = set(map(id, inside))
        words = [word for word in words if id(word) not in taken]
    found += [(line[0]["top"], [([_text(line)], 0, [])]) for line in _lines(words)]
    return [row for _, rows in sorted(found, key=lambda part: part[0]) for row in rows]


def _table_rows(boxes: Sequence[Box], words: Sequence[Word], number: int, limits: Limits) -> list[PrintedRow]:
    lefts, tops = _edges([box[0] for box in boxes]), _edges([box[1] for box in boxes])
    if len(lefts) > limits.columns * 2 or len(tops) > limits.rows:
        raise TableTooLarge("columns" if len(lefts) > limits.columns * 2 else "rows", len(lefts), limits.columns, 1)
    rows: list[PrintedRow] = [([""] * len(lefts), number, []) for _ in tops]
    held: dict[Box, list[Word]] = {box: [] for box in boxes}
    owner = {(_at(tops, box[1]), _at(lefts, box[0])): box for box in boxes}
    for word in words:
        x, y = _middle(word)
        box = _holding(owner, _at(tops, y), _at(lefts, x), (x, y))
        if box is not None:
            held[box].append(word)
    for box, inside in held.items():
        first, last, column = _at(tops, box[1]), _at(tops, box[3] - 2 * _SAME), _at(lefts, box[0])
        text = " ".join(_text(line) for line in _lines(inside))
        rows[first][0][column] = text
        for below in range(first + 1, last + 1):
            rows[below][2].append((column, text))
    return rows


def _holding(owner: dict[tuple[int, int], Box], row: int, column: int, point: tuple[float, float]) -> Box | None:
    """Return the cell a point lies in: the one that starts there, or one merged from the left or from above."""
    for up in range(row, -1, -1):
        for back in range(column, -1, -1):
            box = owner.get((up, back))
            if box is not None and box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]:
                return box
    return None


def _edges(values: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SAME:
            edges.append(value)
    return edges


def _at(edges: Sequence[float], value: float) -> int:
    return max(bisect_right(edges, value + _SAME / 2) - 1, 0)


def _middle(word: Word) -> tuple[float, float]:
    return (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Return words as lines, from top to bottom and left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (_middle(word)[1], word["x0"])):
        if lines and abs(_middle(lines[-1][0])[1] - _middle(word)[1]) <= _SAME:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word["x0"]) for line in lines]


def _text(line: Sequence[Word]) -> str:
    return " ".join(word["text"] for word in line)
