"""Amending a plan: a new version replaces it; what is the same in both keeps its line, figures and reminders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from domain.amendments import Amendment, Kept, PlannedIndicator, PlannedTarget, compare
from domain.cycles import Cycle, Owing
from domain.drafts import DraftIndicator, PlanDraft
from domain.model import Unit
from domain.periods import WorkCalendar
from domain.reminders import first_reminder
from domain.targets import judge
from domain.vietnamese import fold
from handlers import amendment_notices
from handlers.plans import Imported, Owed, OwedTogether, owed_of, told, why_not
from storage import agencies, amendments, audit, duties, plans
from storage.amendments import OldDuty, OldLine, OldVersion
from storage.database import Transaction


class ReplacedMeanwhile(Exception):
    """The plan to be replaced has been replaced by somebody else since it was read."""


@dataclass(frozen=True, slots=True)
class Amended:
    """What an amendment did; `lines` were moved, `dropped` are no longer asked for, so many people are `told`.

    So many `agencies` owe figures, those that an admin had given some to among them. None of it when `already`.
    """

    imported: Imported
    amendment: Amendment
    lines: int = 0
    dropped: int = 0
    told: int = 0
    agencies: int = 0


def version_of(draft: PlanDraft, names: Mapping[str, str] | None = None) -> tuple[PlannedIndicator, ...]:
    """Return a draft as `domain.amendments.compare` reads it; targets go by their running number in the document.

    `names` says what agencies are called now that the document may call otherwise (`storage.agencies.names_now`).
    """
    titles = {section.path: section.title for section in draft.sections}
    found = []
    number = 0
    for indicator in draft.indicators:
        above = [indicator.section[:depth] for depth in range(1, len(indicator.section) + 1)]
        targets = _targets_of(indicator, draft.document.year, number, names or {})
        number += len(targets)
        section = tuple(titles[path] for path in above if path in titles)
        found.append(PlannedIndicator(indicator.seq, indicator.name_suggested, section, indicator.unit, targets))
    return tuple(found)


def _targets_of(
    indicator: DraftIndicator, year: int, before: int, names: Mapping[str, str]
) -> tuple[PlannedTarget, ...]:
    found = []
    for number, target in enumerate(indicator.targets, before + 1):
        owed = why_not(indicator, target, year) is None
        printed, due = (indicator.suggested_reporters[0], target.due) if owed else (None, None)
        agency = names.get(fold(printed), printed) if printed else None
        found.append(PlannedTarget(number, target.target, target.year, target.scope, agency, due))
    return tuple(found)


async def amend(
    tx: Transaction,
    unit: Unit,
    old_id: int,
    draft: PlanDraft,
    renamed: Mapping[int, int],
    calendar: WorkCalendar,
    now: datetime,
    cycle: Cycle | Literal["kept"] | None = "kept",
    by: int | None = None,
) -> Amended:
    """Replace a plan of a commune by a new version of it. `renamed` is as in `domain.amendments.compare`.

    It is reported on in the cycle of the old one, unless another is given. `by` is the person who replaces it.

    The old version's rows stay as they are, for what was to be reached then. Nobody reports or is reminded meanwhile:
    the commune and the duties are held. Raises `ReplacedMeanwhile` when the old version is in force no longer.

    The very same file changes nothing, unless it is the old version's own: then questions about it were left before,
    and are answered now.
    """
    duties.hold_unit(tx, unit.id)
    same = await plans.find_same(tx, unit.id, draft.source_sha256)
    read_anew = await plans.next_reading(tx, old_id, draft.source_sha256)
    if read_anew is not None:
        draft = replace(draft, source_sha256=read_anew)
    elif same is not None:
        return Amended(Imported(same, already=True), compare((), ()))
    known = await plans.in_force(tx, old_id)
    if known.id != old_id:
        raise ReplacedMeanwhile
    cycle = known.cycle if cycle == "kept" else cycle
    old_duties = await amendments.hold(tx, old_id)
    old = await amendments.version(tx, old_id)
    amendment = compare(old.indicators, version_of(draft, await agencies.names_now(tx, unit.id)), renamed)
    plan = await plans.store(tx, unit.id, draft, now, cycle)
    amendments.replace(tx, old_id, plan.id)
    before = [duty.owing.due for duty in old_duties] if cycle == known.cycle else []
    owed = owed_of(plan, draft, cycle, calendar, min([calendar.today(now), *before]))
    by_key = {(duty.agency_id, duty.owing.due): duty for duty in old_duties}
    lines = _old_lines(owed, amendment, old)
    owed = _as_given(owed, lines, amendment, old)
    moved: dict[int, OldLine] = {}
    taken: dict[int, date] = {}
    for key, together in owed.items():
        here = {each.position: lines.get((each.position, key[1])) for each in together.targets}
        duty_id = await _duty(tx, plan.id, key[0], together.owing, by_key.get(key), calendar, now)
        duties.add_lines(
            tx, duty_id, [(each.position, each.id) for each in together.targets if not here[each.position]]
        )
        for target in together.targets:
            if line := here[target.position]:
                amendments.move_line(tx, line.id, duty_id, target.id, target.position)
                _judge_anew(tx, line, amendment.origins.get(target.position))
                moved[line.id] = line
        taken[duty_id] = key[1]
    dropped = await _leave_behind(tx, old_id, old, old_duties, owed, moved, now)
    for duty_id, due in taken.items():  # only now does each duty hold what it will
        duties.settle(tx, duty_id, first_reminder(due, now, calendar))
    _note(tx, unit, plan.id, old_id, draft, amendment, moved, now, by)
    people = await amendment_notices.tell(tx, unit, await plans.in_force(tx, plan.id), amendment, calendar, now)
    imported = told(plan.id, draft, owed)
    return Amended(imported, amendment, len(moved), dropped, people, len({agency_id for agency_id, _ in owed}))


def _old_lines(owed: Owed, amendment: Amendment, old: OldVersion) -> dict[tuple[int, date], OldLine]:
    """Return which old line each of the new version is, by the target's place and the due day.

    A line goes on by the same day. What is owed in the end goes on also where that is by another day now.
    """
    days: dict[int, list[date]] = defaultdict(list)
    for (_, due), together in owed.items():
        for target in together.targets:
            days[target.position].append(due)
    found: dict[tuple[int, date], OldLine] = {}
    for position, dues in days.items():
        kept = amendment.origins.get(position)
        before = old.lines.get(kept.old.id, {}) if kept else {}
        found |= {(position, due): before[due] for due in dues if due in before}
        final = max(dues)
        if before and final not in before and max(before) not in dues:
            found[position, final] = before[max(before)]
    return found


def _as_given(owed: Owed, lines: Mapping[tuple[int, date], OldLine], amendment: Amendment, old: OldVersion) -> Owed:
    """Leave what an admin has given to another agency with that one, where both files name the same agency.

    Each line stays where it was; one of a new period goes with the last line of its target.
    """
    found: Owed = {}
    for (agency_id, due), together in owed.items():
        for target in together.targets:
            kept = amendment.origins.get(target.position)
            before = old.lines.get(kept.old.id, {}) if kept and kept.same_reporter else {}
            line = lines.get((target.position, due)) or before.get(max(before, default=due))
            given_to = line.given_to if line and before else None
            found.setdefault((given_to or agency_id, due), OwedTogether(together.owing, [])).targets.append(target)
    return dict(sorted(found.items()))


async def _duty(
    tx: Transaction,
    plan_id: int,
    agency_id: int,
    owing: Owing,
    old: OldDuty | None,
    calendar: WorkCalendar,
    now: datetime,
) -> int:
    """Return the duty of an agency by a day in the new version: the old one's, with its reminders, or a new one."""
    if old is None:
        return await duties.create(tx, plan_id, agency_id, owing, (), first_reminder(owing.due, now, calendar), now)
    amendments.take_over(tx, old.id, plan_id)
    return old.id


def _judge_anew(tx: Transaction, line: OldLine, kept: Kept | None) -> None:
    if kept is not None and kept.target_changed:
        amendments.judge_anew(tx, line, None if kept.again else judge(kept.new.target, line.value))


async def _leave_behind(
    tx: Transaction,
    old_id: int,
    old: OldVersion,
    old_duties: Iterable[OldDuty],
    owed: Owed,
    moved: Mapping[int, OldLine],
    now: datetime,
) -> int:
    """Close what the new version does not ask for, and return how many lines that is."""
    left: dict[int, list[int]] = defaultdict(list)
    for line in (line for lines in old.lines.values() for line in lines.values()):
        if line.id not in moved:
            left[line.duty_id].append(line.id)
    for duty in old_duties:
        if (duty.agency_id, duty.owing.due) not in owed:
            amendments.close(tx, duty.id)
        elif duty.id in left:
            await amendments.set_aside(tx, old_id, duty, left[duty.id], now)
    return sum(map(len, left.values()))


def _note(
    tx: Transaction,
    unit: Unit,
    plan_id: int,
    old_id: int,
    draft: PlanDraft,
    amendment: Amendment,
    moved: Mapping[int, OldLine],
    now: datetime,
    by: int | None,
) -> None:
    audit.note(
        tx,
        "plan.amended",
        f"plan:{plan_id}",
        now,
        by,
        unit_id=unit.id,
        replaces=old_id,
        source=draft.source_name,
        sha256=draft.source_sha256,
        added=len(amendment.added),
        removed=len(amendment.removed),
        renamed=len(amendment.renamed),
        targets=len(amendment.target_changed),
        agencies=len(amendment.agency_changed),
        deadlines=len(amendment.deadline_changed),
        unchanged=amendment.unchanged,
        lines=len(moved),
        figures=amendment.figures_kept,
        again=len(amendment.to_be_reported_again),
    )
