"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the rooms, work."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import ROOT, blocks
from tests.docs.shell import environment
from tests.talk import play
from tests.talk_lines import compare
from tests.talk_simulator import SimulatorStage

ROOMS = ("bot", "documents", "domain", "handlers", "storage", "templates")
PLAY = """
import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import handlers
from bot.app import App
from bot.channels.simulator import Simulator
from bot.clock import MovableClock
from bot.rehearsal import drain
from domain.messages import Address
from domain.periods import WorkCalendar
from storage import people, units
from storage.database import connect
from storage.migrate import migrate

assert Path(handlers.__file__).is_relative_to(Path.cwd())
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)


async def main():
    database = await connect("sqlite:///recipes.db")
    applied = await migrate(database)
    assert applied[-1].what == "feedback", applied
    async with database.transaction() as tx:
        unit = await units.ensure_unit(tx, "province", "Ninh Bình", None, NOW)
        await people.invite(tx, "code", "leader", "Minh", unit.id, None, NOW.replace(year=2027), NOW)
        invited = await people.find_invitation(tx, "code", NOW)
        assert await people.accept(tx, invited, Address("simulator", "minh"), None, NOW)
        assert await tx.all("SELECT words FROM feedback") == []
    simulator = Simulator()
    clock = MovableClock(NOW)
    app = App(database, WorkCalendar(ZONE), clock, [simulator])
    for words in ("/chao", "chào bạn", "[Góp ý]", "?", "ờ", "rất tiện", "[Góp ý]", "dừng"):
        clock.move(timedelta(minutes=1))
        simulator.say("minh", words, clock.now())
        await drain(app)
        print(simulator.latest("minh").text.splitlines()[0])
    await database.close()


asyncio.run(main())
"""


def change(file: Path, old: str, new: str) -> None:
    """Make one change in a file of the copy, as a recipe tells."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} no longer has {old!r}: say in CONTRIBUTING.md what to do now"
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_recipes_for_a_command_a_flow_and_a_migration_work(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for block in blocks("CONTRIBUTING.md"):
        if block.name:
            (tmp_path / block.name).parent.mkdir(exist_ok=True)
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
    commands = tmp_path / "handlers" / "commands" / "__init__.py"
    change(commands, "    cancel,\n", "    cancel,\n    greet,\n")
    change(commands, "_ALL = (\n", "_ALL = (\n    greet.COMMAND,\n")
    flows = tmp_path / "handlers" / "flows" / "__init__.py"
    change(flows, "    extend,\n", "    extend,\n    feedback,\n")
    change(flows, "(join.FLOW, ", "(feedback.FLOW, join.FLOW, ")
    change(
        flows,
        '    "report": ',
        '    "feedback": Entrance(feedback.FLOW, feedback.begin, "read_status"),\n    "report": ',
    )
    played = subprocess.run(
        [sys.executable, "-c", PLAY],
        cwd=tmp_path,
        env={**environment(tmp_path), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert played.returncode == 0, played.stderr
    hello, question = (
        "Chào anh/chị Minh. Hôm nay là 23/11/2026 (thứ Hai).",
        "Anh/chị góp ý gì cho kênh này? Viết một câu.",
    )
    said = played.stdout.splitlines()
    assert said[:6] == [hello, hello, question, question, question, "✅ Đã nhận góp ý. Cảm ơn anh/chị."]
    assert said[6] == question
    assert said[7].startswith("Đã dừng.")


async def test_the_talk_shown_goes_as_written(tmp_path: Path, sqlite_url: str) -> None:
    [shown] = [block.text for block in blocks("CONTRIBUTING.md") if block.language == "talk"]
    talk = tmp_path / "shown.talk"
    talk.write_text(shown, encoding="utf-8")
    assert compare(talk, await play(talk, SimulatorStage(sqlite_url))) == ""
