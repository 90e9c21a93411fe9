"""docs/privacy.md: the columns it names exist, and what it tells to run leaves no name and no account behind."""

from __future__ import annotations

import re

from domain.messages import Outgoing
from storage import applications, conversations, inbox, invitations, outbox, submissions
from storage.database import Database, Transaction
from storage.forgetting import forget
from storage.migrate import shipped
from tests.cast import LAN, MONDAY, THU, line_of, message, settle_in, store_duty
from tests.docs.pages import named

PAGE = "docs/privacy.md"
TABLES = re.findall(r"CREATE TABLE (?:new_)?(\w+)", " ".join(migration.sql for migration in shipped()))


async def everything(tx: Transaction) -> str:
    """All that is kept, in one text."""
    return "\n".join(
        [str(tuple(row.values())) for table in TABLES for row in map(dict, await tx.all(f"SELECT * FROM {table}"))]
    )


async def test_the_columns_named_exist(database: Database) -> None:
    said = [name.split(".") for name in named(PAGE) if re.fullmatch(r"[a-z]+\.[a-z_]+", name)]
    said = [[table, column] for table, column in said if table in TABLES]
    assert len(said) >= 12
    async with database.transaction() as tx:
        for table, column in said:
            await tx.all(f"SELECT {column} FROM {table}")


async def test_who_withdraws_leaves_figures_but_neither_name_nor_account(database: Database) -> None:
    cast = await settle_in(database)
    stored = await store_duty(database, cast.commune.id, cast.economy)
    async with database.transaction() as tx:
        inbox.record(tx, [message(LAN, "m1", "66,5")], MONDAY)
        outbox.add(tx, LAN, Outgoing("Chào anh/chị Lan"), MONDAY)
        outbox.add(tx, THU, Outgoing("Lan đã tham gia"), MONDAY)
        await tx.run("UPDATE outbox SET status = 'sent'")
        conversations.save(tx, LAN, None, None, None, MONDAY)
    line = await line_of(database, cast.lan, stored.lines[0])
    async with database.transaction() as tx:
        submissions.record(tx, line, cast.lan, None, "not_assessable", "chưa có", {}, 1, MONDAY)
    async with database.transaction() as tx:
        kept = await everything(tx)
        assert "Lan" in kept
        assert LAN.id in kept
        await applications.add(tx, LAN, cast.police, "Lan", 2, MONDAY)
        await invitations.add_pairing(tx, "7K4M29QX", cast.lan, MONDAY, MONDAY)
        forget(tx, cast.lan)
    async with database.transaction() as tx:
        kept = await everything(tx)
        assert "Lan" not in kept
        assert LAN.id not in kept
        assert "chưa có" in kept
        assert "Minh" in kept


async def test_the_words_of_a_message_are_gone_once_it_is_handled(database: Database) -> None:
    async with database.transaction() as tx:
        inbox.record(tx, [message(LAN, "m1", "sáu mươi")], MONDAY)
        claimed = await inbox.claim(tx, MONDAY, ["telegram"])
        assert claimed is not None
        inbox.finish(tx, claimed.id, MONDAY)
    async with database.transaction() as tx:
        assert "sáu mươi" not in await everything(tx)
