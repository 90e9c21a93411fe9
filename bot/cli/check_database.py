"""What `dondoc check` says of the database."""

from __future__ import annotations

import asyncio

from bot.cli.common import database_complaint, shown_url
from bot.cli.findings import Finding, Level, found
from storage.errors import DatabaseUnavailable, StorageError
from storage.inspection import Inspected, inspect

SECONDS = 8.0
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


def _complaint(error: StorageError) -> Finding:
    return found("bad", "cli/check_database", complaint=str(database_complaint(error)))


def _level(state: Inspected) -> Level:
    if (state.exists and state.missing and state.engine == "postgres") or (state.free or ENOUGH) < LITTLE:
        return "bad"
    return "warning" if state.missing or (state.free or ENOUGH) < ENOUGH else "good"
