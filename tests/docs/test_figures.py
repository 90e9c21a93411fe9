"""docs/figures.md: every example reads as the page says, and every reason has one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.figure_types import Candidate
from domain.figures import REASONS, Measure, read_reply
from tests.docs.pages import tables

PAGE = "docs/figures.md"
EXAMPLES = [row for row in tables(PAGE, "measure") if "typed" in row]


def measures() -> dict[str, Measure]:
    """The measures of the page by name."""
    found = {}
    for row in tables(PAGE, "measure"):
        if "kind" in row:
            op, _, value = row["target"].partition(" ")
            target = Decimal(value) if value else None
            found[row["measure"]] = Measure(row["kind"], row["unit"] or None, op or None, target)  # type: ignore[arg-type]
    return found


def shown(value: Candidate) -> str:
    """A value as the page writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else value


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['measure']}: {row['typed']}")
def test_an_example_reads_as_the_page_says(row: dict[str, str]) -> None:
    reading = read_reply(row["typed"], measures()[row["measure"]])
    value = "" if reading.value is None else shown(reading.value)
    if reading.candidates and reading.value is None:
        value = "→ " + ", ".join(map(shown, reading.candidates))
    assert (reading.action, value, reading.reason or "") == (
        row["action"],
        row["value or → choices"],
        row["reason"],
    )


def test_every_reason_has_an_example_unless_only_its_length_or_emptiness_shows_it() -> None:
    assert REASONS - {row["reason"] for row in EXAMPLES} <= {"empty", "too_long", "glued"}


def test_the_page_explains_every_action() -> None:
    actions = {row["action"].strip("`") for row in tables(PAGE, "action")}
    assert actions == {row["action"] for row in EXAMPLES} == {"accept", "confirm", "ask", "no_data", "refuse"}


def test_the_day_a_figure_is_of_is_kept() -> None:
    assert read_reply("đến 14/11 đạt 85", measures()["share"]).as_of == "đến 14/11"
