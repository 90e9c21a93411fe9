"""Item numbers inside a message: what may be one, how it is typed, and where one may stand behind a figure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

from domain.figure_scales import any_of
from domain.figure_text import tidy
from domain.reply_words import find_phrase, known_leftover
from domain.vietnamese import strip_marks

Form = Literal["colon", "noun", "close", "dot", "slash", "dash", "equals", "keycap", "column", "bare"]
Side = Literal["start", "comma", "space"]


class Label(NamedTuple):
    """The item numbers a piece begins with, `form` (the sign behind them), and where the answer begins (`end`).

    `named`: a word said that this is an item ("câu 3"); `glued`: nothing between sign and answer; `listed`: more than
    one number, in which `clear` tells a list nothing else can be ("1, 2", "1,2,3") from one that may be ("1,2", "1-3").
    """

    numbers: tuple[int, ...]
    form: Form
    end: int
    named: str = ""
    glued: bool = False
    clear: bool = True

    @property
    def listed(self) -> bool:
        """Tell whether several items share the answer."""
        return len(self.numbers) > 1


KEY = "\ue010"  # a private character behind a number that was typed as a keycap or in a circle
_KEYCAPS = re.compile(
    r"(?:(?<=[\s;,|])|^)((?:[0-9]\ufe0f?\u20e3)+|\U0001f51f|[\u2460-\u249b])(?![0-9]\ufe0f?\u20e3|[\u2460-\u249b])"
)
# "8️⃣5️⃣ %" and "8️⃣5️⃣,5️⃣" are figures in keycaps.
_FIGURE_GOES_ON = re.compile(r"[^\S\n]*(?:%|[.,]\s*[0-9]|[;,]|\n|\Z)")
_ODD = str.maketrans({"∶": ":", "﹕": ":", "꞉": ":", "ː": ":", "﹔": ";", "、": ", ", "﹐": ",", "\t": " | ", KEY: "?"})

_NUMBER = r"[0-9lIoO]{1,3}(?![0-9])"
# "so61" is what a keyboard leaves of "số".
_NOUNS = (
    any_of("câu hỏi số|câu hỏi|câu số|câu|chỉ tiêu số|chỉ tiêu|mục số|mục|stt|số thứ tự|dòng|ct|c")
    + f"|{any_of('số')}(?=[ .])|#"
)
_NAMED = rf"(?:(?P<noun>{_NOUNS})\s*[.#]?\s*(?=[0-9lIoO]))?"
_SIGNS = (
    rf"(?P<key>{KEY})?(?:(?P<colon>\s?[.)]?\s*:)|(?P<equals>\s*(?:=(?![>=])|-+>))|(?P<close>\s?[)\]][.:]?)"
    r"|(?P<dot>\.(?=\s|[^\W\d_]))|(?P<slash>/(?=\s|[^\W\d_]))|(?P<dash>\s*-(?=\s)|\s?-(?=[^\W\d_]))|(?P<column>\s*\|)"
    rf"|(?P<word>\s+{any_of('là|bằng|thì là')}(?!\w)))?(?P<gap>\s*)"
)
_ONE = re.compile(rf"{_NAMED}[(\[]?(?P<list>{_NUMBER}){_SIGNS}", re.IGNORECASE)
_BETWEEN = rf"\s?-\s?|\s?,\s?|\s*&\s*|\s+{any_of('đến|tới|và|với')}\s+(?:{_NAMED.replace('?P<noun>', '?:')})"
_MANY = re.compile(
    rf"(?:{any_of('từ')}\s+)?(?:{any_of('các|những|cả')}\s+)?{_NAMED}"
    rf"(?P<list>{_NUMBER}(?:(?:{_BETWEEN}){_NUMBER})+)(?:(?P<colon>\s*[:=])|(?P<word>\s+{any_of('là|đều')}(?!\w)))?(?P<gap>\s*)",
    re.IGNORECASE,
)
_FORMS: tuple[Form, ...] = ("colon", "equals", "close", "dot", "slash", "dash", "column")
# Words in front of a number that make it theirs: "ở thôn 2: …" is no item.
_OWNING = (
    "thang|quy|nam|tuan|ngay|ky|dot|lan|doan|thon|to|xom|ap|khu|pho|phuong|quan|khoi|lop|cap|muc|do|loai|nhom|dieu"
    "|khoan|diem|so|hang|thu|top|tu|den|toi|truoc|sau|hon|duoi|tren|khoang|gan|tam|con|va|hoac|hay|tang|giam|duoc"
    "|them|trong|cua|luc|hoi|gio|cung|la|co|qd|kh|bc|nq|xa|ban|cum|q|t|p|h"
)
_OWNS_NUMBER = frozenset(_OWNING.split("|"))
_ANSWERS = frozenset(
    ["yes", "no", "done", "not_begun", "unfinished", "doing", "no_data", "same", "nothing", "blocked", "later"]
)
_COMPLETE = _ANSWERS | {"polite", "percent", "now"}
# What may follow an item number that has no sign behind it: "2 chưa đạt 85", never "3 dự án".
_OPENERS = _ANSWERS | {"lead", "not", "about", "near", "over", "under", "at_least", "at_most", "change", "same", "soft"}
_WORD = re.compile(r"[^\W\d_]+")
_OPENING = re.compile(r"\s*(?P<words>[^\W\d_]+)(?![0-9])")
_AFTER_A_GAP = re.compile(r"(?<=[\s,|])[^\s,|:=-]")
_ANNOUNCING = frozenset({"số liệu", "kết quả", "kq", "sl"})


def cut(text: str) -> list[str]:
    """Return the pieces of a message (any length, any text) between line ends, semicolons and bullets, tidied."""
    plain = tidy(_KEYCAPS.sub(_key, text.translate(_ODD)))
    pieces = (re.sub(r"^(?:[-+*•·.,|]+(?:\s+|(?=[^\W_]))|\|\s*)+", "", p.strip()) for p in plain.split(";"))
    return [piece.strip(" |") for piece in pieces if piece.strip(" |.,")]


def _key(found: re.Match[str]) -> str:
    shown = found.group()
    if _FIGURE_GOES_ON.match(found.string, found.end()):
        return shown
    digits = re.sub("[^0-9]", "", shown) or ("10" if shown == "\U0001f51f" else f"{unicodedata.numeric(shown):.0f}")
    return f"{digits}{KEY} "


def label_at(piece: str, place: int = 0, *, side: Side = "start") -> Label | None:
    """Return the label that begins at `place` of `piece`, or None. Lists of numbers stand only at the start."""
    if side != "space" and (found := _MANY.match(piece, place)) and (label := _several(found, side)):
        return label
    found = _ONE.match(piece, place)
    if found is None or (number := _number(found["list"])) is None:
        return None
    noun = _noun(found)
    form: Form | None = next((form for form in _FORMS if found[form]), None)
    if found["word"]:
        form = "noun" if noun else "equals"
    elif found["key"]:
        form = form if form == "colon" else "keycap"
    elif form is None:
        form = "noun" if noun and found["gap"] else "bare" if found["gap"] else None
    slip = not found["list"].isdecimal()
    if form is None or (form == "bare" and (slip or side != "start")) or (noun == "c" and form not in _FORMS[:3]):
        return None
    named = noun if found["word"] or form != "noun" else noun + " "
    return Label((number,), form, found.end(), named=named, glued=not found["gap"])


def _noun(found: re.Match[str]) -> str:
    return strip_marks(found["noun"].lower()) if found["noun"] else ""


def _number(typed: str) -> int | None:
    """Return an item number; l and O are 1 and 0 beside a digit, and a lone l is 1."""
    if not typed.isdecimal() and not any(char.isdecimal() for char in typed) and typed not in {"l", "I"}:
        return None
    return int(re.sub("[oO]", "0", re.sub("[lI]", "1", typed))) or None


def _several(found: re.Match[str], side: Side) -> Label | None:
    """Return the label of a span ("1-3") or list ("1, 2 và 4") of increasing numbers, or None."""
    parts = re.split(rf"({_BETWEEN})", found["list"], flags=re.IGNORECASE)
    typed, links = parts[::2], [strip_marks(link.strip().lower()).split(" ")[0] for link in parts[1::2]]
    if not all(part.isdecimal() for part in typed):
        return None
    numbers = [int(part) for part in typed]
    if numbers != sorted(set(numbers)) or numbers[0] == 0:
        return None
    spans = [link in {"-", "den", "toi"} for link in links]
    if any(spans) and len(spans) > 1:
        return None
    noun = _noun(found)
    if side != "start" and not (spans[0] and found["colon"]):
        return None
    clear = bool(noun) or (not spans[0] and (len(numbers) > 2 or parts[1] != ","))
    if not found["colon"] and not found["word"]:
        # "1-3 không đổi", but "1 - 3 xã" may be item 1, and "1,5 đạt" a figure.
        rest = found.string[found.end() :]
        if not found["gap"] or rest[:1].isdecimal() or not opens_answer(rest) or not (clear or parts[1] == "-"):
            return None
    if spans[0]:
        numbers = list(range(numbers[0], min(numbers[1], numbers[0] + 200) + 1))
    form: Form = "colon" if found["colon"] else "noun" if found["word"] or noun else "bare"
    return Label(tuple(numbers), form, found.end(), named=noun, glued=not found["gap"], clear=clear)


def opening_words(piece: str) -> int:
    """Return where `piece` begins to say something: behind "Dạ em báo cáo:"; its length where it is nothing else."""
    place = 0
    while word := _OPENING.match(piece, place):
        words = [known_leftover(w) or w for w in _WORD.findall(piece[word.start("words") :][:60].lower())]
        phrase = find_phrase(words, 0)
        if phrase is None or not ("polite" in phrase.tags or phrase.text in _ANNOUNCING):
            break
        for _ in range(phrase.length):
            after = _OPENING.match(piece, place)
            assert after is not None
            place = after.end("words")
            place += len(piece[place:]) - len(piece[place:].lstrip())
        place += len(piece[place:]) - len(piece[place:].lstrip(" :,.!"))
    return place


def openings(piece: str, start: int) -> Iterator[tuple[int, Side]]:
    """Find the places of `piece` behind `start` where another item may begin, and how each is set apart."""
    for match in _AFTER_A_GAP.finditer(piece, start):
        place = match.start()
        before = piece[start:place]
        bare = before.rstrip()
        if not bare:
            continue
        spaced = bare != before
        if bare[-1] == ",":
            # "85,2" may be a decimal; "85, 2", "85%,2" and "đạt,2" are not.
            if spaced or (len(bare) > 1 and not (bare[-2].isdecimal() or bare[-2].isspace())):
                yield place, "comma"
        elif bare[-1] == "|" or (spaced and len(bare) > 1 and bare[-1] == "-" and bare[-2] == " "):
            yield place, "comma"
        elif spaced:
            yield place, "space"


def may_follow(label: Label, previous: int, text: str) -> bool:
    """Tell whether `label`, set apart by a space alone, begins a new item behind the answer `text`."""
    number, nouns = label.numbers[0], label.named.strip()
    if label.form in {"dash", "column", "bare"} or number <= previous:
        return False
    if nouns == "so" and label.named.endswith(" "):
        return False
    if is_complete(text) and (label.form in {"colon", "equals", "keycap", "noun"} or nouns):
        return True
    if number != previous + 1 or nouns == "so":
        return False
    last = _WORD.findall(text[-40:])
    ends_in_word = text.rstrip(" )")[-1:].isalnum() or text.rstrip()[-1:] in "%)."
    return ends_in_word and not (
        last and text.rstrip().endswith(last[-1]) and strip_marks(last[-1].lower()) in _OWNS_NUMBER
    )


def is_complete(text: str) -> bool:
    """Tell whether an answer may end here: with a number, a percent sign, or a known answer."""
    text = text.rstrip(" .)")
    if text[-1:].isdecimal() or text[-1:] == "%":
        return True
    words = [known_leftover(word) or word for word in _WORD.findall(text[-60:].lower())][-6:]
    for start in range(len(words)):
        phrase = find_phrase(words, start)
        if phrase and start + phrase.length == len(words) and phrase.tags & _COMPLETE:
            return True
    return False


def opens_answer(text: str) -> bool:
    """Tell whether `text` begins as an answer does behind an item number without a sign."""
    if text[:1].isdecimal():
        # "2 500" is one number.
        return not re.match(r"[0-9]{3}(?![0-9])", text)
    phrase = _first_phrase(text)
    return phrase is not None and bool(phrase & _OPENERS) and "thing" not in phrase


def is_answer(text: str) -> bool:
    """Tell whether `text` begins with a figure or a known answer."""
    phrase = _first_phrase(text)
    return text.lstrip("-~<>= (")[:1].isdecimal() or (phrase is not None and bool(phrase & _OPENERS))


def _first_phrase(text: str) -> frozenset[str] | None:
    words = []
    for part in re.split(r"\s+", text[:80].lower())[:8]:
        word = part.strip(".,:!()")
        if not word or not _WORD.fullmatch(word):
            break
        words.append(known_leftover(word) or word)
    phrase = find_phrase(words, 0) if words else None
    return phrase.tags if phrase else None
