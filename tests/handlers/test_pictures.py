"""Pictures are made of what /status counts, and only of what the person who asked may see."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from domain.model import Target
from domain.periods import WorkCalendar
from domain.targets import judge
from handlers import made, pictures
from handlers.summaries import Summary, summary_of
from storage import submissions, units
from storage.database import Database
from tests.cast import MONDAY, ZONE, Cast, indicator, line_of, percent, plan, settle_in, store_duty, target

CALENDAR = WorkCalendar(ZONE)
LATER = MONDAY + timedelta(days=9)


async def _told(database: Database, *values: Decimal | None) -> tuple[Cast, Summary]:
    """A commune with two sections; of its first indicator figures are given, one a day."""
    cast = await settle_in(database)
    draft = plan(indicator(1, "A", target(percent("65"))), indicator(2, "B", target(Target("not_assigned", raw="-"))))
    stored = await store_duty(database, cast.commune.id, cast.economy, draft)
    for number, value in enumerate(values):
        line = await line_of(database, cast.lan, stored.lines[0])
        at = MONDAY + timedelta(days=number)
        async with database.transaction() as tx:
            verdict = judge(line.target, value)
            submissions.record(tx, line, cast.lan, value, verdict, "x", {}, number + 1, at, as_of=at.date())
    async with database.transaction() as tx:
        return cast, await summary_of(tx, cast.commune, LATER, CALENDAR)


async def test_a_history_is_the_numbers_given_each_as_of_its_day(database: Database) -> None:
    _, summary = await _told(database, Decimal(10), None, Decimal(70))
    [row] = [row for row in summary.report.rows if row.name == "A"]
    found = pictures.history_of(summary, row, CALENDAR)
    assert found is not None
    assert [(str(day), value) for day, value in found.figures] == [
        (MONDAY.date().isoformat(), Decimal(10)),
        ((MONDAY + timedelta(days=2)).date().isoformat(), Decimal(70)),
    ]
    assert (found.name, found.wanted) == ("A", Decimal(65))
    argument = pictures.asked_history(summary, row)
    async with database.transaction() as tx:
        assert await pictures.collect_history(tx, argument, LATER.date()) == found
        assert await pictures.collect_history(tx, argument | {"line": 10**9}, LATER.date()) is None
    assert made.MAKERS["history"].make(found).data.startswith(b"\x89PNG")


async def test_one_number_is_no_history(database: Database) -> None:
    _, summary = await _told(database, Decimal(10), None)
    [row] = [row for row in summary.report.rows if row.name == "A"]
    assert pictures.history_of(summary, row, CALENDAR) is None


async def test_the_map_counts_as_status_does_and_shows_nobody_the_communes_of_others(database: Database) -> None:
    cast, summary = await _told(database, Decimal(70))
    async with database.transaction() as tx:
        await units.ensure_unit(tx, "commune", "xã Không Kế Hoạch", cast.province, MONDAY)
        asked = {who: pictures.asked_map(who, cast.province.id, summary.at) for who in (cast.thu, cast.lan)}
        found = await pictures.collect_map(tx, asked[cast.thu], LATER.date())
        assert await pictures.collect_map(tx, asked[cast.lan], LATER.date()) is None
        assert await pictures.map_of(tx, None, cast.commune.id, LATER, CALENDAR) is None
    assert found is not None
    assert (found.place, found.total, [name for name, _ in found.rows]) == (cast.province.name, 1, [cast.commune.name])
    counts = [cell for _, cells in found.rows for cell in cells]
    assert sum(cell.total for cell in counts) == summary.report.counts.total == 1
    assert sum(cell.met for cell in counts) == summary.report.counts.met == 1
    assert made.MAKERS["map"].make(found).data.startswith(b"\x89PNG")
