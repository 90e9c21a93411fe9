"""Print every reply of the figures' fixture with what is understood of it: `make figures`."""

from __future__ import annotations

import sys
from dataclasses import fields

from domain.figures import Measure, Reading, read_reply
from tests.domain.test_figures import FIXTURE, measure


def shown(reading: Reading) -> str:
    """Return what a reading says, without what it leaves empty."""
    said = {field.name: getattr(reading, field.name) for field in fields(reading)}
    return ", ".join(f"{name} {value}" for name, value in said.items() if value not in (None, (), False, ""))


def main() -> None:
    """Print a line for every reply, measure by measure."""
    for name, replies in FIXTURE["replies"].items():
        found: Measure = measure(name)
        sys.stdout.write(f"\n{name}: {found.kind}, {found.unit or 'no unit'}, target {found.op} {found.target}\n")
        for text, *_ in replies:
            sys.stdout.write(f"  {text!r:40} {shown(read_reply(text, found))}\n")


if __name__ == "__main__":
    main()
