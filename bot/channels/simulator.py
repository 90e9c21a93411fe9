"""A messenger without a network: any number of people in one process. Demo, test driver and rehearsal in one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.channels.base import Channel, FileUnavailable, Record, SendError
from domain.messages import Address, Capabilities, Choice, Incoming, Outgoing, ReceivedFile
from domain.vietnamese import fold

NAME = "simulator"
WITH_BUTTONS = Capabilities(max_text=4096, buttons=True, files=True)
WITH_ALL = Capabilities(max_text=4096, buttons=True, edits=True, reactions=True, menus=True, files=True)


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that arrived on somebody's simulated phone: a message of that `id`, or a change of it."""

    who: str
    outgoing: Outgoing
    id: str = ""


class Simulator(Channel):
    """Phones of invented people. What they say waits in a queue until `receive` records it.

    `failure`, when set, is asked before each delivery and may raise a `SendError`, as a real messenger does. `files`
    are those people have sent, by their ids; `documents` those they have received, by their names, the newest of each.
    Paths of files to send start at `folder`.
    """

    name = NAME

    def __init__(self, capabilities: Capabilities = WITH_BUTTONS, folder: Path = Path()) -> None:
        self.capabilities = capabilities
        self.files: dict[str, bytes] = {}
        self.documents: dict[str, bytes] = {}
        self._folder = folder
        self.heard: list[Heard] = []
        self.listener: Callable[[Heard], None] | None = None
        self.failure: Callable[[Address, Outgoing], None] | None = None
        self._said: asyncio.Queue[Incoming] = asyncio.Queue()
        self._run = secrets.token_hex(4)  # two runs on one database must not use the same message ids
        self._count = 0
        self._recording = False

    def say(self, who: str, text: str, now: datetime) -> Incoming:
        """Let a person type something. Text in square brackets presses the choice of that label, as a thumb would."""
        if text.startswith("[") and text.endswith("]"):
            message_id, choice = self._choice(who, text[1:-1])
            return self.press(who, choice.token, now, message_id)
        number = self._id()
        return self.put(Incoming(Address(self.name, who), number, now, text, message_id=f"said-{number}"))

    def give(
        self, who: str, file: ReceivedFile, data: bytes, now: datetime, text: str = "", album: str | None = None
    ) -> Incoming:
        """Let a person send a file, alone or as part of an album, with words below it."""
        number = self._id()
        self.files[file.id] = data
        sender = Address(self.name, who)
        return self.put(Incoming(sender, number, now, text, message_id=f"said-{number}", file=file, album=album))

    def press(self, who: str, token: str, now: datetime, message_id: str | None = None) -> Incoming:
        """Let a person press a button with this data, whether it was ever offered or not."""
        return self.put(Incoming(Address(self.name, who), self._id(), now, token=token, message_id=message_id))

    def put(self, message: Incoming) -> Incoming:
        """Let anything happen that a messenger may tell of."""
        self._said.put_nowait(message)
        return message

    def shown(self, who: str) -> dict[str, Outgoing]:
        """Return the messages on a person's phone as they look now, by their ids, the oldest first."""
        messages: dict[str, Outgoing] = {}
        for heard in self.heard:
            if heard.who != who or heard.outgoing.reaction is not None or heard.outgoing.menu is not None:
                continue
            old = messages.get(heard.id)
            text = heard.outgoing.text or (old.text if old else "")
            messages[heard.id] = Outgoing(text, heard.outgoing.choices)
        return messages

    def repeat(self, message: Incoming) -> None:
        """Deliver a message once more, as messengers do when they missed our receipt."""
        self._said.put_nowait(message)

    def latest(self, who: str) -> Outgoing:
        """Return the newest message on a person's phone; LookupError when there is none."""
        for heard in reversed(self.heard):
            if heard.who == who:
                return heard.outgoing
        raise LookupError(f"nothing was sent to {who}")

    def waiting(self) -> list[Incoming]:
        """Take what was said and not yet received."""
        taken = []
        while not self._said.empty():
            taken.append(self._said.get_nowait())
        return taken

    def idle(self) -> bool:
        """Tell whether everything said has been received and recorded."""
        return self._said.empty() and not self._recording

    async def receive(self, record: Record) -> None:
        """Record what people say, in the order they say it, as many at once as have gathered."""
        while True:
            first = await self._said.get()
            self._recording = True
            await record([first, *self.waiting()])
            self._recording = False

    async def send(self, address: Address, outgoing: Outgoing) -> str:
        """Put a message on a phone, within the limits a real channel would hold us to."""
        if self.failure is not None:
            self.failure(address, outgoing)
        self._refuse_what_no_messenger_takes(outgoing)
        message_id = outgoing.replaces if self.capabilities.edits else None
        for each in outgoing.attachments:
            with suppress(FileNotFoundError):  # a rehearsal may well be without the files of the real thing
                self.documents.pop(each.name, None)  # the newest is the last
                self.documents[each.name] = await asyncio.to_thread((self._folder / each.path).read_bytes)
        heard = Heard(address.id, outgoing, message_id or f"{self._run}-sent-{len(self.heard) + 1}")
        self.heard.append(heard)
        if self.listener is not None:
            self.listener(heard)
        return heard.id

    async def fetch(self, file: ReceivedFile, into: Path, limit: int) -> None:
        """Save a file somebody sent; raises `FileUnavailable`."""
        data = self.files.get(file.id)
        if data is None or len(data) > limit:
            raise FileUnavailable("gone" if data is None else "too_big")
        await asyncio.to_thread(into.write_bytes, data)

    def _refuse_what_no_messenger_takes(self, outgoing: Outgoing) -> None:
        if outgoing.menu is not None:
            if not self.capabilities.menus:
                raise SendError("refused", "no_menus")
            return
        if outgoing.attachments and not self.capabilities.files:
            raise SendError("refused", "no_files")
        empty = not outgoing.text and not (outgoing.choices and outgoing.replaces and self.capabilities.edits)
        if empty or len(outgoing.text) > self.capabilities.max_text:
            raise SendError("refused", "bad_length")
        if outgoing.choices and not self.capabilities.buttons:
            raise SendError("refused", "no_buttons")

    def _choice(self, who: str, label: str) -> tuple[str, Choice]:
        wanted = fold(label)
        for message_id, outgoing in reversed(self.shown(who).items()):
            for choice in outgoing.choices:
                if fold(choice.label) == wanted:
                    return message_id, choice
        raise LookupError(f"{who} has no choice [{label}]")

    def _id(self) -> str:
        self._count += 1
        return f"{self._run}-{self._count}"
