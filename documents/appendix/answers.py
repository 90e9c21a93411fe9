"""Answers to a draft's questions -> the draft as it will be imported. Pure: the draft given is never changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from documents.appendix.errors import BadAnswer, UnknownQuestion
from documents.appendix.flags import impossible_operator
from documents.appendix.questions import (
    NOT_BY_CHAT,
    YES_NO_ONLY,
    beyond_a_share,
    is_unclear,
    is_undated,
    looks_like_agency,
)
from documents.appendix.rows import plain
from domain.agencies import AgencyMention, closest_name, find_agency, read_cell
from domain.agency_names import UNIT_WORDS, UnitWord
from domain.deadlines import LAST_YEAR, parse_day, read_deadline
from domain.drafts import (
    LEAVE_TO_ADMIN,
    LEFT_FOR_LATER,
    UNJUDGED_IF_OPEN,
    DraftAgency,
    DraftIndicator,
    DraftTarget,
    PlanDraft,
    Question,
)
from domain.model import Target
from domain.targets import read_target
from domain.vietnamese import clean, fold

MAX_ANSWER = 300
MAX_UNIT = 40
_NEW_AGENCY = re.compile(r"(?i)mới ?: ?|moi ?: ?")

_Change = Callable[[DraftIndicator], DraftIndicator]


@dataclass(frozen=True, slots=True)
class _Answered:
    """What one answer does: to the indicators asked about, and to the plan's agencies."""

    change: _Change
    agencies: tuple[AgencyMention, ...] = ()


def apply_answers(draft: PlanDraft, answers: Mapping[str, str]) -> PlanDraft:
    """Return `draft` with `answers` (question id -> what was said) taken in and those questions closed.

    An answer is the text of a proposal or its number, a date ("31/12/2026", "Tháng 11/2026"), the name of an agency
    or several, a unit, a target, or "để sau", which keeps the indicators and gives them no duty yet. Open questions
    keep their ids. Raises UnknownQuestion or BadAnswer, and then nothing has been taken in.
    """
    questions = {question.id: question for question in draft.questions}
    changes: dict[int, list[_Change]] = {}
    agencies = {agency.name: agency for agency in draft.agencies}
    for question_id, answer in answers.items():
        question = questions.get(question_id)
        if question is None:
            raise UnknownQuestion(question_id)
        answered = _answer(question, answer, draft)
        for seq in question.indicators:
            changes.setdefault(seq, []).append(answered.change)
        for mention in answered.agencies:
            agencies.setdefault(mention.name, DraftAgency(mention.name, mention.kind))
    return replace(
        draft,
        indicators=tuple(_changed(indicator, changes.get(indicator.seq, ())) for indicator in draft.indicators),
        agencies=tuple(agencies.values()),
        questions=tuple(question for question in draft.questions if question.id not in answers),
    )


def unjudged(draft: PlanDraft) -> PlanDraft:
    """Return `draft` for import: where nobody has said what a number means, no figure is held against it by a rule.

    A poverty rate of "1,5 %" may be the most there should be, and a verdict on it the wrong way round.
    """
    open_ = {seq for question in draft.questions if question.kind in UNJUDGED_IF_OPEN for seq in question.indicators}

    def without_rule(target: DraftTarget, indicator: DraftIndicator) -> DraftTarget:
        doubtful = is_unclear(target, indicator) or beyond_a_share(target)
        return replace(target, target=replace(target.target, op=None)) if doubtful else target

    return replace(
        draft,
        indicators=tuple(
            replace(each, targets=tuple(without_rule(target, each) for target in each.targets))
            if each.seq in open_
            else each
            for each in draft.indicators
        ),
    )


def _changed(indicator: DraftIndicator, changes: Iterable[_Change]) -> DraftIndicator:
    for change in changes:
        indicator = change(indicator)
    return indicator


def _answer(question: Question, answer: str, draft: PlanDraft) -> _Answered:
    text = clean(answer[:MAX_ANSWER])
    if fold(text) == LEAVE_TO_ADMIN:
        return _Answered(_left_for_later)
    text = _proposal(question, text) or text
    kind = question.kind
    if kind in ("missing_agency", "no_addressable_agency", "unknown_agency"):
        mentions = _agencies(question, text, draft)
        return _Answered(_reporters(question, tuple(mention.name for mention in mentions)), mentions)
    if kind in ("missing_deadline", "unclear_deadline"):
        return _Answered(_due(_day(question, text, draft)))
    if kind == "secret_wording":
        return _Answered(_secret(question, text))
    if kind == "suspect_unit":
        return _Answered(_unit(question, text, draft))
    return _Answered(_target(question, text))


def _bad(question: Question, answer: str, reason: str) -> BadAnswer:
    return BadAnswer(question.id, question.kind, answer, reason, question.proposals)


def _proposal(question: Question, text: str) -> str | None:
    """Return the proposal meant by its text or its number."""
    number = text.rstrip(".)")
    if number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= len(question.proposals):
        return question.proposals[int(number) - 1]
    return next((proposal for proposal in question.proposals if fold(proposal) == fold(text)), None)


def _unit_word(draft: PlanDraft) -> UnitWord:
    kind = draft.document.commune_type
    return kind if kind in UNIT_WORDS and kind is not None else UNIT_WORDS[0]


def _left_for_later(indicator: DraftIndicator) -> DraftIndicator:
    return replace(indicator, flags=tuple(sorted({*indicator.flags, LEFT_FOR_LATER})))


def _agencies(question: Question, text: str, draft: PlanDraft) -> tuple[AgencyMention, ...]:
    """Return the agencies an answer names. A group or an outside body cannot be reminded and is refused.

    So is a name that differs from a known one by a slip: nobody would ever join for it. "mới: …" insists on it.
    """
    unit = _unit_word(draft)
    if text in question.proposals:
        return (AgencyMention(text, "agency"),)
    insisted = _NEW_AGENCY.match(text)
    text = text[insisted.end() :] if insisted else text
    one = find_agency(text, unit)
    reading = read_cell(text, unit)
    if one is not None:
        mentions: tuple[AgencyMention, ...] = (one,)
    elif reading.agencies and not (reading.unknown or reading.coordinators):
        mentions = reading.agencies
    elif looks_like_agency(text):
        near = closest_name(text, unit, [agency.name for agency in draft.agencies]) if insisted is None else None
        if near is not None:
            raise BadAnswer(question.id, question.kind, text, "mistyped_agency", (near,))
        mentions = (AgencyMention(text[:1].upper() + text[1:], "agency"),)
    else:
        raise _bad(question, text, "not_an_agency")
    if any(mention.kind != "agency" for mention in mentions):
        raise _bad(question, text, "not_addressable")
    return mentions


def _reporters(question: Question, names: tuple[str, ...]) -> _Change:
    def change(indicator: DraftIndicator) -> DraftIndicator:
        if question.kind != "unknown_agency":
            return replace(indicator, suggested_reporters=names, lead_agencies=indicator.lead_agencies or names)
        # The name was printed in one of the cells; it takes its place there.
        printed_in_lead = fold(question.subject) in fold(indicator.lead_raw or "")
        lead, monitor = indicator.lead_agencies, indicator.monitor_agencies
        reporters = indicator.suggested_reporters
        monitor_reports = bool(reporters) and set(reporters) <= set(monitor) and not set(reporters) <= set(lead)
        if printed_in_lead:
            lead = _joined(lead, names)
        else:
            monitor = _joined(monitor, names)
        if not reporters or printed_in_lead is not monitor_reports:
            reporters = _joined(reporters, names)
        return replace(indicator, lead_agencies=lead, monitor_agencies=monitor, suggested_reporters=reporters)

    return change


def _joined(names: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *more)))


def _day(question: Question, text: str, draft: PlanDraft) -> date:
    day = parse_day(text) or read_deadline(text, draft.document.year).date
    if day is None:
        raise _bad(question, text, "not_a_date")
    if not draft.document.year <= day.year <= LAST_YEAR:
        raise _bad(question, text, "date_out_of_range")
    return day


def _due(day: date) -> _Change:
    def dated(target: DraftTarget) -> DraftTarget:
        return replace(target, due=day, due_basis="answered") if is_undated(target) else target

    return lambda indicator: replace(indicator, targets=tuple(map(dated, indicator.targets)))


def _secret(question: Question, text: str) -> _Change:
    """By default nothing about secret papers passes through chat (Luật 117/2025/QH15); at most yes or no may."""
    if text == NOT_BY_CHAT:
        return lambda indicator: indicator
    if text != YES_NO_ONLY:
        raise _bad(question, text, "not_a_choice")

    def yes_no(target: DraftTarget) -> DraftTarget:
        of = target.target
        if of.kind == "not_assigned":
            return target
        return replace(
            target, target=Target(kind="boolean", op="==", value=True, text=of.raw, raw=of.raw, source=of.source)
        )

    return lambda indicator: replace(indicator, restricted=False, targets=tuple(map(yes_no, indicator.targets)))


def _unit(question: Question, text: str, draft: PlanDraft) -> _Change:
    asked = [indicator for indicator in draft.indicators if indicator.seq in question.indicators]
    kinds = {target.target.kind for indicator in asked for target in indicator.targets}
    unit: str | None = text
    if text == YES_NO_ONLY and not kinds & {"number", "range"}:
        unit = None
    elif not text or len(text) > MAX_UNIT or text == YES_NO_ONLY or any(character.isdecimal() for character in text):
        raise _bad(question, text, "not_a_unit")

    def measured(target: DraftTarget) -> DraftTarget:
        of = target.target
        if of.source == "name":
            return replace(target, target=replace(of, unit=unit))
        return replace(target, target=replace(read_target(plain(of.raw), unit), raw=of.raw))

    return lambda indicator: replace(indicator, unit=unit, targets=tuple(map(measured, indicator.targets)))


def _target(question: Question, text: str) -> _Change:
    if read_target(text).kind not in ("number", "range", "boolean"):
        raise _bad(question, text, "not_a_target")

    def change(indicator: DraftIndicator) -> DraftIndicator:
        def meant(target: DraftTarget) -> DraftTarget:
            doubtful = (
                impossible_operator(target) if question.kind == "impossible_operator" else is_unclear(target, indicator)
            )
            if not doubtful:
                return target
            of = target.target
            read = read_target(text, of.unit)
            if read.kind == "qualitative":
                read = read_target(text)
            return replace(target, target=replace(read, raw=of.raw, source=of.source, component=of.component))

        return replace(indicator, targets=tuple(map(meant, indicator.targets)))

    return change
