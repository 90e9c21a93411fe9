"""People who talk with the bot and wait for its answers, and a book of all they ever said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.botapi import BotApi
from tests.botapi.people import NoSuchButton
from tests.botapi.world import Event

PATIENCE = 20.0  # seconds until an answer is called lost


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it must be kept."""

    line_id: int
    value: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """One thing somebody did: the number of its update and, when it was a figure, what must be kept of it."""

    update_id: int
    who: int
    figure: Figure | None
    answered: bool = True


class Silent(AssertionError):
    """Somebody waited in vain."""


class Chat:
    """Somebody's chat with the bot. Each act waits until the bot has said something with `until` in it."""

    def __init__(self, api: BotApi, name: str, book: list[Given]) -> None:
        self.api = api
        self.person = api.person(name)
        self._book = book
        self._on: int | None = None  # the message that was heard last

    async def say(self, text: str, until: str, figure: Figure | None = None) -> None:
        """Type something."""
        since = self.now()
        self.note_said(text, figure)
        await self.hears(until, since)

    async def press(self, button: str, until: str, figure: Figure | None = None) -> None:
        """Press a button by its label or token, on the message waited for last where it has that, else anywhere.

        That need not be the newest: a question may have been changed in its place, and repeated below it as it was.
        """
        since = self.now()
        self.note_pressed(button, figure)
        await self.hears(until, since)

    def note_said(self, text: str, figure: Figure | None = None) -> None:
        """Type something and wait for nothing."""
        self.person.say(text)
        self._note(figure)

    def note_pressed(self, button: str, figure: Figure | None = None) -> None:
        """Press a button and wait for nothing."""
        try:
            self.person.press(button, self._on)
        except NoSuchButton:
            self.person.press(button)
        self._note(figure)

    def note_blocked(self, blocked: bool) -> None:
        """Block the bot, or take that back."""
        if blocked:
            self.person.block()
        else:
            self.person.unblock()
        self._note(None, answered=False)

    def is_offered(self, label: str) -> bool:
        """Tell whether the message waited for last has a button of that label."""
        shown = next((message for message in self.person.messages() if message.id == self._on), None)
        return shown is not None and any(label in row for row in shown.keyboard)

    async def thank(self) -> None:
        """Say thanks, for which there is a thumb."""
        said = self.person.say("cảm ơn")
        self._note(None)
        await self._wait(lambda: said.reactions, "a reaction")

    async def hears(self, until: str, since: int) -> None:
        """Wait until the bot has written these words, or changed a message to them, after the event `since`."""

        await self._wait(lambda: any(until in text for text in self.texts(since)), until)
        self._on = next(event.message_id for event in self._told(since) if until in (event.text or ""))

    def texts(self, since: int) -> list[str]:
        """Return what the bot has written, or changed a message to, after the event `since`."""
        return [event.text or "" for event in self._told(since)]

    def _told(self, since: int) -> list[Event]:
        return [
            event
            for event in self.api.events[since:]
            if event.chat_id == self.person.id and event.kind in ("sent", "edited")
        ]

    def now(self) -> int:
        """Return how many events there were so far."""
        return len(self.api.events)

    async def _wait(self, is_so: Callable[[], Any], what: str) -> None:
        try:
            await self.api.until(is_so, PATIENCE)
        except TimeoutError:
            screen = [message.text[:80] for message in self.person.messages()[-6:]]
            raise Silent(f"{self.person.name} waited for {what!r} and saw {screen}") from None

    def _note(self, figure: Figure | None, answered: bool = True) -> None:
        """Write down what was done last; its update is the newest of all, for nobody else has acted since."""
        newest = next(reversed(self.api.first_bot.updates.pending.values()))
        self._book.append(Given(newest.update["update_id"], self.person.id, figure, answered))
