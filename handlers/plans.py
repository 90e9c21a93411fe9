"""Taking in a plan: the confirmed draft is stored with the duties that follow from its deadlines, all or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from domain.drafts import LEFT_FOR_LATER, DraftIndicator, DraftTarget, PlanDraft
from domain.model import Unit
from domain.periods import WorkCalendar
from domain.reminders import first_reminder
from domain.vietnamese import fold
from storage import audit, duties, plans
from storage.database import Transaction
from storage.plans import KnownPlan, StoredTarget

# Why nobody is reminded of a target, the furthest from being owed first.
Reason = Literal["secret", "not_assigned", "province", "other_year", "left", "no_agency", "no_deadline"]
_REASONS: tuple[Reason, ...] = (
    *("secret", "not_assigned", "province", "other_year"),
    *("left", "no_agency", "no_deadline"),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `already` when the very same file was there before and nothing changed.

    `lines` are the targets owed, `indicators` those with any. `reporters` says how many indicators each agency owes,
    `left` for how many indicators nobody is reminded, and why.
    """

    plan_id: int
    already: bool
    duties: int = 0
    lines: int = 0
    indicators: int = 0
    reporters: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[Reason, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alike:
    """A plan stored earlier that a file seems to be another copy of; `common` of `count` indicators are in both."""

    plan: KnownPlan
    common: int
    count: int


async def find_alike(tx: Transaction, unit: Unit, draft: PlanDraft) -> Alike | None:
    """Return the commune's plan of that year with the same number, or with half of the indicators' names."""
    names = {fold(indicator.name_suggested) for indicator in draft.indicators}
    number = _number(draft.document.plan_number)
    best: Alike | None = None
    for plan in await plans.of_year(tx, unit.id, draft.document.year):
        theirs = {fold(name) for name in plan.indicators}
        common = len(names & theirs)
        same_number = bool(number) and number == _number(plan.number)
        if (same_number or 2 * common >= min(len(names), len(theirs))) and (best is None or common > best.common):
            best = Alike(plan, common, len(names))
    return best


def _number(printed: str | None) -> str:
    return fold(printed or "").replace(" ", "")


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
        due = target.draft.due
        owes = _why_not(target.indicator, target.draft, draft.document.year) is None
        if owes and target.reporter_id is not None and due is not None:
            owed[target.reporter_id, due].append(target)
    for (agency_id, due), targets in sorted(owed.items()):
        positions = [(target.position, target.id) for target in targets]
        await duties.create(tx, plan.id, agency_id, due, positions, first_reminder(due, now, calendar), now)
    audit.note(tx, "plan.imported", f"plan:{plan.id}", now, source=draft.source_name, sha256=draft.source_sha256)
    return _told(plan.id, draft, duties=len(owed), lines=sum(map(len, owed.values())))


def _told(plan_id: int, draft: PlanDraft, *, duties: int, lines: int) -> Imported:
    reporters: Counter[str] = Counter()
    left: Counter[Reason] = Counter()
    for indicator in draft.indicators:
        found = [_why_not(indicator, target, draft.document.year) for target in indicator.targets]
        reasons = [reason for reason in found if reason is not None]
        if len(reasons) < len(found):
            reporters[indicator.suggested_reporters[0]] += 1
        else:
            left[max(reasons, key=_REASONS.index, default="not_assigned")] += 1
    told = dict(sorted(reporters.items(), key=lambda item: (-item[1], item[0])))
    return Imported(plan_id, False, duties, lines, sum(told.values()), told, {r: left[r] for r in _REASONS if left[r]})


def _why_not(indicator: DraftIndicator, target: DraftTarget, year: int) -> Reason | None:
    """Return why nobody owes a target; None when somebody does."""
    reasons: dict[Reason, bool] = {
        "secret": indicator.restricted,
        "not_assigned": target.target.kind == "not_assigned",
        "province": target.scope != "xa",
        "other_year": target.year not in (None, year),
        "left": LEFT_FOR_LATER in indicator.flags,
        "no_agency": not indicator.suggested_reporters,
        "no_deadline": target.due is None,
    }
    return next((reason for reason in _REASONS if reasons[reason]), None)
