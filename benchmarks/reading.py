"""Pure reading: plain figures, and a whole plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from benchmarks.measures import Measure, best_time
from documents.appendix import read_plan
from documents.samples import VU_DUONG, vu_duong
from domain.figures import Measure as FigureMeasure
from domain.figures import read_reply

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


def _per_second(replies: list[tuple[str, FigureMeasure]], rounds: int) -> float:
    def read() -> None:
        for _ in range(rounds):
            for text, measure in replies:
                read_reply(text, measure)

    return rounds * len(replies) / best_time(read)
