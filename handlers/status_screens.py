"""What is behind a commune's status: one screen each, every one reached by a choice that works for as long as it is
on the phone, or by its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.messages import Attachment
from domain.status import STATES, StatusRow
from domain.vietnamese import shorten
from handlers import documents, made, pictures, urging
from handlers.prompts import Offer
from handlers.render import words_of_period
from handlers.summaries import Summary, document_words, summary_of
from handlers.turn import Turn
from storage import reports
from storage.permissions import may

ROWS = 6  # indicators on one screen, each with its figure
PARTS = 8  # agencies or sections on one screen
HISTORY = 5  # figures of an indicator
_LABEL = 34
_PICTURES = {"history": "status/history", "map": "status/map"}
_FILES = {"docx": "file_docx", "xlsx": "file_xlsx", "appendix": "file_appendix", "png": "file_png"}


async def show(turn: Turn, summary: Summary, screen: str) -> None:
    """Say one screen: "" is the first, "agency:7" what an agency owes, "late:6" the late ones from the seventh on."""
    name, _, argument = screen.partition(":")
    if name in SCREENS:
        await SCREENS[name](turn, summary, argument)
    else:
        turn.say("common/old_choice")


def go(summary: Summary, screen: str, name: str = "", words: str = "") -> Offer:
    """Offer another screen of the same commune, in the same period."""
    if summary.period:
        return Offer(f"go:status:#{summary.unit.id}/{summary.period}/{screen}", name, words)
    return Offer(f"go:status:#{summary.unit.id}{':' if screen else ''}{screen}", name, words)


def _say(turn: Turn, template: str, offers: Sequence[Offer], **values: Any) -> None:
    """Say a screen. Its choices are not mixed with those of a form in progress, whose question is repeated below."""
    turn.say(template, offers=offers if turn.place is None else (), **values)


def number(argument: str) -> int:
    """Return the number in a choice, which may come from anybody; 0 for anything else."""
    return int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 18 else 0


async def _overview(turn: Turn, summary: Summary, argument: str) -> None:  # noqa: ARG001
    report = summary.report
    offers = [go(summary, "agencies", "by_agency"), go(summary, "sections", "by_section")]
    if report.not_met:
        offers.append(go(summary, "unmet", "unmet"))
    if report.counts.overdue:
        offers.append(go(summary, "late", "late"))
        if await may(turn.tx, turn.person_id, "remind_now", unit=summary.unit.id):
            offers.append(go(summary, "urge", "urge"))
    offers.append(go(summary, "files", "files"))
    if len(await reports.periods(turn.tx, summary.unit.id, turn.today)) > 1:
        offers.append(go(summary, "periods", "other_period"))
    _say(turn, "status/status", offers, summary=summary)


async def _agencies(turn: Turn, summary: Summary, argument: str) -> None:
    groups = summary.report.agencies
    first = number(argument) if number(argument) < len(groups) else 0
    shown = groups[first : first + PARTS]
    offers = [
        go(summary, f"agency:{group.rows[0].agency_id or 0}", words=_label(at, group.name))
        for at, group in enumerate(shown, 1)
        if group.name
    ]
    offers += _further(summary, "agencies", first, PARTS, len(groups))
    _say(turn, "status/agencies", [*offers, go(summary, "", "overview")], summary=summary, groups=shown)


async def _sections(turn: Turn, summary: Summary, argument: str) -> None:
    groups = summary.report.sections
    first = number(argument) if number(argument) < len(groups) else 0
    shown = groups[first : first + PARTS]
    offers = [
        go(summary, f"section:{first + at - 1}", words=_label(at, group.name)) for at, group in enumerate(shown, 1)
    ]
    offers += _further(summary, "sections", first, PARTS, len(groups))
    _say(turn, "status/sections", [*offers, go(summary, "", "overview")], summary=summary, groups=shown)


async def _agency(turn: Turn, summary: Summary, argument: str) -> None:
    which, _, page = argument.partition(":")
    rows = [row for row in summary.report.rows if row.agency_id is not None and row.agency_id == number(which)]
    if not rows:
        turn.say("common/old_choice")
        return
    _list(turn, summary, rows[0].agency or "", _worst_first(summary, rows), f"agency:{number(which)}", page)


async def _section(turn: Turn, summary: Summary, argument: str) -> None:
    which, _, page = argument.partition(":")
    groups = summary.report.sections
    if not which.isdecimal() or number(which) >= len(groups):
        turn.say("common/old_choice")
        return
    group = groups[number(which)]
    _list(turn, summary, group.name, group.rows, f"section:{number(which)}", page)


async def _unmet(turn: Turn, summary: Summary, argument: str) -> None:
    _list(turn, summary, "unmet", _worst_first(summary, summary.report.not_met), "unmet", argument)


async def _late(turn: Turn, summary: Summary, argument: str) -> None:
    _list(turn, summary, "late", summary.report.overdue_rows, "late", argument)


def _worst_first(summary: Summary, rows: Sequence[StatusRow]) -> list[StatusRow]:
    return sorted(rows, key=lambda row: STATES.index(row.state(summary.report.today)))


def _list(turn: Turn, summary: Summary, title: str, rows: Sequence[StatusRow], screen: str, page: str) -> None:
    """Say some indicators with their figures; each can be opened by its number."""
    first = number(page) if number(page) < len(rows) else 0
    shown = rows[first : first + ROWS]
    openable = [row for row in shown if row.line_id is not None]
    offers = [go(summary, f"line:{row.line_id}", words=_label(at, row.name)) for at, row in enumerate(openable, 1)]
    offers += _further(summary, screen, first, ROWS, len(rows))
    _say(
        turn,
        "status/rows",
        [*offers, go(summary, "", "overview")],
        summary=summary,
        title=title,
        total=len(rows),
        first=first,
        numbered_rows=openable,
        others=[row for row in shown if row.line_id is None],
    )


def _label(at: int, name: str) -> str:
    return f"{at}. {shorten(name or document_words()['no_section'], _LABEL)}"


def _further(summary: Summary, screen: str, first: int, size: int, total: int) -> list[Offer]:
    return [go(summary, f"{screen}:{first + size}", "further")] if first + size < total else []


async def _line(turn: Turn, summary: Summary, argument: str) -> None:
    row = summary.report.row_of(number(argument))
    if row is None:
        turn.say("common/old_choice")
        return
    history = summary.history.get(row.target_id, ())
    offers = [go(summary, f"agency:{row.agency_id}", "of_agency"), Offer(f"go:lichsu:{row.line_id}", "history")]
    if pictures.history_of(summary, row, turn.calendar):
        offers.append(go(summary, f"chart:{row.line_id}", "chart"))
    if row.status == "reported" and await may(turn.tx, turn.person_id, "send_back", line=row.line_id):
        offers.append(Offer(f"go:return:{row.line_id}", "send_back"))
    if row.line_id and await may(turn.tx, turn.person_id, "ask_explanation", line=row.line_id):
        offers.append(go(summary, f"explain:{row.line_id}", "ask_explanation"))
    offers.append(go(summary, "", "overview"))
    more = len(history) - HISTORY
    _say(turn, "status/line", offers, summary=summary, row=row, history=history[-HISTORY:][::-1], more=more)


async def _chart(turn: Turn, summary: Summary, argument: str) -> None:
    """Send the history of one indicator as a picture."""
    row = summary.report.row_of(number(argument))
    if row is None or not pictures.history_of(summary, row, turn.calendar):
        turn.say("common/old_choice")
    else:
        send_picture(turn, "history", summary.unit.name, pictures.asked_history(summary, row), name=row.name)


def send_picture(turn: Turn, maker: str, place: str, argument: Mapping[str, Any], **values: Any) -> None:
    """Send a picture that is made when it is sent, or say why there can be none."""
    if not turn.capabilities.files:
        turn.say("status/no_files")
    elif documents.missing("png"):
        turn.say("status/not_installed")
    else:
        at = turn.now.astimezone(turn.calendar.zone)
        path = made.attachment(maker, "", argument).path
        file = Attachment("photo", path, documents.file_name(maker, place, at, ".png"))
        turn.send(_PICTURES[maker], [file], place=place, at=at, **values)


async def _urge(turn: Turn, summary: Summary, argument: str) -> None:  # noqa: ARG001
    await urging.urge(turn, summary.unit.id)


async def _explain(turn: Turn, summary: Summary, argument: str) -> None:  # noqa: ARG001
    await urging.ask_explanation(turn, number(argument))


async def _files(turn: Turn, summary: Summary, argument: str) -> None:
    """Offer the documents; with the name of one, send it. It is made when it is sent, and nobody waits for it."""
    wanted, _, which = argument.partition(":")
    name = next((each for each in documents.FORMATS if each == wanted), None)
    plan = next((each for each in summary.plans if each.id == number(which)), None)
    if not turn.capabilities.files:
        turn.say("status/no_files")
    elif name is None:
        offers = [go(summary, f"files:{each}", choice) for each, choice in _FILES.items()]
        _say(turn, "status/files", [*offers, go(summary, "", "overview")], summary=summary)
    elif documents.missing(name):
        turn.say("status/not_installed")
    elif name == "appendix" and plan is None and len(summary.plans) > 1:
        offers = [
            go(summary, f"files:appendix:{each.id}", words=_label(at, each.number or each.title or str(each.year)))
            for at, each in enumerate(summary.plans[:PARTS], 1)
        ]
        _say(turn, "status/which_plan", [*offers, go(summary, "", "overview")], summary=summary)
    else:
        plan = plan or summary.plans[0]
        end = documents.likely_ending(name, plan)
        path = made.attachment(name, "", documents.asked(summary, plan.id)).path
        title = documents.file_name(name, summary.unit.name, summary.at, end)
        turn.send("status/file", [Attachment("photo" if name == "png" else "document", path, title)], summary=summary)


async def _periods(turn: Turn, summary: Summary, argument: str) -> None:
    """Offer the periods asked for so far; with the key of one, say how the commune stands in it."""
    keys = await reports.periods(turn.tx, summary.unit.id, turn.today)
    if argument in keys:
        await _overview(turn, await summary_of(turn.tx, summary.unit, turn.now, turn.calendar, argument), "")
    else:
        whole = replace(summary, period="")
        offers = [go(replace(whole, period=key), "", words=words_of_period(key)) for key in keys[:PARTS]]
        _say(turn, "status/periods", [*offers, go(whole, "", "overview")], summary=summary)


SCREENS: dict[str, Callable[[Turn, Summary, str], Awaitable[None]]] = {
    "": _overview,
    "agencies": _agencies,
    "agency": _agency,
    "sections": _sections,
    "section": _section,
    "unmet": _unmet,
    "late": _late,
    "line": _line,
    "chart": _chart,
    "urge": _urge,
    "explain": _explain,
    "periods": _periods,
    "files": _files,
}
