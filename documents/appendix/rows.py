"""What every reader of a format hands to the interpreter: rows of printed cells, in the order of the document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.vietnamese import clean

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,9})(?:\s[^<>]{0,300})?/?>")
_RAISED = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>", re.IGNORECASE)
_MEASURE = re.compile(r"(?:^|[\s/\d(])[kdcm]?m$")
_DOTTED = re.compile(r"[.…_ ]+")  # a place left open
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "td"})
_MATH = re.compile(r"\$([^$]{0,300})\$")
_COMMANDS = {
    "geqslant": "≥", "geq": "≥", "ge": "≥", "leqslant": "≤", "leq": "≤", "le": "≤", "gt": ">", "lt": "<",
    "approx": "≈", "times": "×", "div": "÷", "quad": " ", "to": "-",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]{1,12}|[%$&_#{} ,;()\[\]])")
_SPACES = frozenset(" ,;()[]")  # "\\," is a narrow space, "\\(" and "\\)" frame a formula
_TEXT = re.compile(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]{0,200})\}")
_STARS = re.compile(r"\*{1,3}|(?<![\w])_{2}|_{2}(?![\w])")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a document: a table row, or a paragraph, which has one cell.

    `line` counts from 1 and is what a person finds again in the file: the line of a text, the row of a sheet, the
    running number of paragraphs and rows in a Word or PDF file. `cells` keep the print, markup included; a cell
    merged over several columns stands in the first of them. `in_table` tells a row from a paragraph, `table` one
    table of the file from the next. A cell merged over several rows stands in the first of them; below, `from_above`
    holds its column and its words, because to a head or a heading it does not belong, but to an indicator it does.
    """

    line: int
    cells: tuple[str, ...]
    in_table: bool = True
    table: int = 1
    from_above: tuple[tuple[int, str], ...] = ()

    @property
    def whole(self) -> tuple[str, ...]:
        """Return the cells with those merged from rows above filled in."""
        if not self.from_above:
            return self.cells
        cells = list(self.cells)
        for index, text in self.from_above:
            if index < len(cells) and not cells[index]:
                cells[index] = text
        return tuple(cells)


def plain(cell: str) -> str:
    """Return the words of a printed cell: no HTML, Markdown or LaTeX markup, in NFC, white space collapsed."""
    text = cell
    if "<" in text:
        text = _RAISED.sub(lambda m: raised(text[max(m.start() - 4, 0) : m.start()], m[1]), text)
        text = _TAG.sub(lambda m: " " if m[2].lower() in _BREAKS else "", text)
    if "&" in text and ";" in text:
        import html  # its table of entities is not worth loading for the plans without one

        text = html.unescape(text)
    if "\\" in text or "$" in text:
        text = _plain_math(text)
    if "*" in text or "__" in text:
        text = _STARS.sub("", text)
    text = clean(text)
    return "" if _DOTTED.fullmatch(text) else text


def is_bold(cell: str) -> bool:
    """Whether the whole print of a cell is marked bold."""
    text = cell.strip()
    return text.startswith(("<b>", "<strong>", "**"))


def raised(before: str, text: str) -> str:
    """Return small raised letters as they are to be read after `before`.

    The mark of a footnote must not become a digit of the figure it stands at; in "m2" it belongs to the unit.
    """
    mark = text.strip()
    return f" ({mark})" if mark.isdecimal() and not _MEASURE.search(before[-4:]) else text


def _command(match: re.Match[str]) -> str:
    word = match[1]
    return " " if word in _SPACES else _COMMANDS.get(word, match[0] if word.isalpha() else word)


def _plain_math(text: str) -> str:
    text = _MATH.sub(lambda m: m[1] if re.search(r"[\\<>=≥≤%0-9]", m[1]) else m[0], text)
    text = _TEXT.sub(r"\1", text)
    # "≥70" and "≥ 70" are one print; the space LaTeX sets around a relation is written out.
    text = _COMMAND.sub(_command, text)
    return re.sub(r"([<>])(?=\d)", r"\1 ", text)
