"""The program that is killed: the real loops, fed from a file and sending into a journal.

It is run as `python -m tests.crash.program URL FOLDER INSTANT HOP COUNT` and ends by itself once nothing is left to do.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.stage import CALENDAR
from bot.app import App
from bot.channels.base import Channel, Record
from bot.channels.simulator import WITH_BUTTONS
from bot.clock import MovableClock
from bot.running import serve
from domain.messages import Address, Incoming, Outgoing
from storage import duties, inbox, outbox
from storage.database import connect
from storage.migrate import migrate
from tests.crash.traps import Trap, WatchedDatabase

NAME = "journal"
BATCH = 5  # messages handed on at once
LOOK_EVERY = 0.02


@dataclass(frozen=True, slots=True)
class Books:
    """The files that outlive the process: what people say, how far that was received, what they were sent."""

    folder: Path

    @property
    def feed(self) -> Path:
        """One message a line: sender, id, words."""
        return self.folder / "feed.jsonl"

    @property
    def receipts(self) -> Path:
        """After each batch, how many messages of the feed the program has said it has."""
        return self.folder / "receipts.txt"

    @property
    def journal(self) -> Path:
        """One sent message a line: recipient, words, tokens of the choices."""
        return self.folder / "journal.jsonl"

    def said(self) -> list[tuple[str, str, str]]:
        """Return the feed."""
        if not self.feed.exists():
            return []
        return [tuple(json.loads(line)) for line in self.feed.read_text(encoding="utf-8").splitlines()]

    def sent(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return what was sent, repeats too."""
        lines = self.journal.read_text(encoding="utf-8").splitlines()
        return [(who, text, tuple(tokens)) for who, text, tokens in map(json.loads, lines)]


def append(path: Path, line: str) -> None:
    """Add a line to a file, in one write, and see it onto the disk: after that it has happened."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)


class Journal(Channel):
    """A messenger made of files. It delivers again whatever it has no receipt for, as messengers do."""

    name = NAME
    capabilities = WITH_BUTTONS

    def __init__(self, books: Books, trap: Trap) -> None:
        self._books = books
        self._trap = trap
        self.delivered = False

    async def receive(self, record: Record) -> None:
        """Hand on the feed from the last receipt on."""
        said = self._books.said()
        receipts = self._books.receipts
        start = int(receipts.read_text().split()[-1]) if receipts.exists() else 0
        for at in range(start, len(said), BATCH):
            batch = said[at : at + BATCH]
            now = datetime.fromisoformat(sys.argv[3])
            await record([Incoming(Address(NAME, who), number, now, text) for who, number, text in batch])
            self._trap.passed("received")
            append(receipts, str(at + len(batch)))
        self.delivered = True
        await asyncio.Event().wait()

    async def send(self, address: Address, outgoing: Outgoing) -> str:
        """Write a message into the journal: then it is sent."""
        self._trap.passed("leased")
        line = [address.id, outgoing.text, [choice.token for choice in outgoing.choices]]
        append(self._books.journal, json.dumps(line, ensure_ascii=False))
        self._trap.passed("sent")
        return "sent"


async def _stop_when_idle(app: App, journal: Journal, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(LOOK_EVERY)
        async with app.database.transaction() as tx:
            bell = await duties.next_bell(tx)
            waiting = await inbox.next_due(tx, NAME) or await outbox.next_due(tx, NAME)
        if journal.delivered and waiting is None and (bell is None or bell > app.clock.now()):
            stop.set()


async def _run(url: str, books: Books, at: datetime, trap: Trap) -> None:
    database = WatchedDatabase(await connect(url), trap)
    try:
        await migrate(database)
        journal = Journal(books, trap)
        app = App(database, CALENDAR, MovableClock(at, running=True), [journal], reading_time=None)
        stop = asyncio.Event()
        await asyncio.gather(serve(app, stop), _stop_when_idle(app, journal, stop))
    finally:
        await database.close()


def main(url: str, folder: str, at: str, hop: str, count: str) -> None:
    """Run until idle, or until killed."""
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_run(url, Books(Path(folder)), datetime.fromisoformat(at), Trap(hop, int(count))))


if __name__ == "__main__":
    main(*sys.argv[1:])
