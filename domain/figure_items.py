"""A reply cut into what its parts do: phrases with their meanings, runs of digits and number words, signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.figure_dates import Dated
from domain.figure_text import Piece, pieces
from domain.number_words import atom
from domain.reply_words import find_phrase, known_leftover

# Words that are numbers and something else when the marks are left out: tám/tầm, tư/từ.
_BEFORE_DIGITS = frozenset({"about", "from"})
_HALVES = frozenset({"digit", "unit", "ten", "tens", "hundred", "scale", "odd", "half", "point"})


class Item(NamedTuple):
    """One part of a reply. `run` holds the pieces of a number; `tags` is empty for an unknown word or a sign."""

    text: str
    tags: frozenset[str] = frozenset()
    run: tuple[Piece, ...] = ()
    sign: bool = False
    typed: str = ""
    broken: bool = False  # digits with letters among them
    glued: bool = False  # letters with digits right behind them

    @property
    def unknown(self) -> bool:
        """Tell whether this is a word that no table knows."""
        return not (self.tags or self.run or self.sign or self.broken)


def items_of(text: str) -> list[Item]:
    """Return the parts of `text` (tidied), phrases matched longest first."""
    parts = pieces(text)
    found: list[Item] = []
    place = 0
    while place < len(parts):
        piece = parts[place]
        if piece.kind == "mark":
            found.append(Item(piece.text, sign=True))
            place += 1
        elif piece.kind == "letter_digit":
            found.append(Item(piece.text, broken=True))
            place += 1
        elif run := _run(parts, place):
            found.append(Item(" ".join(p.text for p in run), run=run))
            place += len(run)
        else:
            item, taken = _phrase(parts, place)
            found.append(item)
            place += taken
    return found


def _phrase(parts: Sequence[Piece], place: int) -> tuple[Item, int]:
    words = []
    for piece in parts[place : place + 12]:
        if piece.kind != "word":
            break
        words.append(known_leftover(piece.text) or piece.text)
    phrase = find_phrase(words, 0)
    if phrase is None:
        return Item(parts[place].text, glued=parts[place].glued), 1
    glued = parts[place + phrase.length - 1].glued
    typed = " ".join(piece.text for piece in parts[place : place + phrase.length])
    return Item(phrase.text, phrase.tags, glued=glued, typed=typed), phrase.length


def _run(parts: Sequence[Piece], start: int) -> tuple[Piece, ...]:
    end = start
    while end < len(parts) and _belongs(parts, start, end):
        end += 1
    return tuple(parts[start:end])


def _belongs(parts: Sequence[Piece], start: int, place: int) -> bool:
    """Tell whether the piece at `place` continues the number that begins at `start`."""
    piece = parts[place]
    if piece.kind == "number":
        return True
    found = atom(piece.text) if piece.kind == "word" else None
    if found is None:
        return False
    before = parts[place - 1] if place > start else None
    if found.text in {"k", "tr"}:
        # A lone k is "không"; only behind digits it is a thousand, and only when written together with them.
        return before is not None and before.kind == "number" and (before.glued or found.text == "tr")
    if found.kind == "digit" and found.value == 0 and (before is None or before.kind == "number"):
        # "không phẩy bảy" is a number; any other leading "không" denies.
        following = parts[place + 1 : place + 2]
        nearby = atom(following[0].text) if following and following[0].kind == "word" else None
        return nearby is not None and nearby.kind == "point"
    if before is not None:
        return True
    return _begins(parts, place, found.kind)


def _begins(parts: Sequence[Piece], place: int, kind: str) -> bool:
    """Tell whether a number word may open a number here, where a phrase may also begin with it."""
    words = []
    for piece in parts[place : place + 6]:
        if piece.kind != "word":
            break
        words.append(known_leftover(piece.text) or piece.text)
    phrase = find_phrase(words, 0)
    if phrase is not None:
        digits_follow = len(words) == 1 and place + 1 < len(parts) and parts[place + 1].kind == "number"
        if phrase.length > 1 or (phrase.tags & _BEFORE_DIGITS and digits_follow):
            return False
        if not words[0].isascii() and words[0] != "tư":
            return False  # "từ" and "tầm" with their marks are no numbers
    if kind == "unit":
        return phrase is None or words[0] == "tư"
    return kind not in {"tens", "odd", "half", "point", "scale"}


def day_named(dated: Dated, items: Sequence[Item]) -> str | None:
    """Return the day or period of a reply as typed: in figures, or in words alone ("đến nay")."""
    words = " ".join(item.typed for item in items if "now" in item.tags)
    return " ".join(filter(None, (dated.as_of, words))) or None
