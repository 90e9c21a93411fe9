"""The number of a document, given as evidence for a figure: "Báo cáo số 12/BC-PVHXH ngày 20/11/2026"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from domain.deadlines import parse_day
from domain.figure_scales import any_of
from domain.figure_text import MAX_TYPED, tidy
from domain.vietnamese import strip_marks

# Decree 30/2020/NĐ-CP, Appendix III (abbreviations of the kinds of administrative documents), the legal documents that
# plans are based on, and those of the Party.
KINDS = {
    "NQ": "nghị quyết",
    "QĐ": "quyết định",
    "CT": "chỉ thị",
    "QC": "quy chế",
    "QyĐ": "quy định",
    "TC": "thông cáo",
    "TB": "thông báo",
    "HD": "hướng dẫn",
    "CTr": "chương trình",
    "KH": "kế hoạch",
    "PA": "phương án",
    "ĐA": "đề án",
    "DA": "dự án",
    "BC": "báo cáo",
    "BB": "biên bản",
    "TTr": "tờ trình",
    "HĐ": "hợp đồng",
    "CĐ": "công điện",
    "GM": "giấy mời",
    "PC": "phiếu chuyển",
    "PB": "phiếu báo",
    "CV": "công văn",
    "KL": "kết luận",
    "NĐ": "nghị định",
    "TT": "thông tư",
}
LETTER = "công văn"  # carries no abbreviation of its kind: 345/UBND-VHXH
_ANY_KIND = frozenset({LETTER, "văn bản"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A document as named: `kind` in words ("báo cáo"), its `number` as typed, and the day it was signed, if given."""

    kind: str
    number: str
    date: date | None = None


_UNCLEAR = ""
_LOST_MARKS = {"hd": ("hướng dẫn", "hợp đồng"), "da": ("dự án", "đề án")}
_SHORT = {strip_marks(code).upper(): name for code, name in KINDS.items() if code not in {"DA", "HĐ"}}
_EXACT = {code.upper(): name for code, name in KINDS.items()}
_NAMES = "|".join(sorted({*KINDS.values(), *_ANY_KIND}, key=len, reverse=True))
_ORGAN = r"[^\W\d_][^\W_]*(?:\s?-\s?[^\W_]+){0,3}"
_NUMBER = re.compile(
    r"(?<![\w/.,-])(?P<number>[0-9]{1,5})\s?(?:/\s?(?P<year>20[0-9]{2})\s?)?(?P<first>[/-])\s?(?P<code>[^\W\d_]{2,12})\s?"
    rf"(?P<second>[/-])\s?(?P<organ>{_ORGAN})(?![\w/])"
)
_CODES = "|".join(sorted({*_EXACT, *_SHORT, "VB"}, key=len, reverse=True))
_KIND = re.compile(
    rf"(?<!\w)(?:(?P<name>{any_of(_NAMES)})|(?P<short>{_CODES}))"
    rf"(?:\s+{any_of('số')})?\s*[:.]?\s*$",
    re.IGNORECASE,
)
_NAMED_ONLY = re.compile(
    rf"(?<!\w)(?P<name>{any_of('|'.join(KINDS.values()))})\s+{any_of('số')}\s*[:.]?\s*(?P<number>[0-9]{{1,5}})(?![\w/,.-])",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    rf"(?<![\w/.-])(?P<d>[0-9]{{1,2}})\s?(?:(?P<sign>[/.-])\s?(?P<m>[0-9]{{1,2}})\s?(?P=sign)"
    rf"|{any_of('tháng')}\s?(?P<month>[0-9]{{1,2}})\s?(?:{any_of('năm')}|/))\s?(?P<y>20[0-9]{{2}}|[0-9]{{2}})(?![\w/])",
    re.IGNORECASE,
)
# What stands before a document and its day, or closes the brackets around it, and says nothing by itself.
_INTRODUCING = any_of("theo|căn cứ|minh chứng|tài liệu|kèm theo|kèm|xem|tại|có|là|ở|văn bản")
_LEADING = re.compile(rf"[\s(,;:-]*(?:(?<!\w){_INTRODUCING}(?!\w)[\s:]*)*$", re.IGNORECASE)
_DAY_BEFORE = re.compile(rf"[\s(,]*(?:{any_of('ký ngày|ngày|ký')})?\s*$", re.IGNORECASE)
_CLOSING = re.compile(r"^\s*\)")
# The first part of the number of a letter: who wrote it, in capitals.
_WRITERS = re.compile(r"(?:UBND|HĐND|UBMTTQ|MTTQ|BCĐ|BCH|BQL|VP|CA|ĐU|TTĐU|TYT|TT|P|S|B)[A-ZĐ]*")


def read_reference(text: str) -> Reference | None:
    """Return the one document whose number stands in `text`, or None where there is none, or several.

    `text` may be anything of any length (`domain.figure_text.MAX_TYPED` of it are read); it never raises. A number has
    its kind and its organ: 12/BC-PVHXH, 01/2026/QĐ-UBND, the Party's 54-BC/ĐU, or, of a letter, its writer and section:
    345/UBND-VHXH. A word before it that names another kind than its abbreviation makes it unclear: None. Without them a
    number counts only between its kind and its day: "Báo cáo số 12 ngày 20/11/2026". Fractions, days and figures are
    none. Nothing is screened: markings of secrecy are for `domain.figures.screen`.
    """
    return _find(tidy(text[:MAX_TYPED]))[0]


def split_reference(text: str) -> tuple[str, Reference | None]:
    """Return what `text` says besides the document it names, and that; the text as it is where it names none.

    "92,5 (theo Báo cáo số 12/BC-PVHXH ngày 20/11/2026)" gives "92,5": what is left is read as any answer.
    """
    said = tidy(text[:MAX_TYPED])
    reference, match = _find(said)
    if reference is None or match is None:
        return text, None
    before, behind = said[: match.start()], said[match.end() :]
    if kind := _KIND.search(before):
        before = before[: kind.start()]
    if reference.date is not None and (day := _SIGNED.search(behind)):
        behind = _DAY_BEFORE.sub("", behind[: day.start()]) + behind[day.end() :]
    rest = f"{_LEADING.sub('', before)} {_CLOSING.sub('', behind)}"
    return rest.strip(" ,.;:-()"), reference


def _find(said: str) -> tuple[Reference | None, re.Match[str] | None]:
    """Return the one document that a tidied text names, and where its number stands."""
    found = {one.number.upper(): (match, one) for match in _NUMBER.finditer(said) if (one := _reference(match))}
    if found:
        match, reference = next(iter(found.values()))
        if len(found) > 1 or reference.kind == _UNCLEAR:
            return None, None
        return Reference(reference.kind, reference.number, _signed(said[match.end() :])), match
    bare = _NAMED_ONLY.search(said)
    signed = _signed(said[bare.end() :]) if bare else None
    return (Reference(_named(bare["name"]), bare["number"], signed), bare) if bare and signed else (None, None)


def _reference(match: re.Match[str]) -> Reference | None:
    before = _KIND.search(match.string[max(0, match.start() - 40) : match.start()])
    said = None
    if before and before["name"]:
        said = _named(before["name"])
    elif before:
        said = "văn bản" if before["short"].upper() == "VB" else _kind_of(before["short"])
    number = re.sub(r"\s", "", match.group())
    kind = _kind_of(match["code"], said)
    if kind is None:
        kind = _letter(match, said)
    elif match["first"] == match["second"]:
        return None
    if kind is None:
        return None
    return Reference(_UNCLEAR if said and said not in _ANY_KIND and said != kind else kind, number)


def _letter(match: re.Match[str], said: str | None) -> str | None:
    """Return the kind of a number without an abbreviation of one: a letter, where its writer or a word shows it."""
    if match["first"] != "/" or match["second"] != "-":
        return None
    shown = said in _ANY_KIND or (_WRITERS.fullmatch(match["code"]) and match["organ"].isupper())
    return LETTER if shown else None


def _kind_of(code: str, said: str | None = None) -> str | None:
    """Return the kind an abbreviation means, without its marks only where one alone has these letters.

    In small letters "hd" and "da" may have lost their marks: `said` tells.
    """
    if code in _LOST_MARKS:
        return said if said in _LOST_MARKS[code] else _UNCLEAR
    return _EXACT.get(code.upper()) or _SHORT.get(strip_marks(code).upper())


def _named(typed: str) -> str:
    words = re.sub(r"\s+", " ", typed)
    return next(name for name in _NAMES.split("|") if re.fullmatch(any_of(name), words, re.IGNORECASE))


def _signed(behind: str) -> date | None:
    """Return the one day named behind a number, if it is a day and the only one."""
    days = list(_SIGNED.finditer(behind))
    if len(days) != 1:
        return None
    found = days[0]
    return parse_day(f"{found['d']}/{found['m'] or found['month']}/{found['y']}")
