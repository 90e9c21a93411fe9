"""A draft as plain data for files and checks: the print, what was understood, and the open questions."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from documents.appendix.mending import mend
from domain.drafts import BLOCKING, DraftIndicator, DraftSection, DraftTarget, PlanDraft

SCHEMA = "plan-draft/1"


def draft_to_json(draft: PlanDraft) -> dict[str, Any]:
    """Return `draft` as values json.dumps can write: dates ISO, figures as numbers, agencies by canonical name."""
    document = draft.document
    titles = {section.path: section.title for section in draft.sections}
    undated = next((q for q in draft.questions if q.kind == "missing_deadline"), None)
    return {
        "schema": SCHEMA,
        "file": draft.source_name,
        "sha256": draft.source_sha256,
        "document": {
            "title": document.title,
            "appendix": document.appendix,
            "plan_number": document.plan_number,
            "plan_number_raw": document.plan_number_raw,
            "plan_date": document.plan_date.isoformat() if document.plan_date else None,
            "plan_month": document.plan_month,
            "year": document.year,
            "issuer": document.issuer,
            "issuer_type": document.issuer_type,
            "commune": document.commune,
            "commune_type": document.commune_type,
            "deadline_column": any(indicator.deadline.basis == "stated" for indicator in draft.indicators),
            "default_due_suggestion": f"{document.year}-12-31" if undated else None,
        },
        "counts": {
            "indicators": len(draft.indicators),
            "targets_assigned": sum(
                target.target.kind != "not_assigned" for item in draft.indicators for target in item.targets
            ),
        },
        "sections": _sections(draft),
        "agencies": [{"name": agency.name, "kind": agency.kind} for agency in draft.agencies],
        "indicators": [_indicator(item, titles) for item in draft.indicators],
        "questions": [
            {
                "id": question.id,
                "kind": question.kind,
                "blocking": question.kind in BLOCKING,
                "indicators": list(question.indicators),
                "subject": question.subject,
                "proposals": list(question.proposals),
            }
            for question in draft.questions
        ],
    }


def _sections(draft: PlanDraft) -> list[dict[str, Any]]:
    counts = Counter(item.section[:depth] for item in draft.indicators for depth in range(1, len(item.section) + 1))
    return [_section(section, counts[section.path]) for section in draft.sections]


def _section(section: DraftSection, count: int) -> dict[str, Any]:
    suggested = mend(section.title)
    return {
        "id": "/".join(section.path),
        "title": section.title,
        **({"title_suggested": suggested} if suggested != section.title else {}),
        "parent": "/".join(section.path[:-1]) or None,
        "count": count,
    }


def _indicator(item: DraftIndicator, titles: dict[tuple[str, ...], str]) -> dict[str, Any]:
    return {
        "seq": item.seq,
        "section": list(item.section),
        "section_path": [
            f"{marker}. {titles.get(item.section[:depth], '')}" for depth, marker in enumerate(item.section, 1)
        ],
        "ordinal_raw": item.ordinal_raw,
        "ordinal": item.ordinal,
        "name": item.name,
        "name_suggested": item.name_suggested,
        "unit_raw": item.unit_raw,
        "unit": item.unit,
        "targets": [_target(target) for target in item.targets],
        "lead_agencies": list(item.lead_agencies),
        "lead_raw": item.lead_raw,
        "monitor_agencies": list(item.monitor_agencies),
        "monitor_raw": item.monitor_raw,
        "coordinating_agencies": list(item.coordinating_agencies),
        "coordinating_raw": item.coordinating_raw,
        "assignee_roles": list(item.assignee_roles),
        "suggested_reporters": list(item.suggested_reporters),
        "deadline": {
            "raw": item.deadline.raw,
            "date": item.deadline.date.isoformat() if item.deadline.date else None,
            "basis": item.deadline.basis,
            "kind": item.deadline.kind,
        },
        "source_lines": list(item.source_lines),
        "flags": list(item.flags),
        "restricted": item.restricted,
    }


def _target(dated: DraftTarget) -> dict[str, Any]:
    target = dated.target
    return {
        "year": dated.year,
        "year_basis": dated.year_basis,
        "scope": dated.scope,
        "component": target.component,
        "raw": target.raw,
        "kind": target.kind,
        "op_printed": target.op_printed,
        "op": target.op,
        "value": _number(target.value),
        "value_max": _number(target.value_max),
        "text": target.text,
        "unit": target.unit,
        "direction": target.direction,
        "source": target.source,
        "due": dated.due.isoformat() if dated.due else None,
        "due_basis": dated.due_basis,
    }


def _number(value: Decimal | bool | None) -> int | float | bool | None:
    """JSON has no decimals; a figure of a plan has few enough digits to survive as its nearest double."""
    if value is None or isinstance(value, bool):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
