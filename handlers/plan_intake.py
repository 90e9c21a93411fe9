"""A plan's file on its way in, the same at the terminal and in the chat: what is known of it, what is asked, what it
changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from documents.appendix.answers import apply_answers
from documents.appendix.errors import BadAnswer
from domain.amendments import RENAMED, Doubt, PlannedIndicator, compare, doubts, meant
from domain.drafts import LEAVE_TO_ADMIN, LEFT_FOR_LATER, PlanDraft, Question
from domain.inheritance import inherit
from domain.model import Unit
from domain.vietnamese import fold, format_date
from handlers.amendments import version_of
from handlers.plans import Alike, find_alike
from storage import agencies, amendments, plans
from storage.database import Transaction
from storage.plans import KnownPlan

_DOUBT = re.compile(r"D[0-9]{1,6}")


class AlreadyReplaced(Exception):
    """The file is an older version of the commune's: `plan` has replaced it."""

    def __init__(self, plan: KnownPlan) -> None:
        super().__init__(f"replaced by plan {plan.id}")
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Older:
    """A plan that a file seems to be a new version of, as it is stored.

    `names` says what agencies are called now that the file may call otherwise (`storage.agencies.names_now`).
    """

    unit: Unit
    alike: Alike
    version: Sequence[PlannedIndicator]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What is there of a plan already: an older version of it that may be replaced; `same` where it is this very file.

    The same file is worth a second import when questions about it were left: it is answered, and replaces itself.
    """

    older: Older | None = None
    same: bool = False


async def known_of(tx: Transaction, unit: Unit, draft: PlanDraft, *, alike: bool = True) -> Known:
    """Return what is there of a plan; without `alike` only whether the very file is. Raises `AlreadyReplaced`."""
    same = await plans.find_same(tx, unit.id, draft.source_sha256)
    names = await agencies.names_now(tx, unit.id)
    if same is not None:
        newest = await plans.in_force(tx, same)
        if newest.id != same:
            raise AlreadyReplaced(newest)
        itself = Alike(newest, len(newest.indicators), len(newest.indicators))
        return Known(Older(unit, itself, (await amendments.version(tx, same)).indicators, names), same=True)
    found = await find_alike(tx, unit, draft) if alike else None
    if found is None:
        return Known()
    return Known(Older(unit, found, (await amendments.version(tx, found.plan.id)).indicators, names))


@dataclass(frozen=True, slots=True)
class Raised:
    """A draft of which the plan in force has answered what it can (`inherited`), and the doubts that are left."""

    draft: PlanDraft
    inherited: Mapping[Question, str] = field(default_factory=dict)
    doubts: Sequence[Doubt] = ()

    def questions(self, kinds: frozenset[str]) -> list[Question]:
        """Return what is to be asked: the questions of these kinds, and the doubts."""
        asked = [question for question in self.draft.questions if question.kind in kinds]
        return asked + [doubt.question for doubt in self.doubts]


def raise_questions(draft: PlanDraft, older: Older | None) -> Raised:
    """Return what is left to ask about a draft, given the version in force."""
    if older is None:
        return Raised(draft)
    found = inherit(older.version, version_of(draft, older.names), draft.questions)
    answered = replace(draft, questions=found.questions)
    known: dict[Question, str] = {}
    for question in found.known:
        try:
            answered = apply_answers(answered, {question.id: found.answers[question.id]})
        except BadAnswer:
            continue  # what was said then is no answer any more: it is asked anew
        known[question] = found.answers[question.id]
    return Raised(answered, known, doubts(older.version, version_of(answered, older.names)))


def is_doubt(question_id: str) -> bool:
    """Tell whether an answer is about an indicator's old name, and not about the file by itself."""
    return _DOUBT.fullmatch(question_id) is not None


def about_file(given: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that are about the file by itself."""
    return {name: answer for name, answer in given.items() if not is_doubt(name)}


def renamings(found: Sequence[Doubt], given: Mapping[str, str]) -> dict[int, int]:
    """Return which indicators are old ones under another name, by their places in the new and the old version."""
    return {
        doubt.new.position: doubt.old.position for doubt in found if meant(given.get(doubt.question.id, "")) == RENAMED
    }


def changes(older: Older, draft: PlanDraft) -> bool:
    """Tell whether a draft says anything else than the version in force."""
    amendment = compare(older.version, version_of(draft, older.names))
    return bool(amendment.added or amendment.removed) or amendment.unchanged < len(draft.indicators)


def left_open(draft: PlanDraft) -> int:
    """Return for how many indicators a question is still left."""
    return sum(LEFT_FOR_LATER in indicator.flags for indicator in draft.indicators)


def beyond(question: Question, typed: str) -> int:
    """Return how many proposals there are when a number was typed that is none of them; otherwise 0."""
    number = typed.rstrip(".)")
    count = len(question.proposals)
    is_beyond = number.isascii() and number.isdecimal() and not (len(number) < 4 and 1 <= int(number) <= count)
    return count if is_beyond else 0


def understood(draft: PlanDraft, question: Question, answer: str) -> tuple[str, ...]:
    """Return what an answer means, as it will be stored: agencies or days; nothing when it is put off.

    Raises `BadAnswer` for one that does not fit.
    """
    if question.kind == "renamed_indicator":
        if (choice := meant(answer)) is None:
            raise BadAnswer(question.id, question.kind, answer, "not_a_choice", question.proposals)
        return (choice,)
    if fold(answer) == LEAVE_TO_ADMIN:
        return ()
    after = {indicator.seq: indicator for indicator in apply_answers(draft, {question.id: answer}).indicators}
    before = {indicator.seq: indicator for indicator in draft.indicators}
    found: dict[str, None] = {}
    for seq in question.indicators:
        old, new = before[seq], after[seq]
        known = {*old.lead_agencies, *old.monitor_agencies, *old.suggested_reporters}
        names = (*new.lead_agencies, *new.monitor_agencies, *new.suggested_reporters)
        found |= dict.fromkeys(name for name in names if name not in known)
        days = [target.due for target in new.targets if target.due_basis == "answered" and target.due]
        found |= dict.fromkeys(map(format_date, days))
    return tuple(found) or (answer,)
