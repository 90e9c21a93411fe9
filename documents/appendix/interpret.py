"""Rows -> PlanDraft. The one interpreter: every format's reader feeds it, and it knows no format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from documents.appendix.columns import Column
from documents.appendix.document import Heading, plan_year
from documents.appendix.errors import YearNotFound
from documents.appendix.flags import Printed, flags_of, is_about_secrets
from documents.appendix.mending import mend, mend_name
from documents.appendix.questions import ask
from documents.appendix.rows import Row
from documents.appendix.table import Item, read_table
from domain.agencies import AgencyMention, CellReading, read_cell
from domain.agency_names import UNIT_WORDS
from domain.deadlines import end_of_year, read_deadline, target_year
from domain.drafts import DraftAgency, DraftDocument, DraftIndicator, DraftTarget, PlanDraft
from domain.model import Deadline, Target
from domain.named_targets import read_targets_in_name
from domain.targets import read_target
from domain.vietnamese import clean, fold


@dataclass(frozen=True, slots=True)
class _Plan:
    """What holds for the whole plan while its indicators are read."""

    year: int
    unit_word: str
    monitor_reports: bool
    titles: dict[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class _Agencies:
    """The agencies of one indicator by their part in it."""

    lead: CellReading
    monitor: CellReading
    coordinating: CellReading
    lead_raw: str | None
    monitor_raw: str | None
    coordinating_raw: str | None

    @property
    def coordinators(self) -> tuple[AgencyMention, ...]:
        found = [*self.lead.coordinators, *self.coordinating.agencies, *self.coordinating.coordinators]
        return tuple({mention.name: mention for mention in found}.values())

    @property
    def all(self) -> tuple[AgencyMention, ...]:
        return (*self.lead.agencies, *self.monitor.agencies, *self.coordinators)


def interpret(rows: Sequence[Row], name: str = "", sha256: str = "", *, year: int | None = None) -> PlanDraft:
    """Read the rows of a document as a plan.

    `year` is used where the document does not say which year it is for. Raises NotATable, or YearNotFound.
    """
    table = read_table(rows)
    heading = Heading(table.above)
    plan = _Plan(
        year=_year(heading, table.items, year),
        unit_word=_unit_word(heading, table.items),
        monitor_reports=_monitor_reports(table.items),
        titles={section.path: section.title for section in table.sections},
    )
    read = [_indicator(item, seq, plan, table.items[seq - 2] if seq > 1 else None)
            for seq, item in enumerate(table.items, 1)]  # fmt: skip
    indicators = tuple(indicator for indicator, _ in read)
    mentions = {mention.name: mention for _, agencies in read for mention in agencies.all}
    unknown = [(*agencies.lead.unknown, *agencies.monitor.unknown) for _, agencies in read]
    agencies = tuple(DraftAgency(mention.name, mention.kind) for mention in mentions.values())
    return PlanDraft(
        document=_document(heading, plan.year),
        sections=tuple(table.sections),
        indicators=indicators,
        agencies=agencies,
        questions=ask(indicators, agencies, unknown, plan.year, plan.unit_word),
        source_name=name,
        source_sha256=sha256,
    )


def _document(heading: Heading, year: int) -> DraftDocument:
    return DraftDocument(
        title=heading.title,
        appendix=heading.appendix,
        plan_number=heading.number,
        plan_date=heading.date,
        issuer=heading.issuer,
        commune=heading.commune,
        year=year,
        commune_type=heading.commune_type,
        issuer_type=heading.issuer_type,
        plan_number_raw=heading.number_raw,
        plan_month=heading.month,
    )


def _year(heading: Heading, items: Sequence[Item], given: int | None) -> int:
    deadlines = [read_deadline(item.text(item.layout.first("deadline"))) for item in items]
    years = [found for deadline in deadlines if (found := target_year(deadline)) is not None]
    columns = [column.year for item in items[:1] for column in item.layout.of("target") if column.year is not None]
    found = plan_year(heading, years, columns, given)
    if found is None:
        raise YearNotFound
    return found


def _unit_word(heading: Heading, items: Sequence[Item]) -> str:
    """Return whether the plan speaks of a "xã", "phường" or "đặc khu"."""
    if heading.commune_type in UNIT_WORDS:
        return heading.commune_type or UNIT_WORDS[0]
    headers = " ".join(column.header for item in items[:1] for column in item.layout.columns).casefold()
    agencies = " ".join(item.raw(index).casefold() for item in items for index in _agency_columns(item))
    counts = {word: (headers + agencies).count(word) for word in UNIT_WORDS}
    # "Văn hóa - Xã hội" is no commune.
    counts["xã"] -= (headers + agencies).count("xã hội")
    best = max(counts, key=lambda word: counts[word])
    return best if counts[best] > 0 else UNIT_WORDS[0]


def _agency_columns(item: Item) -> list[int]:
    return [column.index for column in item.layout.of("lead", "monitor", "coordinator")]


def _monitor_reports(items: Sequence[Item]) -> bool:
    """Whether the monitoring agency is who reports: its column says so, or hardly any lead can be addressed."""
    layout = items[0].layout
    if not layout.of("monitor") or not layout.of("lead"):
        return False
    if layout.monitor_reports:
        return True
    leads = [read_cell(item.text(layout.first("lead"))).agencies for item in items if item.layout == layout]
    addressable = sum(any(mention.kind == "agency" for mention in found) for found in leads)
    return addressable * 3 < len(leads)


def _indicator(item: Item, seq: int, plan: _Plan, previous: Item | None) -> tuple[DraftIndicator, _Agencies]:
    layout = item.layout
    name = item.text(layout.first("name"))
    suggested, slips = mend_name(name)
    has_unit = layout.first("unit") is not None
    unit_raw = item.text(layout.first("unit")) if has_unit else None
    unit = mend(unit_raw) if unit_raw and unit_raw not in ("-", "–") else None
    deadline = read_deadline(item.text(layout.first("deadline")), plan.year)
    targets = _targets(item, name, unit, deadline, plan)
    if not has_unit:
        units = {target.target.unit for target in targets}
        unit = units.pop() if len(units) == 1 else None
    agencies = _agencies(item, name, plan.unit_word)
    reporters = _reporters(agencies, plan.monitor_reports)
    ordinal_raw = item.text(layout.first("ordinal"))
    readings = (agencies.lead, agencies.monitor, agencies.coordinating)
    printed = Printed(
        item,
        previous,
        name,
        slips,
        unit_raw,
        unit,
        targets,
        readings,
        agencies.coordinators,
        bool(reporters),
        plan.year,
    )
    indicator = DraftIndicator(
        seq=seq,
        section=item.section,
        ordinal_raw=ordinal_raw,
        ordinal=ordinal(ordinal_raw),
        name=name,
        name_suggested=suggested,
        unit_raw=unit_raw,
        unit=unit,
        targets=targets,
        lead_raw=agencies.lead_raw,
        lead_agencies=_names(agencies.lead.agencies),
        monitor_raw=agencies.monitor_raw,
        monitor_agencies=_names(agencies.monitor.agencies),
        coordinating_raw=agencies.coordinating_raw,
        coordinating_agencies=_names(agencies.coordinators),
        assignee_roles=tuple(dict.fromkeys(role for reading in readings for role in reading.roles)),
        suggested_reporters=reporters,
        deadline=deadline,
        source_lines=tuple(item.lines),
        flags=flags_of(printed),
        restricted=is_about_secrets(name),
    )
    return indicator, agencies


def ordinal(raw: str) -> int | None:
    """Return the number printed as "3." or "1.3" (its last part), or None."""
    last = raw.rstrip(" .)").rpartition(".")[2]
    return int(last) if last.isascii() and last.isdecimal() and len(last) < 6 else None


def _names(mentions: tuple[AgencyMention, ...]) -> tuple[str, ...]:
    return tuple(mention.name for mention in mentions)


def _targets(item: Item, name: str, unit: str | None, deadline: Deadline, plan: _Plan) -> tuple[DraftTarget, ...]:
    columns = item.layout.of("target")
    filled = [column for column in columns if item.text(column.index)]
    if not filled:
        # No column, or nothing in it: the name may hold the target; without one it is a task.
        found = read_targets_in_name(name)
        if columns:
            found = tuple(
                target if target.kind != "task" else replace(target, source="cell", unit=unit) for target in found
            )
        return tuple(_dated(target, None, deadline, item, plan) for target in found)
    targets = []
    for column in columns:
        raw = clean(item.raw(column.index))
        text = item.text(column.index)
        # Nothing printed for one of several years or levels: nothing is due there.
        none = Target(kind="not_assigned", unit=unit)
        target = replace(read_target(text, unit), raw=raw) if text else none
        targets.append(_dated(target, column, deadline, item, plan))
    return tuple(targets)


def _dated(target: Target, column: Column | None, deadline: Deadline, item: Item, plan: _Plan) -> DraftTarget:
    """Return the target with its year and last day; the year over its column outweighs the deadline's."""
    scope = column.scope if column is not None else "xa"
    column_year = column.year if column is not None else None
    stated = target_year(deadline)
    section = _section_year(item.section, plan)
    if column_year == plan.year and deadline.basis == "stated" and deadline.date is None:
        dated = DraftTarget(target, column_year, "column", scope, None, "none")  # what is printed must be asked about
    elif column_year is not None:
        due = deadline.date if stated == column_year else end_of_year(column_year)
        dated = DraftTarget(
            target, column_year, "column", scope, due, "stated" if stated == column_year else "year_column"
        )
    elif stated is not None:
        dated = DraftTarget(target, stated, "deadline_column", scope, deadline.date, "stated")
    elif section is not None:
        dated = DraftTarget(target, section, "section", scope, None, "none")
    else:
        dated = DraftTarget(target, plan.year, "assumed", scope, None, "none")
    return replace(dated, due=None, due_basis="none") if target.kind == "not_assigned" else dated


def _section_year(path: tuple[str, ...], plan: _Plan) -> int | None:
    """Return the one year named in the title of the innermost section that names any."""
    for depth in range(len(path), 0, -1):
        words = fold(plan.titles.get(path[:depth], "")).split()
        years = {int(word) for before, word in pairwise(words)
                 if before in ("nam", "den") and len(word) == 4 and word.isascii() and word.isdecimal()}  # fmt: skip
        plausible = {year for year in years if 2000 <= year <= 2100}
        if len(plausible) == 1:
            return plausible.pop()
    return None


def _agencies(item: Item, name: str, unit_word: str) -> _Agencies:
    def raw(role: str) -> str | None:
        columns = [column for column in item.layout.columns if column.role == role]
        if not columns:
            return None
        return "; ".join(text for column in columns if (text := item.text(column.index)))

    lead, monitor, coordinating = raw("lead"), raw("monitor"), raw("coordinator")
    lead_read = read_cell(_given(lead), unit_word, name)
    inside = lead if lead_read.coordinators else None
    return _Agencies(
        lead=lead_read,
        monitor=read_cell(_given(monitor), unit_word, name),
        coordinating=read_cell(_given(coordinating), unit_word, name),
        lead_raw=lead,
        monitor_raw=monitor,
        coordinating_raw=coordinating or inside,
    )


def _given(raw: str | None) -> str:
    """A lone dash in an agency cell names nobody."""
    return "" if raw is None or raw.strip(" -–—.") == "" else raw


def _reporters(agencies: _Agencies, monitor_reports: bool) -> tuple[str, ...]:
    """Return whom to remind. It is advice: the first column, in the plan's order of duty, that can be addressed.

    A coordinator steps in only for an outside lead; a group ("các cơ quan, đơn vị") is left to a person.
    """
    order = (agencies.lead.agencies, agencies.monitor.agencies)
    for mentions in reversed(order) if monitor_reports else order:
        addressable = tuple(mention.name for mention in mentions if mention.kind == "agency")
        if addressable:
            return addressable
    if agencies.lead.agencies and all(mention.kind == "external" for mention in agencies.lead.agencies):
        for mention in agencies.coordinators:
            if mention.kind == "agency":
                return (mention.name,)
    return ()
