"""Several figures in one message, each with the number of its item: "1: 92,5; 2: 14; còn lại không đổi"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from domain.bulk_labels import KEY, Label, cut, is_answer, label_at, may_follow, opening_words, openings, opens_answer
from domain.bulk_rest import Rest, find_rest
from domain.figure_dates import take_date
from domain.figure_text import MAX_TYPED

MOST_ITEMS = 200

# Words that number nothing but questions, so that no sign need stand behind the number.
_ONLY_ITEMS = frozenset({"cau", "cau hoi", "cau so", "cau hoi so", "ct"})
# A number with a sign of labels behind it inside an answer: perhaps another item. "12/15 = 80%" is one figure.
_NUMBER_AND_SIGN = re.compile(r"[0-9] ?:|(?:^|(?<![/+*x] )(?<=[ ,]))[0-9]{1,3} ?=(?![=>])")


class BulkItem(NamedTuple):
    """The answer to item `number` (from 1), tidied but unread: `domain.figures.read_reply` reads it."""

    number: int
    text: str


class Bulk(NamedTuple):
    """What a message says of several items.

    `items` in the order of the list; `rest` is the answer to all others; `unplaced` are pieces as typed that belong to
    no item for certain: a number outside the list, one answered twice, no number, no answer.
    """

    items: tuple[BulkItem, ...]
    rest: str | None = None
    unplaced: tuple[str, ...] = ()


class _Piece(NamedTuple):
    """A part of the message: `label` and the answer behind it, or no label and the whole part."""

    label: Label | None
    text: str
    typed: str


def read_bulk(text: str, count: int) -> Bulk | None:
    """Return the answers `text` gives to the items of a list numbered 1 to `count` (1-200), or None.

    `text` may be anything of any length; longer than `domain.figure_text.MAX_TYPED` it is None. A single figure is
    never taken for a list; what shows that a number is an item's depends on how it is typed:

    * "3: 92,5", "câu 3: …", "câu 3 …", "CT3 …", "số 3 là …", "3) đạt": one is enough, behind nothing but a greeting.
      Not "12:15", "1:100", "8:30 họp" (times, ratios): these need a second item, and times must follow on from 1.
    * "3. 92,5" (decimals alone): one is enough. "85. Còn 2 thôn" is a figure and a sentence.
    * "3. …", "3=…", "3 là …", "3 | …", keycaps, "chỉ tiêu 3 …": two, rising.
    * "3/ …", "3 - …" (a fraction, a span): two that follow on, or rise from 1.
    * "3 92,5", "3 đạt 85": two that follow on from 1.
    * "3 chưa đạt 85", "3 đạt": beside items that are certain, and rising. "3 dự án" never.
    * "1-3: …", "1,2: …" (a day, a decimal): beside other items, or a span with words behind it alone. "1,2,3: …" and
      "1, 2: …" are lists.
    * "còn lại không đổi", "còn lại chưa có số liệu": beside items. "còn lại chưa đạt" may be the rest of one figure:
      unplaced, unless "các chỉ tiêu …", a colon or "đều" makes it plain. Alone: "các chỉ tiêu còn lại …", or no change.

    A comma parts items only where it is no decimal comma, a space alone only before a number that follows on or behind
    an answer that is complete. What remains doubtful is unplaced.
    """
    if len(text) > MAX_TYPED or not 1 <= count <= MOST_ITEMS:
        return None
    pieces: list[_Piece] = []
    rests: list[Rest] = []
    for part in cut(text):
        _split(part, pieces, rests)
    if not any(piece.label for piece in pieces):
        return _only_rest(pieces, rests)
    if not _proven(pieces, count, bool(rests)):
        return None
    return _placed(pieces, rests, count)


def _only_rest(pieces: Sequence[_Piece], rests: Sequence[Rest]) -> Bulk | None:
    sure = len(rests) == 1 and rests[0].alone and not pieces
    return Bulk((), rests[0].text) if sure else None


def _split(part: str, pieces: list[_Piece], rests: list[Rest]) -> None:
    """Cut one part of the message at the labels inside it."""
    begin = opening_words(part)
    label = label_at(part, begin)
    rest = find_rest(part, begin)
    if rest is not None and (label is not None or rest.start == begin):
        rests.append(rest)
        part = part[: rest.start].rstrip(" ,-")
        label = label_at(part, begin)
    if label is None and begin < len(part):
        pieces.append(_Piece(None, part, part))
    while label is not None:
        following = _next_label(part, label)
        end = following[0] if following else len(part)
        pieces.append(_Piece(label, _trimmed(part[label.end : end]), _trimmed(part[begin:end])))
        begin, label = following or (end, None)


def _next_label(part: str, label: Label) -> tuple[int, Label] | None:
    last = label.numbers[-1]
    for place, side in openings(part, label.end):
        found = label_at(part, place, side=side)
        if found is None:
            continue
        said = part[label.end : place]
        if side == "space" and not may_follow(found, last, said):
            continue
        if side == "comma" and found.form not in {"colon", "noun", "keycap", "equals"} and found.numbers[0] != last + 1:
            continue
        return place, found
    return None


def _trimmed(text: str) -> str:
    text = text.replace(f"{KEY} ", "").strip().rstrip(" ,|")
    return text[:-2].rstrip(" ,") if text.endswith(" -") else text


def _within(piece: _Piece, count: int) -> bool:
    return piece.label is not None and bool(piece.text) and piece.label.numbers[-1] <= count


def _proven(pieces: Sequence[_Piece], count: int, rest: bool) -> bool:
    """Tell whether the labelled pieces together can only be answers to items."""
    labelled = [piece for piece in pieces if _within(piece, count)]
    before = [piece.text for piece in pieces[: next(i for i, piece in enumerate(pieces) if piece.label)]]
    if not labelled or any(char.isdecimal() for char in "".join(before)):
        return False
    certain = [piece for piece in labelled if _is_certain(piece)]
    if len(labelled) == 1:
        return len(certain) == 1 and (not before or rest)
    numbers = [piece.label.numbers[0] for piece in labelled if piece.label]
    rising = all(a < b for a, b in pairwise(numbers))
    follows_on = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    orderly = rising and (follows_on or numbers[0] == 1)
    if certain:
        return True
    if any(_is_clock(piece) for piece in labelled):
        return follows_on and numbers[0] == 1
    forms = {piece.label.form for piece in labelled if piece.label}
    if "bare" in forms:
        return follows_on and numbers[0] == 1 and all(_begins_with_figure(p) for p in labelled)
    if forms & {"slash", "dash"}:
        return orderly
    return rising or forms == {"colon"}


def _is_certain(piece: _Piece) -> bool:
    """Tell whether this piece alone can be nothing but the answer to an item."""
    label, text = piece.label, piece.text
    assert label is not None
    if label.listed:
        span = "," not in piece.typed[: -len(text)]
        return label.form in {"colon", "noun"} and (label.clear or (span and not re.search("[0-9]", text)))
    if label.form == "colon":
        spaced_ratio = re.match(r"\S+ :", piece.typed) and text.isdecimal()
        return not (_is_clock(piece) or spaced_ratio or (label.glued and not label.named and text.isdecimal()))
    if label.form == "noun":
        return is_answer(text) and (not label.named.endswith(" ") or label.named.strip() in _ONLY_ITEMS)
    if label.form == "close":
        return is_answer(text)
    return label.form == "dot" and re.fullmatch(r"[0-9]{1,3},[0-9]{1,2} ?%?", text) is not None


def _is_clock(piece: _Piece) -> bool:
    label = piece.label
    hour = label is not None and label.form == "colon" and label.glued and not label.named and label.numbers[0] <= 24
    return hour and re.match(r"[0-5][0-9](?![0-9%]|[.,][0-9])", piece.text) is not None


def _begins_with_figure(piece: _Piece) -> bool:
    label = piece.label
    if label is None or label.form != "bare" or label.listed:
        return label is not None
    return opens_answer(piece.text) and re.match(r"(?:[^\W\d_]+ ){0,2}[0-9]", piece.text) is not None


def _placed(pieces: Sequence[_Piece], rests: Sequence[Rest], count: int) -> Bulk:
    answers: dict[int, list[_Piece]] = {}
    lost: list[_Piece] = []
    listed = [piece for piece in pieces if _within(piece, count)]
    by_order = not any(_is_certain(piece) for piece in listed)
    numbers = {number for piece in listed if piece.label for number in piece.label.numbers}
    previous = 0
    for piece in pieces:
        beside = by_order or _stands_beside(piece, previous, numbers)
        if piece.label is None or not _within(piece, count) or not beside or not _is_whole(piece):
            lost.append(piece)
            continue
        previous = piece.label.numbers[-1]
        for number in piece.label.numbers:
            answers.setdefault(number, []).append(piece)
    items = []
    for number, found in sorted(answers.items()):
        if len({piece.text for piece in found}) == 1:
            items.append(BulkItem(number, found[0].text))
        else:
            lost += found
    sure = [rest for rest in rests if rest.sure and not rest.everything]
    said = {rest.text for rest in sure}
    unplaced = [piece.typed for piece in pieces if any(piece is one for one in lost)]
    unplaced += [rest.typed for rest in rests if rest not in sure or len(said) > 1]
    return Bulk(tuple(items), sure[0].text if len(said) == 1 else None, tuple(dict.fromkeys(unplaced)))


def _stands_beside(piece: _Piece, previous: int, numbers: set[int]) -> bool:
    """Tell whether a number with a weak sign, or none, is an item's because of the certain ones around it."""
    if piece.label is None or piece.label.form not in {"dash", "slash", "bare"}:
        return True
    number = piece.label.numbers[0]
    if piece.label.form == "bare" and previous:
        return number > previous and opens_answer(piece.text)
    adjacent = number == 1 or bool({number - 1, number + 1} & numbers)
    return adjacent and number > previous and (piece.label.form != "bare" or opens_answer(piece.text))


def _is_whole(piece: _Piece) -> bool:
    """Tell whether what stands behind a label is one answer, without another label inside."""
    return not _NUMBER_AND_SIGN.search(take_date(piece.text).rest)
