"""The Excel form come back: each row read as if it had been typed, and said what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from documents.appendix.errors import AppendixError
from documents.form import read_form
from documents.form.errors import NotAForm
from documents.form.layout import check, printable
from documents.form.model import FormProblem, FormReply, FormRow
from domain.conversation import Go, Outcome
from domain.figures import screen
from domain.model import DutyLine, FigureValue, Verdict
from handlers import evidence, many
from handlers.form import words_of_form
from handlers.notes import note_refusal
from handlers.prompts import Offer
from handlers.recording import KEPT_WORDS, needs_a_reason, noted, store
from handlers.render import words
from handlers.reopening import is_to_be_asked_for
from handlers.turn import Turn
from storage import duties, remarks, submissions
from storage.files import Settled
from storage.values import figure

MOST_ROWS = 300  # no agency owes more at once; what is beyond is not kept until it is answered
SHOWN = 8  # figures, and problems, told one by one


@dataclass(frozen=True, slots=True)
class Taken:
    """A row whose figure was stored; `before` is the figure of the same person that it corrects."""

    line: DutyLine
    value: FigureValue
    verdict: Verdict
    before: FigureValue = None


@dataclass(slots=True)
class _Result:
    """What became of the rows of a form."""

    taken: list[Taken] = field(default_factory=list)
    same: list[DutyLine] = field(default_factory=list)
    overtaken: list[DutyLine] = field(default_factory=list)
    empty: list[DutyLine] = field(default_factory=list)
    heard: dict[str, str] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(data: bytes, format_: str) -> Any:
    """Return what a workbook says as plain data: a form, why it is none any more, or None for any other file."""
    if format_ != "xlsx":
        return None
    try:
        reply = read_form(data)
    except NotAForm as error:
        return {"refused": f"{error.code}.no_columns"} if error.values["reason"] == "no_columns" else None
    except AppendixError:
        return None  # too large for a form, or broken inside: then it is a document like any other
    return {"form": asdict(FormReply(reply.form_id, reply.rows[:MOST_ROWS], reply.problems[:MOST_ROWS]))}


def is_form(file: Settled) -> bool:
    """Tell whether a file is a form, or was one."""
    return isinstance(file.found, Mapping) and ("form" in file.found or "refused" in file.found)


async def take(turn: Turn, forms: Sequence[Settled]) -> Outcome | None:
    """Store what forms say beyond doubt, and answer row by row; what is unclear is asked about like a typed answer.

    The ids in a form are a claim: only lines the sender owes count, and only as they are worded now. A form is kept no
    longer than it takes to read it.
    """
    result = _Result()
    owed = {line.id: line for line in await duties.lines_of(turn.tx, turn.person_id)}
    named = {row["line_id"] for file in forms if "form" in file.found for row in file.found["form"]["rows"]}
    duties.hold_all(turn.tx, (line for line in owed.values() if line.id in named))
    for file in forms:
        evidence.release(turn, file.id)
        if "refused" in file.found:
            result.problems.append(str(words("form")["refused"][file.found["refused"]]))
            continue
        rows = [FormRow(**row) for row in file.found["form"]["rows"]]
        problems = [FormProblem(**problem) for problem in file.found["form"]["problems"]]
        unread = {each.line_id for each in problems if each.code not in ("empty", "note_cut")}
        for row in rows:
            if row.line_id in owed and _is_new(row, result):
                await _take_row(
                    turn, file.found["form"]["form_id"], row, owed[row.line_id], result, row.line_id in unread
                )
        gone = [row for row in rows if row.line_id not in owed and row.text]
        if gone:
            result.problems.append(_problem("not_owed", count=len(gone)))
        result.problems += [_worded(each, owed) for each in problems if each.code != "empty"]
    return _answer(turn, result)


def _is_new(row: FormRow, result: _Result) -> bool:
    """Tell whether a line was not answered by another form of the same message."""
    return row.line_id not in {each.line.id for each in result.taken} and str(row.line_id) not in result.heard


async def _take_row(turn: Turn, form_id: str, row: FormRow, line: DutyLine, result: _Result, is_unread: bool) -> None:
    if is_unread or not row.text:
        if line.status != "reported":
            result.unread += [line.id] if is_unread else []
            result.empty += [] if is_unread else [line]
        return
    if not _is_worded_as_now(form_id, row, line):
        result.problems.append(_problem("amended", name=line.indicator))
        return
    if (refusal := screen(row.text)) is not None:
        await note_refusal(turn, refusal)
        result.problems.append(_problem("refused_figure", name=line.indicator))
        return
    found = many.understood(turn, line, row.text)
    if line.status == "reported" or line.submission_id is not None:
        if found is not None and line.status == "reported" and figure(found[0]) == figure(line.value):
            result.same.append(line)
            return
        if line.status == "reported" and not await submissions.is_given_by(turn.tx, line, turn.person_id):
            result.overtaken.append(line)
            return
        if is_to_be_asked_for(turn, line):
            result.problems.append(_problem("closed", name=line.indicator))
            return
    if found is None:
        result.heard[str(line.id)] = row.text[:KEPT_WORDS]
        return
    value, reading = found
    verdict = store(turn, line, value, row.text, {**reading, "form": form_id})
    result.taken.append(Taken(line, value, verdict, line.value if line.status == "reported" else None))
    has_note = await _take_note(turn, row, line, result, kept=verdict == "not_met" or value is None)
    if needs_a_reason(turn, line, verdict) and not has_note:
        result.missed.append(line.id)


def _is_worded_as_now(form_id: str, row: FormRow, line: DutyLine) -> bool:
    """Tell whether the plan asks today what the form asked: another target is another question."""
    target = printable(words_of_form().target(line.target))
    return row.check == check(form_id, row.line_id, printable(line.indicator), target)


async def _take_note(turn: Turn, row: FormRow, line: DutyLine, result: _Result, *, kept: bool) -> bool:
    """Keep the note of a row as the reason why its target was missed, or why there is no figure."""
    if not row.note:
        return False
    if (refusal := screen(row.note)) is not None:
        await note_refusal(turn, refusal)
        result.problems.append(_problem("refused_note", name=line.indicator))
        return False
    if kept:
        remarks.add(turn.tx, line.id, turn.person_id, "reason", row.note[:KEPT_WORDS], turn.now)
    return True


def _problem(code: str, **values: Any) -> str:
    if "name" in values:
        values["name"] = _short(values["name"])
    return str(words("form")["problems"][code]).format(**values)


def _short(name: str) -> str:
    return name if len(name) <= 50 else f"{name[:49].rstrip()}…"


def _worded(problem: FormProblem, owed: Mapping[int, DutyLine]) -> str:
    """Return a sentence for a row that could not be read, with where a person finds it again."""
    line = owed.get(problem.line_id) if problem.line_id is not None else None
    detail = f" ({problem.detail})" if problem.detail else ""
    said = str(words("form")["problems"][problem.code]).format(detail=detail)
    place = str(words("form")["problems"]["place"]).format(row=problem.row)
    return f"{place}, {_short(line.indicator)}: {said}" if line else f"{place}: {said}"


def _answer(turn: Turn, result: _Result) -> Outcome | None:
    standing = turn.place is not None
    asking = bool(result.heard or result.unread) and (not standing or _is_report(turn))
    turn.say(
        "form/taken",
        settles=True,
        aside=standing,
        result=result,
        asking=asking,
        shown=SHOWN,
        nothing=not (result.taken or result.same or result.overtaken or result.heard or result.problems),
        listed=() if standing else turn.listed,
        offers=[] if standing or asking or result.missed else _offers(result),
        numbered=False,
    )
    if standing and not _is_report(turn):
        return None
    return _go_on(turn, result)


def _offers(result: _Result) -> list[Offer]:
    offers = [Offer("go:report:", "resume")] if result.empty else []
    return [*offers, Offer("go:sua:", "revise_any")] if result.taken or result.same or result.overtaken else offers


def _is_report(turn: Turn) -> bool:
    return turn.place is not None and turn.place.flow == "report"


def _go_on(turn: Turn, result: _Result) -> Outcome | None:
    """Ask about what was unclear and why targets were missed: now, or when the turn of a report in progress comes."""
    data: dict[str, Any] = dict(turn.place.data) if turn.place else {"at": 0, "tries": 0, "what": ""}
    before = dict(data)
    for each in result.taken:
        missed = each.line.id in result.missed
        data = noted(data, each.line.id, missed=missed, absent=each.value is None)
    unclear = [*map(int, result.heard), *result.unread]
    if result.heard:
        data["heard"] = {**data.get("heard", {}), **result.heard}
    if turn.place is None:
        if not unclear and "missed" not in data and "absent" not in data:
            return None
        stored = [each.line.id for each in result.taken]
        others = [line.id for line in (*result.same, *result.empty)]  # counted, and not asked for
        if not unclear:
            data["told"] = True  # how many there are has just been said
        return Go("figure", {**data, "lines": [*unclear, *stored, *others], "done": [*stored, *others]})
    data["lines"] = [*data["lines"], *(line_id for line_id in unclear if line_id not in data["lines"])]
    asked = evidence.line_asked(turn.place)
    stored = [each.line.id for each in result.taken]
    if asked in stored:
        return Go("figure", {**data, "done": sorted({*data.get("done", ()), *stored}), "tries": 0})
    if data != before:
        turn.keep(cast(Mapping[str, Any], data))
    return None
