"""What several commands need: settings, an open and migrated database, names of units as typed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from bot.complaint import Complaint
from bot.config import Settings, load
from domain.provinces import merged_into, nearest, province
from domain.vietnamese import clean, fold
from storage.database import Database, connect
from storage.errors import DatabaseTooOld, StorageError
from storage.migrate import migrate, missing

T = TypeVar("T")
COMMUNE_TYPES = ("xã", "phường", "đặc khu")


def database_complaint(error: StorageError) -> Complaint:
    """Return what to tell a person about a database that cannot be used."""
    return Complaint("database", code=error.code, detail=error.detail)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of the settings, migrated: SQLite is brought up to date, PostgreSQL must be already."""
    database = None
    try:
        database = await connect(settings.storage.url)
        if database.engine == "sqlite":
            await migrate(database)
        elif await missing(database):
            raise DatabaseTooOld
        yield database
    except StorageError as error:
        raise database_complaint(error) from error
    finally:
        if database is not None:
            await database.close()


def with_database(config: Path | None, work: Callable[[Settings, Database], Awaitable[T]]) -> T:
    """Load the settings, open the database, do `work` in it and return what that returns."""

    async def go() -> T:
        settings = load(config)
        async with opened(settings) as database:
            return await work(settings, database)

    return asyncio.run(go())


def shown_url(url: str) -> str:
    """Return a database's URL as it may be shown: the file, or host and name without user and password."""
    kind, _, rest = url.partition("://")
    if kind == "sqlite":
        path = Path(rest.removeprefix("/"))
        here = Path.cwd()
        return str(path.relative_to(here) if path.is_relative_to(here) else path)
    return f"PostgreSQL {rest.rpartition('@')[2].partition('?')[0]}"


def province_name(typed: str) -> str:
    """Return a province's full name: "ninh binh" gives "tỉnh Ninh Bình". Raises `Complaint` when there is none."""
    found = province(typed)
    if found is None:
        merged = merged_into(typed)
        raise Complaint("province_unknown", name=clean(typed), merged=merged, nearest=nearest(typed))
    return found


def commune_name(typed: str, printed_type: str | None = None) -> str:
    """Return a commune's name with its type; the type printed in the plan serves when none was typed.

    Raises `Complaint` when neither says whether it is a xã, a phường or a đặc khu.
    """
    name = clean(typed)
    kind, rest = _typed_kind(name)
    if kind:
        return f"{kind} {rest}"
    if printed_type is None:
        raise Complaint("commune_type", name=name)
    return f"{printed_type} {name}"


def bare_name(name: str) -> str:
    """Return a commune's name without its type: "xã Vũ Dương" gives "Vũ Dương"."""
    return _typed_kind(clean(name))[1]


def _typed_kind(name: str) -> tuple[str | None, str]:
    for kind in COMMUNE_TYPES:
        if fold(name).startswith(f"{fold(kind)} "):
            return kind, " ".join(name.split(" ")[len(kind.split(" ")) :])
    return None, name
