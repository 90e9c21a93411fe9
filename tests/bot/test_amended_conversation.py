"""A plan is replaced while people talk: what they are in the middle of goes on, nothing is stored by the old plan."""

from __future__ import annotations

from datetime import timedelta

from bot.app import App
from bot.rehearsal import drain, travel
from storage import amendments, plans, units
from storage.database import Database
from tests.bot.stage import clock, heard, phones, program, say
from tests.golden.situations import AMENDMENTS
from tests.versions import amend_to, version


async def amended(app: App) -> None:
    """Replace the plan of xã Hoa Lư; what is told of it is read at once."""
    async with app.database.transaction() as tx:
        await AMENDMENTS["xa_hoa_lu"](tx, app.clock.now())
    await drain(app)


async def figures(app: App) -> list[str | None]:
    """Return every figure given so far."""
    async with app.database.transaction() as tx:
        return [row["value"] for row in await tx.all("SELECT value FROM submissions ORDER BY id")]


async def test_a_figure_waiting_to_be_confirmed_in_the_old_unit_is_not_stored(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    for words in ("nhập", "bỏ qua", "1.200 người"):
        await say(app, "lan", words)
    assert "Đọc là 1.200 Người" in heard(app, "lan")[-1]
    await amended(app)
    await say(app, "lan", "đúng")
    assert "vừa đổi cách đo trong bản kế hoạch mới" in heard(app, "lan")[-1]
    assert "Mục tiêu: ≥ 60 %" in heard(app, "lan")[-1]
    assert await figures(app) == []


async def test_a_question_repeated_after_the_amendment_is_the_new_one(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    for words in ("nhập", "bỏ qua", "1.200 người"):
        await say(app, "lan", words)
    await amended(app)
    await say(app, "lan", "?")
    assert "Mục tiêu: ≥ 60 %" in heard(app, "lan")[-1]
    await say(app, "lan", "64")
    assert await figures(app) == ["64"]


async def test_a_figure_that_fits_the_new_target_as_well_is_taken(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    await amended(app)
    await say(app, "lan", "85")
    assert "Đã ghi 85 %, mục tiêu ≥ 90 %: chưa đạt." in heard(app, "lan")[-1]
    assert await figures(app) == ["85"]


async def test_the_button_of_a_line_left_behind_says_that_it_is_old(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    for words in ("nhập", "bỏ qua", "bỏ qua", "3,1", "dừng"):
        await say(app, "lan", words)
    choices = [choice for message in phones(app).heard for choice in message.outgoing.choices]
    token = next(choice.token for choice in choices if choice.label == "Sửa số vừa gửi")
    await amended(app)
    phones(app).press("lan", token, app.clock.now())
    await say(app, "lan", "/sua")
    assert "Lựa chọn này đã hết hiệu lực" in heard(app, "lan")[-2]
    assert "Doanh thu" not in heard(app, "lan")[-1]


async def test_a_place_kept_by_an_older_program_goes_on(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    await say(app, "lan", "nhập")
    async with database.transaction() as tx:
        changed = await tx.run("UPDATE conversations SET data = REPLACE(data, '\"measure\"', '\"before\"')")
    assert changed == 1
    await say(app, "lan", "85")
    assert await figures(app) == ["85"]


async def test_nobody_is_reminded_twice_of_one_step(database: Database) -> None:
    app = await program(database)
    await travel(app, clock(app), clock(app).now() + timedelta(hours=1))
    [first] = heard(app, "lan")
    assert first.startswith("🔔")
    async with database.transaction() as tx:
        [unit] = await units.alike(tx, "commune", "xã Vũ Dương")
        assert (await amend_to(tx, unit, version(note="\n"), app.clock.now())).amendment.unchanged == 28
        assert (await plans.in_force(tx, 1)).id == 2
        assert len((await amendments.version(tx, 2)).lines) == 28
    await travel(app, clock(app), clock(app).now() + timedelta(days=1))
    assert heard(app, "lan") == [first]
    await travel(app, clock(app), clock(app).now() + timedelta(days=2))
    assert len(heard(app, "lan")) == 2
