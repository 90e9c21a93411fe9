"""Taking in a plan: the confirmed draft is stored with the duties that follow from its deadlines, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from domain.cycles import DEADLINES, Cycle, Owing, owings, periods_of
from domain.drafts import LEFT_FOR_LATER, DraftIndicator, DraftTarget, PlanDraft
from domain.model import Unit
from domain.periods import WorkCalendar
from domain.reminders import first_reminder
from domain.vietnamese import fold
from storage import audit, duties, plans, rules
from storage.database import Transaction
from storage.plans import KnownPlan, StoredPlan, StoredTarget

# Why nobody is reminded of a target, the furthest from being owed first.
Reason = Literal["secret", "not_assigned", "province", "other_year", "left", "no_agency", "no_deadline"]
_REASONS: tuple[Reason, ...] = (
    *("secret", "not_assigned", "province", "other_year"),
    *("left", "no_agency", "no_deadline"),
)


@dataclass(frozen=True, slots=True)
class OwedTogether:
    """What one agency owes by one day: a duty to be."""

    owing: Owing
    targets: list[StoredTarget]


# By agency and due day.
Owed = dict[tuple[int, date], OwedTogether]


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
    """A plan in force that a file seems to be another copy of; `common` of `count` indicators are in both.

    `others` are further plans like that, which have less in common with the file.
    """

    plan: KnownPlan
    common: int
    count: int
    others: tuple[KnownPlan, ...] = ()


async def find_alike(tx: Transaction, unit: Unit, draft: PlanDraft) -> Alike | None:
    """Return the commune's plan of that year with the same number, or with half of the indicators' names.

    Of several the one with most indicators in common; of those as close, one with the same number, or the oldest.
    """
    names = {fold(indicator.name_suggested) for indicator in draft.indicators}
    number = _number(draft.document.plan_number)
    found: list[tuple[int, bool, KnownPlan]] = []
    for plan in await plans.of_year(tx, unit.id, draft.document.year):
        theirs = {fold(name) for name in plan.indicators}
        common = len(names & theirs)
        same_number = bool(number) and number == _number(plan.number)
        if same_number or 2 * common >= min(len(names), len(theirs)):
            found.append((common, same_number, plan))
    if not found:
        return None
    (common, _, best), *others = sorted(found, key=lambda each: (-each[0], not each[1], each[2].id))
    return Alike(best, common, len(names), tuple(plan for _, _, plan in others))


def _number(printed: str | None) -> str:
    return fold(printed or "").replace(" ", "")


async def import_plan(
    tx: Transaction,
    unit: Unit,
    draft: PlanDraft,
    calendar: WorkCalendar,
    now: datetime,
    cycle: Cycle | None = None,
    by: int | None = None,
) -> Imported:
    """Store a plan for a commune with a duty for each agency and due day, those of the periods of `cycle` as well.

    `by` is the person who imports it; None at the machine. A target gets no duty while nobody reports on it, it has no
    day or its question is set aside, when it belongs to the province or to another year, and when it is about state
    secrets (Law on Protection of State Secrets 117/2025/QH15: never over the Internet). "-" is not assigned: nothing
    is owed.
    """
    duties.hold_unit(tx, unit.id)  # a clerk who imports the same file at the same moment waits, and then finds it
    same = await plans.find_same(tx, unit.id, draft.source_sha256)
    if same is not None:
        return Imported(same, already=True)
    plan = await plans.store(tx, unit.id, draft, now, cycle)
    owed = owed_of(plan, draft, cycle, calendar, calendar.today(now))
    for (agency_id, due), together in owed.items():
        positions = [(target.position, target.id) for target in together.targets]
        first = first_reminder(due, now, calendar)
        await duties.create(tx, plan.id, agency_id, together.owing, positions, first, now)
    audit.note(
        tx,
        "plan.imported",
        f"plan:{plan.id}",
        now,
        by,
        unit_id=unit.id,
        source=draft.source_name,
        sha256=draft.source_sha256,
        cycle=str(cycle or DEADLINES),
    )
    return told(plan.id, draft, owed)


async def ask_for_confirmation(tx: Transaction, unit_id: int, plan_id: int, now: datetime) -> None:
    """Let heads of agencies confirm the figures of a plan in force from now on, if they do not already."""
    found = next((each for each in await rules.of_unit(tx, unit_id) if each.plan_id == plan_id), None)
    if found is not None and found.confirmed_by != "head":
        rules.confirm(tx, plan_id, "head")
        audit.note(
            tx, "plan.confirmation", f"plan:{plan_id}", now, unit_id=unit_id, was=found.confirmed_by, now_is="head"
        )


def owed_of(plan: StoredPlan, draft: PlanDraft, cycle: Cycle | None, calendar: WorkCalendar, since: date) -> Owed:
    """Return what is owed of a stored plan, by agency and due day, in that order.

    Periods whose reports were due before `since` are not reported on any more.
    """
    owed: Owed = {}
    year_periods = periods_of(cycle, draft.document.year, calendar) if cycle else ()
    for target in plan.targets:
        due = target.draft.due
        owes = why_not(target.indicator, target.draft, draft.document.year) is None
        if owes and target.reporter_id is not None and due is not None:
            for owing in owings(due, year_periods, since):
                owed.setdefault((target.reporter_id, owing.due), OwedTogether(owing, [])).targets.append(target)
    return dict(sorted(owed.items()))


def told(plan_id: int, draft: PlanDraft, owed: Owed) -> Imported:
    """Return what to tell about a plan just stored."""
    reporters, left = shares(draft)
    lines = sum(len(together.targets) for together in owed.values())
    return Imported(plan_id, False, len(owed), lines, sum(reporters.values()), reporters, left)


def shares(draft: PlanDraft) -> tuple[dict[str, int], dict[Reason, int]]:
    """Return how many indicators each agency is to owe, the most first, and for how many nobody is reminded, by why."""
    reporters: Counter[str] = Counter()
    left: Counter[Reason] = Counter()
    for indicator in draft.indicators:
        found = [why_not(indicator, target, draft.document.year) for target in indicator.targets]
        reasons = [reason for reason in found if reason is not None]
        if len(reasons) < len(found):
            reporters[indicator.suggested_reporters[0]] += 1
        else:
            left[max(reasons, key=_REASONS.index, default="not_assigned")] += 1
    most_first = dict(sorted(reporters.items(), key=lambda item: (-item[1], item[0])))
    return most_first, {reason: left[reason] for reason in _REASONS if left[reason]}


def why_not(indicator: DraftIndicator, target: DraftTarget, year: int) -> Reason | None:
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
