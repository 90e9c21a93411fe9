"""What a benchmark reports, and the table it goes into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: `limit` is what it must stay under, or above where `more_is_better`; None is for information."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        """Whether the limit is kept."""
        if self.limit is None:
            return ""
        kept = self.value >= self.limit if self.more_is_better else self.value <= self.limit
        return "ok" if kept else "slow"


def best_time(work: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of several runs in seconds: what else this machine is doing only ever adds."""
    return min(_time(work) for _ in range(times))


def median_time(work: Callable[[], object], times: int = 5) -> float:
    """Return the middle of several runs in seconds."""
    return sorted(_time(work) for _ in range(times))[times // 2]


def _time(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def row(measure: Measure) -> str:
    """Return one line of the table."""
    limit = "" if measure.limit is None else f"{'≥' if measure.more_is_better else '≤'} {_number(measure.limit)}"
    return f"{measure.what:<66}{_number(measure.value):>10} {measure.unit:<8}{limit:<10}{measure.verdict}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def heading() -> str:
    """Return the first line of the table."""
    return f"{'what':<66}{'measured':>10} {'':<8}{'limit':<10}"
