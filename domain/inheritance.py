"""What a plan in force already says about the questions a file raises: nobody is asked the same thing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.amendments import PlannedIndicator, PlannedTarget, Version, match, match_targets
from domain.drafts import Question, QuestionKind
from domain.vietnamese import format_date

_AGENCY: frozenset[QuestionKind] = frozenset({"missing_agency", "no_addressable_agency"})
_DEADLINE: frozenset[QuestionKind] = frozenset({"missing_deadline", "unclear_deadline"})


@dataclass(frozen=True, slots=True)
class Inherited:
    """The questions about a file, parted into what the plan in force answers and what is still to be asked.

    `answers` are by the ids of `known`. A question answered for some of its indicators is in both: as "Q5.1" for
    those, and under its own id for the rest, with the answers found as its first proposals.
    """

    known: tuple[Question, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    open: tuple[Question, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them."""
        return (*self.known, *self.open)


def inherit(old: Version, new: Version, questions: Sequence[Question]) -> Inherited:
    """Return what `old` answers of the questions about `new`: who reports, and by when."""
    olds = {indicator.position: indicator for indicator in old}
    news = {indicator.position: indicator for indicator in new}
    before = {at: olds[was] for at, was in match(old, new).items()}
    known: list[Question] = []
    answers: dict[str, str] = {}
    left: list[Question] = []
    for question in questions:
        said: dict[str, list[int]] = {}
        for seq in question.indicators:
            found: list[str] = []
            if question.kind in _AGENCY:
                found = _agencies(before.get(seq))
            elif question.kind in _DEADLINE:
                found = _days(before.get(seq), news[seq])
            if len(found) == 1:
                said.setdefault(found[0], []).append(seq)
        for number, (answer, seqs) in enumerate(said.items(), 1):
            whole = len(seqs) == len(question.indicators)
            part = replace(question, id=question.id if whole else f"{question.id}.{number}", indicators=tuple(seqs))
            known.append(part)
            answers[part.id] = answer
        answered = {seq for seqs in said.values() for seq in seqs}
        if rest := tuple(seq for seq in question.indicators if seq not in answered):
            proposals = tuple(dict.fromkeys([*said, *question.proposals]))
            left.append(replace(question, indicators=rest, proposals=proposals))
    return Inherited(tuple(known), answers, tuple(left))


def _agencies(old: PlannedIndicator | None) -> list[str]:
    targets: Sequence[PlannedTarget] = old.targets if old else ()
    names = (target.agency or target.reporter for target in targets)
    return list(dict.fromkeys(name for name in names if name is not None))


def _days(old: PlannedIndicator | None, new: PlannedIndicator) -> list[str]:
    """Return the last days, as they would be typed, of the targets that have none in the new version."""
    pairs = match_targets(old.targets, new.targets) if old else []
    days = (one.due or one.last_day for one, other in pairs if other.due is None)
    return list(dict.fromkeys(format_date(day) for day in days if day is not None))
