"""A reply as typed, made ready for reading: one spelling of the characters, then small pieces with their kind."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from domain.reply_words import known_leftover

MAX_TYPED = 4096  # the longest message a channel delivers
SHORT_UNIT = "\ue001"  # the same, for its abbreviation
MAX_READ = 300  # longer than this is a report, not a figure
OWN_UNIT = "\ue000"  # a private character: stands for the indicator's own unit once it was recognised

PieceKind = Literal["number", "word", "mark", "letter_digit"]


class Piece(NamedTuple):
    """A number, a word, a sign, or digits with letters among them. `glued`: letters touch digits."""

    kind: PieceKind
    text: str
    glued: bool = False


_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LINES = "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u20e3"
# Signs that say something (no, up, a number) stay, so that they are not taken for decoration.
_SPEAKING = "❌✖✘✗👎🚫⛔❎❓❔❗🔟💯🔢⬆⬇➖➕➗✕☓"


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord(char): " " for char in _SPACES + "\"'“”„‟‘’‚‛«»"}
    table |= {ord(char): ";" for char in _LINES + "•●▪◦‣"}
    table |= {ord(char): "-" for char in _DASHES}
    table |= {ord(char): "" for char in _INVISIBLE}
    table |= dict.fromkeys(range(65024, 65040), "")
    for first, last in ((0x1F300, 0x1FAFF), (0x1F1E6, 0x1F1FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF)):
        table |= {code: " " for code in range(first, last + 1) if unicodedata.category(chr(code)) != "No"}
    for char in _SPEAKING:
        table[ord(char)] = char
    table |= {ord(a): b for a, b in {"≥": ">=", "⩾": ">=", "≧": ">=", "≤": "<=", "⩽": "<=", "≦": "<="}.items()}
    table |= {ord(a): b for a, b in {"≈": "~", "∼": "~", "≃": "~", "∕": "/", "…": "...", "－": "-"}.items()}
    table |= {ord("÷"): "-", ord("→"): "-", ord(OWN_UNIT): "?", ord(SHORT_UNIT): "?", ord("ð"): "đ", ord("Ð"): "Đ"}
    return table


_TABLE = _table()
# Stars and underlines are emphasis, but between two digits they may multiply: there they stay.
_EMPHASIS = re.compile(r"(?<![0-9])[*_`]+|[*_`]+(?![0-9])")
_FACES = re.compile(r"(?<![\w.,%])(?:[:=]-?[)D]+|\^\^|:v|hi(?:hi)+|he(?:he)+|ha(?:ha)+)(?!\w)")


def tidy(text: str) -> str:
    """Return `text` with one form for every character that has several, and without decoration.

    Case, marks and wording stay. Only the mappings that cannot change a number are made: NFKC would turn 85² into
    852. Line ends become semicolons, so that two lines are never one number.
    """
    text = unicodedata.normalize("NFC", _calm(text).translate(_TABLE))
    return _FACES.sub(" ", _EMPHASIS.sub(" ", text)).strip()


def _calm(text: str) -> str:
    """Drop combining marks beyond four in a row: normalising long runs of them takes quadratic time."""
    if len(text) < 64:
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= 4:
            kept.append(char)
    return "".join(kept)


def has_odd_digits(text: str) -> bool:
    """Tell whether `text` holds digits other than 0-9, superscripts, fractions or number signs."""
    return not text.isascii() and any(c in "🔟💯🔢" or (c.isnumeric() and not c.isascii()) for c in text)


_PIECE = re.compile(
    r"""(?P<letters>(?<![^\W_])(?=[0-9.,]*[oOlI])(?=[oOlI.,]*[0-9])[0-9oOlI]+(?:[.,][0-9oOlI]+)*(?![^\W_]))
      | (?P<mixed>(?<![^\W_])[^\W\d_]{1,8}[0-9][^\W_]{0,8}(?![^\W_]))
      | (?P<grouped>(?<![0-9])[0-9]{1,3}(?:\ [0-9]{3})+(?![0-9])(?:[.,][0-9]+)*)
      | (?P<number>[0-9]+(?:[.,][0-9]+)*)
      | (?P<word>[^\W\d_]+)
      | (?P<sign><=|>=|=>|=<|[.]{2,}|[^\s])""",
    re.VERBOSE,
)


def pieces(text: str) -> list[Piece]:
    """Return `text` (tidied) cut into pieces; words in lower case, signs one by one."""
    found: list[Piece] = []
    position = 0
    while match := _PIECE.search(text, position):
        position = match.end()
        kind, body = str(match.lastgroup), match.group()
        if kind == "mixed" and not known_leftover(body.lower()):
            # "dat85": letters, then digits that may go on behind a comma: read the two apart. A raised "²" is a
            # letter to the pattern and a digit to isdigit(): cut before it, nothing would be read, for ever.
            body = body[: next(place for place, char in enumerate(body) if char.isdecimal())]
            found.append(Piece("word", body.lower(), glued=True))
            position = match.start() + len(body)
        elif kind == "letters":
            found.append(Piece("letter_digit", body))
        elif kind in {"grouped", "number"}:
            glued = position < len(text) and text[position].isalpha()
            found.append(Piece("number", body, glued))
        elif kind == "sign":
            found.append(Piece("mark", body))
        else:
            found.append(Piece("word", body.lower(), glued=text[position : position + 1].isdecimal()))
    return found
