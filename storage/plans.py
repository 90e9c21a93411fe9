"""Plans: a confirmed draft becomes sections, indicators, targets and assignments, all or nothing."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.cycles import DEADLINES, Cycle, read_cycle
from domain.drafts import DraftIndicator, DraftTarget, PlanDraft
from storage import units
from storage.database import Row, Transaction
from storage.rows import target_values
from storage.values import instant

Issuer = Literal["state", "party"]  # whose rules a report on the plan follows
PARTY = "Đảng ủy"  # the type of issuer that a draft names so
_KNOWN = "id, number, issued_on, year, source_name, cycle"


@dataclass(frozen=True, slots=True)
class StoredTarget:
    """A target as stored: its row, what it came from and the agency that reports on it (None: undecided)."""

    id: int
    position: int
    indicator: DraftIndicator
    draft: DraftTarget
    reporter_id: int | None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan just stored."""

    id: int
    targets: tuple[StoredTarget, ...]


async def find_same(tx: Transaction, unit_id: int, sha256: str) -> int | None:
    """Return the plan of a unit that came from the very same file, if any; of several readings of it the newest."""
    row = await tx.one(
        "SELECT id FROM plans WHERE unit_id = :unit_id AND (source_sha256 = :sha256 OR source_sha256 LIKE :again)"
        " ORDER BY id DESC LIMIT 1",
        unit_id=unit_id,
        sha256=sha256,
        again=f"{sha256}:%",
    )
    return int(row["id"]) if row else None


async def next_reading(tx: Transaction, plan_id: int, sha256: str) -> str | None:
    """Return what to store as the source of a plan's own file read anew; None for any other file."""
    row = await tx.one("SELECT source_sha256 FROM plans WHERE id = :id", id=plan_id)
    file, _, reading = str(row["source_sha256"]).partition(":") if row else ("", "", "")
    return f"{sha256}:{int(reading or 1) + 1}" if file == sha256 else None


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan stored earlier: what is needed to tell whether another file is the same plan."""

    id: int
    number: str | None
    issued_on: date | None
    year: int
    source_name: str
    indicators: tuple[str, ...]
    cycle: Cycle | None = None


async def of_year(tx: Transaction, unit_id: int, year: int) -> list[KnownPlan]:
    """Return the plans of a unit in force for a year, in the order they were stored."""
    rows = await tx.all(
        f"SELECT {_KNOWN} FROM plans WHERE unit_id = :unit_id AND year = :year AND status = 'active' ORDER BY id",
        unit_id=unit_id,
        year=year,
    )
    return [await _known(tx, row) for row in rows]


async def of_unit(tx: Transaction, unit_id: int) -> list[KnownPlan]:
    """Return the plans of a unit in force, of all years, in the order they were stored."""
    rows = await tx.all(
        f"SELECT {_KNOWN} FROM plans WHERE unit_id = :unit_id AND status = 'active' ORDER BY id", unit_id=unit_id
    )
    return [await _known(tx, row) for row in rows]


async def in_force(tx: Transaction, plan_id: int) -> KnownPlan:
    """Return a plan, or the newest of the versions that have replaced it; LookupError when there is none of that id."""
    while row := await tx.one(f"SELECT {_KNOWN}, replaced_by FROM plans WHERE id = :id", id=plan_id):
        if row["replaced_by"] is None:
            return await _known(tx, row)
        plan_id = row["replaced_by"]
    raise LookupError(plan_id)


async def _known(tx: Transaction, row: Row) -> KnownPlan:
    names = await tx.all("SELECT name FROM indicators WHERE plan_id = :id ORDER BY position", id=row["id"])
    issued = date.fromisoformat(row["issued_on"]) if row["issued_on"] else None
    indicators = tuple(name["name"] for name in names)
    cycle = read_cycle(row["cycle"])
    return KnownPlan(row["id"], row["number"], issued, row["year"], row["source_name"], indicators, cycle)


async def any_stored(tx: Transaction) -> bool:
    """Tell whether there is any plan at all."""
    return await tx.one("SELECT id FROM plans LIMIT 1") is not None


async def reporters(tx: Transaction, unit_id: int) -> list[str]:
    """Return the names of a unit's agencies that owe figures, by name."""
    rows = await tx.all(
        "SELECT DISTINCT a.name FROM duties d JOIN plans p ON p.id = d.plan_id AND p.status = 'active'"
        " JOIN agencies a ON a.id = d.agency_id WHERE a.unit_id = :unit_id ORDER BY a.name",
        unit_id=unit_id,
    )
    return [row["name"] for row in rows]


async def store(
    tx: Transaction, unit_id: int, draft: PlanDraft, now: datetime, cycle: Cycle | None = None
) -> StoredPlan:
    """Store a draft as a plan of a unit that is reported on in `cycle`. The caller has asked `find_same` before."""
    plan_id = await tx.key(
        "INSERT INTO plans (unit_id, number, title, issued_on, year, source_name, source_sha256, created_at, cycle,"
        " own_targets, issuer)"
        " VALUES (:unit_id, :number, :title, :issued_on, :year, :source_name, :sha256, :now, :cycle,"
        " :own, :issuer) RETURNING id",
        cycle=str(cycle or DEADLINES),
        unit_id=unit_id,
        number=draft.document.plan_number,
        title=draft.document.title,
        issued_on=draft.document.plan_date.isoformat() if draft.document.plan_date else None,
        year=draft.document.year,
        source_name=draft.source_name,
        sha256=draft.source_sha256,
        own=sum(is_own(target, draft.document.year) for each in draft.indicators for target in each.targets),
        issuer="party" if draft.document.issuer_type == PARTY else "state",
        now=instant(now),
    )
    sections = {}
    for position, section in enumerate(draft.sections, 1):
        sections[section.path] = await tx.key(
            "INSERT INTO sections (plan_id, position, path, title) VALUES (:plan_id, :position, :path, :title)"
            " RETURNING id",
            plan_id=plan_id,
            position=position,
            path="/".join(section.path),
            title=section.title,
        )
    agencies = {
        agency.name: await units.ensure_agency(tx, unit_id, agency.name, agency.kind, now) for agency in draft.agencies
    }
    targets: list[StoredTarget] = []
    for indicator in draft.indicators:
        indicator_id = await _store_indicator(tx, plan_id, sections.get(indicator.section), indicator)
        _assign(tx, indicator_id, indicator, agencies)
        reporter = next((agencies[name] for name in indicator.suggested_reporters), None)
        for position, target in enumerate(indicator.targets, 1):
            target_id = await _store_target(tx, indicator_id, position, target)
            targets.append(StoredTarget(target_id, len(targets) + 1, indicator, target, reporter))
    return StoredPlan(plan_id, tuple(targets))


def is_own(target: DraftTarget, year: int) -> bool:
    """Tell whether a target is one of the commune's own for the year of its plan: what `storage.reports` counts."""
    return target.scope == "xa" and target.target.kind != "not_assigned" and target.year in (None, year)


async def issuer(tx: Transaction, unit_id: int) -> Issuer:
    """Return whose rules reports of a commune follow: a Party committee's, where all its plans in force are such."""
    rows = await tx.all(
        "SELECT DISTINCT issuer FROM plans WHERE unit_id = :unit_id AND status = 'active'", unit_id=unit_id
    )
    return "party" if [row["issuer"] for row in rows] == ["party"] else "state"


def keep_source(tx: Transaction, plan_id: int, data: bytes) -> None:
    """Queue keeping the file a plan came from, so that its appendix can be returned filled in."""
    tx.later(
        "INSERT INTO plan_sources (plan_id, content) VALUES (:plan_id, :content) ON CONFLICT (plan_id) DO NOTHING",
        plan_id=plan_id,
        content=b64encode(data).decode("ascii"),
    )


async def source(tx: Transaction, plan_id: int) -> bytes | None:
    """Return the bytes of the file a plan came from; None where they were not kept."""
    row = await tx.one("SELECT content FROM plan_sources WHERE plan_id = :plan_id", plan_id=plan_id)
    return b64decode(row["content"]) if row else None


async def _store_indicator(tx: Transaction, plan_id: int, section_id: int | None, indicator: DraftIndicator) -> int:
    return await tx.key(
        "INSERT INTO indicators (plan_id, section_id, position, ordinal, name, unit, deadline, collection)"
        " VALUES (:plan_id, :section_id, :position, :ordinal, :name, :unit, :deadline, :collection) RETURNING id",
        plan_id=plan_id,
        section_id=section_id,
        position=indicator.seq,
        ordinal=indicator.ordinal_raw,
        name=indicator.name_suggested,
        unit=indicator.unit,
        deadline=indicator.deadline.raw,
        collection="restricted" if indicator.restricted else "chat",
    )


def _assign(tx: Transaction, indicator_id: int, indicator: DraftIndicator, agencies: dict[str, int]) -> None:
    roles = {
        "lead": indicator.lead_agencies,
        "monitor": indicator.monitor_agencies,
        "coordinate": indicator.coordinating_agencies,
        "report": indicator.suggested_reporters,
    }
    for role, names in roles.items():
        for position, name in enumerate(dict.fromkeys(names), 1):
            tx.later(
                "INSERT INTO assignments (indicator_id, agency_id, role, position)"
                " VALUES (:indicator_id, :agency_id, :role, :position) ON CONFLICT DO NOTHING",
                indicator_id=indicator_id,
                agency_id=agencies[name],
                role=role,
                position=position,
            )


async def _store_target(tx: Transaction, indicator_id: int, position: int, draft: DraftTarget) -> int:
    return await tx.key(
        "INSERT INTO targets (indicator_id, position, year, scope, component, kind, op, op_printed, value, value_max,"
        " words, unit, direction, printed, source, due_on) VALUES (:indicator_id, :position, :year, :scope, :component,"
        " :kind, :op, :op_printed, :value, :value_max, :words, :unit, :direction, :printed, :source, :due_on)"
        " RETURNING id",
        indicator_id=indicator_id,
        position=position,
        year=draft.year,
        scope=draft.scope,
        due_on=draft.due.isoformat() if draft.due else None,
        **target_values(draft.target),
    )
