"""Whoever takes several locks takes them in one order, whatever the order of the list they answer."""

from __future__ import annotations

import pytest

from storage import duties
from storage.database import Database, Transaction
from tests.bot.stage import program, say


async def test_a_list_over_several_duties_holds_them_by_their_ids(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await program(database, "xa_hoa_lu_ky_hai")
    async with app.database.transaction() as tx:
        await tx.run("UPDATE duty_lines SET status = 'missing', submission_id = NULL")
        await tx.run("UPDATE duties SET status = 'open', next_reminder_at = '2026-12-01T00:00:00.000000Z'")
    held: list[int] = []
    hold = duties.hold

    def spy(tx: Transaction, duty_id: int) -> None:
        held.append(duty_id)
        hold(tx, duty_id)

    monkeypatch.setattr(duties, "hold", spy)
    await say(app, "lan", "nhập")
    await say(app, "lan", "1: 66,5; 2: 10; 6: 70; 7: 900")
    first = list(dict.fromkeys(held))
    assert len(first) == 2
    assert first == sorted(first)
