"""What a person must decide about a draft: few questions, the ones that stop an import first, answers at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from documents.appendix.flags import impossible_operator, unit_doubt
from documents.appendix.rows import plain
from domain.agencies import nearest_names, standard_agencies
from domain.deadlines import end_of_year
from domain.drafts import DraftAgency, DraftIndicator, DraftTarget, Question, QuestionKind
from domain.targets import NUMBER, read_number, read_target
from domain.vietnamese import fold, format_date, format_number

MAX_PROPOSALS = 4
_MAX_COMPARED = 60  # unknown names that near names are looked for
# Ready answers. They are data, like the vocabulary: what is stored, not what is said around it.
NOT_BY_CHAT, YES_NO_ONLY = "Không thu qua chat", "Đạt/chưa đạt"
AGENCY_HEADS = ("phong", "van phong", "trung tam", "ban", "tram", "cong an", "uy ban", "hoi", "doan", "truong", "to",
                "chi cuc", "hat", "quy", "cong doan", "thon", "xom", "mat tran", "dang uy", "ubnd")  # fmt: skip

_FIGURE = re.compile(rf"(?<![\d/.,]){NUMBER}(?![\d/])")  # no part of a day ("30/6") or of a share ("12/12")
# Poverty, accidents, delays counted as such. "Tỷ lệ hộ nghèo được hỗ trợ" is about help, and more of it is better.
_LESS_IS_BETTER = re.compile(
    r"^(?:muc )?giam\b|^(?:ty le|ti le|ty suat|so|so luong|so vu|so ca)\b"
    r"(?!.*\b(?:duoc|giai quyet|thoat|ho tro|tiep can|co|tham gia|kham pha|dieu tra|xu ly|phong|chong|bao hiem|dat)\b)"
    r".*\b(?:ngheo|that nghiep|suy dinh duong|tu vong|tai nan|toi pham|vi pham|tre han|qua han|bo hoc|con thu|ton dong"
    r"|chay no|khieu nai|tao hon|ma tuy)\b"
)

_Draft = tuple[QuestionKind, tuple[int, ...], str, tuple[str, ...]]


def ask(
    indicators: Sequence[DraftIndicator],
    agencies: Sequence[DraftAgency],
    unknown: Sequence[Sequence[str]],
    year: int,
    unit_word: str,
) -> tuple[Question, ...]:
    """Return the questions about a plan, numbered Q1, Q2, …; `unknown` holds each indicator's unread agency names."""
    drafts: list[_Draft] = [
        *_unknown_agencies(indicators, agencies, unknown, unit_word),
        *_reporters(indicators, agencies, unknown, unit_word),
        *_deadlines(indicators, year),
        *_secrets(indicators),
        *_units(indicators),
        *_targets(indicators),
    ]
    return tuple(Question(f"Q{number}", *draft) for number, draft in enumerate(drafts, 1))


def looks_like_agency(name: str) -> bool:
    """Whether an unknown name begins as an agency's does ("Trường THCS …"), so that it can stand for one."""
    folded = fold(name)
    return len(folded.split()) >= 2 and any(folded.startswith(f"{head} ") for head in AGENCY_HEADS)


def _unknown_agencies(
    indicators: Sequence[DraftIndicator],
    agencies: Sequence[DraftAgency],
    unknown: Sequence[Sequence[str]],
    unit_word: str,
) -> Iterable[_Draft]:
    """One question a name, however many indicators print it."""
    prints: dict[str, str] = {}
    found: dict[str, list[int]] = {}
    for indicator, pieces in zip(indicators, unknown, strict=True):
        for piece in pieces:
            prints.setdefault(fold(piece), piece)
            found.setdefault(fold(piece), []).append(indicator.seq)
    known = [agency.name for agency in agencies if agency.kind == "agency"]
    by_seq = {indicator.seq: indicator for indicator in indicators}
    likely = _Likely(indicators, agencies, unit_word)
    for number, (folded, print_) in enumerate(prints.items()):
        # Comparing takes its time, and nobody goes through hundreds of such questions.
        near = nearest_names(print_, unit_word, known) if number < _MAX_COMPARED else ()
        itself = (print_[:1].upper() + print_[1:],) if looks_like_agency(print_) else ()
        others = likely.reporters(by_seq[found[folded][0]])
        proposals = tuple(dict.fromkeys([*near, *itself, *others]))[:MAX_PROPOSALS]
        yield "unknown_agency", tuple(dict.fromkeys(found[folded])), print_, proposals


def _reporters(
    indicators: Sequence[DraftIndicator],
    agencies: Sequence[DraftAgency],
    unknown: Sequence[Sequence[str]],
    unit_word: str,
) -> Iterable[_Draft]:
    """Each indicator without an agency is asked for; those whose cells say the same unaddressable words together."""
    likely = _Likely(indicators, agencies, unit_word)
    groups: dict[tuple[str, str], list[DraftIndicator]] = {}
    for indicator, pieces in zip(indicators, unknown, strict=True):
        if indicator.suggested_reporters or pieces:
            continue
        if "missing_agency" in indicator.flags:
            yield "missing_agency", (indicator.seq,), indicator.name, likely.reporters(indicator)
        else:
            groups.setdefault((fold(indicator.lead_raw or ""), fold(indicator.monitor_raw or "")), []).append(indicator)
    for same in groups.values():
        first = same[0]
        subject = "; ".join(raw for raw in (first.lead_raw, first.monitor_raw) if raw)
        yield "no_addressable_agency", tuple(indicator.seq for indicator in same), subject, likely.reporters(first)


class _Likely:
    """Who reports what in a plan, to propose somebody for an indicator that names nobody."""

    def __init__(self, indicators: Sequence[DraftIndicator], agencies: Sequence[DraftAgency], unit_word: str) -> None:
        self._addressable = {agency.name for agency in agencies if agency.kind == "agency"}
        self._standard = standard_agencies(unit_word)
        self._in_plan: Counter[str] = Counter()
        self._in_section: dict[tuple[str, ...], Counter[str]] = {}
        for indicator in indicators:
            self._in_plan.update(indicator.suggested_reporters)
            self._in_section.setdefault(indicator.section, Counter()).update(indicator.suggested_reporters)

    def reporters(self, asked: DraftIndicator) -> tuple[str, ...]:
        """Return the indicator's coordinators, who reports in its section, in the plan, anywhere."""
        own = [name for name in asked.coordinating_agencies if name in self._addressable]
        section = [name for name, _ in self._in_section[asked.section].most_common(MAX_PROPOSALS)]
        plan = [name for name, _ in self._in_plan.most_common(MAX_PROPOSALS)]
        return tuple(dict.fromkeys([*own, *section, *plan, *self._standard]))[:MAX_PROPOSALS]


def _deadlines(indicators: Sequence[DraftIndicator], year: int) -> Iterable[_Draft]:
    """One question for all indicators of a year without a deadline, one for each print no day can be read from."""
    missing: dict[int, list[int]] = {}
    unclear: dict[str, list[DraftIndicator]] = {}
    for indicator in indicators:
        undated = [target for target in indicator.targets if is_undated(target)]
        if not undated:
            continue
        if indicator.deadline.basis == "stated":
            unclear.setdefault(fold(indicator.deadline.raw or ""), []).append(indicator)
        else:
            missing.setdefault(undated[0].year or year, []).append(indicator.seq)
    for same in unclear.values():
        subject = same[0].deadline.raw or ""
        yield "unclear_deadline", tuple(indicator.seq for indicator in same), subject, (_last_day(year),)
    for of_year, seqs in sorted(missing.items()):
        yield "missing_deadline", tuple(seqs), str(of_year), (_last_day(of_year),)


def is_undated(target: DraftTarget) -> bool:
    """Whether a target is to be reached but has no last day yet."""
    return target.due is None and target.target.kind != "not_assigned"


def _last_day(year: int) -> str:
    return format_date(end_of_year(year))


def _secrets(indicators: Sequence[DraftIndicator]) -> Iterable[_Draft]:
    for indicator in indicators:
        if indicator.restricted:
            yield "secret_wording", (indicator.seq,), indicator.name, (NOT_BY_CHAT, YES_NO_ONLY)


def _units(indicators: Sequence[DraftIndicator]) -> Iterable[_Draft]:
    """Indicators whose unit is doubtful for the same reason are asked about together."""
    groups: dict[tuple[str, str], list[DraftIndicator]] = {}
    for indicator in indicators:
        if "unit_suspect" in indicator.flags:
            doubt = unit_doubt(indicator.name, indicator.unit, indicator.targets)
            groups.setdefault((indicator.unit or "", doubt or ""), []).append(indicator)
    others = [indicator.unit for indicator in indicators if indicator.unit and "%" in indicator.unit]
    for (unit, doubt), same in groups.items():
        if doubt == "words":
            proposals: tuple[str, ...] = (YES_NO_ONLY, unit)
        elif doubt == "amount":
            proposals = tuple(dict.fromkeys([*(other for other in others if other != unit), unit]))[:MAX_PROPOSALS]
        else:
            proposals = ("%", unit)
        yield "suspect_unit", tuple(indicator.seq for indicator in same), unit, proposals


def _targets(indicators: Sequence[DraftIndicator]) -> Iterable[_Draft]:
    """Operators no share can satisfy, and targets whose words hold figures nobody could place."""
    kinds: tuple[tuple[QuestionKind, Callable[[DraftTarget, DraftIndicator], bool]], ...] = (
        ("impossible_operator", lambda target, _: impossible_operator(target)),
        ("unclear_target", is_unclear),
    )
    for kind, doubtful in kinds:
        groups: dict[str, list[int]] = {}
        first: dict[str, DraftTarget] = {}
        for indicator in indicators:
            for target in indicator.targets:
                if doubtful(target, indicator):
                    print_ = plain(target.target.raw) or indicator.name
                    groups.setdefault(print_, []).append(indicator.seq)
                    first.setdefault(print_, target)
        for print_, seqs in groups.items():
            yield kind, tuple(dict.fromkeys(seqs)), print_, _meanings(kind, first[print_])


def _meanings(kind: QuestionKind, target: DraftTarget) -> tuple[str, ...]:
    """Return what a doubtful target may mean."""
    of = target.target
    if isinstance(of.value, Decimal):
        figure = f"{format_number(of.value)}{'%' if of.unit == '%' else ''}"
        if _is_fraction(target):
            return f"≥ {format_number(of.value * 100)}%", f"≥ {figure}"
        return (f"= {figure}",) if kind == "impossible_operator" else (f"≤ {figure}", f"≥ {figure}")
    figures = list(dict.fromkeys(found for found in _FIGURE.findall(of.text or "") if read_number(found) is not None))
    percent = "%" if of.unit == "%" or "%" in (of.text or "") else ""
    ways = ("≤", "≥") if read_target("1", of.unit).op == "<=" else ("≥", "≤")
    if len(figures) == 1:
        return (*(f"{way} {figures[0]}{percent}" for way in ways), "Đạt")
    return (*(f"{ways[0]} {figure}{percent}" for figure in figures[: MAX_PROPOSALS - 1]), "Đạt")


def is_unclear(target: DraftTarget, indicator: DraftIndicator) -> bool:
    """Whether no rule can tell what is to be reached.

    The words hold figures that could not be placed, nothing is printed beside a unit, "0,98" stands beside "%" and may
    be a workbook's 98 %, or a bare number is set for what is better the less there is of it: it may be the most, or by
    how much.
    """
    of = target.target
    if of.kind == "qualitative":
        return any(character.isdecimal() for character in of.text or "")
    if of.kind == "number" and of.op == ">=" and of.op_printed is None:
        return _is_fraction(target) or bool(_LESS_IS_BETTER.search(fold(indicator.name[:300])))
    return of.kind == "task" and bool(indicator.unit_raw and indicator.unit)


def beyond_a_share(target: DraftTarget) -> bool:
    """Whether no share ever reaches a target as it is printed: "> 100 %", or more than 100 of one."""
    of = target.target
    return impossible_operator(target) and (of.op == ">" or of.value != 100)


def _is_fraction(target: DraftTarget) -> bool:
    of = target.target
    return of.unit == "%" and of.op_printed is None and isinstance(of.value, Decimal) and 0 < of.value < 1
