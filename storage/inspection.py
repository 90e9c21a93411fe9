"""Look at a database without making, migrating or changing it: can it be used as it is, and what does it lack."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from storage.bells import LAST_RUNG
from storage.database import Row, connect
from storage.errors import DatabaseUnavailable, ReadOnly, RightsMissing
from storage.migrate import HAS_RECORD, RECORDED, Migration, lacking, missing, shipped
from storage.sqlite import named_errors
from storage.values import read_instant

LOCK_SECONDS = 3.0  # a running program holds the file for milliseconds
_CLOSED_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> 'migrations'"
    " AND relnamespace = to_regnamespace(quote_ident(current_schema())) AND NOT (has_table_privilege(oid, 'SELECT')"
    " AND has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE')) ORDER BY relname"
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found: the migrations that are missing and, of SQLite, whether there is a file, its journal, free bytes.

    A file that is not there yet can be made where it should be.
    """

    engine: str
    missing: Sequence[Migration]
    exists: bool = True
    journal: str = ""
    free: int | None = None
    rung_at: datetime | None = None  # when the bell was last rung, where it ever was


async def inspect(url: str) -> Inspected:
    """Look at the database that `url` names.

    Raises a `StorageError` that says why it cannot be used, `DatabaseLocked` and `ReadOnly` among them.
    """
    if url.startswith("sqlite:///") and "\0" not in url:
        return await asyncio.to_thread(_inspect_sqlite, Path(url.removeprefix("sqlite:///")))
    database = await connect(url)
    try:
        absent = await missing(database)
        async with database.transaction() as tx:
            mode = await tx.one("SELECT current_setting('transaction_read_only') AS read_only")
            closed = await tx.all(_CLOSED_TABLES)
            rung = None if absent else await tx.one(LAST_RUNG)
    finally:
        await database.close()
    if mode is None or mode["read_only"] != "off":
        raise ReadOnly("read-only transactions")
    if closed:
        raise RightsMissing(", ".join(row["relname"] for row in closed[:3]))
    return Inspected(database.engine, absent, rung_at=read_instant(rung["rung_at"]) if rung else None)


def _inspect_sqlite(path: Path) -> Inspected:
    folder = path.parent
    if not folder.is_dir():
        raise DatabaseUnavailable(f"no folder {folder}")
    free = shutil.disk_usage(folder).free
    if not path.exists():
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ReadOnly(str(folder))
        return Inspected("sqlite", shipped(), exists=False, free=free)
    with named_errors(str(path)):
        # Not made where it is missing meanwhile: whoever looks leaves nothing behind.
        address = f"file:{quote(str(path))}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            journal = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
            # BEGIN alone succeeds on a file that may not be written.
            for statement in ("BEGIN IMMEDIATE", "PRAGMA user_version=1", "ROLLBACK"):
                connection.execute(statement)
            has_record = connection.execute(HAS_RECORD["sqlite"]).fetchone()
            recorded: list[Row] = [dict(row) for row in connection.execute(RECORDED)] if has_record else []
            absent = lacking(recorded)
            rung = None if absent else connection.execute(LAST_RUNG).fetchone()
    return Inspected(
        "sqlite", absent, journal=journal, free=free, rung_at=read_instant(rung["rung_at"]) if rung else None
    )
