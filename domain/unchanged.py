"""Whether a reply says that a figure is what it was, and nothing else."""

from __future__ import annotations

from domain.figure_text import MAX_READ, pieces, tidy
from domain.reply_spellings import compatible
from domain.reply_vocabulary import UNCHANGED
from domain.reply_words import find_phrase, known_leftover

# What `UNCHANGED` leaves out because beside a figure it would not be looked for.
_LONGER = (
    "không có thay đổi|không có gì thay đổi|không thay đổi gì|không có thay đổi gì|y như cũ"
    "|giữ nguyên số cũ|giữ nguyên số liệu cũ|như số cũ|giữ như cũ|giữ như kỳ trước|giống kỳ trước|giống như kỳ trước"
    "|bằng kỳ trước|giống lần trước|bằng lần trước|như số liệu kỳ trước|như báo cáo kỳ trước|như kỳ báo cáo trước"
)
_PHRASES = sorted((tuple(p.split()) for p in f"{UNCHANGED}|{_LONGER}".split("|")), key=len, reverse=True)
# Says nothing that could make it another answer.
_HARMLESS = frozenset({"polite", "now", "lead", "thing", "query"})
_SIGNS = frozenset(".,;:!()")


def is_unchanged(text: str) -> bool:
    """Tell whether the whole of `text` says "as before": "không đổi", "vẫn như kỳ trước ạ", "giu nguyen".

    `text` may be anything of any length. A figure beside it ("giữ nguyên 85"), a doubt ("không đổi?", "gần như không
    đổi"), an unknown word or a lone "không" makes it False; "đã gửi rồi" is another matter (told before) and False too.
    Phrases: `domain.reply_vocabulary.UNCHANGED`.
    """
    if len(text) > MAX_READ:
        return False
    parts = pieces(tidy(text))
    if any(part.kind not in {"word", "mark"} or (part.kind == "mark" and part.text not in _SIGNS) for part in parts):
        return False
    words = [known_leftover(part.text) or part.text for part in parts if part.kind == "word"]
    place, said = 0, False
    while place < len(words):
        if length := _unchanged_at(words, place):
            place, said = place + length, True
        elif (phrase := find_phrase(words, place)) and phrase.tags & _HARMLESS and not phrase.tags & {"not", "about"}:
            place += phrase.length
        else:
            return False
    return said


def _unchanged_at(words: list[str], place: int) -> int:
    """Return how many words of the longest phrase of no change begin at `place`, or 0."""
    for phrase in _PHRASES:
        typed = words[place : place + len(phrase)]
        if len(typed) == len(phrase) and all(compatible(a, b) for a, b in zip(typed, phrase, strict=True)):
            return len(phrase)
    return 0
