"""Which agencies a printed cell names: canonical names, persons' roles, who only takes part, and what is unknown.

The order matters. Known names are taken out first by longest match, because "và", "-" and "," sit inside names
("Văn phòng HĐND và UBND", "HTX, hộ kinh doanh") and because a lost line break leaves two names with nothing
between them ("Phòng Kinh tế Phòng VHXXH"). Only what is left is split at separators. Nothing is ever assigned by
a similarity score: nearest names are proposals for a person to choose from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from domain.agency_matching import Token, begins_name, longest, phrase_at, skip_tail, tokenise
from domain.agency_names import UnitWord, kinds, standard_agencies
from domain.model import AgencyKind
from domain.vietnamese import clean, fold

MAX_CELL = 2_000  # letters of an agency cell that are read; the longest real one has about 250

_BRACKETS = re.compile(r"\(([^()]*)\)")
_DUTIES = ("phoi hop", "chu tri", "phoi hop thuc hien", "chu tri thuc hien")  # in brackets behind a name
_LIST_NUMBER = re.compile(r"(?:^|(?<=[\s;,]))\d{1,2}[.)]\s+(?=\w)")
# A line break lost without a trace: "Công an xãTrạm Y tế".
_GLUED = re.compile(r"(?<=\w)(?=(?:Phòng|Văn phòng|Công an|Trung tâm|Trạm|Ban|Ủy ban|UBND|Hội|Đoàn|Các)\s)")
# A post, not an agency: what follows up to the next separator or name is kept out of the agencies.
_ROLE_HEADS = (
    ("cong", "chuc"), ("vien", "chuc"), ("chuyen", "vien"), ("can", "bo"), ("nhan", "vien"), ("dong", "chi"),
    ("pho", "chu", "tich"), ("chu", "tich"), ("bi", "thu"), ("pho", "truong"), ("truong",), ("pho",),
    ("giam", "doc"), ("lanh", "dao"), ("ong",), ("ba",), ("ke", "toan"), ("d", "c"), ("to", "truong"),
)  # fmt: skip
_ROLE_GOES_ON = ("quan ly", "phu trach", "theo doi", "tham muu")
_COORDINATE = (("phoi", "hop", "voi"), ("phoi", "hop", "cung"), ("phoi", "hop"))
_LEAD = (("chu", "tri"),)
_SLIP = 0.92  # how much of two names is the same where only the keys slipped
_TASKS = (
    *_LEAD, ("to", "chuc", "thuc", "hien"), ("theo", "doi"), ("thuc", "hien"), ("danh", "gia"), ("tong", "hop"),
    ("bao", "cao"), ("dau", "moi"), ("tham", "muu"), ("chiu", "trach", "nhiem"), ("kiem", "tra"),
    ("giam", "sat"), ("don", "doc"),
)  # fmt: skip
_OUTSIDERS = (
    "doanh nghiep", "ngan hang", "cong ty", "tap doan", "hop tac xa", "htx", "ho kinh doanh", "nha mang", "viettel",
    "vnpt", "mobifone",
)  # fmt: skip
# What offices are called after besides: "Phòng Kinh tế và Hạ tầng" is another office than Phòng Kinh tế.
_OFFICE_WORDS = (
    "ha tang", "do thi", "thong tin", "the thao", "du lich", "tai chinh", "noi vu", "tu phap", "giao duc", "dao tao",
    "moi truong", "nong nghiep", "tai nguyen", "dan toc", "khoa hoc", "lao dong",
)  # fmt: skip
_GROUP_STARTS = ("cac ", "nhung ", "moi ", *_OUTSIDERS)
# "Các doanh nghiệp cung cấp dịch vụ": of what, the indicator says.
_UNFINISHED, _SIGNATURES = "cac doanh nghiep cung cap dich vu", "chu ky so"
_FINISHED = "Các doanh nghiệp cung cấp dịch vụ chữ ký số"
_EMPTY_TAIL = re.compile(r"^(?:(?:co )?lien quan|khac|(?:tren|tai) dia ban|dia phuong|neu co|(?:tat ca )?cac|tat ca)$")


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """An agency as read: its canonical name and kind."""

    name: str
    kind: AgencyKind


@dataclass(frozen=True, slots=True)
class CellReading:
    """What one cell names. `slips` holds "agency_typo", "missing_separator", "trailing_punctuation"."""

    agencies: tuple[AgencyMention, ...] = ()
    coordinators: tuple[AgencyMention, ...] = ()
    roles: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    slips: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Scan:
    """The state of reading one cell from left to right."""

    text: str
    agencies: list[AgencyMention] = field(default_factory=list)
    coordinators: list[AgencyMention] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    slips: set[str] = field(default_factory=set)
    coordinating: bool = False
    last: AgencyMention | None = None  # the agency just read, while only its own tail may follow
    last_start: int = 0
    clause: int = 0  # the first of the agencies named since the last ";" or duty
    role_head: str | None = None
    loose: list[Token] = field(default_factory=list)  # words not yet understood

    def target(self) -> list[AgencyMention]:
        return self.coordinators if self.coordinating else self.agencies


def read_cell(cell: str, unit: UnitWord = "xã", about: str = "") -> CellReading:
    """Read an agency cell of a plan.

    `unit` picks the vocabulary ("xã", "phường", "đặc khu"). `about` is the indicator's name: it completes "các
    doanh nghiệp cung cấp dịch vụ". Never raises; what is not understood comes back as `unknown`.
    """
    reading = _read(cell[:MAX_CELL], unit)
    unfinished = any(agency.kind == "external" and fold(agency.name) == _UNFINISHED for agency in reading.agencies)
    if unfinished and _SIGNATURES in fold(about):
        finish = {agency: _finished(agency) for agency in reading.agencies}
        return replace(reading, agencies=tuple(finish.values()))
    return reading


def _finished(agency: AgencyMention) -> AgencyMention:
    return AgencyMention(_FINISHED, agency.kind) if fold(agency.name) == _UNFINISHED else agency


@lru_cache(maxsize=4096)
def _read(cell: str, unit: UnitWord) -> CellReading:
    text = clean(cell.replace("\n", "; "))[:MAX_CELL]
    slips = {"trailing_punctuation"} if text[-1:] in tuple(";,.") else set()
    text = _GLUED.sub(" ", _LIST_NUMBER.sub("; ", text.rstrip(" ;,.-–")))
    roles: list[str] = []
    inner: list[AgencyMention] = []
    beside: list[AgencyMention] = []
    for match in _BRACKETS.finditer(text):
        content = clean(match.group(1))
        if _role_length(tokenise(content), 0):
            roles.append(content)
        elif not any(character.isdecimal() for character in content):  # a telephone number names nobody
            # Inside brackets stands a short form of what is in front, or a remark; a remark is no agency.
            remark = _scan(content, unit)
            inner.extend(remark.agencies)
            beside.extend(remark.coordinators)
    scan = _scan(_BRACKETS.sub(lambda m: f" {m[1]} " if fold(m[1]) in _DUTIES else " ", text), unit)
    return CellReading(
        agencies=_once([*scan.agencies, *inner]),
        coordinators=_once([*scan.coordinators, *beside]),
        roles=tuple(dict.fromkeys([*scan.roles, *roles])),
        unknown=tuple(dict.fromkeys(scan.unknown)),
        slips=frozenset(scan.slips | slips),
    )


def find_agency(text: str, unit: UnitWord = "xã") -> AgencyMention | None:
    """Return the one agency that `text`, as typed by a person, names; None where it names none, several or more.

    Unlike a printed cell, a typed name may write its acronym in small letters ("vhxh", "pkt").
    """
    for typed in (text, text.upper()):
        reading = read_cell(typed, unit)
        if len(reading.agencies) == 1 and not (reading.unknown or reading.coordinators or reading.roles):
            return reading.agencies[0]
    return None


def nearest_names(text: str, unit: UnitWord = "xã", known: Iterable[str] = (), limit: int = 3) -> tuple[str, ...]:
    """Return up to `limit` agency names that look like `text`, nearest first: proposals, never a decision."""
    import difflib  # here, because it costs the start of every command and is needed by few plans

    names = dict.fromkeys([*known, *(name for name, kind in kinds(unit).items() if kind == "agency")])
    folded = {fold(name): name for name in names}
    close = difflib.get_close_matches(fold(text)[:200], folded, n=limit, cutoff=0.4)
    return tuple(folded[name] for name in close)


def closest_name(text: str, unit: UnitWord = "xã", known: Iterable[str] = ()) -> str | None:
    """Return the agency name of which `text` is most likely a slip of the keys: a letter or two differ; else None."""
    import difflib

    near = nearest_names(text, unit, known, limit=1)
    if not near:
        return None
    letters = difflib.SequenceMatcher(None, fold(text)[:200], fold(near[0]), autojunk=False)
    return near[0] if letters.ratio() >= _SLIP else None


def agency_kind(name: str, unit: UnitWord = "xã") -> AgencyKind | None:
    """Return the kind of a canonical name, or None where the table does not know it."""
    return kinds(unit).get(name)


__all__ = [
    "AgencyMention",
    "CellReading",
    "agency_kind",
    "closest_name",
    "find_agency",
    "nearest_names",
    "read_cell",
    "standard_agencies",
]


def _once(mentions: Iterable[AgencyMention]) -> tuple[AgencyMention, ...]:
    return tuple({mention.name: mention for mention in mentions}.values())


def _scan(text: str, unit: UnitWord) -> _Scan:
    scan = _Scan(text)
    tokens = tokenise(text)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.before in (",", ";"):
            _flush(scan)
            scan.role_head = scan.role_head if token.before == "," else None
            scan.clause = scan.clause if token.before == "," else len(scan.agencies)
        if end := _take_agency(scan, tokens, at, unit):
            at = end
        elif length := phrase_at(tokens, at, _COORDINATE):
            _flush(scan)
            at += length
            _coordinate(scan, tokens, at, closing=at - length)
        elif not scan.loose and (length := phrase_at(tokens, at, _TASKS)):
            scan.coordinating = scan.coordinating and not phrase_at(tokens, at, _LEAD)
            scan.last, scan.clause = None, len(scan.agencies)
            at += length
        elif length := _role_length(tokens, at):
            if scan.last is not None and not token.before:
                scan.slips.add("missing_separator")
            _flush(scan)
            at = _take_role(scan, tokens, at, length, unit)
        else:
            if scan.loose and begins_name(tokens, at):
                _flush(scan)
            scan.loose.append(token)
            at += 1
    _flush(scan)
    return scan


def _coordinate(scan: _Scan, tokens: list[Token], at: int, closing: int) -> None:
    """What follows "phối hợp" only takes part; where nothing follows, what stands before it in the same clause does."""
    scan.last = None
    ends = at == len(tokens) or bool(tokens[at].before) or bool(phrase_at(tokens, at, _TASKS))
    if ends and not tokens[closing].before and scan.agencies[scan.clause :]:
        scan.coordinators += scan.agencies[scan.clause :]
        del scan.agencies[scan.clause :]
    else:
        scan.coordinating = True


def _take_agency(scan: _Scan, tokens: list[Token], at: int, unit: UnitWord) -> int:
    """Read the longest agency name at `at` with its "xã Thụy Hùng" tail; return the index after it, or 0."""
    wording, end, typo = longest(tokens, at, unit)
    if wording is None:
        return 0
    glued = scan.last is not None and not tokens[at].before
    _flush(scan)
    if glued:
        scan.slips.add("missing_separator")
    if typo:
        scan.slips.add("agency_typo")
    mention = AgencyMention(wording.name, wording.kind)
    scan.target().append(mention)
    scan.last, scan.last_start, scan.role_head = mention, tokens[at].start, None
    return skip_tail(tokens, end, unit)


def _take_role(scan: _Scan, tokens: list[Token], at: int, length: int, unit: UnitWord) -> int:
    end = at + length
    while end < len(tokens) and not tokens[end].before and longest(tokens, end, unit)[0] is None:
        end += 1
    head = scan.text[tokens[at].start : tokens[at + length - 1].end]
    role = scan.text[tokens[at].start : tokens[end - 1].end]
    scan.roles.append(_lower_first(role))
    scan.role_head, scan.last = _lower_first(head), None
    return end


def _role_length(tokens: list[Token], at: int) -> int:
    length = phrase_at(tokens, at, _ROLE_HEADS)
    # "Trường học" folds like "Trưởng": the post needs its hook above.
    if length == 1 and tokens[at].print.casefold() not in ("trưởng", "phó", "ông", "bà"):
        return 0
    return length


def _flush(scan: _Scan) -> None:
    """Decide what the words between two known names are: a tail, a group, a role going on, or unknown."""
    words, scan.loose = scan.loose, []
    last, scan.last = scan.last, None
    if not words:
        if last is not None:
            scan.last = last if last.kind != "agency" else None
        return
    start, end = words[0].start, words[-1].end
    piece = scan.text[start:end]
    folded = fold(piece)
    # A group's description may run over a comma ("có hệ thống, thiết bị"), but it goes on in small letters.
    extends = last is not None and (not words[0].before or (words[0].before == "," and piece[0].islower()))
    if scan.role_head and folded.startswith(_ROLE_GOES_ON):
        scan.roles.append(f"{scan.role_head} {piece}")
    elif _EMPTY_TAIL.match(folded):
        return
    elif extends and last is not None and last.kind != "agency":
        _rename_last(scan, scan.text[scan.last_start : end], last)
    elif last is not None and (not words[0].before or _goes_on(last, folded)):
        # Known words with an unknown tail ("Phòng Kinh tế tỉnh") are another agency: ask, do not guess.
        scan.target().remove(last)
        scan.unknown.append(scan.text[scan.last_start : end])
    elif folded.startswith(_GROUP_STARTS):
        mention = AgencyMention(_upper_first(piece), _kind_by_words(folded))
        scan.target().append(mention)
        scan.last, scan.last_start = mention, start
    else:
        scan.unknown.append(piece)


def _goes_on(last: AgencyMention, folded: str) -> bool:
    return last.name.startswith("Phòng ") and folded.startswith(_OFFICE_WORDS)


def _rename_last(scan: _Scan, print_: str, last: AgencyMention) -> None:
    mentions = scan.target()
    if last in mentions:
        mentions.remove(last)
    mention = AgencyMention(_upper_first(print_), last.kind)
    mentions.append(mention)
    scan.last = mention


def _kind_by_words(folded: str) -> AgencyKind:
    return "external" if any(word in folded for word in _OUTSIDERS) else "group"


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
