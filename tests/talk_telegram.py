"""Talks over the loopback Bot API: the program's own channel of Telegram, HTTP, and people with Telegram's phones."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.app import App
from bot.channels.simulator import Heard
from bot.channels.telegram.updates import NAME
from bot.clock import MovableClock
from domain.messages import Address, Attachment, Choice, Outgoing
from domain.periods import WorkCalendar
from handlers.prompts import DURABLE
from handlers.render import label as words_of
from storage.database import connect
from tests.botapi import BotApi
from tests.botapi.people import BLOCKED, Person
from tests.botapi.world import Event, Message
from tests.cast import ZONE
from tests.talk import Stage
from tests.talk_files import Sent
from tests.talk_program import Here, Program

USERNAME = "dondoc_bot"
_TURNS = frozenset({words_of("page_before"), words_of("page_after")})


def _choices(message: Message) -> list[Choice]:
    return [Choice(button["callback_data"], button["text"]) for row in message.buttons for button in row]


class TelegramStage(Stage):
    """Telegram's phones. `program` is what serves them, made of a settings file and the clock."""

    def __init__(self, url: str, program: Callable[[Path, MovableClock], Program] = Here) -> None:
        super().__init__(url)
        self.api = BotApi(clock=lambda: self.clock.now().timestamp(), username=USERNAME)
        self.program: Program
        self._make = program
        self._seen = 0
        self._update: dict[str, Any] = {}

    async def __aenter__(self) -> TelegramStage:
        self._folder = tempfile.TemporaryDirectory()
        self.database = await connect(self.url)
        self.app = App(self.database, WorkCalendar(ZONE), self.clock)
        await self.api.come_up()
        self.program = self._make(self._settings(Path(self._folder.name)), self.clock)
        await self.start()
        return self

    async def __aexit__(self, *failure: object) -> None:
        try:
            await self.end()
        finally:
            await self.api.go_down()
            await self.database.close()
            self._folder.cleanup()

    def _settings(self, folder: Path) -> Path:
        (folder / "token").write_text(self.api.token, encoding="utf-8")
        file = folder / "config.toml"
        lines = [
            f'storage.url = "{self.url}"',
            'telegram.token_file = "token"',
            f'telegram.api_base_url = "{self.api.url}"',
            'log.level = "warning"',
        ]
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    async def start(self) -> None:
        await self.program.start()
        await self._heard_all()

    async def end(self, *, killed: bool = False) -> None:
        await self.program.end(killed=killed)
        self.api.first_bot.updates.end_poll("")  # a server may take long to see that who polled is gone

    async def ring(self, app: App) -> int:
        await self.program.ring()
        return 1  # nothing is due any more

    async def work(self, app: App) -> None:
        await self._settle()
        events, self._seen = self.api.events[self._seen :], len(self.api.events)
        for event in events:
            if (heard := self._heard(event)) is not None:
                self.heard.append(await self._with_all_pages(heard))

    async def _heard_all(self) -> None:
        updates = self.api.first_bot.updates
        await self.api.until(lambda: updates.is_polled() and not updates.pending)

    async def _settle(self) -> None:
        await self._heard_all()  # what is confirmed is in the database
        await self.program.settled()

    def _heard(self, event: Event) -> Heard | None:
        """Return what arrived on a phone, or changed there; None for what nobody reads."""
        known = self.api.people.get(event.chat_id)
        if known is None or event.kind not in ("sent", "edited", "reaction"):
            return None
        message_id, rows = str(event.message_id), event.more.get("markup", {}).get("inline_keyboard", [])
        choices = tuple(Choice(button["callback_data"], button["text"]) for row in rows for button in row)
        if event.kind == "reaction":
            return Heard(known.name, Outgoing(reaction=event.text, reacts_to=message_id), message_id)
        if event.kind == "sent":
            return Heard(known.name, Outgoing(event.text or "", choices, attachments=self._files(event)), message_id)
        assert self._pressed is not None
        assert self._pressed[2] == message_id, "only the question that was answered may change"
        return Heard(known.name, Outgoing(event.text or "", choices, replaces=message_id), message_id)

    def _files(self, event: Event) -> tuple[Attachment, ...]:
        file = self.api.files.get(event.more.get("file", ""))
        return (Attachment(file.kind, file.file_id, file.name),) if file else ()

    async def _with_all_pages(self, heard: Heard) -> Heard:
        """Return a message with the choices of all its pages; on the phone it is left at the first.

        A choice that lasts leads to other words, not to more choices of these.
        """
        turns = [choice for choice in heard.outgoing.choices if choice.label in _TURNS]
        if not turns or all(choice.token.startswith(DURABLE) for choice in turns):
            return heard
        person = self._person(heard.who)
        message = person.at().history[int(heard.id)]
        found = list(heard.outgoing.choices)
        while await self._turn(person, message, words_of("page_after")):
            found += _choices(message)
        while await self._turn(person, message, words_of("page_before")):
            pass
        assert _choices(message) == list(heard.outgoing.choices)
        choices = tuple(choice for choice in found if choice.label not in _TURNS)
        return Heard(heard.who, replace(heard.outgoing, choices=choices), heard.id)

    async def _turn(self, person: Person, message: Message, way: str) -> bool:
        """Turn a page of choices, if there is one that way; tell whether there was."""
        text, before = message.text, _choices(message)
        if way not in [choice.label for choice in before]:
            return False
        person.press(way, on=message)
        await self._settle()
        self._seen = len(self.api.events)  # nobody said anything
        assert message.text == text, "a page is turned under the same words"
        assert _choices(message) != before, f"[{way}] turned no page"
        return True

    def _person(self, who: str) -> Person:
        person = self.api.person(who)
        bot = self.api.first_bot
        bot.chats.setdefault(person.id, person.at(bot))
        return person

    def address(self, who: str) -> Address:
        return Address(NAME, str(self._person(who).id))

    def type(self, who: str, text: str) -> None:
        self._person(who).say(text)
        self._remember()

    def give(self, who: str, sent: Sent) -> None:
        person = self._person(who)
        if sent.kind is not None:
            person.send_voice()
        album = f"{len(self.api.files)}" if len(sent.files) > 1 else None
        for at, file in enumerate(sent.files):
            words = "" if at else sent.text
            if file.kind == "photo":
                person.send_photo(file.data(), words, album=album)
            else:
                forms = [known.data for known in self.api.files.values() if known.name.startswith("bieu-")]
                person.send_document(file.data(forms), file.name, words, album=album)
        self._remember()

    async def find(self, who: str, label: str) -> tuple[str, str | None]:
        person = self._person(who)
        for message in reversed(person.received()):
            for way in ("page_before", "page_after"):
                turned = True
                while turned:
                    for choice in _choices(message):
                        if choice.label == label:
                            return choice.token, str(message.id)
                    turned = await self._turn(person, message, words_of(way))
        raise LookupError(f"{who} has no choice [{label}]")

    def send(self, who: str, data: str, message_id: str | None) -> None:
        person = self._person(who)
        latest = person.latest()
        on = int(message_id) if message_id else latest.id if latest else 1
        person.press(data, on=on, forced=True)
        self._remember()

    def _remember(self) -> None:
        self._update = list(self.api.first_bot.updates.pending.values())[-1].update

    def repeat(self) -> None:
        self.api.repeat(self._update)

    def bar(self, who: str, *, barred: bool) -> None:
        chat, bot = self._person(who).at(), self.api.first_bot
        if barred:
            chat.barred[bot.id] = BLOCKED
        else:
            chat.barred.pop(bot.id, None)
