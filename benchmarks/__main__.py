"""Measure and print: `python -m benchmarks`. A slow figure is for people to look at and no error."""

from __future__ import annotations

from benchmarks.country import country
from benchmarks.measures import heading, row
from benchmarks.planning import planning
from benchmarks.queues import queues
from benchmarks.reading import reading
from benchmarks.side_by_side import side_by_side
from benchmarks.starting import starting
from benchmarks.turns import turns


def main() -> None:
    """Run every benchmark and print its figures as they come."""
    print(heading(), flush=True)
    for benchmark in (starting, reading, queues, country, planning, turns, side_by_side):
        for measure in benchmark():
            print(row(measure), flush=True)


if __name__ == "__main__":
    main()
