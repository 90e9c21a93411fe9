"""The words of a reply: which known phrase stands where, with or without marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.reply_spellings import compatible, leftovers
from domain.reply_vocabulary import NUMBER_WORDS, PHRASES, SECRET_WORDS
from domain.vietnamese import strip_marks


class Phrase(NamedTuple):
    """A phrase found in a reply: its `tags`, the `text` with its marks, and how many words it took."""

    text: str
    tags: frozenset[str]
    length: int


def _build() -> tuple[dict[tuple[str, ...], list[tuple[str, frozenset[str]]]], dict[str, str], int]:
    tags: dict[str, set[str]] = {}
    for tag, listed in PHRASES.items():
        for phrase in listed.split("|"):
            tags.setdefault(phrase, set()).add(tag)
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
    return index, typed_apart, max(len(key) for key in index)


_INDEX, _LEFTOVERS, _LONGEST = _build()


def known_leftover(word: str) -> str | None:
    """Return the word whose Telex or VNI spelling was typed ("ddax" gives "đã"), or None."""
    return _LEFTOVERS.get(word)


def find_phrase(words: Sequence[str], start: int) -> Phrase | None:
    """Return the longest known phrase that begins at `start` of `words` (lower case), or None.

    Where the marks are left out and several phrases fit ("co": có, cỡ), the tags of all are joined, so that the
    reader sees every meaning.
    """
    longest = min(_LONGEST, len(words) - start)
    plain = tuple(strip_marks(word) for word in words[start : start + longest])
    for length in range(longest, 0, -1):
        fitting = [
            (phrase, tags)
            for phrase, tags in _INDEX.get(plain[:length], ())
            if all(compatible(typed, word) for typed, word in zip(words[start:], phrase.split(), strict=False))
        ]
        if fitting:
            exact = [(p, t) for p, t in fitting if p.split() == list(words[start : start + length])]
            chosen = exact or fitting
            return Phrase(chosen[0][0], frozenset().union(*(tags for _, tags in chosen)), length)
    return None
