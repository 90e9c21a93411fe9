"""What is odd in the print of an indicator. Flags inform; what must be decided becomes a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from documents.appendix.table import Item
from domain.agencies import AgencyMention, CellReading
from domain.drafts import DraftTarget
from domain.targets import countable
from domain.vietnamese import fold

# Luật 117/2025/QH15: papers of these degrees are secret. "bảo mật", "mật khẩu", "mật độ" are everyday words.
_SECRET = re.compile(
    r"\b(?:(?:độ|mức) (?:mật|tối mật|tuyệt mật)|tối mật|tuyệt mật|bí mật nhà nước"
    r"|(?:văn bản|tài liệu|hồ sơ|thông tin|tin|vật) mật)\b(?! độ\b| khẩu\b| mã\b)"
)
_EXCEPT = re.compile(
    r"\([^()]{0,200}?\b(?:trừ|ngoại trừ|không bao gồm|không kể)\b[^()]{0,200}\)"
    r"|\b(?:trừ|ngoại trừ|không bao gồm|không kể)\b[^,;.()]{0,200}"
)
_PROVINCE_WORDS = re.compile(r"\btren dia ban tinh\b|\bcap tinh\b|\bcua tinh\b")
_PROVINCE_FIGURES = re.compile(r"\b(?:pii|tfp|par ?index|sipas|papi|pci)\b|\bdu lieu cap tinh\b|\bcap dia phuong\b")
_SHARE_NAME = re.compile(r"^(?:ty|ti) (?:le|trong)\b")
_AMOUNT_NAME = re.compile(
    r"^(?:tong (?:chi|thu|so|gia tri|kinh phi|von|doanh thu)|so luong|so(?! hoa\b))\b(?!.*\bty le\b)"
)
_ECONOMY = re.compile(
    r"\b(?:grdp|gdp|kinh te|gia tri|chi|ngan sach|thanh toan|doanh thu|von|dau tu|kinh phi|nang suat)\b"
)
_OF_PRODUCT = re.compile(r"\bg?rdp\b|\bgdp\b")


@dataclass(frozen=True, slots=True)
class Printed:
    """An indicator's print with what was read from it, as far as the flags need it."""

    item: Item
    previous: Item | None
    name: str
    name_slips: tuple[str, ...]
    unit_raw: str | None
    unit: str | None
    targets: tuple[DraftTarget, ...]
    readings: tuple[CellReading, CellReading, CellReading]  # lead, monitor, coordinating
    coordinators: tuple[AgencyMention, ...]
    has_reporter: bool
    year: int


def flags_of(printed: Printed) -> tuple[str, ...]:
    """Return the flags of one indicator, sorted."""
    found = {*printed.name_slips}
    for rule in (_name_flags, _unit_flags, _target_flags, _year_flags, _agency_flags, _order_flags):
        found.update(rule(printed))
    return tuple(sorted(found))


def is_about_secrets(name: str) -> bool:
    """Whether secret papers are what an indicator is about; an exception in it ("trừ hồ sơ … bí mật") is not."""
    return _SECRET.search(_EXCEPT.sub(" ", name.casefold())) is not None


def unit_doubt(name: str, unit: str | None, targets: tuple[DraftTarget, ...]) -> str | None:
    """Return why a printed unit cannot be right, or None.

    "words": a share whose target is in words. "share": people counted in "% GRDP", or a share in something counted.
    "amount": an amount in "%".
    """
    if unit is None:
        return None
    folded, of = fold(name), fold(unit)
    assigned = [target.target for target in targets if target.target.kind != "not_assigned"]
    in_words = all(target.kind in ("boolean", "qualitative") for target in assigned)
    # Words with a figure in them are asked about as a target.
    if unit == "%" and assigned and in_words and not any(re.search(r"\d", target.text or "") for target in assigned):
        return "words"
    if "%" in unit and _OF_PRODUCT.search(of) and not _ECONOMY.search(folded):
        return "share"
    if _SHARE_NAME.match(folded) and countable(unit) and "/" not in unit and not of.startswith("phan"):
        return "share"
    if unit == "%" and _AMOUNT_NAME.match(folded):
        return "amount"
    return None


def impossible_operator(target: DraftTarget) -> bool:
    """Whether more is asked than a share can be: "≥ 100 %", or any number above 100 of one."""
    of = target.target
    if of.kind != "number" or of.unit != "%" or not isinstance(of.value, Decimal):
        return False
    return (of.value == 100 and of.op in (">=", ">") and of.op_printed is not None) or of.value > 100


def _name_flags(printed: Printed) -> Iterator[str]:
    small, folded = printed.name.casefold(), fold(printed.name)
    if is_about_secrets(printed.name):
        yield "state_secret_subject"
    elif _SECRET.search(small):
        yield "state_secret_mention"
    if _PROVINCE_FIGURES.search(folded):
        yield "provincial_indicator"
    elif _PROVINCE_WORDS.search(folded):
        yield "province_wording"
    if len(printed.item.lines) > 1:
        yield "split_over_page_break"
    if printed.item.repeats:
        yield "same_as_above"


def _unit_flags(printed: Printed) -> Iterator[str]:
    if printed.unit_raw and printed.unit and printed.unit_raw != printed.unit:
        yield "ocr_in_unit"
    if printed.unit_raw is not None and unit_doubt(printed.name, printed.unit, printed.targets):
        yield "unit_suspect"


def _target_flags(printed: Printed) -> Iterator[str]:
    targets = [target.target for target in printed.targets]
    kinds = {target.kind for target in targets}
    numbers = [target for target in targets if isinstance(target.value, Decimal)]
    checks = {
        "qualitative": bool(kinds & {"boolean", "qualitative"}),
        "range": "range" in kinds,
        "no_unit_no_target": kinds == {"task"} and not printed.unit,
        "latex_target": any("$" in target.raw or "\\" in target.raw for target in targets),
        "unit_repeated_in_target": bool(printed.unit_raw) and any(
            target.source == "cell" and "%" in target.raw for target in numbers
        ),
        "target_in_name": any(target.source == "name" and target.kind != "task" for target in targets),
        "two_targets_in_one_name": sum(target.component is not None for target in targets) > 1,
        "impossible_operator": any(map(impossible_operator, printed.targets)),
        "lower_is_better": any(target.direction == "lower" for target in targets),
        "strict_greater": any(target.op == ">" for target in targets),
        "decimal_point": any(re.search(r"\d\.\d", target.raw) for target in numbers),
        "decimal_comma": any(re.search(r"\d,\d", target.raw) for target in numbers),
        "leading_zero": any(re.search(r"(?<![\d.,])0\d", target.raw) for target in numbers),
    }  # fmt: skip
    return (flag for flag, holds in checks.items() if holds)


def _year_flags(printed: Printed) -> Iterator[str]:
    own = [target for target in printed.targets if target.scope == "xa"]
    province = [target for target in printed.targets if target.scope == "tinh"]
    if province and own and _level(province[0]) != _level(own[0]):
        yield "commune_differs_from_province"
    by_column = [target for target in own if target.year_basis == "column"]
    if len(by_column) > 1:
        this_year = [target for target in by_column if target.year == printed.year]
        if this_year and all(target.target.kind == "not_assigned" for target in this_year):
            yield f"no_{printed.year}_target"
        assigned = [target.target.kind != "not_assigned" for target in by_column]
        # A level set for one year and dropped for a later one.
        if any(earlier and not later for earlier, later in pairwise(assigned)):
            yield "not_monotone"


def _level(target: DraftTarget) -> tuple[object, ...]:
    of = target.target
    return (of.kind, of.op, of.value, of.value_max, fold(of.text or ""))


def _agency_flags(printed: Printed) -> Iterator[str]:
    lead, monitor, coordinating = printed.readings
    slips = lead.slips | monitor.slips | coordinating.slips
    for slip, flag in (
        ("agency_typo", "agency_typo"),
        ("missing_separator", "missing_separator_in_agencies"),
        ("trailing_punctuation", "trailing_punctuation_in_agency"),
    ):
        if slip in slips:
            yield flag
    names = {mention.name for mention in lead.agencies}
    unknown = bool(lead.unknown or monitor.unknown)
    checks = {
        "unknown_agency": unknown,
        "unknown_coordinator": bool(coordinating.unknown),
        "missing_agency": not names and not monitor.agencies and not unknown and not lead.roles,
        "no_addressable_agency": not printed.has_reporter,
        "coordinator_inside_lead_cell": bool(lead.coordinators),
        "lead_is_external": bool(names) and all(mention.kind == "external" for mention in lead.agencies),
        "monitor_is_external": any(mention.kind == "external" for mention in monitor.agencies),
        "lead_also_in_coordinating": any(
            mention.kind == "agency" and mention in printed.coordinators for mention in lead.agencies
        ),
        "person_role_in_agency_cell": bool(lead.roles or monitor.roles or coordinating.roles),
        "missing_coordinator": bool(printed.item.layout.of("coordinator")) and not printed.coordinators,
    }
    yield from (flag for flag, holds in checks.items() if holds)


def _order_flags(printed: Printed) -> Iterator[str]:
    before, this = printed.previous, printed.item
    if before is None or before.section != this.section:
        return
    numbers = []
    for item in (before, this):
        raw = item.text(item.layout.first("ordinal")).rstrip(" .)")
        if not (raw.isascii() and raw.isdecimal()):
            return
        numbers.append(int(raw))
    if numbers[1] > numbers[0] + 1:
        yield "numbering_gap_before"
