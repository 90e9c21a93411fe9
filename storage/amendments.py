"""Amendments: duties and their lines go over from a plan to the version that replaces it; their ids stay.

An open conversation stands at the id of a line and old messages offer it, so lines are moved and never made anew. What
the new version no longer asks for stays with the old plan, in duties that are closed: nobody is reminded of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.amendments import PlannedIndicator, PlannedTarget
from domain.cycles import Owing
from domain.messages import Address
from domain.model import FigureValue, Verdict
from storage import duties
from storage.database import Row, Transaction
from storage.rows import TARGET_COLUMNS, read_owing, read_target
from storage.values import read_day, read_figure


@dataclass(frozen=True, slots=True)
class OldDuty:
    """A duty of the plan to be replaced."""

    id: int
    agency_id: int
    owing: Owing


@dataclass(frozen=True, slots=True)
class OldLine:
    """A line of the plan to be replaced, with its newest figure.

    `given_to` is the agency that owes it where an admin has moved it away from the one the file names.
    """

    id: int
    duty_id: int
    target_id: int
    value: FigureValue
    given_to: int | None = None


@dataclass(frozen=True, slots=True)
class OldVersion:
    """A stored plan as `domain.amendments.compare` reads it, and its lines by the row of the target and the due day."""

    indicators: tuple[PlannedIndicator, ...]
    lines: dict[int, dict[date, OldLine]]


async def hold(tx: Transaction, plan_id: int) -> list[OldDuty]:
    """Take the locks of a plan's duties, in the order of their ids, and return these.

    Nobody reports on one of their lines from here to the end of the transaction. The caller holds the commune.
    """
    rows = await tx.all(
        "SELECT id, agency_id, period, COALESCE(extended_from, due_on) AS due_on, cut_off, asked_from FROM duties"
        " WHERE plan_id = :id ORDER BY id",
        id=plan_id,
    )
    for row in rows:
        duties.hold(tx, row["id"])
    return [OldDuty(row["id"], row["agency_id"], read_owing(row)) for row in rows]


async def version(tx: Transaction, plan_id: int) -> OldVersion:
    """Return a stored plan with what is owed of it and the figures it has."""
    sections = await _sections(tx, plan_id)
    rows = await tx.all(
        "SELECT i.id AS indicator_id, i.position, i.name, i.unit, i.section_id, t.id AS target_id, t.year, t.scope,"
        f" {TARGET_COLUMNS}, l.id AS line_id, l.duty_id, COALESCE(d.extended_from, d.due_on) AS due_on,"
        " a.id AS agency_id, a.name AS agency, b.value, t.due_on AS last_day, r.id AS reporter_id, r.name AS reporter"
        " FROM indicators i LEFT JOIN targets t ON t.indicator_id = i.id LEFT JOIN duty_lines l ON l.target_id = t.id"
        " LEFT JOIN duties d ON d.id = l.duty_id LEFT JOIN agencies a ON a.id = d.agency_id"
        " LEFT JOIN submissions b ON b.id = l.submission_id"
        " LEFT JOIN assignments g ON g.indicator_id = i.id AND g.role = 'report' AND g.position = 1"
        " LEFT JOIN agencies r ON r.id = g.agency_id"
        " WHERE i.plan_id = :id ORDER BY i.position, t.position, d.due_on, l.id",
        id=plan_id,
    )
    grouped: dict[int, dict[int | None, list[Row]]] = defaultdict(lambda: defaultdict(list))
    lines: dict[int, dict[date, OldLine]] = defaultdict(dict)
    for row in rows:
        grouped[row["indicator_id"]][row["target_id"]].append(row)
        if row["line_id"] is not None:
            lines[row["target_id"]][read_day(row["due_on"])] = _line(row)
    indicators = tuple(
        PlannedIndicator(
            first["position"],
            first["name"],
            sections.get(first["section_id"], ()),
            first["unit"],
            tuple(_target(found) for target_id, found in targets.items() if target_id is not None),
        )
        for targets in grouped.values()
        for first in next(iter(targets.values()))[:1]
    )
    return OldVersion(indicators, dict(lines))


async def _sections(tx: Transaction, plan_id: int) -> dict[int, tuple[str, ...]]:
    """Return, by the row of a section, its title and those above it, the outermost first."""
    rows = await tx.all("SELECT id, path, title FROM sections WHERE plan_id = :id", id=plan_id)
    titles = {row["path"]: row["title"] for row in rows}
    found = {}
    for row in rows:
        parts = row["path"].split("/")
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
        found[row["id"]] = tuple(titles[path] for path in above if path in titles)
    return found


def _target(rows: Sequence[Row]) -> PlannedTarget:
    """Return a target with what is owed of it in the end, and its newest figure; `rows` are its lines by due day."""
    row = rows[-1]
    last_day = read_day(row["last_day"]) if row["last_day"] else None
    due = (last_day or read_day(row["due_on"])) if row["due_on"] else None
    value = next((each["value"] for each in reversed(rows) if each["value"] is not None), None)
    return PlannedTarget(
        row["target_id"],
        read_target(row),
        row["year"],
        row["scope"],
        row["agency"],
        due,
        read_figure(value),
        row["reporter"],
        last_day,
    )


def _line(row: Row) -> OldLine:
    moved = row["reporter_id"] not in (None, row["agency_id"])
    given_to = row["agency_id"] if moved else None
    return OldLine(row["line_id"], row["duty_id"], row["target_id"], read_figure(row["value"]), given_to)


async def whom_to_tell(tx: Transaction, unit_id: int) -> list[tuple[str, int, Address]]:
    """Return who belongs to a unit's agencies: the agency's name, the person and where they are reached first."""
    rows = await tx.all(
        "SELECT a.name, m.person_id, p.channel, p.external_id FROM agencies a JOIN memberships m ON m.agency_id = a.id"
        " JOIN addresses p ON p.person_id = m.person_id AND p.status = 'reachable'"
        " WHERE a.unit_id = :unit_id ORDER BY a.name, m.person_id, p.id",
        unit_id=unit_id,
    )
    found: dict[tuple[str, int], Address] = {}
    for row in rows:
        found.setdefault((row["name"], row["person_id"]), Address(row["channel"], row["external_id"]))
    return [(agency, person_id, address) for (agency, person_id), address in found.items()]


def replace(tx: Transaction, old_id: int, new_id: int) -> None:
    """Queue putting a plan out of force: another has replaced it, with the same rules for its figures."""
    tx.later(
        "UPDATE plans SET closes_after = (SELECT o.closes_after FROM plans o WHERE o.id = :old_id),"
        " confirmed_by = (SELECT o.confirmed_by FROM plans o WHERE o.id = :old_id) WHERE id = :new_id",
        old_id=old_id,
        new_id=new_id,
    )
    tx.later(
        "UPDATE plans SET status = 'replaced', replaced_by = :new_id WHERE id = :old_id", old_id=old_id, new_id=new_id
    )


def take_over(tx: Transaction, duty_id: int, plan_id: int) -> None:
    """Queue giving a duty to the new version, which owes one of the same agency by the same day."""
    tx.later("UPDATE duties SET plan_id = :plan_id WHERE id = :id", id=duty_id, plan_id=plan_id)


def move_line(tx: Transaction, line_id: int, duty_id: int, target_id: int, position: int) -> None:
    """Queue putting a line into a duty of the new version, with its target there and its figure as it is."""
    tx.later(
        "UPDATE duty_lines SET duty_id = :duty_id, target_id = :target_id, position = :position WHERE id = :id",
        id=line_id,
        duty_id=duty_id,
        target_id=target_id,
        position=position,
    )


def judge_anew(tx: Transaction, line: OldLine, verdict: Verdict | None) -> None:
    """Queue keeping which target a line's figures were judged against, and the verdict on the newest by the new one.

    Without a verdict the newest figure says nothing about the new target: the line has none any more.
    """
    tx.later(
        "UPDATE submissions SET target_id = :target_id WHERE line_id = :id AND target_id IS NULL",
        id=line.id,
        target_id=line.target_id,
    )
    if verdict is not None:
        tx.later("UPDATE duty_lines SET verdict = :verdict WHERE id = :id", id=line.id, verdict=verdict)
    else:
        tx.later(
            "UPDATE duty_lines SET status = 'missing', submission_id = NULL, verdict = NULL WHERE id = :id", id=line.id
        )


def close(tx: Transaction, duty_id: int) -> None:
    """Queue closing a duty that stays with the old plan: nothing of it is awaited, whatever its lines lack."""
    tx.later("UPDATE duties SET status = 'complete', next_reminder_at = NULL WHERE id = :id", id=duty_id)


async def set_aside(tx: Transaction, plan_id: int, duty: OldDuty, line_ids: Sequence[int], now: datetime) -> None:
    """Put lines that the new version dropped from a duty it took over into a closed duty of the old plan."""
    aside = await duties.create(tx, plan_id, duty.agency_id, duty.owing, (), now, now)
    close(tx, aside)
    for line_id in line_ids:
        tx.later("UPDATE duty_lines SET duty_id = :duty_id WHERE id = :id", id=line_id, duty_id=aside)
