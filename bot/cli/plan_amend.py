"""dondoc plan import of a new version: what it changes is shown, and it replaces the old one once that is agreed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.cli.dialog import agrees
from bot.cli.terminal import say
from bot.complaint import Complaint
from documents.appendix.errors import BadAnswer
from domain.amendments import Doubt, compare, meant
from domain.cycles import Cycle
from domain.drafts import PlanDraft
from domain.model import Unit
from domain.periods import WorkCalendar
from handlers.amendments import Amended, ReplacedMeanwhile, amend, version_of
from handlers.plan_intake import Older
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the clerk has agreed to: this version replaced, these indicators taken for old ones renamed."""

    older: Older
    renamed: Mapping[int, int]


def check_doubts(found: Sequence[Doubt], given: Mapping[str, str], file: Path) -> None:
    """Raise `Complaint` for an answer to a question nobody asks, or that is none of its answers."""
    questions = {doubt.question.id: doubt.question for doubt in found}
    for name, answer in given.items():
        if name not in questions:
            raise Complaint("doubt_unknown", question=name, known=list(questions))
        if meant(answer) is None:
            question = questions[name]
            error = BadAnswer(name, question.kind, answer, "not_a_choice", question.proposals)
            raise Complaint("appendix", path=file, code=error.code, values=dict(error.values))


def agree(
    older: Older,
    draft: PlanDraft,
    renamed: Mapping[int, int],
    *,
    replace: bool,
    read: Callable[[], str] | None = None,
) -> Agreed:
    """Show what a version changes and let the clerk agree; raises `Complaint` when they do not.

    Without a terminal nobody can be asked: `replace` must say so beforehand.
    """
    say(
        "amendment", amendment=compare(older.version, version_of(draft, older.names), renamed), older=older, draft=draft
    )
    if not replace and not sys.stdin.isatty():
        raise Complaint("plan_alike", name=older.unit.name, alike=older.alike)
    if not replace:
        say("replace", older=older)
        if not agrees(read):
            raise Complaint("left")
    return Agreed(older, renamed)


async def replaced(
    tx: Transaction,
    unit: Unit,
    agreed: Agreed,
    draft: PlanDraft,
    calendar: WorkCalendar,
    now: datetime,
    cycle: Cycle | Literal["kept"] | None = "kept",
) -> Amended:
    """Replace the old version as agreed; raises `Complaint` when somebody else has replaced it meanwhile."""
    try:
        return await amend(tx, unit, agreed.older.alike.plan.id, draft, agreed.renamed, calendar, now, cycle)
    except ReplacedMeanwhile as error:
        raise Complaint("replaced_meanwhile", name=unit.name) from error
