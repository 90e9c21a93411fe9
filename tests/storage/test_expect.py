"""What a transaction counts on is held to be so before it commits."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.errors import Outdated
from tests.cast import MONDAY, settle_in

_RENAME = "UPDATE people SET name = :name WHERE id = :id AND name = :seen"


async def names(database: Database) -> list[str]:
    """Return everybody's name."""
    async with database.transaction() as tx:
        return [row["name"] for row in await tx.all("SELECT name FROM people ORDER BY id")]


async def test_what_is_as_expected_is_changed(database: Database) -> None:
    cast = await settle_in(database)
    seen = (await names(database))[0]
    async with database.transaction() as tx:
        tx.expect(_RENAME, id=cast.lan, seen=seen, name="Lan Anh")
    assert (await names(database))[0] == "Lan Anh"


@pytest.mark.parametrize("reads_on", [False, True])
async def test_what_is_not_undoes_everything_before_and_after_it(database: Database, reads_on: bool) -> None:
    cast = await settle_in(database)
    before = await names(database)
    with pytest.raises(Outdated):
        async with database.transaction() as tx:
            tx.later("UPDATE people SET name = 'x' WHERE id = :id", id=cast.hoa)
            tx.expect(_RENAME, id=cast.lan, seen="somebody else", name="Lan Anh")
            tx.later("UPDATE people SET name = 'y' WHERE id = :id", id=cast.hoa)
            if reads_on:
                await tx.all("SELECT 1")
    assert await names(database) == before


async def test_going_on_after_it_failed_keeps_nothing(database: Database) -> None:
    cast = await settle_in(database)
    before = await names(database)
    with pytest.raises(Exception, match="spoilt"):
        async with database.transaction() as tx:
            tx.expect(_RENAME, id=cast.lan, seen="somebody else", name="Lan Anh")
            with pytest.raises(Outdated):
                await tx.all("SELECT 1")
            tx.later("UPDATE people SET name = 'y', created_at = :now WHERE id = :id", id=cast.hoa, now=str(MONDAY))
    assert await names(database) == before


async def test_a_row_too_many_is_as_wrong_as_one_too_few(database: Database) -> None:
    await settle_in(database)
    with pytest.raises(Outdated):
        async with database.transaction() as tx:
            tx.expect("UPDATE people SET name = 'z'")
