"""A confirmed plan becomes rows, all or nothing, and comes back in a report as it was read."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from domain.model import Target
from storage import plans, reports, units
from storage.database import Database
from tests.cast import DUE, ECONOMY, MONDAY, indicator, percent, plan, settle_in, store_duty, target

TARGETS = [
    percent("66.50"),
    Target("range", value=Decimal(80), value_max=Decimal(90), unit="%", direction="higher", raw="80-90"),
    Target("number", "<=", Decimal("0.000001"), op_printed="≤", direction="lower", raw="≤ 0,000001", source="name"),
    Target("number", ">=", Decimal("12345678901234567890.10"), raw="12.345.678.901.234.567.890,10"),
    Target("boolean", "==", value=True, raw="Có"),
    Target("boolean", "==", value=False, raw="Không"),
    Target("qualitative", text="Duy trì ‘tốt’; hằng năm", raw="Duy trì"),
    Target("task", text="Ban hành kế hoạch", raw="Ban hành", component="kế hoạch"),
    Target("number", "==", Decimal(0), raw="0"),
]


async def test_every_kind_of_target_comes_back_as_it_was_read(database: Database) -> None:
    cast = await settle_in(database)
    draft = plan(*(indicator(seq, f"Chỉ tiêu {seq}", target(one)) for seq, one in enumerate(TARGETS, 1)))
    await store_duty(database, cast.commune.id, cast.economy, draft)
    async with database.transaction() as tx:
        rows = await reports.status_rows(tx, cast.commune.id, MONDAY.date())
        years = await reports.plan_years(tx, cast.commune.id)
    assert [row.target for row in rows] == TARGETS
    assert str(rows[0].target.value) == "66.50"
    assert rows[4].target.value is True
    assert rows[5].target.value is False
    assert rows[6].target.value is None
    assert {(row.section, row.agency, row.due, row.status) for row in rows} == {
        ("Chính quyền số", ECONOMY, DUE, "missing")
    }
    assert years == [2026]


async def test_a_report_leaves_out_what_is_not_owed_here_this_year(database: Database) -> None:
    cast = await settle_in(database)
    draft = plan(
        indicator(1, "Của năm nay", target(percent("1"), due=None)),
        indicator(2, "Của năm sau", target(percent("2"), year=2027)),
        indicator(3, "Của tỉnh", target(percent("3"), scope="tinh")),
        indicator(4, "Không giao", target(Target("not_assigned", raw="-"))),
        indicator(5, "Chưa rõ ai báo cáo", target(percent("5")), reporters=()),
    )
    async with database.transaction() as tx:
        await plans.store(tx, cast.commune.id, draft, MONDAY)
        rows = await reports.status_rows(tx, cast.commune.id, MONDAY.date())
    assert [(row.name, row.agency, row.due) for row in rows] == [
        ("Của năm nay", None, None),
        ("Chưa rõ ai báo cáo", None, DUE),
    ]


async def test_a_stored_plan_says_who_reports_on_which_target(database: Database) -> None:
    cast = await settle_in(database)
    draft = plan(
        indicator(1, "Hai mục tiêu", target(percent("1")), target(percent("2"))),
        indicator(2, "Chưa rõ ai báo cáo", reporters=()),
    )
    async with database.transaction() as tx:
        stored = await plans.store(tx, cast.commune.id, draft, MONDAY)
        roles = await tx.all("SELECT role, COUNT(*) AS n FROM assignments GROUP BY role ORDER BY role")
        assert await plans.find_same(tx, cast.commune.id, draft.source_sha256) == stored.id
        assert await plans.find_same(tx, cast.province.id, draft.source_sha256) is None
    assert [(found.position, found.reporter_id) for found in stored.targets] == [
        (1, cast.economy),
        (2, cast.economy),
        (3, None),
    ]
    assert [(row["role"], row["n"]) for row in roles] == [("lead", 2), ("monitor", 2), ("report", 1)]


async def test_a_plan_that_cannot_be_stored_whole_is_not_stored(database: Database) -> None:
    cast = await settle_in(database)
    draft = plan(indicator(1, "a"), indicator(1, "the same place in the document twice"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.transaction() as tx:
            await plans.store(tx, cast.commune.id, draft, MONDAY)
    async with database.transaction() as tx:
        for table in ("plans", "sections", "indicators", "targets", "assignments"):
            assert await tx.all(f"SELECT * FROM {table}") == []


async def test_the_same_file_sent_twice_at_once_is_one_plan(database: Database) -> None:
    cast = await settle_in(database)

    async def store() -> None:
        async with database.transaction() as tx:
            if await plans.find_same(tx, cast.commune.id, plan().source_sha256) is None:
                await plans.store(tx, cast.commune.id, plan(), MONDAY)

    await asyncio.gather(*(store() for _ in range(4)), return_exceptions=True)
    async with database.transaction() as tx:
        assert len(await tx.all("SELECT id FROM plans")) == 1
        assert len(await tx.all("SELECT id FROM indicators")) == 2


async def test_communes_do_not_see_each_others_plans(database: Database) -> None:
    cast = await settle_in(database)
    async with database.transaction() as tx:
        other = await units.ensure_unit(tx, "commune", "xã Yên Từ", cast.province, MONDAY)
        await plans.store(tx, other.id, plan(), MONDAY)
        assert await reports.status_rows(tx, cast.commune.id, MONDAY.date()) == []
        assert len(await reports.status_rows(tx, other.id, MONDAY.date())) == 2
