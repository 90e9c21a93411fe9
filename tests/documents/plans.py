"""The five plans that tests read, what a person found in them, and a draft written in the same compact words."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from documents.appendix import read_plan
from domain.drafts import DraftIndicator, DraftTarget, PlanDraft

FOLDER = Path(__file__).parent.parent / "fixtures" / "plans"
PLANS = ("thuy_hung", "loi_bac", "vu_duong", "xuan_hung", "dang_uy_xa")


def plan_bytes(plan: str) -> bytes:
    return (FOLDER / f"{plan}.txt").read_bytes()


def plan_text(plan: str) -> str:
    return plan_bytes(plan).decode()


def draft_of(plan: str) -> PlanDraft:
    return read_plan(plan_bytes(plan), f"{plan}.txt")


def key_of(plan: str) -> list[dict[str, str]]:
    """What a person read in the plan, one row an indicator."""
    with (FOLDER / f"{plan}.key.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def in_words(draft: PlanDraft) -> list[dict[str, str]]:
    """The draft in the words of a key."""
    return [_row(indicator) for indicator in draft.indicators]


def _row(indicator: DraftIndicator) -> dict[str, str]:
    return {
        "seq": str(indicator.seq),
        "section": "/".join(indicator.section),
        "ordinal": indicator.ordinal_raw,
        "name": indicator.name_suggested,
        "unit": indicator.unit or "",
        "targets": "; ".join(map(_target, indicator.targets)),
        "lead": " + ".join(indicator.lead_agencies),
        "monitor": " + ".join(indicator.monitor_agencies),
        "coordinating": " + ".join(indicator.coordinating_agencies),
        "roles": " + ".join(indicator.assignee_roles),
        "reporters": " + ".join(indicator.suggested_reporters),
        "deadline": indicator.deadline.date.isoformat() if indicator.deadline.date else "",
        "lines": " ".join(map(str, indicator.source_lines)),
    }


def _target(dated: DraftTarget) -> str:
    target = dated.target
    if target.kind == "not_assigned":
        return f"{dated.year} {dated.scope} -"
    words = {
        "number": f"{target.op} {_figure(target.value)}",
        "range": f"{target.op} {_figure(target.value)} .. {_figure(target.value_max)}",
        "boolean": f"boolean {target.text}",
        "qualitative": f"words {target.text}",
        "task": "task",
    }
    component = f" of {target.component}" if target.component else ""
    due = f" due {dated.due}" if dated.due else ""
    return f"{dated.year} {dated.scope} {words[target.kind]}{component}{due}"


def _figure(value: Decimal | bool | None) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
