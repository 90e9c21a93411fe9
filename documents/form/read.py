"""Reads a form that was filled in: finds its columns and marks wherever they are now, and believes no row blindly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from documents.appendix.archive import Package
from documents.appendix.errors import FileTooLarge, UnreadableFile
from documents.appendix.formats import office_format, recognise
from documents.appendix.limits import Limits
from documents.form.cells import Cell
from documents.form.errors import NotAForm
from documents.form.layout import HEADS, KEYS, check, is_like_a_mark, read_mark
from documents.form.model import FormProblem, FormReply, FormRow, ProblemCode
from documents.form.sheets import Row, Sheet, read_sheets
from domain.vietnamese import fold

_MB = 1024 * 1024
# A form takes some 20 KB. Pictures somebody pasted into it are not unpacked, so they only make the file longer.
FORM_LIMITS = Limits(
    file_bytes=10 * _MB,
    inflated_bytes=16 * _MB,
    part_bytes=8 * _MB,
    parts=2_000,
    nodes=400_000,
    rows=5_000,
    cells=60_000,
    letters=2_000_000,
)
_LONGEST_FIGURE = 1_000  # the reader of figures asks again for much less
_LONGEST_NOTE = 2_000
_EMPTY = Cell()
_NEEDED = frozenset({"name", "target", "figure"})  # an id is believed only beside the indicator it was written for


@dataclass(frozen=True, slots=True)
class _Found:
    """A row of a form as it stands in a sheet; `line_id` is None where it cannot be believed, and `code` says why."""

    sheet: str
    row: int
    form_id: str
    line_id: int | None
    code: ProblemCode | None
    figure: Cell
    note: str
    check: str = ""

    @property
    def is_answered(self) -> bool:
        return self.figure != _EMPTY or bool(self.note)

    def problem(self, code: ProblemCode, detail: str = "") -> FormProblem:
        """Return a problem with this row."""
        return FormProblem(self.row, code, self.line_id, detail, self.sheet)


def read(data: bytes, limits: Limits) -> FormReply:
    """Return what a form says. Raises as `documents.form.read_form`."""
    found = list(_found(_package(data, limits), limits))
    forms = Counter(row.form_id for row in found if row.form_id)
    if not forms:
        raise NotAForm("no_ids")
    form_id = forms.most_common(1)[0][0]
    rows: list[FormRow] = []
    problems: list[FormProblem] = []
    copies: dict[int, list[_Found]] = {}
    for each in found:
        if each.code is not None:
            # A row nobody filled in is no loss, whatever its mark has become.
            problems += [each.problem(each.code)] if each.is_answered else []
        elif each.form_id != form_id:
            problems += [each.problem("other_form")] if each.is_answered else []
        elif each.line_id is not None:
            copies.setdefault(each.line_id, []).append(each)
    for line_id, same in copies.items():
        _take(line_id, same, rows, problems)
    sheets = list(dict.fromkeys(each.sheet for each in found))

    def place(each: FormRow | FormProblem) -> tuple[int, int]:
        return sheets.index(each.sheet), each.row

    return FormReply(form_id, tuple(sorted(rows, key=place)), tuple(sorted(problems, key=place)))


def _package(data: bytes, limits: Limits) -> Package:
    """Open a workbook without macros, and nothing else."""
    if len(data) > limits.file_bytes:
        raise FileTooLarge(len(data), limits.file_bytes)
    kind = recognise(data)
    if kind != "zip":
        raise UnreadableFile("format", kind)
    package = Package(data, limits)
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in package else b""
    office = office_format(types, package.names)
    if office == "xlsm":
        raise UnreadableFile("macros", office)
    if office != "xlsx":
        raise UnreadableFile("format", office)
    return package


def _found(package: Package, limits: Limits) -> Iterator[_Found]:
    """Yield the rows of the form on the sheets people see; on hidden ones only where there is no other."""
    shown: list[_Found] = []
    hidden: list[_Found] = []
    has_ids = False
    for sheet in read_sheets(package, limits):
        at = _mark_column(sheet)
        if at is None:
            continue
        has_ids = True
        columns = _columns(sheet)
        if columns.keys() >= _NEEDED:
            (shown if sheet.is_visible else hidden).extend(_rows(sheet, {**columns, "mark": at}))
    if has_ids and not shown and not hidden:
        raise NotAForm("no_columns")
    yield from shown or hidden


def _mark_column(sheet: Sheet) -> int | None:
    """Return the column that most marks stand in."""
    places = Counter(
        column for row in sheet.rows.values() for column, cell in row.items() if read_mark(cell.text) is not None
    )
    return places.most_common(1)[0][0] if places else None


def _columns(sheet: Sheet) -> dict[str, int]:
    """Return where the columns of a form are, by the hidden keys, or by the heads where the keys are gone."""
    by_heads: dict[str, int] = {}
    for row in sheet.rows.values():
        keys = {KEYS[cell.text]: column for column, cell in row.items() if cell.text in KEYS}
        if keys.keys() >= _NEEDED:
            return keys
        heads = {
            HEADS[head]: column
            for column, cell in row.items()
            if len(cell.text) < 40 and (head := fold(cell.text)) in HEADS
        }
        if heads.keys() >= _NEEDED and not by_heads:
            by_heads = heads
    return by_heads


def _rows(sheet: Sheet, columns: Mapping[str, int]) -> Iterator[_Found]:
    heads = {line for line, row in sheet.rows.items() if _is_head(row, columns)}
    first = min(heads, default=0)
    for line, row in sorted(sheet.rows.items()):
        if line < first or line in heads:
            continue
        cells = {name: row.get(column, _EMPTY) for name, column in columns.items()}
        figure = cells["figure"]
        note = cells.get("note", _EMPTY)
        text = cells["mark"].text
        form_id, line_id, code = _believe(cells)
        found = read_mark(text)
        if is_like_a_mark(text) or figure != _EMPTY or note != _EMPTY:
            # A date is a fine note; of an error there is nothing to keep.
            said = note.detail if note.problem == "date" else note.text
            yield _Found(sheet.name, line, form_id, line_id, code, figure, said, found.check if found else "")


def _is_head(row: Row, columns: Mapping[str, int]) -> bool:
    """Whether a row holds the keys or the heads: what stands above the first of them is no answer."""
    text = row.get(columns["figure"], _EMPTY).text
    if is_like_a_mark(row.get(columns["mark"], _EMPTY).text):
        return False  # somebody typed the head as an answer
    return text in KEYS or (len(text) < 40 and HEADS.get(fold(text)) == "figure")


def _believe(cells: Mapping[str, Cell]) -> tuple[str, int | None, ProblemCode | None]:
    """Return form and line of a row, or why they cannot be told."""
    text = cells["mark"].text
    found = read_mark(text)
    if found is None:
        return "", None, "unknown_id" if text else "no_id"
    if check(found.form_id, found.line_id, cells["name"].text, cells["target"].text) != found.check:
        return found.form_id, None, "moved"
    return found.form_id, found.line_id, None


def _take(line_id: int, copies: Sequence[_Found], rows: list[FormRow], problems: list[FormProblem]) -> None:
    """Take the answer to a line. Of several copies of its row those that say nothing or the same do not count."""
    answered = [each for each in copies if each.is_answered]
    if len({(each.figure, each.note) for each in answered}) > 1:
        problems += [each.problem("duplicate_id") for each in answered]
        return
    each = (answered or copies)[0]
    text, note = each.figure.text[:_LONGEST_FIGURE], each.note[:_LONGEST_NOTE]
    if each.figure.problem is not None:
        problems.append(each.problem(each.figure.problem, each.figure.detail))
    elif not text:
        problems.append(each.problem("empty"))
    elif text != each.figure.text:
        problems.append(each.problem("too_long"))
    if note != each.note:
        problems.append(each.problem("note_cut"))
    rows.append(FormRow(line_id, each.row, text, note, each.sheet, each.check))
