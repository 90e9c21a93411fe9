"""Reading: plain figures, whole plans, and a workbook far larger than any plan."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from benchmarks.measures import Measure, best_time
from documents.appendix import read_plan
from documents.form import read_form, write_form
from documents.samples import VU_DUONG, vu_duong
from domain.figures import Measure as FigureMeasure
from domain.figures import read_reply
from tests.documents import forms, office

_ROWS = 5_000
_HEAD = ["STT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"]
# A process of its own, for memory once taken is not seen to be given back. Kilobytes, but bytes on macOS.
_CHILD = """
import resource, sys, time
from documents.appendix import read_plan
data = open(sys.argv[1], "rb").read()
started = time.perf_counter()
count = len(read_plan(data, sys.argv[1], year=2026).indicators)
seconds = time.perf_counter() - started
print(count, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""

_PERCENT = FigureMeasure("number", "%", ">=", Decimal(70))
_COUNT = FigureMeasure("number", "Sản phẩm", ">=", Decimal(30))
_PLAIN = [(f"{whole},{whole % 9 + 1}", _PERCENT) for whole in range(10, 90)] + [("42%", _PERCENT), ("31", _COUNT)]
_IN_WORDS = [("đến nay được 66,5 % ạ", _PERCENT), ("khoảng 32 sản phẩm", _COUNT), ("chưa có số liệu", _PERCENT)]


def reading() -> Iterator[Measure]:
    """Yield how fast figures and plans are read."""
    yield Measure("read_reply, plain figures", _per_second(_PLAIN, 50), "/s", 50_000, more_is_better=True)
    yield Measure("read_reply, figures among words", _per_second(_IN_WORDS, 100), "/s")
    data = vu_duong()
    seconds = best_time(lambda: read_plan(data, VU_DUONG))
    yield Measure("read_plan, the shipped plan of 28 indicators", seconds * 1000, "ms")
    word = office.docx("xuan_hung")
    seconds = best_time(lambda: read_plan(word, "xuan_hung.docx"))
    yield Measure("read_plan, a Word file of 46 indicators", seconds, "s", 0.3)
    yield from _form()
    seconds, peak = _large_workbook()
    yield Measure(f"read_plan, a workbook of {_ROWS:,} rows, once", seconds, "s", 3)
    yield Measure("its process at most, with Python and libraries", peak / 1024 / 1024, "MB", 300)


def _form() -> Iterator[Measure]:
    """Yield how fast a form of 60 lines is written, and read once every line is filled in and saved again."""
    lines, words = forms.lines(60), forms.words()
    seconds = best_time(lambda: write_form(lines, forms.HEADER, words))
    yield Measure("write_form, 60 lines", seconds, "s", 0.3)
    filled = forms.filled(write_form(lines, forms.HEADER, words), *["66,5"] * 60)
    if any(row.text != "66,5" for row in read_form(filled).rows):
        raise RuntimeError("a figure was not read as it was typed")
    yield Measure("read_form, 60 lines", best_time(lambda: read_form(filled)), "s", 0.2)


def _large_workbook() -> tuple[float, float]:
    """Return the seconds to read a workbook of many rows, and the most memory its process took, in bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_HEAD)
    for number in range(1, _ROWS + 1):
        name = f"Tỷ lệ hồ sơ thủ tục hành chính được xử lý trực tuyến toàn trình tại thôn {number}"
        others = f"Phòng Kinh tế; Công an xã; Trạm Y tế{', các đơn vị liên quan' if number % 2 else ''}"
        sheet.append([number, name, "%", f"≥ {70 + number % 30}", "Phòng VHXH", others, f"Quý {number % 4 + 1}/2026"])
    stream = io.BytesIO()
    book.save(stream)
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        file = Path(folder) / "lon.xlsx"
        file.write_bytes(office.with_shared_words(stream.getvalue()))
        done = subprocess.run([sys.executable, "-c", _CHILD, str(file)], check=True, capture_output=True, text=True)
    count, seconds, peak = done.stdout.split()
    if int(count) != _ROWS:
        raise RuntimeError(f"{count} rows were read of {_ROWS}")
    return float(seconds), float(peak)


def _per_second(replies: list[tuple[str, FigureMeasure]], rounds: int) -> float:
    def read() -> None:
        for _ in range(rounds):
            for text, measure in replies:
                read_reply(text, measure)

    return rounds * len(replies) / best_time(read)
