"""The words of a reply: which known phrase stands where, with or without marks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from domain.reply_spellings import compatible, leftovers
from domain.reply_vocabulary import NUMBER_WORDS, PHRASES, SECRET_WORDS
from domain.vietnamese import strip_marks


class Phrase(NamedTuple):
    """A phrase found in a reply: its `tags`, the `text` with its marks, and how many words it took."""

    text: str
    tags: frozenset[str]
    length: int


_DENIALS = frozenset(
    ["chưa", "không", "ko", "k", "kô", "hông", "hong", "hem", "hok", "khg", "kh", "chẳng", "chả", "hổng"]
)


def _build() -> tuple[dict[tuple[str, ...], list[tuple[str, frozenset[str]]]], dict[str, str]]:
    tags: dict[str, set[str]] = {}
    for tag, listed in PHRASES.items():
        for phrase in listed.split("|"):
            tags.setdefault(phrase, set()).add(tag)
    for phrase, found in tags.items():
        # Whatever a denial begins denies a figure beside it, but for bounds ("không dưới") and "không đổi".
        if phrase.split()[0] in _DENIALS and not found & {"at_least", "at_most", "under", "same", "hedge"}:
            found.add("not")
    index: dict[tuple[str, ...], list[tuple[str, frozenset[str]]]] = {}
    for phrase, found in tags.items():
        index.setdefault(tuple(strip_marks(phrase).split()), []).append((phrase, frozenset(found)))
    words = {word for phrase in tags for word in phrase.split()} | set(NUMBER_WORDS.split("|")) | set(SECRET_WORDS)
    plain = {strip_marks(word) for word in words}
    typed_apart: dict[str, str] = {}
    for word in sorted(words):
        for spelling in leftovers(word):
            # What is also a word without marks stays that word.
            if spelling not in plain and spelling not in words:
                typed_apart.setdefault(spelling, word)
    return index, typed_apart


_INDEX, _LEFTOVERS = _build()
_LENGTHS: dict[str, list[int]] = {}  # how long the phrases are that begin with a word, the longest first
for _length, _first in sorted({(len(key), key[0]) for key in _INDEX}, reverse=True):
    _LENGTHS.setdefault(_first, []).append(_length)


def known_leftover(word: str) -> str | None:
    """Return the word whose Telex or VNI spelling was typed ("ddax" gives "đã"), or None."""
    return _LEFTOVERS.get(word)


def find_phrase(words: Sequence[str], start: int) -> Phrase | None:
    """Return the longest known phrase that begins at `start` of `words` (lower case), or None.

    Where the marks are left out and several phrases fit ("co": có, cỡ), the tags of all are joined, so that the
    reader sees every meaning.
    """
    for length in _LENGTHS.get(_bare(words[start]), ()):
        end = start + length
        if end > len(words):
            continue
        key = tuple(map(_bare, words[start:end]))
        fitting = [
            (phrase, tags)
            for phrase, tags in _INDEX.get(key, ())
            if all(compatible(typed, word) for typed, word in zip(words[start:end], phrase.split(), strict=True))
        ]
        if fitting:
            exact = [(phrase, tags) for phrase, tags in fitting if phrase.split() == list(words[start:end])]
            chosen = exact or fitting
            tags = frozenset().union(*(tags for _, tags in chosen))
            # A bare "a" ends half of all polite replies as ạ; the doubting à is rare enough to need its mark.
            return Phrase(chosen[0][0], tags - {"hedge"} if "polite" in tags else tags, length)
    return None


@lru_cache(maxsize=4096)
def _bare(word: str) -> str:
    return strip_marks(word)
