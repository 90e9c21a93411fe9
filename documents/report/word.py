"""The Word report: a template that an office may change in Word, filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib import resources
from io import BytesIO
from typing import Any

from documents.form.layout import printable
from documents.report.model import Line, Part, Report
from domain.vietnamese import format_number

_BESIDES = ("at_risk", "to_judge", "missing", "overdue", "unassigned")
_OPEN = ("overdue", "missing", "unassigned")


def write_word(report: Report, template: bytes | None = None) -> bytes:
    """Return the report as a Word file, made of the issuer's template or of one the office has changed.

    Values are data: they are escaped, and never read as a part of the template. Raises ImportError without docxtpl.
    """
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

    document = DocxTemplate(BytesIO(template or template_of(report.issuer)))
    document.render(context(report), SandboxedEnvironment(), autoescape=True)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def template_of(issuer: str) -> bytes:
    """Return the template shipped for an issuer, "state" or "party"."""
    return resources.files("templates").joinpath("vi", "documents", f"bao_cao_{issuer}.docx").read_bytes()


def context(report: Report) -> dict[str, Any]:
    """Return what a template may show, by the names it uses; every text is printable."""
    words = report.words["report"]
    at = report.at
    return {
        "commune": _p(report.commune),
        "commune_capitals": _p(report.commune.upper()),
        "party_parent": _p(words["party_parent"].format(province=_bare_province(report).upper())),
        "place": _p(report.place),
        "month": _month(at.date()),
        "year": str(at.year),
        "subject": _p(words["subject"][report.issuer].format(plans=_plans(report))),
        "as_of": words["as_of"].format(time=f"{at:%H:%M}", day=_official(at.date())),
        "addressee": _p(words["addressee"][report.issuer].format(province=report.province)) if report.province else "",
        "opening": _p(words["opening"][report.issuer].format(plans=_plans(report), commune=report.commune)),
        "general": _p(_general(report)),
        "closing": _p(words["closing"][report.issuer].format(commune=report.commune)),
        "sections": [_part(at, part) for at, part in enumerate(report.sections, 1)],
        "lines": _lines(report.lines),
        "reached": _items(report, ("met",), "reached") or _none(words),
        "not_reached": _items(report, ("not_met", "at_risk", "to_judge"), "not_reached") or _none(words),
        "not_there": _items(report, _OPEN, "not_there") or _none(words),
        "proposals": _proposals(report),
        "evidence": [
            {"stt": str(at), "name": _p(line.name), "files": _p("; ".join(line.evidence))}
            for at, line in enumerate((line for line in report.lines if line.evidence), 1)
        ],
    }


def _p(text: str) -> str:
    return printable(text)


def _official(day: date) -> str:
    """Return a day as official papers write it: a zero before days below 10 and the months 1 and 2 alone.

    Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    return f"{day.day:02d}/{_month(day)}/{day.year}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def _bare_province(report: Report) -> str:
    return report.province.removeprefix("tỉnh ").removeprefix("thành phố ")


def _plans(report: Report) -> str:
    named = report.words["report"]
    found = []
    for plan in report.plans:
        text = (
            named["plan"].format(number=plan.number) if plan.number else named["plan_unnumbered"].format(year=plan.year)
        )
        found.append(text + (named["plan_day"].format(day=_official(plan.issued_on)) if plan.issued_on else ""))
    return "; ".join(found) + (named["in_period"].format(period=report.period) if report.period else "")


def _general(report: Report) -> str:
    counts, words = report.counts, report.words["report"]
    plain = {name: getattr(counts, name) for name in type(counts).__slots__}
    shares = {"completeness": format_number(counts.completeness), "result": format_number(counts.result)}
    parts = [words["general"].format(**plain, **shares)]
    parts += [words[f"general_{name}"].format(**plain) for name in _BESIDES if plain[name]]
    return " ".join(parts)


def _part(at: int, part: Part) -> dict[str, str]:
    counts = part.counts
    numbers = {
        "total": counts.total,
        "reported": counts.reported,
        "met": counts.met,
        "not_met": counts.not_met,
        "missing": counts.missing + counts.unassigned,
    }
    return {"stt": str(at), "name": _p(part.name), **{name: str(value) for name, value in numbers.items()}}


def _lines(lines: Sequence[Line]) -> list[dict[str, str | bool]]:
    """Return the rows of the table: a heading where a section begins, then its targets."""
    rows: list[dict[str, str | bool]] = []
    section = None
    for line in lines:
        if line.section != section:
            section = line.section
            rows.append({"is_heading": True, "section": _p(section)})
        rows.append({"is_heading": False, **cells(line)})
    return rows


def cells(line: Line) -> dict[str, str]:
    """Return the cells of a target's row, by column."""
    return {
        "stt": _p(line.ordinal),
        "name": _p(line.name),
        "unit": _p(line.unit),
        "target": _p(line.target),
        "result": _p(line.result),
        "verdict": _p(line.verdict),
        "agency": _p(line.agency),
        "note": _p(line.note),
    }


def _items(report: Report, states: Sequence[str], name: str) -> list[dict[str, str]]:
    words = report.words["report"]
    found = []
    for line in report.lines:
        if line.state in states:
            text = words[name].format(
                name=line.name.rstrip(" .;"),
                result=line.said,
                target=line.aimed,
                agency=line.agency,
                verdict=line.verdict.lower(),
                due=line.due or words["no_day"],
            )
            found.append({"text": _p(text), "reason": _p(line.reason), "remedy": _p(line.remedy)})
    return found


def _none(words: Any) -> list[dict[str, str]]:
    return [{"text": words["none"], "reason": "", "remedy": ""}]


def _proposals(report: Report) -> list[str]:
    """Say what follows from the figures alone; everything else is for the office to add."""
    words = report.words["report"]
    found = [
        _p(words["proposal_late"].format(agency=part.name, count=part.counts.overdue, days=part.days_late))
        for part in report.agencies
        if part.counts.overdue
    ]
    if report.counts.unassigned:
        found.append(words["proposal_unassigned"].format(count=report.counts.unassigned))
    if report.counts.not_met:
        found.append(words["proposal_not_met"].format(count=report.counts.not_met))
    return [*found, words["proposal_more"]]
