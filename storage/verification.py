"""Whether the record holds: each chain is gone through from its first line, the figures it tells of are looked up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from storage.audit import HASHED, digest
from storage.database import Row, Transaction
from storage.values import unpacked

RECORDED = "figure.recorded"
_SPOILT = object()
_PAGE = 2000
_AT_ONCE = 400  # parameters of one statement


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the record of a unit does not hold: at the line `position`, None where it cannot be said.

    A line was "changed", is "missing" from there on, or was "inserted" past the chain; "figure": the stored figure is
    not the one the line tells of; "figures": there are more figures than lines tell of.
    """

    unit_id: int
    position: int | None
    what: Literal["changed", "missing", "inserted", "figure", "figures"]


@dataclass(slots=True)
class Verified:
    """What was gone through, and what was found wrong. `heads` are each chain's unit, length and hash, to be noted down
    elsewhere: who can write to the whole database could make all of it anew.
    """

    lines: int = 0
    unchained: int = 0  # from before there were chains
    figures: int = 0
    faults: list[Fault] = field(default_factory=list)
    heads: list[tuple[int, int, str]] = field(default_factory=list)


async def verify(tx: Transaction) -> Verified:
    """Go through all chains and the figures they tell of; nothing is changed."""
    found = Verified()
    for head in await tx.all("SELECT unit_id, length, hash FROM audit_chains ORDER BY unit_id"):
        unit_id = head["unit_id"]
        found.heads.append((unit_id, head["length"], head["hash"]))
        position, last = await _walk(tx, unit_id, found)
        if (position, last) != (head["length"], head["hash"]):
            shorter = position < head["length"]
            found.faults.append(
                Fault(unit_id, position + 1 if shorter else position, "missing" if shorter else "inserted")
            )
    await _look_outside(tx, found)
    await _count_figures(tx, found)
    return found


async def _walk(tx: Transaction, unit_id: int, found: Verified) -> tuple[int, str]:
    """Go through one chain; return the position and the hash of its last line."""
    position, before = 0, ""
    async for rows in _pages(tx, unit_id):
        kept = await _figures(tx, [row["subject"] for row in rows if row["action"] == RECORDED])
        for row in rows:
            found.lines += 1
            if row["position"] != position + 1:
                found.faults.append(Fault(unit_id, position + 1, "missing"))
            elif row["hash"] != digest(before, row):
                found.faults.append(Fault(unit_id, row["position"], "changed"))
            if row["action"] == RECORDED:
                found.figures += 1
                if kept.get(row["subject"]) != (_told(row["detail"]), row["person_id"]):
                    found.faults.append(Fault(unit_id, row["position"], "figure"))
            position, before = row["position"], row["hash"]
    return position, before


async def _pages(tx: Transaction, unit_id: int) -> AsyncIterator[Sequence[Row]]:
    after = -1
    while rows := await tx.all(
        f"SELECT {', '.join(HASHED)}, position, hash FROM audit"
        " WHERE unit_id = :unit_id AND position > :after ORDER BY position LIMIT :page",
        unit_id=unit_id,
        after=after,
        page=_PAGE,
    ):
        yield rows
        after = rows[-1]["position"]


async def _figures(tx: Transaction, subjects: list[str]) -> dict[str, tuple[str | None, int]]:
    """Return the figures that lines tell of, by their subjects: as they are stored, and by whom."""
    wanted = iter(subjects)
    kept: dict[str, tuple[str | None, int]] = {}
    while some := list(islice(wanted, _AT_ONCE)):
        messages = {f"id_{number}": _message(subject) for number, subject in enumerate(some)}
        for row in await tx.all(
            "SELECT line_id, inbox_id, value, person_id FROM submissions"
            f" WHERE inbox_id IN ({', '.join(f':{name}' for name in messages)})",
            **messages,
        ):
            kept[f"figure:{row['line_id']}:{row['inbox_id']}"] = (row["value"], row["person_id"])
    return kept


def _message(subject: str) -> int:
    """Return the message a figure came in; 0, which is none, where somebody has spoilt the subject."""
    number = subject.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0


def _told(detail: str) -> Any:
    """Return the figure a line tells of; what was spoilt by hand tells of none that could be stored."""
    try:
        return unpacked(detail).get("now_is")
    except (ValueError, AttributeError):
        return _SPOILT


async def _look_outside(tx: Transaction, found: Verified) -> None:
    """Look for lines of no chain: those of before there were any are older than all others."""
    first = await tx.one("SELECT MIN(id) AS id FROM audit WHERE position IS NOT NULL")
    begun = first["id"] if first else None
    for row in await tx.all(
        "SELECT e.id, e.unit_id, e.position FROM audit e WHERE e.position IS NULL OR e.position < 0"
        " OR NOT EXISTS (SELECT 1 FROM audit_chains c WHERE c.unit_id = e.unit_id) ORDER BY e.id"
    ):
        if row["position"] is None and (begun is None or row["id"] < begun):
            found.unchained += 1
        else:
            found.faults.append(Fault(row["unit_id"], None, "inserted"))


async def _count_figures(tx: Transaction, found: Verified) -> None:
    """Hold the number of figures against that of the lines about them, from the first such line on."""
    row = await tx.one(
        "SELECT COUNT(*) AS n FROM submissions"
        " WHERE recorded_at >= (SELECT MIN(at) FROM audit WHERE action = :action AND position IS NOT NULL)",
        action=RECORDED,
    )
    if row is not None and row["n"] > found.figures:
        found.faults.append(Fault(0, None, "figures"))
