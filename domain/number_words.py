"""Numbers written in words, or half in words: "tám mươi lăm phẩy năm", "hai nghìn rưỡi", "2 tỷ 350", "1k5"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from domain.reply_spellings import compatible
from domain.reply_words import known_leftover

AtomKind = Literal["digit", "unit", "ten", "tens", "hundred", "scale", "odd", "half", "point", "number"]


class Atom(NamedTuple):
    """The smallest part of a number: a word, or digits as typed. `value` is its worth, `text` what was typed."""

    kind: AtomKind
    value: Decimal
    text: str


class WordNumber(NamedTuple):
    """What a run of atoms can mean: `values`, the likelier first, and the big word it was scaled by (1: none)."""

    values: tuple[Decimal, ...]
    scale: Decimal
    short: bool  # scaled by an abbreviation: k, tr


# "unit" digits exist only behind a ten: mốt, lăm, nhăm; "tư" may stand alone.
_ATOMS: tuple[tuple[str, AtomKind, int], ...] = (
    ("không", "digit", 0),
    ("một", "digit", 1),
    ("hai", "digit", 2),
    ("ba", "digit", 3),
    ("bốn", "digit", 4),
    ("năm", "digit", 5),
    ("sáu", "digit", 6),
    ("bảy", "digit", 7),
    ("bẩy", "digit", 7),
    ("tám", "digit", 8),
    ("chín", "digit", 9),
    ("tư", "unit", 4),
    ("mốt", "unit", 1),
    ("lăm", "unit", 5),
    ("nhăm", "unit", 5),
    ("mười", "ten", 10),
    ("mươi", "tens", 10),
    ("chục", "tens", 10),
    ("trăm", "hundred", 100),
    ("nghìn", "scale", 10**3),
    ("ngàn", "scale", 10**3),
    ("vạn", "scale", 10**4),
    ("triệu", "scale", 10**6),
    ("tỷ", "scale", 10**9),
    ("tỉ", "scale", 10**9),
    ("linh", "odd", 0),
    ("lẻ", "odd", 0),
    ("rưỡi", "half", 0),
    ("rưởi", "half", 0),
    ("phẩy", "point", 0),
    ("phảy", "point", 0),
    ("chấm", "point", 0),
)
_SHORT: dict[str, int] = {"k": 10**3, "tr": 10**6}
_ONE, _TEN, _HUNDRED, _THOUSAND = Decimal(1), Decimal(10), Decimal(100), Decimal(1000)
_MOST_ATOMS = 30
_LARGEST_COUNTED = Decimal(10**4)  # nghìn tỷ and vạn tỷ are said, triệu tỷ is not


@lru_cache(maxsize=4096)
def atom(word: str) -> Atom | None:
    """Return the atom that `word` (lower case, marks optional) is, or None.

    Without marks "mot" is một and "muoi" is mười: the grammar tells by the place whether mốt or mươi was meant.
    """
    word = known_leftover(word) or word
    if word in _SHORT:
        return Atom("scale", Decimal(_SHORT[word]), word)
    # As typed first: "mươi" is not mười with a mark left out.
    fitting = [known for known in _ATOMS if known[0] == word] or [
        known for known in _ATOMS if compatible(word, known[0])
    ]
    return Atom(fitting[0][1], Decimal(fitting[0][2]), word) if fitting else None


def figure(text: str, value: Decimal) -> Atom:
    """Return the atom for digits typed as `text`, read as `value`."""
    return Atom("number", value, text)


def read_words(atoms: Sequence[Atom]) -> WordNumber | None:
    """Return what `atoms` mean together, or None where they make no number ("hai ba", "tám chín")."""
    if not atoms or len(atoms) > _MOST_ATOMS:
        return None
    return _Reader(atoms).read()


class _Reader:
    """Reads groups from the highest big word downwards; each group is below a thousand, or digits as typed."""

    def __init__(self, atoms: Sequence[Atom]) -> None:
        self.atoms = atoms
        self.place = 0

    def peek(self, *kinds: AtomKind) -> Atom | None:
        """Return the next atom when it is one of `kinds`."""
        if self.place < len(self.atoms) and self.atoms[self.place].kind in kinds:
            return self.atoms[self.place]
        return None

    def take(self, *kinds: AtomKind) -> Atom | None:
        found = self.peek(*kinds)
        self.place += found is not None
        return found

    def read(self) -> WordNumber | None:
        total, last, largest = Decimal(0), None, _ONE
        short = any(a.text in _SHORT for a in self.atoms)
        while self.place < len(self.atoms):
            if last is not None and self.take("half"):
                if total % last:
                    return None  # "1,5 tỷ rưỡi" says the half twice
                total += last / 2
                return WordNumber((total,), largest, short) if self.place == len(self.atoms) else None
            start, after_odd = self.place, bool(last and self.take("odd"))
            group = self.group()
            if group is None:
                return None
            scale = _ONE
            while big := self.take("scale"):
                if scale > _LARGEST_COUNTED:
                    return None
                scale *= big.value
            if last is not None and (scale >= last or group < 0):
                return None
            largest = max(largest, scale)
            if scale > 1:
                total, last = total + group * scale, scale
                continue
            if self.place < len(self.atoms):
                return None
            if after_odd and last is not None and last > 10**3:
                # "1 tỷ lẻ 5" leaves out what the 5 counts: the next big word, or nothing at all
                return WordNumber((total + group * last / _THOUSAND, total + group), largest, short)
            if last is None or after_odd:
                return WordNumber((total + group,), largest, short)
            values = tuple(total + tail for tail in self.tails(start, group, last))
            return WordNumber(values, largest, short) if values else None
        return WordNumber((total,), largest, short)

    def tails(self, start: int, group: Decimal, last: Decimal) -> tuple[Decimal, ...]:
        """Return what a last group without its big word may add: "1 tỷ 2" is 1,2 tỷ, "2 tỷ 350" is 350 triệu.

        Two digits ("2 tỷ 35") may be 350 or 35 triệu: both are returned. Behind hundreds in words the group
        counts in the next big word; behind nghìn it counts as it stands.
        """
        first = self.atoms[start]
        if group != group.to_integral_value() or group < 0:
            return ()
        typed_alone = first.kind == "number" and start + 1 == len(self.atoms)
        digits = len(first.text) if typed_alone else len(str(group))
        if first.kind == "digit" and first.value == 0:
            return (group,)  # "một nghìn không trăm linh năm"
        if digits == 1:
            return (group * last / _TEN,) if group else ()
        if digits == 3:
            return (group * last / _THOUSAND,)
        if digits == 2 and last != 10**4:
            return group * last / _HUNDRED, group * last / _THOUSAND
        return ()

    def group(self) -> Decimal | None:
        """Read a number below a thousand, or digits as typed, with decimals and a half."""
        value = self.typed() if self.peek("number") else self.hundreds()
        if value is None:
            return None
        if self.take("point"):
            decimals = self.decimals()
            if decimals is None or value != value.to_integral_value():
                return None
            value += Decimal(f"0.{decimals}")
        elif self.peek("half"):
            before = self.atoms[self.place - 1]
            self.place += 1
            if before.kind == "hundred":
                value += 50
            else:
                value += 5 if before.kind == "tens" and before.text.startswith("ch") else Decimal("0.5")
        return value

    def typed(self) -> Decimal | None:
        found = self.take("number")
        assert found is not None
        value = found.value
        if bigger := self.take("hundred", "tens"):
            value *= bigger.value
            if bigger.kind == "hundred" and (self.peek("number", "digit", "odd")):
                rest = self.typed_rest()
                return None if rest is None else value + rest
        return value

    def typed_rest(self) -> Decimal | None:
        """Read what stands behind "5 trăm": "5 trăm 20", "5 trăm linh 2"."""
        odd = self.take("odd")
        found = self.take("number", "digit")
        if found is None or found.value >= _HUNDRED or found.value < 1:
            return None
        return found.value if odd or found.value >= _TEN else found.value * 10

    def hundreds(self) -> Decimal | None:
        if self.peek("hundred"):  # "trăm rưỡi", "trăm phần trăm"
            self.place += 1
            value = _HUNDRED
        else:
            first = self.peek("digit")
            following = self.atoms[self.place + 1] if self.place + 1 < len(self.atoms) else None
            if not (first and following and following.kind == "hundred"):
                return self.tens()
            self.place += 2
            value = first.value * _HUNDRED
        if self.take("odd"):
            last = self.take("digit", "unit")
            return None if last is None else value + last.value
        if not self.peek("digit", "unit", "ten"):
            return value
        start = self.place
        rest = self.tens()
        if rest is None:
            return None
        # "một trăm hai" is 120: one digit behind the hundreds counts tens.
        return value + (rest * 10 if self.place == start + 1 and rest < _TEN else rest)

    def tens(self) -> Decimal | None:
        if self.take("ten"):
            last = self.take("digit", "unit")
            return _TEN + (last.value if last else 0)
        first = self.take("digit") or (self.take("unit") if self.place == 0 else None)
        if first is None:
            return None
        # Without marks "muoi" behind a digit can only be mươi.
        if self.take("tens", "ten"):
            if first.value == 0:
                return None
            last = self.take("digit", "unit")
            return first.value * 10 + (last.value if last else 0)
        if first.value and (last := self.take("unit")):
            return first.value * 10 + last.value  # "tám lăm"
        return first.value

    def decimals(self) -> str | None:
        """Read what stands behind the comma: digits one by one, or a number below a thousand."""
        if found := self.take("number"):
            return found.text if found.text.isdecimal() else None
        end = self.place
        while end < len(self.atoms) and self.atoms[end].kind == "digit":
            end += 1
        stops = end == len(self.atoms) or self.atoms[end].kind in {"scale", "half"}
        if end > self.place and stops:
            spelled = "".join(str(a.value) for a in self.atoms[self.place : end])
            self.place = end
            return spelled
        value = self.hundreds()
        return None if value is None else str(value)
