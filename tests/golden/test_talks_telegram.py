"""Every talk goes as it is written over the loopback Bot API, on both engines."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.channels.simulator import Heard
from domain.messages import Choice, MenuCommand, Outgoing
from tests.golden.test_talks import TALKS
from tests.talk import Said, play, spoken
from tests.talk_lines import by_recipient, compare, directions, parse, rewriting
from tests.talk_telegram import TelegramStage


@pytest.mark.parametrize("talk", TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_a_talk_goes_as_written(
    talk: Path, engine: str, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    if rewriting() or directions(parse(talk.read_text(encoding="utf-8")), "phones") == ["plain"]:
        return
    went = await play(talk, TelegramStage(database_url))
    if difference := compare(talk, went, in_turn=False):
        pytest.fail(difference, pytrace=False)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_whoever_blocks_the_bot_and_lets_it_in_again_is_reminded_again(database_url: str) -> None:
    async with TelegramStage(database_url) as stage:
        await stage.play(parse("-- given xa_vu_duong"))
        lan = stage.api.person("lan")
        lan.block()
        await stage.work(stage.app)
        assert await stage.play(parse("-- clock 23/11/2026 17:00\n-- clock 24/11/2026 17:00")) is not None
        lan.unblock()
        await stage.work(stage.app)
        assert lan.texts() == []
        assert stage.api.calls["sendMessage"] == 0, "nobody writes to somebody who does not want it"
        await stage.play(parse("-- clock 25/11/2026 17:00"))
        [reminder] = lan.texts()
        assert "Còn 3 ngày làm việc" in reminder


async def test_a_menu_of_their_own_is_on_the_phone_of_whoever_joins(sqlite_url: str) -> None:
    async with TelegramStage(sqlite_url) as stage:
        talk = "-- given ke_hoach_vu_duong\n-- invited lan (officer, Phòng Kinh tế): 7K4M-29QX\nlan> xin chào"
        await stage.play(parse(talk))
        lan = stage.api.person("lan")
        assert [one["command"] for one in lan.menu()] == ["start"]
        await stage.play(parse("lan> MỜI 7K4M-29QX\nlan> [Đồng ý]"))
        assert [one["command"] for one in lan.menu()] == ["viec", "sua", "huy", "giahan", "toi", "help"]


def test_what_is_spoken_is_the_same_however_it_is_shown() -> None:
    yes = (Choice("1:0", "Đúng"),)
    shown = [
        Heard("lan", Outgoing("Đã ghi.", replaces="7"), "7"),
        Heard("thu", Outgoing("Lan đã ghi."), "1"),
        Heard("lan", Outgoing("Tiếp?", yes), "8"),
        Heard("lan", Outgoing(reaction="👍", reacts_to="6"), "6"),
        Heard("lan", Outgoing(menu=(MenuCommand("viec", "Xem việc"),))),
    ]
    assert spoken(shown) == [Said("lan", "Dạ.\n\nĐã ghi.\n\nTiếp?", ["Đúng"]), Said("thu", "Lan đã ghi.", [])]
    changed = [Heard("lan", Outgoing("Bỏ qua. Tiếp?", yes, replaces="7"), "7"), Heard("lan", Outgoing("Nhắc"), "8")]
    assert [said.text for said in spoken(changed)] == ["Bỏ qua. Tiếp?", "Nhắc"]
    worded = [Heard("lan", Outgoing("Tiếp?\n\nTrả lời bằng số:\n1. Đúng\n2. Sai"))]
    assert spoken(worded, worded=True) == [Said("lan", "Tiếp?", ["Đúng", "Sai"])]


def test_the_order_in_which_different_people_are_written_to_does_not_matter() -> None:
    one = "-- clock +1h\nbot → lan> a\n     b\nbot → thu> c\nbot → lan> d\n\nlan> e\nbot> f\n"
    other = "-- clock +1h\nbot → thu> c\nbot → lan> a\n     b\nbot → lan> d\n\nlan> e\nbot> f\n"
    assert by_recipient(one) == by_recipient(other)
    assert by_recipient(one) != by_recipient(one.replace("d", "x"))
    assert by_recipient(one) != by_recipient(one.replace("a\n     b", "d").replace("lan> d\n\n", "lan> a\n     b\n\n"))
