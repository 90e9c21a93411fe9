"""The plainest rows to try the door with: communes whose `fold` holds a number."""

from __future__ import annotations

from storage.database import Database, Transaction


async def add_counter(tx: Transaction, name: str) -> None:
    """Add a counter that stands at 0."""
    await tx.run("INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', :name, '0', '')", name=name)


async def names_of(database: Database) -> list[str]:
    """Return the names of all counters, in order."""
    async with database.transaction() as tx:
        return sorted(row["name"] for row in await tx.all("SELECT name FROM units"))


async def count(database: Database, name: str) -> int:
    """Return where a counter stands."""
    async with database.transaction() as tx:
        row = await tx.one("SELECT fold FROM units WHERE name = :name", name=name)
    assert row is not None
    return int(row["fold"])
