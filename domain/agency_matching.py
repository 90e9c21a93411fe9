"""Finding agency names in a printed cell: words with the separators between them, and the longest name at a word.

A name may be written in full, in initials, or in both ("TT Phục vụ HCC"). One slip is forgiven in an acronym of four
letters or more ("VHXXH" for VHXH), and only where no name fits exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.agency_names import UnitWord, Wording, wordings
from domain.vietnamese import strip_marks

_PIECE = re.compile(r"[^\W_]+|[,;:.&]")
_LINKS = frozenset({"và", "&"})
_TAIL_WORDS = frozenset({"cap", "cua", "tai", "thuoc", "trong", "o", "tren", "dia", "ban"})
_UNIT_TAIL = frozenset({"xa", "phuong", "dac"})
_DUTY_PAIRS = (("phoi", "hop"), ("chu", "tri"), ("theo", "doi"), ("thuc", "hien"))  # no commune is called so
# What a new agency's name begins with. Communes are called Trung Hòa and Công Hải, so one word is not always enough.
_HEAD_WORDS = frozenset({"phòng", "trạm", "các", "ubnd", "hđnd", "mttq"})
_HEAD_PAIRS = frozenset(
    {("van", "phong"), ("trung", "tam"), ("cong", "an"), ("cong", "chuc"), ("uy", "ban"), ("dang", "uy"),
     ("chuyen", "vien"), ("mat", "tran"), ("ban", "chi"), ("ban", "xay")}
)  # fmt: skip
# Acronyms that mean something else: never read as a slip of the pen for an agency's.
_OTHER_ACRONYMS = frozenset({"tthc", "dvc", "ubnd", "hdnd", "mttq", "cntt", "cds", "khcn", "dmst", "dvctt", "ubkt"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a cell, where it stands, and what stands before it."""

    word: str  # folded
    print: str
    start: int
    end: int
    before: str  # the separator in front of it: "", "," or ";", or "+" for "và" and "&"
    acronym: bool


def tokenise(text: str) -> list[Token]:
    """Return the words of `text`; "và" and "&" only mark the word after them."""
    tokens: list[Token] = []
    before = ""
    for match in _PIECE.finditer(text):
        print_ = match.group()
        if print_ in tuple(",;:."):
            # A full stop inside a cell ends a name only as much as a comma does ("P. Kinh tế").
            before = ";" if print_ in ";:" or before == ";" else ("," if print_ == "," else before)
            continue
        if print_.casefold() in _LINKS:
            before = before or "+"
            continue
        word = strip_marks(print_.casefold())
        # Small words such as "cá" must not pass for "CA"; "Dv" has no vowel and can be nothing but short for two.
        short = print_.isupper() or not set(word) & set("aeiouy")
        tokens.append(Token(word, print_, match.start(), match.end(), before, short and len(word) > 1))
        before = ""
    return tokens


def longest(tokens: list[Token], at: int, unit: UnitWord) -> tuple[Wording | None, int, bool]:
    """Return the longest name at `at`, the index after it, and whether its acronym has a slip; (None, 0, False)."""
    candidates = wordings(unit).get(tokens[at].word[0], ())
    for fuzzy in (False, True):
        best, best_end = None, 0
        for wording in candidates:
            end = _match(tokens, at, wording, fuzzy)
            if end > best_end:
                best, best_end = wording, end
        if best is not None:
            return best, best_end, fuzzy
    return None, 0, False


def _match(tokens: list[Token], at: int, wording: Wording, fuzzy: bool) -> int:
    """Return the index after the tokens that spell `wording` in full words or initials, or 0."""
    done, position = 0, at
    words, initials = wording.words, wording.initials
    while done < len(words):
        if position == len(tokens) or (position > at and tokens[position].before == ";"):
            return 0
        token = tokens[position]
        if token.word == words[done]:
            done += 1
        elif token.acronym and initials.startswith(token.word, done):
            done += len(token.word)
        elif token.word == "p" and words[done] == "phong":
            done += 1
        elif fuzzy and (length := _one_edit_away(token, initials, done)):
            done += length
        else:
            return 0
        position += 1
    return position


def _one_edit_away(token: Token, initials: str, done: int) -> int:
    """Return how many initials the acronym stands for with one letter wrong, missing or too many, or 0."""
    word = token.word
    if not token.acronym or len(word) < 4 or word in _OTHER_ACRONYMS:
        return 0
    for length in (len(word), len(word) - 1, len(word) + 1):
        meant = initials[done : done + length]
        if len(meant) == length >= 4 and _within_one_edit(word, meant):
            return length
    return 0


def _within_one_edit(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    same = 0
    while same < len(one) and one[same] == other[same]:
        same += 1
    if len(one) == len(other):
        return one[same + 1 :] == other[same + 1 :]
    return one[same:] == other[same + 1 :]


def begins_name(tokens: list[Token], at: int) -> bool:
    """Whether the word at `at` is capitalised and begins an agency's name, known or not."""
    token = tokens[at]
    if not token.print[0].isupper():
        return False
    pair = (token.word, tokens[at + 1].word) if at + 1 < len(tokens) else ("", "")
    return token.print.casefold() in _HEAD_WORDS or pair in _HEAD_PAIRS


def skip_tail(tokens: list[Token], at: int, unit: UnitWord) -> int:
    """Skip "xã", "cấp xã", "trên địa bàn xã", "xã Thụy Hùng": every agency of a plan is the commune's own."""
    end = at
    if tokens[at - 1].word not in _UNIT_TAIL:  # "Công an xã" has taken the word in itself
        while end < len(tokens) and not tokens[end].before and tokens[end].word in _TAIL_WORDS:
            end += 1
        if end == len(tokens) or tokens[end].before or tokens[end].word not in _UNIT_TAIL:
            # "trên địa bàn" may stand alone; anything else belongs to what follows.
            alone = " ".join(token.word for token in tokens[at:end])
            return end if alone == "tren dia ban" else at
        end += 2 if tokens[end].word == "dac" else 1
    limit = end + 4
    while end < min(len(tokens), limit) and not tokens[end].before:
        token = tokens[end]
        if (
            phrase_at(tokens, end, _DUTY_PAIRS)
            or not token.print[0].isupper()
            or begins_name(tokens, end)
            or longest(tokens, end, unit)[0] is not None
        ):
            break
        end += 1
    return end


def phrase_at(tokens: list[Token], at: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    """Return the number of words of the first of `phrases` that stands at `at`, or 0."""
    if at >= len(tokens):
        return 0
    first = tokens[at].word
    for phrase in phrases:
        if phrase[0] == first and tuple(token.word for token in tokens[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0
