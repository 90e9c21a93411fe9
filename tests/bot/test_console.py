"""The console: one phone in hand, /as changes hands, /clock moves time where nobody real would notice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.channels.console import ConsoleScreen, directions, printed
from bot.console import Console, read_moment
from bot.keyboard import StandardInput
from domain.messages import Address, Choice, Outgoing
from storage.database import Database
from tests.bot.stage import clock, phones, program, rows
from tests.cast import MONDAY, join


async def typed(app: App, *lines: str, who: str = "Lan", trial: bool = True) -> list[str]:
    """Type lines at a console and return what it printed for messages; directions go to the real output."""
    shown: list[str] = []
    screen = ConsoleScreen(phones(app), shown.append, {})
    console = Console(app, clock(app), phones(app), screen, trial=trial)
    await console.take_phone(who)
    keys: Iterable[str] = iter([f"{line}\n" for line in lines])
    await console.run(lambda: next(iter(keys), ""))
    return shown


async def test_a_talk_at_the_console_is_a_talk_with_the_program(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    app = await program(database, "xa_hoa_lu")
    shown = await typed(app, "nhập", "66,5", "", "[Bỏ qua]", "[Không có nút này]", "/thoat", "không đọc nữa")
    assert any("Đã ghi 66,5 %" in text for text in shown)
    assert all(text.startswith("bot> ") for text in shown)
    said = capsys.readouterr().out
    assert "Điện thoại của Lan" in said
    assert "không có nút [Không có nút này]" in said


async def test_time_moves_and_what_falls_due_on_the_way_is_sent(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    shown = await typed(app, "/clock +3d")
    assert sum("🔔" in text for text in shown) == 2, "at once, and three working days before the due day"
    assert clock(app).now() == MONDAY + timedelta(days=3)


@pytest.mark.parametrize("span", ["", "3d", "+3", "-3d", "+3x", "+9999d", "20/11/2026", "31/2/2026", "1/1/2031 25:00"])
async def test_a_time_that_cannot_be_gone_to_is_explained(
    database: Database, span: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = await program(database, "chua_co_gi")
    assert await typed(app, f"/clock {span}", who="Khách") == []
    assert "/clock +3d" in capsys.readouterr().out.split("Chỉ đi tới trước")[1]
    assert clock(app).now() == MONDAY


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("+30m", timedelta(minutes=30)),
        ("+2h", timedelta(hours=2)),
        ("+366d", timedelta(days=366)),
        ("24/11/2026 09:00", timedelta(days=1)),
        ("24/11/2026", timedelta(hours=15)),
    ],
)
async def test_times_to_go_to(database: Database, text: str, by: timedelta) -> None:
    app = await program(database, "chua_co_gi")
    assert read_moment(text, clock(app), app) == MONDAY + by


async def test_the_clock_does_not_move_where_real_people_are(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    app = await program(database)
    [unit] = await rows(database, "SELECT id FROM units WHERE kind = 'commune'")
    await join(database, "Nam", Address("telegram", "7"), "leader", unit["id"])
    await typed(app, "/clock +3d")
    assert "đang có người dùng thật" in capsys.readouterr().out
    assert clock(app).now() == MONDAY


async def test_the_phone_changes_hands(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    app = await program(database)
    shown = await typed(app, "/as Minh", "/status", "/as Ông Tám", "xin chào")
    assert any("xã Vũ Dương" in text for text in shown)
    assert "kênh thu số liệu" in shown[-1]
    said = " ".join(capsys.readouterr().out.split())
    assert "Điện thoại của Ông Tám" in said
    assert said.count("chưa tham gia") == 1


def test_a_message_is_printed_within_the_width_of_a_terminal() -> None:
    text = printed("bot", Outgoing("Một câu dài " * 20 + "\n\nhết", (Choice("a", "Bỏ qua"), Choice("b", "Dừng"))))
    assert max(map(len, text.splitlines())) <= 78
    assert text.splitlines()[-1] == "     [Bỏ qua]  [Dừng]"
    assert text.startswith("bot> Một câu dài")


async def test_what_arrived_on_a_phone_is_there_when_it_is_taken_up(database: Database) -> None:
    app = await program(database, "xa_hoa_lu")
    shown: list[str] = []
    screen = ConsoleScreen(phones(app), shown.append, {"lan": "Lan", "minh": "Minh"})
    screen.take("minh")
    await phones(app).send(Address("simulator", "lan"), Outgoing("Còn 2 chỉ tiêu."))
    assert shown == []
    screen.take("lan")
    assert shown == ["bot> Còn 2 chỉ tiêu.\n"]
    screen.take("minh")
    screen.take("lan")
    assert len(shown) == 1, "shown once"


def test_a_figure_stays_with_its_unit_at_the_end_of_a_line() -> None:
    line = "x" * 66 + " mục 85 %"
    assert printed("bot", Outgoing(line)).splitlines()[1].strip() == "85 %"


@pytest.mark.parametrize("word", ["/thoat", "/thoát", "thoát", "Thoat", "exit", "/exit", "quit", " QUIT "])
async def test_there_are_many_ways_to_leave(database: Database, word: str) -> None:
    app = await program(database)
    assert await typed(app, word, "xin chào") == []


async def test_what_arrives_for_somebody_else_is_said_once_by_name(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    app = await program(database, "xa_hoa_lu")
    async with database.transaction() as tx:
        await tx.run("UPDATE people SET name = 'Nguyễn Thị Lan' WHERE name = 'Lan'")
    shown = await typed(app, "/clock +10d", "/as nguyen thi lan", who="Khách")
    said = capsys.readouterr().out
    assert said.count("── Có tin mới cho Nguyễn Thị Lan: gõ /as Nguyễn Thị Lan để xem.") == 1
    assert "Đã nhắn cho: " in said
    assert "Nguyễn Thị Lan" in said.split("Đã nhắn cho: ")[1].splitlines()[0]
    assert "Điện thoại của Nguyễn Thị Lan" in said
    assert sum("🔔" in text for text in shown) >= 2, "all that was missed"


async def test_a_clock_moved_in_vain_says_so(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    app = await program(database, "chua_co_gi")
    await typed(app, "/clock +3d", who="Khách")
    assert "Không có tin nào được gửi" in capsys.readouterr().out


async def test_the_clock_of_a_database_in_use_moves_only_when_asked_twice(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    app = await program(database, "chua_co_gi")
    await typed(app, "/clock +3d", "/clock +4d", who="Khách", trial=False)
    said = " ".join(capsys.readouterr().out.split())
    assert clock(app).now() == MONDAY
    assert said.count("được coi là đã gửi") == 2
    assert "DONDOC_DATABASE=sqlite:///thu.db" in said
    await typed(app, "/clock +3d", "/clock +3d", "/clock +1d", who="Khách", trial=False)
    assert clock(app).now() == MONDAY + timedelta(days=4)


@pytest.mark.parametrize(("columns", "used"), [(20, 40), (40, 40), (60, 60), (100, 100), (300, 100)])
def test_everything_is_wrapped_to_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int, used: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    message = Outgoing("Một câu dài " * 40, (Choice("a", "Bỏ qua"), Choice("b", "Dừng")))
    for text in (printed("bot → Nguyễn Thị Lan", message), directions("── " + "chỉ dẫn dài " * 40)):
        assert used - 14 < max(map(len, text.splitlines())) <= used - 2


def test_standard_input_is_read_line_by_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "typed").write_bytes(b"a\n\n\xff b")
    with (tmp_path / "typed").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        read = StandardInput()
        assert [read() for _ in range(5)] == ["a\n", "\n", "\ufffd b", "", ""]
