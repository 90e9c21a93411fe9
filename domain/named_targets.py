"""Targets printed inside an indicator's name, where a plan has no column for them: "Có ≥ 70 % người sử dụng …".

A name is full of numbers that are no target ("01 Gbps", "đủ 14 tuổi", "trong 3 năm", "trên 01 vạn dân", "5G"), so a
number counts only where it carries "%" and an operator or a place that says so, or stands at the head of the name.
"""

from __future__ import annotations

import re
from dataclasses import replace

from domain.model import Target
from domain.targets import NUMBER, OPERATOR, OPERATORS, number_target, read_number, read_target
from domain.vietnamese import clean

MAX_NAME = 4_000

_HEAD_WORD = r"(?:(?:có|đạt|phấn đấu|bảo đảm|đảm bảo)\s+){0,2}"
_PERCENT = rf"(?P<raw>(?:(?P<op>{OPERATOR})\s*)?(?P<number>{NUMBER})\s*%)"
_HEAD_PERCENT = re.compile(rf"^{_HEAD_WORD}{_PERCENT}", re.IGNORECASE)
_TAIL_PERCENT = re.compile(rf"{_PERCENT}(?:\s*(?P<more>trở lên|trở xuống))?\s*[.;]?$", re.IGNORECASE)
_INNER_PERCENT = re.compile(
    rf"(?:(?:\bđạt|\blên|\bchiếm)\s+)?{_PERCENT}(?:\s*(?P<more>trở lên|trở xuống))?", re.IGNORECASE
)
_RANGE = re.compile(rf"(?P<raw>(?P<low>{NUMBER})\s*%?\s*(?:-|–|—|÷|đến)\s*(?P<high>{NUMBER})\s*%)", re.IGNORECASE)
# "giảm 5%" says by how much, not to what; "giảm còn 5%" is an operator.
_BY_HOW_MUCH = re.compile(r"\bgiảm\b[^,;%\d]{0,40}$", re.IGNORECASE)
_SECOND = re.compile(rf"^(?P<first>[^,;%\d]{{2,60}}?)\s*(?:,|;|\bvà\b)\s*{_PERCENT}\s*(?P<rest>\S.*)$", re.IGNORECASE)
_COUNT = re.compile(
    rf"^(?P<lead>{_HEAD_WORD})(?P<raw>(?:(?P<op>{OPERATOR})\s*)?(?P<number>{NUMBER})\s+)(?P<rest>[^\W\d_].*)$",
    re.IGNORECASE,
)
_PER_HEAD = re.compile(
    r"(?:trên|/|tính trên)\s*(?:0?1\s+)?(?P<per>vạn dân|nghìn dân|1\.000 dân|10\.000 dân|100\.000 dân|triệu dân)",
    re.IGNORECASE,
)
# Where the part of a population ends and what is said of it begins.
_VERB = re.compile(
    r"\s+(?:được|có|đạt|sử dụng|tham gia|thực hiện|tiếp cận|làm chủ|là|hoàn thành|ứng dụng|triển khai)\b",
    re.IGNORECASE,
)
_COUNT_NOUNS = (
    "nhiệm vụ", "sản phẩm", "trường", "người", "dự án", "sáng kiến", "mô hình", "trung tâm", "ứng dụng", "bài báo",
    "tin bài", "đề tài", "doanh nghiệp", "hợp tác xã", "thôn", "xóm", "tổ dân phố", "cán bộ", "công chức", "lớp",
    "hội nghị", "cuộc", "văn bản", "hộ", "dịch vụ", "cơ sở", "nền tảng", "sự kiện", "buổi", "điểm", "công nghệ",
    "chương trình", "hệ thống", "cơ quan", "đơn vị", "bài viết", "công trình",
)  # fmt: skip
_NOUN = "|".join(sorted(_COUNT_NOUNS, key=len, reverse=True))
_COUNT_NOUN = re.compile(rf"(?:{_NOUN})\b", re.IGNORECASE)
_HAVE = re.compile(rf"^(?P<raw>Có\s+(?:{_NOUN}))\b", re.IGNORECASE)
# A measure at the head is a condition ("12 tháng …"), never a target.
_MEASURE = re.compile(r"(?:tháng|năm|ngày|giờ|tuổi|vạn|nghìn|gb|mb|gbps|mbps|km|g)\b", re.IGNORECASE)


def read_targets_in_name(name: str) -> tuple[Target, ...]:
    """Return the targets printed inside `name`, already freed from markup: one, two for a compound, or a task.

    The result is never empty. Several shares of which none is clearly the target give a qualitative target whose
    words are the name: to be asked.
    """
    text = clean(name)[:MAX_NAME]
    found = _compound(text) or _share(text) or _count(text) or _have(text)
    if found:
        return tuple(replace(target, source="name") for target in found)
    return (Target(kind="task", raw="", source="name"),)


def _compound(text: str) -> tuple[Target, ...]:
    head = _HEAD_PERCENT.match(text)
    if head is None:
        return ()
    second = _SECOND.match(text[head.end() :].lstrip())
    if second is None:
        return ()
    verb = _VERB.search(second["rest"])
    component = second["rest"][: verb.start()] if verb else second["rest"]
    one, two = _percent(head), _percent(second)
    if one is None or two is None or len(component) > 60:
        return ()
    return (replace(one, component=clean(second["first"])), replace(two, component=clean(component)))


def _share(text: str) -> tuple[Target, ...]:
    if ranges := list(_RANGE.finditer(text)):
        read = read_target(ranges[0]["raw"], "%")
        one = len(ranges) == 1 and len(_INNER_PERCENT.findall(text)) == 1 + ("%" in ranges[0]["raw"][:-1])
        return (read if one and read.kind == "range" else Target(kind="qualitative", text=text, raw=text),)
    for pattern in (_HEAD_PERCENT, _TAIL_PERCENT):
        match = pattern.search(text)
        target = _percent(match) if match else None
        if match is not None and target is not None:
            return (_unless_difference(target, text, match),)
    matches = list(_INNER_PERCENT.finditer(text))
    if len(matches) == 1:
        target = _percent(matches[0])
        return (_unless_difference(target, text, matches[0]),) if target is not None else ()
    if matches:
        return (Target(kind="qualitative", text=text, raw=text),)
    return ()


def _unless_difference(target: Target, text: str, match: re.Match[str]) -> Target:
    op = (match["op"] or "").casefold()
    if OPERATORS.get(op) in ("<=", "<") or not _BY_HOW_MUCH.search(text[: match.start("raw")]):
        return target
    return Target(kind="qualitative", text=text, raw=text)


def _percent(match: re.Match[str]) -> Target | None:
    value = read_number(match["number"])
    if value is None:
        return None
    more = match.groupdict().get("more")
    op = match["op"]
    return number_target(value, op.casefold() if op else None, "%", clean(match["raw"]), and_more=more)


def _count(text: str) -> tuple[Target, ...]:
    match = _COUNT.match(text)
    if match is None or _MEASURE.match(match["rest"]):
        return ()
    noun = _COUNT_NOUN.match(match["rest"])
    value = read_number(match["number"])
    # A bare number at the head needs a noun that is counted: "05 nhiệm vụ", but not "04 tốt".
    if value is None or (noun is None and not (match["lead"] or match["op"])):
        return ()
    unit = noun.group() if noun else match["rest"].split()[0].rstrip(",.;")
    raw = clean(match["raw"] + unit)
    per = _PER_HEAD.search(text)
    op = match["op"]
    return (number_target(value, op.casefold() if op else None, f"{unit}/{per['per']}" if per else unit, raw),)


def _have(text: str) -> tuple[Target, ...]:
    match = _HAVE.match(text)
    if match is None:
        return ()
    return (Target(kind="boolean", op="==", value=True, text=text[:2], raw=match["raw"]),)
