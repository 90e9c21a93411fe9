"""A reply to a numeric indicator: what its parts say together, negation first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from domain.figure_bounds import read_bound
from domain.figure_dates import take_date
from domain.figure_digits import judge, numbers_in, read_digits
from domain.figure_fractions import read_fraction
from domain.figure_items import Item, day_named, items_of
from domain.figure_money import read_scaled
from domain.figure_scales import Scale
from domain.figure_text import OWN_UNIT, SHORT_UNIT, Piece
from domain.figure_types import Candidate, Reading, ask
from domain.number_words import WordNumber, atom, figure, read_words

_MOST_CANDIDATES = 4
_QUIET = frozenset({"polite", "now", "lead", "soft"})
_PUNCTUATION = frozenset(".,;:!()[]{}=|") | {"..", "...", "...."}
_CURRENCY = {
    "đ": "dong",
    "d": "dong",
    "vnđ": "dong",
    "vnd": "dong",
    "đồng": "dong",
    "dong": "dong",
    "$": "usd",
    "usd": "usd",
    "đô": "usd",
}
# A separator with nothing before it: ",5" may have lost its beginning.
_MINUS = re.compile(r"(?<![\w%])-[0-9]")
_MILLIONS = re.compile(r"(?<=[0-9 ])(?:trđ|trd|tr\.\s?đ)(?!\w)\.?", re.IGNORECASE)
_HEADLESS = re.compile(r"(?<![0-9])(?<!\.\.)(?<![0-9]\.)[.,][0-9]|^(?!\.\.)[.,][.,\s]*[0-9]")


@dataclass(slots=True)
class Sentence:
    """The parts of a reply and where its numbers stand."""

    items: list[Item]
    scale: Scale
    numbers: list[int] = field(init=False)
    tags: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = [place for place, item in enumerate(self.items) if item.run]
        self.tags = frozenset().union(*(item.tags for item in self.items))

    def sign(self, place: int) -> str:
        """Return the sign at `place`, or "" for anything else."""
        return self.items[place].text if 0 <= place < len(self.items) and self.items[place].sign else ""


def read_number(text: str, scale: Scale) -> Reading:
    """Return the Reading of `text` (tidied, screened) for a numeric indicator on `scale`."""
    if scale.family == "money":
        text = _MILLIONS.sub(" triệu đồng ", text)
    if scale.own_unit:
        text = scale.own_unit.sub(f" {OWN_UNIT} ", text)
    if scale.short_unit:
        text = scale.short_unit.sub(f" {SHORT_UNIT} ", text)
    dated = take_date(text)
    sentence = Sentence(items_of(dated.rest), scale)
    if not sentence.numbers or any(item.broken for item in sentence.items):
        reading = _without_number(sentence)
    else:
        reading = _with_number(sentence, dated.rest, dated.unsure)
    return replace(reading, as_of=as_of) if (as_of := day_named(dated, sentence.items)) else reading


def _with_number(sentence: Sentence, text: str, unsure: bool) -> Reading:
    """Judge what stands beside the numbers, in the order of what would be worst to overlook."""
    for tag, reason in (
        ("not", "negated"),
        ("no_data", "negated"),
        ("not_begun", "negated"),
        ("blocked", "negated"),
        ("nothing", "negated"),
        ("unfinished", "negated"),
        ("hedge", "hedged"),
        ("later", "hedged"),
        ("doing", "hedged"),
        ("same", "same_as_before"),
        ("change", "change"),
        ("minus", "negative"),
        ("near", "near"),
        ("top", "bound_only"),
    ):
        if any(tag in item.tags and not _plain_meaning(item, tag) for item in sentence.items):
            return ask(reason)
    if any(item.text in "❌✖✘✗👎🚫⛔❎" for item in sentence.items if item.sign):
        return ask("negated")
    if sentence.sign(sentence.numbers[0] - 1) == "+":
        return ask("change")
    if _HEADLESS.search(text):
        return ask("malformed_number")
    if (fraction := read_fraction(sentence.items, sentence.numbers, sentence.scale)) is not None:
        return fraction
    if _is_range(sentence):
        return ask("range")
    if len(sentence.numbers) > 1:
        return ask("several_numbers", *_offered(sentence))
    place = sentence.numbers[0]
    reading = _read_run(sentence, place)
    if (bound := read_bound(sentence.items, place, reading, sentence.scale)) is not None:
        return bound
    if _MINUS.search(text):
        return _below_zero(reading, sentence)
    if reading.action not in {"accept", "confirm"}:
        return _wrong_unit(sentence, place) or reading
    return _weigh(sentence, place, reading, unsure)


def _plain_meaning(item: Item, tag: str) -> bool:
    """Tell whether a phrase with several tags is harmless beside a number ("co": có or cô rather than cỡ)."""
    return tag in {"later", "doing", "hedge"} and bool(item.tags & {"lead", "polite", "done"})


def _offered(sentence: Sentence) -> list[Candidate]:
    readings = [_read_run(sentence, place) for place in sentence.numbers[:_MOST_CANDIDATES]]
    values = [r.value for r in readings if r.action in {"accept", "confirm"} and r.value is not None]
    return list(dict.fromkeys(values))


def _is_range(sentence: Sentence) -> bool:
    first = sentence.numbers[0]
    if "from" in sentence.tags and ("to" in sentence.tags or len(sentence.numbers) > 1):
        return True
    for left, right in zip(sentence.numbers, sentence.numbers[1:], strict=False):
        between = [item for item in sentence.items[left + 1 : right] if item.text not in {"%", OWN_UNIT}]
        if len(between) == 1 and (between[0].text in {"-", "~", "..", "..."} or "to" in between[0].tags):
            return True
    before = sentence.items[first - 1] if first else None
    return before is not None and bool(before.tags & {"to"}) and not before.tags & {"about"}


def _read_run(sentence: Sentence, place: int) -> Reading:
    """Read one number by its own unit and scale; signs and words beside it are weighed afterwards."""
    run, scale = sentence.items[place].run, sentence.scale
    if len(run) == 1 and run[0].kind == "number":
        following = sentence.items[place + 1].text if place + 1 < len(sentence.items) else ""
        if scale.family == "money" and scale.factor > 1 and _CURRENCY.get(following) == scale.currency:
            return read_scaled(_worded(run), scale, in_full=True)
        return read_digits(run[0].text, scale)
    currency = _CURRENCY.get(sentence.items[place + 1].text) if place + 1 < len(sentence.items) else None
    worded = _worded(run)
    if worded is None:
        return ask("several_numbers" if sum(p.kind == "number" for p in run) > 1 else "not_understood")
    own = scale.family == "money" and currency == scale.currency and worded.scale == scale.factor
    if own and [p.kind for p in run] == ["number", "word"]:
        return read_digits(run[0].text, scale)  # "1500 triệu đồng": the unit as printed
    return read_scaled(worded, scale, in_full=False)


def _worded(run: Sequence[Piece]) -> WordNumber | None:
    """Return the number a run of digits and words makes; digits with two readings keep both."""
    atoms = []
    choices: tuple[Decimal, ...] = ()
    for piece in run:
        text = piece.text
        if piece.kind == "number":
            values, _ = numbers_in(text)
            if not values or len(text) > 24:
                return None
            if len(values) > 1:
                choices = values
            atoms.append(figure(text, values[0]))
        else:
            found = atom(text)
            assert found is not None
            atoms.append(found)
    number = read_words(atoms)
    if number is None or not choices:
        return number
    other = read_words(
        [figure(a.text, choices[1]) if a.value == choices[0] and a.kind == "number" else a for a in atoms]
    )
    return number._replace(values=number.values + (other.values if other else ()))


def _below_zero(reading: Reading, sentence: Sentence) -> Reading:
    """Read "-5": only where the target itself is below zero can a figure be, and then the dash is a minus."""
    extra = any(item.unknown or item.tags & {"about", "soft", "percent", "rank"} for item in sentence.items)
    if sentence.scale.low is not None or not isinstance(reading.value, Decimal) or reading.action != "accept" or extra:
        return ask("negative")
    return judge(-reading.value, sentence.scale)


def _wrong_unit(sentence: Sentence, place: int) -> Reading | None:
    """Say that another unit was typed, where that explains better why a number does not fit."""
    following = sentence.items[place + 1] if place + 1 < len(sentence.items) else None
    if following is not None and following.unknown and following.text not in _CURRENCY:
        return ask("other_unit")
    return None


def _weigh(sentence: Sentence, place: int, reading: Reading, unsure: bool) -> Reading:
    """Lower an acceptable reading to confirm or ask by what else the reply holds."""
    scale = sentence.scale
    value = reading.value
    doubts: list[str] = []
    approx = False
    for at, item in enumerate(sentence.items):
        if at == place:
            continue
        problem = _beside(item, at, place, sentence)
        if problem in {"other_unit", "not_understood", "bound_only", "negative"}:
            percent_of_index = item.text == "%" and scale.family == "index" and isinstance(value, Decimal)
            offered = (value,) if percent_of_index and isinstance(value, Decimal) else ()
            return ask(problem, *offered)
        if problem == "approximate":
            approx = True
        elif problem:
            doubts.append(problem)
    if unsure:
        doubts.append("fraction")
    if approx:
        return replace(reading, action="confirm", approx=True, reason="approximate")
    if doubts:
        return replace(reading, action="confirm", reason=reading.reason or doubts[0])
    return reading


def _beside(item: Item, at: int, place: int, sentence: Sentence) -> str | None:
    """Return what the part at `at` does to the number at `place`: nothing (None), a doubt, or a refusal to read."""
    scale = sentence.scale
    if item.sign:
        return _sign_beside(item.text, sentence)
    if item.glued and at == place - 1:
        return "not_understood" if item.unknown else "glued"
    if scale.family == "money" and at in {place - 1, place + 1} and (currency := _currency_of(item)):
        return None if currency == scale.currency else "other_unit"
    if at == place + 1 and "thing" in item.tags:
        return "other_unit"
    if at > place and item.text == "mới":
        return "extra_words"  # "12 mới": the new ones among them, or only 12
    if "about" in item.tags:
        ambiguous = bool(item.tags & _QUIET)
        return ("two_readings" if ambiguous else "approximate") if at < place or not ambiguous else None
    if "percent" in item.tags:
        return None if scale.family == "percent" else "other_unit"
    if "rank" in item.tags:
        return None if scale.family == "rank" else "not_understood"
    if item.tags & {"soft", "done"}:
        return "extra_words"
    if item.tags & (_QUIET | {"yes"}):
        return None
    return "other_unit" if at == place + 1 and item.unknown else "not_understood"


def _currency_of(item: Item) -> str | None:
    """Return the currency a word names, as typed: "đô" may also be a half-marked "độ"."""
    return _CURRENCY.get(item.text) or _CURRENCY.get(item.typed)


def _sign_beside(sign: str, sentence: Sentence) -> str | None:
    family = sentence.scale.family
    if sign in _PUNCTUATION or sign == OWN_UNIT:
        return None
    if sign == SHORT_UNIT:
        return "abbreviated_unit"
    if sign == "%":
        return None if family == "percent" else "other_unit"
    if sign == "~":
        return "approximate"
    if sign == "$":
        return None if sentence.scale.currency == "usd" else "other_unit"
    if sign == "-":
        return "dash"
    if sign == "?":
        return "hedged"
    return "not_understood"


def _without_number(sentence: Sentence) -> Reading:
    broken = [item for item in sentence.items if item.broken]
    if broken:
        mended = re.sub("[oO]", "0", re.sub("[lI]", "1", broken[0].text))
        reading = (
            read_digits(mended, sentence.scale) if len(broken) == 1 and not sentence.numbers else ask("letter_digit")
        )
        value = reading.value
        return ask("letter_digit", *((value,) if value is not None else reading.candidates))
    words = [item for item in sentence.items if item.tags and not item.tags <= {"polite", "now", "query"}]
    if any(item.unknown for item in sentence.items):
        return ask("not_understood")
    if not words:
        unit_only = any(item.text in {"%", OWN_UNIT, SHORT_UNIT} for item in sentence.items)
        return ask("how_much" if unit_only else "empty" if not sentence.items else "not_understood")
    if any(item.text == "?" for item in sentence.items):
        return ask("hedged")
    return _from_words(words, sentence)


def _from_words(words: list[Item], sentence: Sentence) -> Reading:
    """Read a reply of known phrases alone: null is never 0, so a bare no is asked about."""
    texts = {item.text for item in words}
    count = sentence.scale.family == "count"
    own = any(item.text in {OWN_UNIT, SHORT_UNIT} for item in sentence.items)
    if "hedge" in sentence.tags:
        return ask("hedged")
    if any("same" in item.tags for item in words):
        return ask("same_as_before")
    if [item.text for item in words] == ["không", "phần trăm"] or (
        texts == {"không"} and "%" in {i.text for i in sentence.items}
    ):
        return replace(judge(Decimal(0), sentence.scale), reason="word_number")
    if len(words) == 1 and "nothing" in words[0].tags:
        # "chưa phát sinh" is still open; "không có" of things counted is 0, once confirmed.
        none = count and not words[0].text.startswith("chưa")
        return Reading("confirm", Decimal(0), reason="zero_or_nothing") if none else ask("zero_or_nothing", Decimal(0))
    if texts <= {"không", "ko", "k", "kô", "hông", "hong", "khg", "kh", "hok", "no"} or (own and texts <= {"chưa có"}):
        return ask("zero_or_nothing", Decimal(0))
    if all(
        item.text == "chưa"
        or item.tags & {"no_data", "later", "doing", "not_begun"}
        or item.tags <= {"lead", "polite", "now", "thing"}
        for item in words
    ):
        waiting = any(item.tags & {"no_data", "later", "doing", "not_begun", "not"} for item in words)
        return Reading("no_data") if waiting else ask("how_much")
    if all(
        item.tags & {"yes", "done", "lead", "soft", "no", "unfinished", "percent", "about", "rank"} for item in words
    ):
        return ask("how_much")
    return ask("not_understood")
