"""How much of a file is read before it is refused as no plan: one set of numbers for every format."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a file may hold. A real plan has a few hundred rows and takes a hundredth of each.

    `file_bytes` is the file as sent, `inflated_bytes` what is unpacked of it, `part_bytes` one part of it, `ratio`
    unpacked to packed of a part over a megabyte, `parts` the files in an archive and `nodes` the tags and attributes
    of one part. `lines` counts the whole document, `rows` and `cells` its tables, `columns` one row and `cell` the
    letters of one cell, `letters` of all of them together: one long text may stand in a file once and be named by every
    cell. A PDF is read in a process of its own, bound by `pdf_pages`, `pdf_page_seconds` (of work on
    the heaviest page; a fifth of it on the average page), `pdf_seconds` (by the clock, for all of it) and `pdf_memory`
    (bytes).
    """

    file_bytes: int = 20 * _MB
    inflated_bytes: int = 48 * _MB
    part_bytes: int = 24 * _MB
    ratio: int = 250
    parts: int = 5_000
    nodes: int = 1_000_000
    lines: int = 100_000
    rows: int = 10_000
    columns: int = 64
    cells: int = 150_000
    cell: int = 20_000
    letters: int = 4_000_000
    pdf_pages: int = 100
    pdf_page_seconds: float = 1.0
    pdf_seconds: float = 20.0
    pdf_memory: int = 256 * _MB


LIMITS = Limits()
