"""Places the cells of a table whose rows are divided differently: one column for one column, whatever was dragged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Position = float


@dataclass(slots=True)
class Cell:
    """A cell with where it starts; `continues` says that it is merged with the cell above."""

    start: Position
    text: str
    continues: bool = False


def place(rows: Sequence[Sequence[Cell]]) -> list[tuple[list[str], list[tuple[int, str]]]]:
    """Return for each row its cells by column, and the columns that reach down from above with their words.

    The usual division decides: rows with as many cells as most rows are taken in order, others by position.
    """
    starts = _usual_starts(rows)
    placed: list[tuple[list[str], list[tuple[int, str]]]] = []
    reaching: dict[int, str] = {}
    for row in rows:
        texts = [""] * len(starts)
        from_above: list[tuple[int, str]] = []
        columns = range(len(row)) if len(row) == len(starts) else _nearest(row, starts)
        now: dict[int, str] = {}
        for cell, column in zip(row, columns, strict=True):
            if cell.continues:
                text = reaching.get(column, "")
                now[column] = text
                from_above.append((column, text))
                continue
            texts[column] = f"{texts[column]} {cell.text}" if texts[column] else cell.text
            now[column] = texts[column]
        reaching = now
        placed.append((texts, from_above))
    return placed


def _usual_starts(rows: Sequence[Sequence[Cell]]) -> tuple[Position, ...]:
    counts = Counter(len(row) for row in rows if row)
    if not counts:
        return ()
    # Headings merged over the whole width may be most rows; the most cells that several rows agree on decide.
    agreed = [size for size, often in counts.items() if often * 8 >= len(rows)] or list(counts)
    size = max(agreed)
    starts = Counter(tuple(cell.start for cell in row) for row in rows if len(row) == size)
    return starts.most_common(1)[0][0]


def _nearest(row: Sequence[Cell], starts: Sequence[Position]) -> list[int]:
    columns: list[int] = []
    for cell in row:
        least = min(columns[-1] + 1, len(starts) - 1) if columns else 0
        columns.append(min(range(least, len(starts)), key=lambda at: abs(starts[at] - cell.start)))
    return columns
