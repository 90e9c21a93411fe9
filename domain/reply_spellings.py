"""Spellings of a known word: with marks left out, and as Telex or VNI leave it when the keyboard is off."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from domain.vietnamese import strip_marks

_TONES = {"\u0301": ("s", "1"), "\u0300": ("f", "2"), "\u0309": ("r", "3"), "\u0303": ("x", "4"), "\u0323": ("j", "5")}
_CIRCUMFLEX, _HORN, _BREVE = "\u0302", "\u031b", "\u0306"


def _taken_apart(word: str) -> tuple[list[tuple[str, str]], str]:
    """Return the letters of `word`, each with its vowel mark or "", and the tone of the word or ""."""
    letters: list[tuple[str, str]] = []
    tone = ""
    for char in unicodedata.normalize("NFD", word.replace("đ", "d-")):
        if char in _TONES:
            tone = char
        elif letters and (unicodedata.combining(char) or char == "-"):
            letters[-1] = (letters[-1][0], char)
        else:
            letters.append((char, ""))
    return letters, tone


@lru_cache(maxsize=8192)
def compatible(typed: str, word: str) -> bool:
    """Tell whether `typed` is `word` with all, some or none of its marks, and no mark that `word` lacks."""
    if typed == word:
        return True
    if typed.isascii():
        return strip_marks(word) == typed
    letters, tone = _taken_apart(typed)
    expected, expected_tone = _taken_apart(word)
    if len(letters) != len(expected) or tone not in {"", expected_tone}:
        return False
    return all(a[0] == b[0] and a[1] in {"", b[1]} for a, b in zip(letters, expected, strict=True))


def leftovers(word: str) -> set[str]:
    """Return what the Telex and VNI keyboards leave of `word` when they are off, or work half.

    The tone key comes behind its vowel or at the end; a vowel mark likewise; either may be done already.
    """
    letters, tone = _taken_apart(word)
    spellings: set[str] = set()
    for telex in (True, False):
        spellings |= _spelled(letters, tone, telex)
    spellings.discard(word)
    spellings.discard("".join(base for base, _ in letters))
    return spellings


def _key(base: str, mark: str, telex: bool) -> str:
    if mark == "-":
        return "d" if telex else "9"
    if mark == _CIRCUMFLEX:
        return base if telex else "6"
    return "w" if telex else {_HORN: "7", _BREVE: "8"}.get(mark, "")


def _spelled(letters: list[tuple[str, str]], tone: str, telex: bool) -> set[str]:
    tone_key = _TONES[tone][0 if telex else 1] if tone else ""
    toned = _toned(letters)
    done = [unicodedata.normalize("NFC", base + mark) if mark and mark != "-" else base for base, mark in letters]
    done = ["đ" if mark == "-" else text for text, (_, mark) in zip(done, letters, strict=True)]
    spellings: set[str] = set()
    # Each kind of mark: typed behind its letter, typed at the end of the word, or already done.
    for stroke in ("behind", "end", "done"):
        for hat in ("behind", "once", "end", "done"):
            body: list[str] = []
            tail = ""
            for place, (base, mark) in enumerate(letters):
                way = stroke if mark == "-" else hat
                text = done[place] if mark and way == "done" else base
                if mark and way in {"behind", "once"}:
                    # One w makes both letters of "ươ".
                    twin = (
                        way == "once" and mark == _HORN and place + 1 < len(letters) and letters[place + 1][1] == _HORN
                    )
                    text += "" if twin else _key(base, mark, telex)
                elif mark and way == "end":
                    key = _key(base, mark, telex)
                    tail += "" if key in tail and mark == _HORN else key
                body.append(text)
            whole = "".join(body)
            spellings |= {whole + tail + tone_key, whole + tone_key + tail}
            if toned is not None:
                spellings.add("".join(body[: toned + 1]) + tone_key + "".join(body[toned + 1 :]) + tail)
    return {spelling for spelling in spellings if spelling}


def _toned(letters: Sequence[tuple[str, str]]) -> int | None:
    """Return the place of the vowel that carries the tone: the last marked one, else the last but a final one."""
    vowels = [place for place, (base, _) in enumerate(letters) if base in "aeiouy"]
    marked = [place for place in vowels if letters[place][1]]
    if marked:
        return marked[-1]
    if not vowels:
        return None
    return vowels[-2] if len(vowels) > 1 and vowels[-1] == len(letters) - 1 else vowels[-1]
