"""One turn: a message being handled in its transaction, what is said in answer, and where the conversation stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from domain.conversation import Place
from domain.messages import TOKEN_MAX_BYTES, Capabilities, Choice, Outgoing
from domain.model import DutyLine
from domain.periods import WorkCalendar
from domain.vietnamese import clean, fold
from handlers.render import label, meanings, render
from storage import conversations, outbox
from storage.database import Transaction
from storage.inbox import Claimed

DURABLE = "go:"  # a choice that says by itself what it does, and so works for as long as its message is on the phone


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice to offer: `action` is what comes back; `name` says in choices.toml what to show and what may be typed.

    `words` is shown instead where the label is made of data, as a figure or the name of a commune.
    """

    action: str
    name: str = ""
    words: str = ""

    @property
    def label(self) -> str:
        """The words on the button."""
        return self.words or label(self.name or self.action)

    @property
    def typed(self) -> list[str]:
        """What people may type to choose it, its label first."""
        return [self.words] if self.words else meanings(self.name or self.action)


@dataclass(slots=True)
class Turn:
    """The hands of a flow or command: who is speaking, the open transaction, and `say`.

    Nothing is sent from here: what was said becomes one row of the outbox when the turn is saved.
    """

    tx: Transaction
    now: datetime
    calendar: WorkCalendar
    capabilities: Capabilities
    received: Claimed
    unseen: bool = False  # sent before its sender can have read what was asked last
    place: Place | None = None
    read_ahead: dict[int, DutyLine] = field(default_factory=dict)  # lines not used yet, by id; a read costs a hop
    _texts: list[str] = field(default_factory=list)
    _offers: list[Offer] = field(default_factory=list)
    _numbered: bool = True

    @property
    def today(self) -> date:
        """The local day of this turn."""
        return self.calendar.today(self.now)

    @property
    def person_id(self) -> int:
        """The speaker, who has joined; LookupError for somebody unknown."""
        if self.received.person_id is None:
            raise LookupError("the speaker has not joined")
        return self.received.person_id

    def say(self, template: str, *, offers: Iterable[Offer] = (), numbered: bool = True, **values: Any) -> None:
        """Add a rendered template to the answer, with the choices it offers.

        `numbered` tells whether a channel without buttons may let people answer by the number of a choice; not where
        a figure is expected, for "1" would mean two things.
        """
        self._texts.append(render(template, today=self.today, calendar=self.calendar, **values))
        self._offers.extend(offers)
        self._numbered = self._numbered and numbered

    def chosen(self, typed: str) -> str | None:
        """Return the action of the choice last offered that `typed` names, by its words or its number; else None."""
        prompt = self.received.prompt
        if not prompt:
            return None
        wanted = _plainly(typed)
        for position, (action, *ways) in enumerate(prompt["choices"], 1):
            if prompt["numbered"] and wanted == str(position):
                return str(action)
            if _same_words(wanted, ways):
                return str(action)
        return None

    def pressed(self, token: str) -> str | None:
        """Return the action of a pressed choice: a durable one, or one of those offered last; None for an old one."""
        if token.startswith(DURABLE):
            return token
        nonce, _, position = token.partition(":")
        prompt = self.received.prompt
        if not prompt or prompt["nonce"] != nonce or not (position.isascii() and position.isdecimal()):
            return None
        index = int(position[:4])
        return str(prompt["choices"][index][0]) if index < len(prompt["choices"]) else None

    def keep(self, data: Mapping[str, Any]) -> None:
        """Change the data of the place the conversation stands at."""
        if self.place is not None:
            self.place = Place(self.place.flow, self.place.step, data)

    def save(self) -> None:
        """Queue the answer and where the conversation now stands."""
        address = self.received.message.sender
        if self._texts:
            nonce = format(self.received.id, "x")
            prompt = make_prompt(nonce, self._offers, self._numbered)
            for message in compose(self._texts, self._offers, self._numbered, nonce, self.capabilities):
                outbox.add(self.tx, address, message, self.now)
        else:
            prompt = self.received.prompt
        token = self.received.message.token
        conversations.save(self.tx, address, self.place, prompt, token and token[:TOKEN_MAX_BYTES], self.now)


def make_prompt(nonce: str, offers: list[Offer], numbered: bool) -> dict[str, Any] | None:
    """Return what is kept of the choices offered, to know them again when one is pressed or typed."""
    if not offers:
        return None
    return {"nonce": nonce, "numbered": numbered, "choices": [[offer.action, *offer.typed] for offer in offers]}


def named(typed: str, offers: Iterable[Offer]) -> str | None:
    """Return the action of the first of `offers` whose words were typed; None when they name none of them."""
    wanted = _plainly(typed)
    return next((offer.action for offer in offers if _same_words(wanted, offer.typed)), None)


# What people put behind an answer out of courtesy; it changes nothing.
_COURTESY = frozenset({"a", "nhe", "nha"})


def _plainly(typed: str) -> str:
    plain = clean(typed).casefold().strip(" .!")
    answer, _, courtesy = plain.rpartition(" ")
    return answer.rstrip(" ,.") if answer and fold(courtesy) in _COURTESY else plain


def _same_words(typed: str, ways: Iterable[str]) -> bool:
    """Tell whether casefolded `typed` is one of `ways`: without marks the fold decides, with marks it is not enough.

    "dừng" and "đúng" share a fold; only somebody who types no marks at all is read by it.
    """
    if typed.isascii():
        return fold(typed) in map(_folded, ways)
    return typed in map(str.casefold, ways)


# Every message is held against every choice last offered, and those are the same few words all day.
_folded = lru_cache(maxsize=1024)(fold)


def compose(
    texts: list[str], offers: list[Offer], numbered: bool, nonce: str, capabilities: Capabilities
) -> list[Outgoing]:
    """Return the messages that carry an answer over a channel: choices as buttons, or in words without them."""
    text = "\n\n".join(texts)
    choices: tuple[Choice, ...] = ()
    if offers and capabilities.buttons:
        choices = tuple(
            Choice(offer.action if offer.action.startswith(DURABLE) else f"{nonce}:{index}", offer.label)
            for index, offer in enumerate(offers)
        )
    elif offers:
        text += "\n\n" + render("common/choices_in_words", labels=[o.label for o in offers], numbered=numbered)
    parts = split(text, capabilities.max_text)
    return [Outgoing(part) for part in parts[:-1]] + [Outgoing(parts[-1], choices)]


def split(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` characters, at line ends where there are any."""
    parts = []
    while len(text) > limit:
        cut = text.rfind("\n", 1, limit + 1)
        if cut <= 0:
            cut = limit
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip("\n")
    return [*parts, text]
