"""What an answer offers: choices as buttons, in pages where there are many, or in words where there are no buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from domain.cutting import before_character
from domain.messages import Capabilities, Choice, Outgoing
from domain.vietnamese import clean, fold
from handlers.render import label, meanings, render

DURABLE = "go:"  # a choice that says by itself what it does, and so works for as long as its message is on the phone
PAGE = 8  # choices a phone shows at once without scrolling the question away
_TURNS = "p"  # "1f:p2" shows page 2 of the choices of prompt 1f


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice to offer: `action` is what comes back; `name` says in choices.toml what to show and what may be typed.

    `words` is shown instead where the label is made of data, as a figure or the name of a commune. `shown` is data put
    behind a label in brackets; it need not be typed. `number` makes an item of a numbered list of it: "Mục 3".
    """

    action: str
    name: str = ""
    words: str = ""
    shown: str = ""
    number: int = 0

    @property
    def label(self) -> str:
        """The words on the button."""
        words = self.words or label(self.name or self.action)
        words = f"{words} {self.number}" if self.number else words
        return f"{words} ({self.shown})" if self.shown else words

    @property
    def typed(self) -> list[str]:
        """What people may type to choose it, its label first."""
        if self.number:
            return [self.label]
        ways = [self.words] if self.words else meanings(self.name or self.action)
        return [self.label, *ways] if self.shown else ways


def make_prompt(
    nonce: str, offers: Sequence[Offer], numbered: bool, listed: Sequence[int] = ()
) -> dict[str, Any] | None:
    """Return what is kept of the choices offered, to know them again when one is pressed or typed.

    `listed` are the duty lines shown in a numbered list, for whoever answers by these numbers.
    """
    if not offers and not listed:
        return None
    prompt = {"nonce": nonce, "numbered": numbered, "choices": [[offer.action, *offer.typed] for offer in offers]}
    return prompt | ({"listed": list(listed)} if listed else {})


def chosen(prompt: dict[str, Any] | None, typed: str) -> str | None:
    """Return the action of the choice of a prompt that `typed` names, by its words or its number; else None."""
    if not prompt:
        return None
    for wanted in _readings(typed):
        for position, (action, *ways) in enumerate(prompt["choices"], 1):
            if prompt["numbered"] and wanted == str(position):
                return str(action)
            if _same_words(wanted, ways):
                return str(action)
    return None


def named(typed: str, offers: Iterable[Offer]) -> str | None:
    """Return the action of the first of `offers` whose words were typed; None when they name none of them."""
    offered = list(offers)
    fitting = (offer for wanted in _readings(typed) for offer in offered if _same_words(wanted, offer.typed))
    return next((offer.action for offer in fitting), None)


def _of_prompt(prompt: dict[str, Any] | None, token: str, mark: str = "") -> int | None:
    """Return the number in a token of this very prompt, "nonce:7", with `mark` before it; None for any other token."""
    nonce, _, rest = token.partition(":")
    number = rest.removeprefix(mark)
    if not prompt or prompt["nonce"] != nonce or (mark and rest == number):
        return None
    return int(number[:4]) if number.isascii() and number.isdecimal() else None


def is_of(prompt: dict[str, Any] | None, token: str | None) -> bool:
    """Tell whether a token was made for this very prompt: its message has arrived, for nobody else knows it."""
    return bool(prompt and prompt["nonce"] and token and token.startswith(f"{prompt['nonce']}:"))


def pressed(prompt: dict[str, Any] | None, token: str) -> str | None:
    """Return the action of a pressed choice: a durable one, or one of the prompt's; None for an old one."""
    if token.startswith(DURABLE):
        return token
    index = _of_prompt(prompt, token)
    if prompt is None or index is None or index >= len(prompt["choices"]):
        return None
    return str(prompt["choices"][index][0])


def page_turned(prompt: dict[str, Any] | None, token: str) -> tuple[Choice, ...]:
    """Return the page of a prompt's choices that a pressed "next" or "previous" asks for; empty when it was no such."""
    page = _of_prompt(prompt, token, _TURNS)
    if prompt is None or page is None:
        return ()
    return _page([(action, words) for action, words, *_ in prompt["choices"]], prompt["nonce"], page)


def _page(choices: Sequence[tuple[str, str]], nonce: str, page: int) -> tuple[Choice, ...]:
    first = page * PAGE
    shown = [_choice(nonce, index, *choices[index]) for index in range(first, min(first + PAGE, len(choices)))]
    if shown and page > 0:
        shown.append(Choice(f"{nonce}:{_TURNS}{page - 1}", label("page_before")))
    if shown and first + PAGE < len(choices):
        shown.append(Choice(f"{nonce}:{_TURNS}{page + 1}", label("page_after")))
    return tuple(shown)


def _choice(nonce: str, index: int, action: str, words: str) -> Choice:
    return Choice(action if action.startswith(DURABLE) else f"{nonce}:{index}", words)


def compose(
    texts: Sequence[str],
    offers: Sequence[Offer],
    numbered: bool,
    nonce: str,
    capabilities: Capabilities,
    replaces: str | None = None,
) -> list[Outgoing]:
    """Return the messages that carry an answer over a channel: choices as buttons, or in words without them.

    The first of them takes the place of the message `replaces`.
    """
    text = "\n\n".join(texts)
    choices: tuple[Choice, ...] = ()
    if offers and capabilities.buttons:
        shown = [(offer.action, offer.label) for offer in offers]
        # One more is no reason to turn a page; and what works for ever must not be hidden by a page that does not.
        lasting = all(offer.action.startswith(DURABLE) for offer in offers)
        if capabilities.edits and len(shown) > PAGE + 1 and not lasting:
            choices = _page(shown, nonce, 0)
        else:
            choices = tuple(_choice(nonce, index, *each) for index, each in enumerate(shown))
    elif offers:
        text += "\n\n" + render("common/choices_in_words", labels=[o.label for o in offers], numbered=numbered)
    *before, last = split(text, capabilities.max_text)
    messages = [*map(Outgoing, before), Outgoing(last, choices)]
    if replaces is not None:
        messages[0] = Outgoing(messages[0].text, messages[0].choices, replaces=replaces)
    return messages


def split(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` characters, at line ends where there are any."""
    parts = []
    while len(text) > limit:
        cut = text.rfind("\n", 1, limit + 1)
        if cut <= 0:
            cut = before_character(text, limit)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip("\n")
    return [*parts, text]


# What people put behind an answer out of courtesy; it changes nothing.
_COURTESY = frozenset({"a", "nhe", "nha"})


def _readings(typed: str) -> list[str]:
    """Return what was typed, and then what it is without courtesy: "xã Yên A" may be the name of a commune."""
    plain = clean(typed).casefold().strip(" .!")
    answer, _, courtesy = plain.rpartition(" ")
    return [plain, answer.rstrip(" ,.")] if answer and fold(courtesy) in _COURTESY else [plain]


def _same_words(typed: str, ways: Iterable[str]) -> bool:
    """Tell whether casefolded `typed` is one of `ways`: without marks the fold decides, with marks it is not enough.

    "dừng" and "đúng" share a fold; only somebody who types no marks at all is read by it.
    """
    if typed.isascii():
        return fold(typed) in map(_folded, ways)
    return typed in map(str.casefold, ways)


# Every message is held against every choice last offered, and those are the same few words all day.
_folded = lru_cache(maxsize=1024)(fold)
