"""What a unit allows: whole numbers or decimals, from where to where, and which big words belong to it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from domain.figure_types import Measure
from domain.model import Operator
from domain.vietnamese import clean, strip_marks

Family = Literal["percent", "index", "rank", "count", "money", "ratio", "measured"]

ONE, TEN, HUNDRED, THOUSAND = Decimal(1), Decimal(10), Decimal(100), Decimal(1000)
MILLION, BILLION = Decimal(10**6), Decimal(10**9)
COMMUNES = Decimal(3321)  # no list of places to be ranked in is longer than that of all communes

_RANK = frozenset({"thu bac", "thu hang", "xep hang", "hang", "vi tri", "vi thu", "thu tu"})
_INDEX = re.compile(r"(?:chi so\b.*|diem|diem so)")
_MONEY = re.compile(r"(ty|ti|trieu|tr|nghin|ngan)?\s*(dong|d|vnd|usd|us\$|\$)?(?:/.*)?")
_FACTORS = {"ty": BILLION, "ti": BILLION, "trieu": MILLION, "tr": MILLION, "nghin": THOUSAND, "ngan": THOUSAND}
# Units measured, not counted: decimals are natural.
_MEASURED = frozenset(
    ("km", "m", "m2", "m3", "ha", "tan", "ta", "kg", "lit", "gio", "phut", "tuoi", "mw", "kwh", "gb", "‰")
)


@dataclass(frozen=True, slots=True)
class Scale:
    """The limits of a measure. `factor` is how many đồng (or dollars) one unit of money is worth."""

    family: Family
    low: Decimal | None
    high: Decimal | None
    whole: bool
    op: Operator | None
    target: Decimal | None
    factor: Decimal = ONE
    currency: Literal["dong", "usd"] | None = None
    own_unit: re.Pattern[str] | None = None
    short_unit: re.Pattern[str] | None = None

    def fits(self, value: Decimal) -> bool:
        """Tell whether the unit allows `value`."""
        if self.whole and value != value.to_integral_value():
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@lru_cache(maxsize=4096)
def scale_of(measure: Measure) -> Scale:
    """Return the scale of a numeric measure, from its unit as printed and its target."""
    unit = clean(measure.unit or "").casefold()
    folded = re.sub(r"\s*/\s*", "/", strip_marks(unit))
    target = measure.target if isinstance(measure.target, Decimal) else None
    family = _family(folded)
    if family == "count" and target is not None and target != target.to_integral_value():
        family = "measured"
    low: Decimal | None = None if target is not None and target < 0 else Decimal(0)
    factor, currency = _money(folded) if family == "money" else (ONE, None)
    if family == "percent":
        own = _own_unit(re.sub(r"^(?:%|phần trăm)\s*", "", unit))
    else:
        own = _money_tail(unit, currency) if family == "money" else _own_unit(unit)
    return Scale(
        family=family,
        low=ONE if family == "rank" else low,
        high=_high(family, folded, target),
        whole=family in {"count", "rank"},
        op=measure.op,
        target=target,
        factor=factor,
        currency=currency,
        own_unit=own,
        short_unit=_short_unit(unit, family),
    )


def _family(folded: str) -> Family:
    head = folded.partition("/")[0]
    if folded.startswith(("%", "phan tram")):
        return "percent"
    if _INDEX.fullmatch(folded):
        return "index"
    if folded in _RANK:
        return "rank"
    if folded and _MONEY.fullmatch(folded):
        return "money"
    if not folded or head in _MEASURED:
        return "measured"
    return "ratio" if "/" in folded or folded == "lan" or folded.startswith("lan grdp") else "count"


def _money(folded: str) -> tuple[Decimal, Literal["dong", "usd"]]:
    found = _MONEY.fullmatch(folded)
    assert found is not None
    return _FACTORS.get(found[1], ONE), "usd" if found[2] in {"usd", "us$", "$"} else "dong"


def _high(family: Family, folded: str, target: Decimal | None) -> Decimal | None:
    if family == "percent":
        # A target above 100 % cannot be a share of a whole: it is a growth or a comparison, without a ceiling.
        return HUNDRED if target is None or target <= HUNDRED else None
    if family == "index" and target is not None:
        return next((top for top in (ONE, TEN, HUNDRED, THOUSAND) if target <= top), None)
    if family == "rank":
        return COMMUNES
    if family == "ratio" and "van dan" in folded:
        return Decimal(10_000)
    return None


def loosened(text: str) -> str:
    """Return a pattern that matches `text` typed with all, some or none of its marks, spaces free."""
    parts = []
    for char in text:
        if char == " ":
            parts.append(r"\s+")
        elif char == "/":
            parts.append(r"\s*(?:/|trên|tren)\s*")
        elif char.isalpha():
            parts.append(_letters(char))
        else:
            parts.append(re.escape(char))
    return "".join(parts)


def any_of(words: str) -> str:
    """Return a pattern of the phrases of `words` (parted by "|"), each as `loosened` matches it."""
    return "(?:" + "|".join(loosened(word) for word in words.split("|")) + ")"


def _letters(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    forms = {char, strip_marks(char)} | {unicodedata.normalize("NFC", parts[0] + mark) for mark in parts[1:]}
    return f"[{''.join(sorted(forms))}]" if len(forms) > 1 else re.escape(char)


def _own_unit(unit: str) -> re.Pattern[str] | None:
    if not unit:
        return None
    tidy = re.sub(r"\s*/\s*", "/", unit)
    names = [tidy, "điểm"] if _INDEX.fullmatch(strip_marks(tidy)) else [tidy]
    body = "|".join(loosened(name) for name in names)
    return re.compile(rf"(?<![^\W\d_])(?:{body})(?![^\W_])", re.IGNORECASE)


def _money_tail(unit: str, currency: str | None) -> re.Pattern[str] | None:
    """Return what may stand behind an amount without changing it: "/người/năm" of the unit, and names of the dollar."""
    ways = [r"(?<![^\W\d_])(?:đô\s+la(?:\s+mỹ)?|do\s+la(?:\s+my)?|us\$|usd)"] if currency == "usd" else []
    per = [rf"\s*/\s*{loosened(part.strip())}" for part in unit.split("/")[1:]]
    if per:
        ways.append(per[0] + "".join(f"(?:{part}" for part in per[1:]) + ")?" * (len(per) - 1))
    return re.compile(rf"(?:{'|'.join(ways)})(?![^\W_])", re.IGNORECASE) if ways else None


def _short_unit(unit: str, family: Family) -> re.Pattern[str] | None:
    """Return what people write instead of the unit: its initials (sp), or its first word before a slash (người)."""
    words = unit.partition("/")[0].split()
    if family == "ratio" and "/" not in unit:
        body = loosened(words[0])
    elif family == "ratio":
        body = loosened(" ".join(words))
    elif family == "count" and len(words) > 1:
        body = "".join(_letters(word[0]) for word in words)
    else:
        return None
    return re.compile(rf"(?<![^\W\d_]){body}(?![^\W_])", re.IGNORECASE)
