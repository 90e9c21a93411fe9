"""Taking in a plan: the confirmed draft is stored with the duties that follow from its deadlines, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from domain.drafts import PlanDraft
from domain.model import Unit
from domain.periods import WorkCalendar
from domain.reminders import first_reminder
from storage import audit, duties, plans
from storage.database import Transaction
from storage.plans import StoredTarget


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `already` when the very same file was there before and nothing changed."""

    plan_id: int
    already: bool
    duties: int = 0
    lines: int = 0


async def import_plan(tx: Transaction, unit: Unit, draft: PlanDraft, calendar: WorkCalendar, now: datetime) -> Imported:
    """Store a plan for a commune with a duty for each agency and due day.

    A target gets no duty while nobody reports on it, it has no day or its question is set aside, when it belongs to
    the province or to another year, and when it is about state secrets (Law on Protection of State Secrets
    117/2025/QH15: never over the Internet). "-" is not assigned: nothing is owed.
    """
    same = await plans.find_same(tx, unit.id, draft.source_sha256)
    if same is not None:
        return Imported(same, already=True)
    plan = await plans.store(tx, unit.id, draft, now)
    owed: dict[tuple[int, date], list[StoredTarget]] = defaultdict(list)
    for target in plan.targets:
        if _is_owed(target, draft.document.year) and target.reporter_id is not None and target.draft.due is not None:
            owed[target.reporter_id, target.draft.due].append(target)
    for (agency_id, due), targets in sorted(owed.items()):
        positions = [(target.position, target.id) for target in targets]
        await duties.create(tx, plan.id, agency_id, due, positions, first_reminder(due, now, calendar), now)
    audit.note(tx, "plan.imported", f"plan:{plan.id}", now, source=draft.source_name, sha256=draft.source_sha256)
    return Imported(plan.id, already=False, duties=len(owed), lines=sum(map(len, owed.values())))


def _is_owed(target: StoredTarget, year: int) -> bool:
    draft = target.draft
    return (
        not target.withheld
        and draft.scope == "xa"
        and draft.target.kind != "not_assigned"
        and draft.year in (None, year)
    )
