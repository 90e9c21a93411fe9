"""Fetch the files people have sent: lease, download, see what it really is, keep or refuse it, let the chat know."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import App, wait_for
from bot.channels.base import Channel, FileUnavailable
from bot.failures import where
from bot.file_store import FileStore
from documents.appendix.errors import AppendixError
from documents.received import recognise_received
from handlers import received
from storage import files
from storage.errors import DatabaseUnavailable, NotADatabase
from storage.files import Wanted

LOOK_EVERY = 2.0  # seconds; a file wanted by another process is found at the latest then
AT_ONCE = 3  # files on their way at the same time: one that is slow does not keep the others waiting
LONGEST = 150.0  # seconds for one file; a lease is longer
WORKING_AFTER = 1.0  # seconds
_WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 180, 600))  # then it is not to be had
_ERASE_AGAIN = timedelta(hours=1)  # a content that the disk does not give up
_log = logging.getLogger("dondoc.fetcher")


@dataclass(frozen=True, slots=True)
class _Read:
    """A file on the disk that may be kept."""

    sha256: str
    format: str
    size: int
    found: Any


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A leased file, and the channel it is to be fetched from."""

    channel: Channel
    wanted: Wanted


async def fetch_one(app: App) -> bool:
    """Fetch the next file of the program's own channels, or erase one given up; False when there is none.

    Nothing is marked before the content is on the disk, and with the mark goes the message that the chat is told by: a
    crash at any moment means that the file is fetched once more when its lease has ended.
    """
    claimed = await _claim(app)
    if isinstance(claimed, _Claimed):
        await _fetch(app, claimed.channel, claimed.wanted)
    return claimed is not None


async def _claim(app: App) -> _Claimed | files.Unwanted | None:
    """Lease a file to be fetched, or erase one that was given up; None when there is neither."""
    now = app.clock.now()
    async with app.database.transaction() as tx:
        for channel in app.channels:
            if (wanted := await files.claim(tx, channel.name, now, now - app.album_gap)) is not None:
                return _Claimed(channel, wanted)
        unwanted = await files.claim_unwanted(tx, now)
        if unwanted is None:
            return None
        try:
            if not unwanted.shared:
                await asyncio.to_thread(app.files.erase, unwanted.sha256)
            files.mark_erased(tx, unwanted)
        except OSError as error:
            _log.error("file %d cannot be erased: %s", unwanted.id, where(error))
            files.postpone_erasing(tx, unwanted, now + _ERASE_AGAIN)
        return unwanted


async def _fetch(app: App, channel: Channel, wanted: Wanted) -> None:
    if wanted.that_day > app.files.a_day:
        await _fail(app, wanted, "too_many")
        return
    if wanted.attempt > len(_WAITS) + 1:
        await _fail(app, wanted, "unreadable")  # each program that tried has died of it
        return
    showing = asyncio.create_task(_show_working(channel, wanted))
    try:
        async with asyncio.timeout(LONGEST):
            await _download_and_keep(app, channel, wanted)
    except FileUnavailable as error:
        if error.code == "not_now":
            await _later(app, wanted, "not_now")
        else:
            await _fail(app, wanted, error.code)
    except AppendixError as error:
        await _fail(app, wanted, _refusal(error))
    except (DatabaseUnavailable, NotADatabase):
        raise
    except Exception as error:
        _log.exception("file %d: %s", wanted.id, where(error), exc_info=False)
        await _later(app, wanted, "not_now")
    finally:
        showing.cancel()


async def _show_working(channel: Channel, wanted: Wanted) -> None:
    await asyncio.sleep(WORKING_AFTER)
    await channel.show_working(wanted.sender)


async def _download_and_keep(app: App, channel: Channel, wanted: Wanted) -> None:
    store = app.files
    scratch = await asyncio.to_thread(store.scratch)  # OSError without room, and tried again later
    try:
        await channel.fetch(wanted.file, scratch, store.largest)
        read = await asyncio.to_thread(_read, store, wanted, scratch)
        await asyncio.to_thread(store.secure, scratch, read.sha256)  # what takes long, before the transaction
        async with app.database.transaction() as tx:
            files.hold_content(tx, read.sha256)
            kept = await files.keep(tx, wanted, read.sha256, read.format, read.size, read.found, app.clock.now())
            if kept:
                await asyncio.to_thread(store.put, scratch, read.sha256)
        app.inbox_changed.set()
    finally:
        await asyncio.to_thread(scratch.unlink, missing_ok=True)


def _read(store: FileStore, wanted: Wanted, scratch: Path) -> _Read:
    """Look at what was fetched; raises AppendixError for what is not kept."""
    data = scratch.read_bytes()
    if len(data) > store.largest:
        raise FileUnavailable("too_big")
    found = recognise_received(data)
    made = received.read(wanted.purpose, data, found, wanted.file.name)
    return _Read(store.digest(scratch), found, len(data), made)


def _refusal(error: AppendixError) -> str:
    """Return why a file is refused, as templates/vi/received/failed.txt knows it: "format:exe", "password"."""
    reason = str(error.values.get("reason", error.code))
    return f"{reason}:{error.values['detail']}" if reason == "format" else reason


async def _later(app: App, wanted: Wanted, reason: str) -> None:
    if wanted.attempt > len(_WAITS):
        await _fail(app, wanted, reason)
        return
    async with app.database.transaction() as tx:
        files.postpone(tx, wanted, app.clock.now() + _WAITS[wanted.attempt - 1], reason)


async def _fail(app: App, wanted: Wanted, reason: str) -> None:
    async with app.database.transaction() as tx:
        await files.fail(tx, wanted, reason, app.clock.now())
    app.inbox_changed.set()


class Fetcher:
    """Fetches files, a few at once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Fetch until cancelled; what is under way then is fetched again by the next program."""
        await asyncio.to_thread(self._app.files.clear)
        try:
            while True:
                self._app.pulse.beat("fetcher")
                claimed = await _claim(self._app) if len(self._under_way) < AT_ONCE else None
                if isinstance(claimed, _Claimed):
                    task = asyncio.create_task(self._fetch(claimed))
                    self._under_way.add(task)
                    task.add_done_callback(self._done)
                elif claimed is None:
                    await wait_for(self._app.files_changed, LOOK_EVERY)
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _fetch(self, claimed: _Claimed) -> None:
        try:
            await _fetch(self._app, claimed.channel, claimed.wanted)
        except (DatabaseUnavailable, NotADatabase) as error:
            _log.error("file %d: %s", claimed.wanted.id, where(error))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._app.files_changed.set()
