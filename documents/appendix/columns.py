"""What the columns of a plan's table are, from the wording over them and, where that is double, from what is in them.

Header words are traps: "Kết quả" is the target in one plan and the empty place for results in another, "Đơn vị" is
the unit of measure but "Đơn vị chủ trì" an agency, "Chỉ tiêu" is the name or the target. Whole phrases are matched,
and the columns' contents settle the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from domain.agencies import read_cell
from domain.targets import read_target
from domain.vietnamese import fold

Role = Literal[
    "ordinal", "name", "unit", "target", "result", "lead", "monitor", "coordinator", "deadline", "note", "other",
    "level",  # "Chỉ tiêu", "Mục tiêu", "Kết quả": the name or the target, to be settled
]  # fmt: skip
Scope = Literal["xa", "tinh"]

_ORDINAL = re.compile(r"^(?:s?\.?t\.?t\.?|so tt|so thu tu|thu tu|no\.?)$")
_UNIT = re.compile(r"^(?:don vi(?: tinh| do| do luong)?|dvt|d\.?v\.?t\.?|dv tinh)(?:\s*\(.*\))?$")
_BODY = re.compile(
    r"^(?:(?:cac )?co quan|nganh|phong ban|phong|bo phan)(?:, (?:don vi|phong ban|phong|ban|nganh|bo phan))*$"
)
_AGENCY = re.compile(
    r"\b(?:co quan|don vi|phong ban|phong|bo phan|to chuc|chu tri|phoi hop|phan cong|dau moi|nguoi|nganh|dia phuong"
    r"|trach nhiem)\b"
)
_DUTY = re.compile(
    r"\b(?:chu tri|phoi hop|thuc hien|theo doi|phu trach|trach nhiem|dau moi|bao cao|giam sat|phan cong|danh gia"
    r"|tham muu|tong hop)\b"
)
_MONITOR = re.compile(r"\b(?:theo doi|danh gia|giam sat|kiem tra|tong hop|don doc|bao cao)\b")
_CARRY_OUT = re.compile(r"\bthuc hien\b|\btham muu\b|\bphu trach\b")
_DEADLINE = re.compile(
    r"\b(?:thoi gian|thoi han|thoi diem|tien do|ky han|han hoan thanh|moc thoi gian|ngay hoan thanh"
    r"|moc hoan thanh|lo trinh)\b|^han\b"
)
_NOTE = re.compile(r"^(?:ghi chu|chu thich|luu y)\b")
_STRONG_NAME = re.compile(r"^(?:noi dung|ten\b|nhiem vu|danh muc|hang muc|cong viec|cac (?:chi|muc) tieu|tieu chi)")
_RESULT = re.compile(
    r"^(?:ket qua (?:thuc hien|dat|uoc)|uoc|u?th\b|thuc hien|hien trang|luy ke|so lieu|da dat|ty le dat|muc do dat)"
)
_LEVEL = re.compile(
    r"^(?:ket qua|muc|chi tieu|muc tieu|ke hoach|kh\b|gia tri|chi so|phan dau|ty le phan dau"
    r"|yeu cau|giai doan|dinh huong|tinh(?! hinh| trang| chat)|xa|phuong(?! phap| an| thuc| huong)|toan)\b"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
# With their marks: "tính" in "Đơn vị tính" is no province.
_PROVINCE = re.compile(r"\b(?:tỉnh|thành phố|trung ương)\b")
_COMMUNE = re.compile(r"\b(?:xã|phường|đặc khu)\b")
_PERSON = re.compile(r"^(?:ho (?:va )?ten|ten can bo|chuc (?:vu|danh)|ngay sinh|so dien thoai|dien thoai)\b")
_NUMBERED = re.compile(r"^\(?(?:\d{1,2}|[a-z])\)?(?:\s*=.*)?$")
_ITEM = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,6}|[a-z])[.)]?$")

MAX_HEADER = 200  # letters of a header cell
_LOOKED_AT = 50  # cells of a column that tell what is in it


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its `role`, the `header` as printed, and for a target the year and level printed over it."""

    index: int
    role: Role
    header: str = ""
    year: int | None = None
    scope: Scope = "xa"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table. `reports` says that its monitoring column is the one that reports."""

    columns: tuple[Column, ...]

    def of(self, *roles: Role) -> tuple[Column, ...]:
        """Return the columns with one of `roles`, left to right."""
        return tuple(column for column in self.columns if column.role in roles)

    def first(self, role: Role) -> int | None:
        """Return the index of the first column with `role`, or None."""
        return next((column.index for column in self.columns if column.role == role), None)

    @property
    def monitor_reports(self) -> bool:
        return any(re.search(r"\b(?:bao cao|tong hop)\b", fold(column.header)) for column in self.of("monitor"))


def classify(header: str) -> Role | None:
    """Return what a column headed `header` (plain text) is, "level" where only its contents can tell, or None."""
    return _classify(header) if header and len(header) <= MAX_HEADER else None


@lru_cache(maxsize=1024)
def _classify(header: str) -> Role | None:
    text = fold(header).strip(" .:*")
    if not text:
        return None
    simple: tuple[tuple[re.Pattern[str], Role], ...] = ((_ORDINAL, "ordinal"), (_UNIT, "unit"), (_NOTE, "note"))
    for pattern, role in simple:
        if pattern.match(text):
            return role
    if _BODY.match(text):
        return "lead"
    if _AGENCY.search(text) and _DUTY.search(text) and not _STRONG_NAME.match(text):
        return _agency_role(text)
    if _DEADLINE.search(text):
        return "deadline"
    if _STRONG_NAME.match(text):
        return "name"
    if _RESULT.match(text):
        return "result"
    if _LEVEL.match(text) or _YEAR.fullmatch(text.removeprefix("nam ").removeprefix("den ").removeprefix("nam ")):
        return "level"
    return None


def _agency_role(text: str) -> Role:
    if "phoi hop" in text and "chu tri" not in text:
        return "coordinator"
    return "monitor" if _MONITOR.search(text) and not _CARRY_OUT.search(text) else "lead"


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row of plain cells is the head of a table of indicators."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(len(cell) > MAX_HEADER for cell in filled):
        return False
    if any(_PERSON.match(fold(cell)) for cell in filled):
        return False  # a list of people, whatever they are to do
    roles = [classify(cell) for cell in cells]
    named = "name" in roles or "level" in roles
    others = {role for role in roles if role in ("ordinal", "unit", "lead", "monitor", "coordinator", "deadline")}
    if not named or not others or any(role is None for role, cell in zip(roles, cells, strict=True) if len(cell) > 80):
        return False
    known = sum(role is not None for role in roles)
    return known >= 2 and known * 2 > len(filled)


def is_other_head(cells: Sequence[str]) -> bool:
    """Whether a row is the head of another kind of table: of people, machines, documents."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 2 and classify(filled[0]) == "ordinal" and not is_header(cells)


def is_second_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row directly under a header divides its columns ("2026 | 2030", "Tỉnh | Xã", "Chủ trì | Phối hợp")."""
    if not any(cells):
        return False
    for index, cell in enumerate(cells):
        above = header[index] if index < len(header) else ""
        if cell and classify(above) in ("ordinal", "name", "unit"):
            return False
        if cell and (len(cell) > 60 or not (_YEAR.search(cell) or classify(cell))):
            return False
    return True


def is_column_numbers(cells: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: "(1) (2) (3)" or "A B 1 2"."""
    filled = [cell.casefold() for cell in cells if cell]
    if len(filled) < 3 or len(filled) < len(cells) - 1 or not all(_NUMBERED.match(cell) for cell in filled):
        return False
    numbers = [int(match.group()) for cell in filled if (match := re.search(r"\d+", cell.split("=")[0]))]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False


def lay_out(header: Sequence[str], second: Sequence[str] | None, body: Sequence[Sequence[str]]) -> Layout:
    """Settle the columns of a table from its header row, the row dividing it, and its plain body rows."""
    width = max(len(header), len(second or ()))
    names = _full_headers(header, second, width)
    roles = [_sub_role(own, below) for own, below in names]
    full = [" ".join(part for part in pair if part) for pair in names]
    _settle_bodies(roles, full, body)
    _settle_names(roles, full, body)
    _settle_levels(roles, full, body)
    if "ordinal" not in roles:
        _find_ordinal(roles, body)
    if "lead" not in roles and "monitor" in roles:
        # The only agency named is the one that answers, however its column is worded.
        roles = ["lead" if role == "monitor" else role for role in roles]
    return Layout(_with_scopes(roles, full))


def _full_headers(header: Sequence[str], second: Sequence[str] | None, width: int) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    spanning = ""
    for index in range(width):
        own = header[index] if index < len(header) else ""
        below = second[index] if second is not None and index < len(second) else ""
        if own:
            # Only what is divided reaches over the columns to its right.
            spanning = "" if classify(own) in ("ordinal", "name", "unit", "deadline", "note") else own
        pairs.append((own or (spanning if below else ""), below))
    return pairs


def _sub_role(own: str, below: str) -> Role | None:
    role = classify(below) if below else None
    # "Thực hiện" under "Cơ quan" is an agency, under a year it is a result.
    if role is not None and not (role == "result" and _AGENCY.search(fold(own))):
        return role
    return classify(f"{own} {below}" if below else own)


def _average(body: Sequence[Sequence[str]], index: int) -> float:
    lengths = [len(row[index]) for row in body if index < len(row) and row[index]]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _settle_bodies(roles: list[Role | None], full: list[str], body: Sequence[Sequence[str]]) -> None:
    """A column headed "Đơn vị" alone holds units of measure, or agencies where agencies are printed in it."""
    for index, role in enumerate(roles):
        if role != "unit" or fold(full[index]) != "don vi":
            continue
        cells = [row[index] for row in body if index < len(row) and row[index]][:_LOOKED_AT]
        named = sum(any(agency.kind == "agency" for agency in read_cell(cell).agencies) for cell in cells)
        if named * 2 > len(cells):
            roles[index] = "other" if "lead" in roles else "lead"


def _is_wordy(body: Sequence[Sequence[str]], index: int) -> bool:
    """Whether hardly anything in a column is a figure, a dash or a yes."""
    cells = [row[index] for row in body if index < len(row) and row[index]][:_LOOKED_AT]
    return sum(read_target(cell).kind == "qualitative" for cell in cells) * 2 > len(cells)


def _settle_names(roles: list[Role | None], full: list[str], body: Sequence[Sequence[str]]) -> None:
    """Where no column says "Nội dung" or "Tên", the name is the one of the double-meaning columns with most words."""
    names = [index for index, role in enumerate(roles) if role == "name"]
    if not names:
        levels = [index for index, role in enumerate(roles) if role == "level" and not _YEAR.search(full[index])]
        names = [max(levels, key=lambda index: (_is_wordy(body, index), _average(body, index)))] if levels else []
    if names:
        best = max(names, key=lambda index: _average(body, index))
        for index in names:
            roles[index] = "name" if index == best else "other"


def _levels(roles: Sequence[Role | None]) -> list[int]:
    return [index for index, role in enumerate(roles) if role == "level"]


def _settle_levels(roles: list[Role | None], full: list[str], body: Sequence[Sequence[str]]) -> None:
    """A column of levels is the target when something is printed in it, and the place for results when it is empty."""
    later = max((int(year) for index in _levels(roles) for year in _YEAR.findall(full[index])), default=0)
    for index in _levels(roles):
        # "Kết quả năm 2025" beside "Mục tiêu năm 2026" was reached before.
        if fold(full[index]).startswith("ket qua") and 0 < max(map(int, _YEAR.findall(full[index])), default=0) < later:
            roles[index] = "result"
    for index, role in enumerate(roles):
        if role == "level":
            roles[index] = "target" if _average(body, index) > 0 else "result"
    if "target" in roles:
        return
    for index, role in enumerate(roles):
        # "Kết quả thực hiện" over levels with "≥" in a table without any other level is the target after all.
        filled = [row[index] for row in body if index < len(row) and row[index]]
        if role == "result" and sum(cell.startswith(("≥", "≤", ">", "<")) for cell in filled) * 2 > len(filled) > 0:
            roles[index] = "target"


def _find_ordinal(roles: list[Role | None], body: Sequence[Sequence[str]]) -> None:
    for index, role in enumerate(roles):
        cells = [fold(row[index]) for row in body if index < len(row) and row[index]]
        if role is None and cells and sum(bool(_ITEM.match(cell)) for cell in cells) * 2 > len(cells):
            roles[index] = "ordinal"
            return


def _with_scopes(roles: list[Role | None], full: list[str]) -> tuple[Column, ...]:
    small = [text.casefold() for text in full]
    targets = [index for index, role in enumerate(roles) if role == "target"]
    province = {i for i in targets if _PROVINCE.search(small[i]) and not _COMMUNE.search(small[i])}
    if len(province) == len(targets):
        province = set()  # with one level only, it is the commune's
    columns = []
    for index, role in enumerate(roles):
        years = {int(year) for year in _YEAR.findall(full[index])} if role == "target" else set()
        year = years.pop() if len(years) == 1 else None
        columns.append(Column(index, role or "other", full[index], year, "tinh" if index in province else "xa"))
    return tuple(columns)
