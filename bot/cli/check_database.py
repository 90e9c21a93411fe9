"""What `dondoc check` says of the database."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, tzinfo

from bot.cli.common import database_complaint, shown_url
from bot.cli.findings import Finding, Level, found
from storage.errors import DatabaseUnavailable, StorageError
from storage.inspection import Inspected, inspect

SECONDS = 8.0
QUIET_FOR = timedelta(minutes=10)  # without a ring, at twenty times its pace, somebody must look
ENOUGH = 500 * 1024 * 1024  # bytes on the disk of a file; a commune's year is some 20 MB
LITTLE = 50 * 1024 * 1024  # and its write-ahead log must find room as well


async def look_at_database(url: str) -> Finding:
    """Say whether the database can be used as it is, changing nothing."""
    try:
        async with asyncio.timeout(SECONDS):
            state = await inspect(url)
    except TimeoutError:
        return _complaint(DatabaseUnavailable("timeout"))
    except StorageError as error:
        return _complaint(error)
    return found(_level(state), "cli/check_database", complaint="", state=state, place=shown_url(url), enough=ENOUGH)


async def look_at_bell(url: str, now: datetime, zone: tzinfo) -> Finding | None:
    """Say whether the bell of reminders still rings; None where it never has, or nobody can tell."""
    try:
        async with asyncio.timeout(SECONDS):
            rung_at = (await inspect(url)).rung_at
    except (TimeoutError, StorageError):
        return None  # said of the database already
    if rung_at is None:
        return None
    silent = now - rung_at
    minutes = int(silent.total_seconds() // 60)
    level: Level = "bad" if silent > QUIET_FOR else "good"
    return found(level, "cli/check_bell", at=rung_at.astimezone(zone), minutes=minutes)


def _complaint(error: StorageError) -> Finding:
    return found("bad", "cli/check_database", complaint=str(database_complaint(error)))


def _level(state: Inspected) -> Level:
    if (state.exists and state.missing and state.engine == "postgres") or (state.free or ENOUGH) < LITTLE:
        return "bad"
    return "warning" if state.missing or (state.free or ENOUGH) < ENOUGH else "good"
