"""The door."""

from storage.database import Database


async def test_a_committed_row_is_there(database: Database) -> None:
    async with database.transaction() as tx:
        tx.later("INSERT INTO units (kind, name, fold, created_at) VALUES ('commune', 'a', 'a', '')")
    async with database.transaction() as tx:
        row = await tx.one("SELECT name FROM units")
    assert row is not None
    assert row["name"] == "a"
