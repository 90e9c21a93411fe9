"""Where a long text may be cut without tearing what people see as one character: a flag, a letter and its marks."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_LONGEST = 64  # code points looked back over; nobody types a longer one, and who does may see it torn


def before_character(text: str, cut: int) -> int:
    """Return the last place up to `cut` that is not inside a character as people see it; `cut` if it would be 0.

    Kept together are a letter and its combining marks, an emoji with its selectors, skin colour, tags and what a
    zero-width joiner binds to it, and the two letters of a flag (Unicode Standard Annex 29, in short).
    """
    place = cut
    while 0 < place < len(text) and cut - place < _LONGEST and _belongs(text, place):
        place -= 1
    return place if place > 0 and not (place < len(text) and _belongs(text, place)) else cut


def _belongs(text: str, place: int) -> bool:
    """Tell whether the character at `place` goes with the one before it."""
    here, before = text[place], text[place - 1]
    if here == _JOINER or before == _JOINER or _extends(here):
        return True
    if _is_flag_letter(here) and _is_flag_letter(before):
        letters = 0
        while letters < place and letters < _LONGEST and _is_flag_letter(text[place - 1 - letters]):
            letters += 1
        return letters % 2 == 1
    return False


def _extends(char: str) -> bool:
    tone_or_tag = "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"
    return unicodedata.combining(char) > 0 or unicodedata.category(char) in ("Mn", "Me") or tone_or_tag


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
