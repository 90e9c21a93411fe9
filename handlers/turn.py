"""One turn: a message being handled in its transaction, what is said in answer, and where the conversation stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from domain.conversation import Place
from domain.messages import TOKEN_MAX_BYTES, Address, Attachment, Capabilities, MenuCommand, Outgoing
from domain.model import DutyLine, FigureValue, Verdict
from domain.periods import WorkCalendar
from handlers import prompts
from handlers.prompts import DURABLE, Offer, compose, make_prompt
from handlers.render import render
from storage import conversations, outbox
from storage.database import Transaction
from storage.inbox import Claimed


@dataclass(frozen=True, slots=True)
class Stored:
    """A figure stored in this turn; `line` is as it was before."""

    line: DutyLine
    value: FigureValue
    verdict: Verdict


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
    channels: Mapping[str, Capabilities] = field(default_factory=dict)  # what others are reached by
    place: Place | None = None
    changes_files: bool = False  # a file is to be fetched, or erased
    stored: list[Stored] = field(default_factory=list)  # the figures others may be waiting for
    read_ahead: dict[int, DutyLine] = field(default_factory=dict)  # lines not used yet, by id; a read costs a hop
    _texts: list[str] = field(default_factory=list)
    _offers: list[Offer] = field(default_factory=list)
    _numbered: bool = True
    _aside: bool = True
    _about: int | None = None
    _in_place: bool = False
    _listed: list[int] = field(default_factory=list)
    _settled: int = 0  # so many of the texts, from the first, are what became of the question that was answered
    _others: list[Outgoing] = field(default_factory=list)
    _vanished: bool = False

    @property
    def today(self) -> date:
        """The local day of this turn."""
        return self.calendar.today(self.now)

    @property
    def listed(self) -> list[int]:
        """The duty lines that were numbered in what was said last."""
        return list((self.received.prompt or {}).get("listed", ()))

    @property
    def person_id(self) -> int:
        """The speaker, who has joined; LookupError for somebody unknown."""
        if self.received.person_id is None:
            raise LookupError("the speaker has not joined")
        return self.received.person_id

    def say(
        self,
        template: str,
        *,
        offers: Iterable[Offer] = (),
        numbered: bool = True,
        settles: bool = False,
        early: bool = False,
        aside: bool = False,
        about: int | None = None,
        listed: Iterable[int] = (),
        in_place: bool = False,
        **values: Any,
    ) -> None:
        """Add a rendered template to the answer, with the choices it offers.

        `numbered` tells whether a channel without buttons may let people answer by the number of a choice; not where
        a figure is expected, for "1" would mean two things. `settles` tells that these words are the receipt for an
        answer: where a question can be edited they take its place, and what comes after is a message of its own.
        `early` tells that they belong to that receipt, though what comes after was said before them.
        `aside` tells that the question asked last still stands, its choices too. `about` is the line whose figure the
        words are the receipt for, `listed` are the lines they number from 1 on. `in_place` tells that the words are
        another page of the message whose choice was pressed.
        """
        self._in_place = self._in_place or in_place
        self._listed.extend(listed)
        self._about = about if about is not None else self._about
        self._aside = self._aside and aside
        text = render(template, today=self.today, calendar=self.calendar, **values)
        at = self._settled if early else len(self._texts)
        if early or (settles and at == self._settled):
            self._settled += 1
        self._texts.insert(at, text)
        self._offers.extend(offers)
        self._numbered = self._numbered and numbered

    def add(self, template: str, attachments: Iterable[Attachment] = (), **values: Any) -> None:
        """Send a rendered template as a message of its own after the answer, to be passed on as it is.

        Its words are erased from the outbox once it is sent: they hold a one-time code.
        """
        text = render(template, today=self.today, calendar=self.calendar, **values)
        self._others.append(Outgoing(text, attachments=tuple(attachments), once=True))

    def vanish(self, template: str, elsewhere: Iterable[Address] = ()) -> None:
        """Say a last word to somebody who is not known any more, there and `elsewhere`; nothing of it is kept."""
        self._vanished = True
        self.place = None
        for address in (self.received.message.sender, *elsewhere):
            outbox.add(self.tx, address, Outgoing(render(template), once=True), self.now)

    def react(self, emoji: str, template: str) -> None:
        """Answer by a reaction; by the words of `template` where the channel has none."""
        on = self.received.message.message_id
        if self.capabilities.reactions and on is not None:
            self._others.append(Outgoing(render(template), reaction=emoji, reacts_to=on))
        else:
            self.say(template)

    def send(self, template: str, files: Iterable[Attachment], **values: Any) -> None:
        """Send files in a message of their own, below the answer; only where the channel has files."""
        text = render(template, today=self.today, calendar=self.calendar, **values)
        self._others.append(Outgoing(text, attachments=tuple(files)))

    def show_menu(self, menu: Iterable[MenuCommand]) -> None:
        """List these commands in the speaker's chat, where the channel has such a list."""
        if self.capabilities.menus:
            self._others.append(Outgoing(menu=tuple(menu)))

    def chosen(self, typed: str) -> str | None:
        """Return the action of the choice last offered that `typed` names, by its words or its number; else None."""
        return prompts.chosen(self.received.prompt, typed)

    def pressed(self, token: str) -> str | None:
        """Return the action of a pressed choice: a durable one, or one of those offered last; None for an old one."""
        return prompts.pressed(self.received.prompt, token)

    def turn_page(self, token: str) -> bool:
        """Show another page of the choices offered last, if that is what was pressed; tell whether it was."""
        on = self.received.message.message_id
        choices = prompts.page_turned(self.received.prompt, token) if on is not None else ()
        if choices:
            self._others.append(Outgoing(choices=choices, replaces=on))
        return bool(choices)

    def keep(self, data: Mapping[str, Any]) -> None:
        """Change the data of the place the conversation stands at."""
        if self.place is not None:
            self.place = replace(self.place, data=data)

    def save(self) -> None:
        """Queue the answer and where the conversation now stands."""
        if self._vanished:
            return
        address = self.received.message.sender
        prompt = self.received.prompt
        if prompts.is_of(prompt, self.received.message.token):
            outbox.arrived(self.tx, address, self.received.message.message_id, self.now)
        if self._texts:
            nonce = format(self.received.id, "x")
            prompt = prompt if self._aside else make_prompt(nonce, self._offers, self._numbered, self._listed)
            receipt, *others = self._answer(nonce)
            outbox.add(self.tx, address, receipt, self.now, line_id=self._about)
            for message in others:
                outbox.add(self.tx, address, message, self.now)
        for message in self._others:
            outbox.add(self.tx, address, message, self.now)
        if self.received.message.kind == "fetched" and self._aside and self._stands():
            return  # nobody said anything, and nothing was asked: the conversation stands where it did
        token = self.received.message.token
        conversations.save(self.tx, address, self.place, prompt, token and token[:TOKEN_MAX_BYTES], self.now)

    def _stands(self) -> bool:
        """Tell whether the conversation is where it was before this turn."""
        received = self.received
        before = (received.flow, received.step, received.data or {}) if received.flow else None
        return before == (self.place and (self.place.flow, self.place.step, self.place.data))

    def _answer(self, nonce: str) -> list[Outgoing]:
        question = self._question()
        receipt, rest = self._texts[: self._settled], self._texts[self._settled :]
        if question is None or not receipt or not rest:
            return compose(self._texts, self._offers, self._numbered, nonce, self.capabilities, question)
        return [
            *compose(receipt, (), True, nonce, self.capabilities, question),
            *compose(rest, self._offers, self._numbered, nonce, self.capabilities),
        ]

    def _question(self) -> str | None:
        """Return the message whose question was answered by a press, where it can be edited.

        A durable choice is part of a message worth keeping, as a reminder is; and what an old one belongs to has been
        answered long ago.
        """
        token = self.received.message.token
        if token is None or not self.capabilities.edits:
            return None
        if not self._in_place and (token.startswith(DURABLE) or self.pressed(token) is None):
            return None
        return self.received.message.message_id
