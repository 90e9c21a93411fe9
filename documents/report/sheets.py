"""The workbook: summary, indicators, history and agencies, with filters, frozen heads, colours and native charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from documents.form.layout import printable
from documents.report.model import Line, Part, Report
from documents.report.word import cells
from domain.status import STATES

# Told apart by people who cannot tell red from green, and every one has its word beside it (Okabe and Ito).
COLOURS = {
    "overdue": "#D55E00",
    "not_met": "#E69F00",
    "at_risk": "#F0E442",
    "unassigned": "#BBBBBB",
    "missing": "#DDDDDD",
    "to_judge": "#56B4E9",
    "met": "#009E73",
}
_TINTS = {
    "overdue": "#F6CCB3",
    "not_met": "#F8E0B3",
    "at_risk": "#FBF7C5",
    "unassigned": "#E8E8E8",
    "missing": "#F2F2F2",
    "to_judge": "#D0E9F8",
    "met": "#B3E2D5",
}
_WIDTHS = {
    "stt": 7, "section": 26, "name": 60, "unit": 13, "target": 15, "result": 15, "percent": 12, "verdict": 18,
    "agency": 28, "due": 12, "reported_at": 14, "note": 50,
}  # fmt: skip


def write_workbook(report: Report) -> bytes:
    """Return the workbook. Texts stay texts, also where they begin with "=", "+", "-" or "@"."""
    from xlsxwriter import Workbook

    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The program's own clock is asked nowhere below bot/, not even by a library.
    book.set_properties({"title": printable(report.commune), "created": report.at.replace(tzinfo=None)})
    _Book(book, report).write()
    book.close()
    return stream.getvalue()


class _Book:
    def __init__(self, book: Any, report: Report) -> None:
        self.book, self.report = book, report
        self.words: Any = report.words["workbook"]
        usual = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        cell = {**usual, "border": 1, "text_wrap": True}
        self.text = book.add_format({**cell, "num_format": "@"})
        self.number = book.add_format({**cell, "num_format": "#,##0.######", "align": "right"})
        self.percent = book.add_format({**cell, "num_format": '0.0" %"', "align": "right"})
        self.moment = book.add_format({**cell, "num_format": "hh:mm dd/mm/yyyy", "align": "center"})
        self.head = book.add_format(
            {**cell, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#D9E2EC"}
        )
        self.title = book.add_format({**usual, "bold": True, "font_size": 14})
        self.plain = book.add_format(usual)
        self.tints = {state: book.add_format({"bg_color": colour}) for state, colour in _TINTS.items()}

    def write(self) -> None:
        self._summary()
        self._indicators()
        self._history()
        self._parts("agencies", self.report.agencies)

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(self.words["sheets"][name])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _put(self, sheet: Any, row: int, column: int, text: str, form: Any) -> None:
        sheet.write_string(row, column, printable(text), form)

    def _heads(self, sheet: Any, row: int, names: Sequence[str]) -> None:
        for column, name in enumerate(names):
            self._put(sheet, row, column, self.words["headings"][name], self.head)

    def _summary(self) -> None:
        sheet, counts = self._sheet("summary"), self.report.counts
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 8, 13)
        at = self.report.at
        title = self.words["title"].format(commune=self.report.commune)
        title += f", {self.report.period}" if self.report.period else ""
        self._put(sheet, 0, 0, title, self.title)
        self._put(sheet, 1, 0, self.words["as_of"].format(time=f"{at:%H:%M}", day=f"{at:%d/%m/%Y}"), self.plain)
        rows = ("total", "reported", "met", "not_met", "at_risk", "to_judge", "missing", "overdue", "unassigned")
        self._heads(sheet, 3, ("what", "count"))
        for at_row, name in enumerate(rows, 4):
            self._put(sheet, at_row, 0, self.words["counts"][name], self.text)
            sheet.write_number(at_row, 1, getattr(counts, name), self.number)
        first = 4 + len(rows)
        for at_row, (name, share) in enumerate(
            (("completeness", counts.completeness), ("result", counts.result)), first
        ):
            self._put(sheet, at_row, 0, self.words["counts"][name], self.text)
            sheet.write_number(at_row, 1, float(share), self.percent)
        start = first + 4
        self._table_of_parts(sheet, start, self.report.sections)
        self._chart(sheet, start, len(self.report.sections), start + len(self.report.sections) + 2)

    def _table_of_parts(self, sheet: Any, start: int, parts: Sequence[Part]) -> None:
        names = ("total", "reported", "met", "not_met", "to_judge", "missing", "overdue", "unassigned")
        self._heads(sheet, start, ("part", *names))
        for row, part in enumerate(parts, start + 1):
            self._put(sheet, row, 0, part.name, self.text)
            for column, name in enumerate(names, 1):
                sheet.write_number(row, column, getattr(part.counts, name), self.number)

    def _chart(self, sheet: Any, start: int, count: int, row: int) -> None:
        if not count:
            return
        chart = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        name = sheet.get_name()
        series = (("met", 3), ("not_met", 4), ("to_judge", 5), ("missing", 6), ("unassigned", 8))
        for state, column in series:
            chart.add_series(
                {
                    "name": self.words["headings"][state],
                    "categories": [name, start + 1, 0, start + count, 0],
                    "values": [name, start + 1, column, start + count, column],
                    "fill": {"color": COLOURS[state]},
                    "gap": 60,
                }
            )
        chart.set_title({"name": self.words["chart"], "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 620, "height": 300})
        sheet.insert_chart(row, 0, chart)

    def _indicators(self) -> None:
        sheet, lines = self._sheet("indicators"), self.report.lines
        names = tuple(_WIDTHS)
        self._heads(sheet, 0, names)
        for column, width in enumerate(_WIDTHS.values()):
            sheet.set_column(column, column, width)
        for row, line in enumerate(lines, 1):
            self._indicator(sheet, row, line, names)
        last = max(len(lines), 1)
        sheet.autofilter(0, 0, last, len(names) - 1)
        sheet.freeze_panes(1, 3)
        sheet.repeat_rows(0)
        verdict = names.index("verdict")
        for state in STATES:
            word = printable(self.report.words["states"][state]).replace('"', '""')
            sheet.conditional_format(
                1, verdict, last, verdict,
                {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": self.tints[state]},
            )  # fmt: skip

    def _indicator(self, sheet: Any, row: int, line: Line, names: Sequence[str]) -> None:
        texts = {**cells(line), "section": line.section, "due": line.due, "reported_at": line.reported_at}
        for column, name in enumerate(names):
            if name == "result" and line.value is not None and len(line.value.as_tuple().digits) <= 15:
                sheet.write_number(row, column, float(line.value), self.number)
            elif name == "percent":
                share = _percent(line)
                if share is None:
                    sheet.write_blank(row, column, None, self.text)
                else:
                    sheet.write_number(row, column, share, self.percent)
            elif texts[name]:
                self._put(sheet, row, column, texts[name], self.text)
            else:
                sheet.write_blank(row, column, None, self.text)

    def _history(self) -> None:
        sheet, lines = self._sheet("history"), self.report.history
        names = ("at", "name", "agency", "result", "unit", "verdict", "person", "counts")
        self._heads(sheet, 0, names)
        for column, width in enumerate((18, 60, 28, 15, 13, 18, 24, 12)):
            sheet.set_column(column, column, width)
        for row, line in enumerate(lines, 1):
            moment: datetime = line.at.replace(tzinfo=None)
            sheet.write_datetime(row, 0, moment, self.moment)
            for column, name in enumerate(names[1:], 1):
                if name == "result" and line.value is not None:
                    sheet.write_number(row, column, float(line.value), self.number)
                else:
                    self._put(sheet, row, column, getattr(line, name), self.text)
        sheet.autofilter(0, 0, max(len(lines), 1), len(names) - 1)
        sheet.freeze_panes(1, 0)

    def _parts(self, name: str, parts: Sequence[Part]) -> None:
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 8, 13)
        self._table_of_parts(sheet, 0, parts)
        sheet.autofilter(0, 0, max(len(parts), 1), 8)
        sheet.freeze_panes(1, 1)
        self._chart(sheet, 0, len(parts), len(parts) + 2)


def _percent(line: Line) -> float | None:
    """Return the share of the target that is reached, where more is better and the target is a number above 0."""
    if line.value is None or not line.wanted or line.target.startswith(("≤", "<")):
        return None
    return round(float(line.value / line.wanted) * 100, 1)
