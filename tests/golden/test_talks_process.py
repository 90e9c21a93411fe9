"""Every talk goes as it is written with the program as a process of its own, killed and started again where it says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.golden.test_talks import TALKS
from tests.talk import play
from tests.talk_lines import compare, directions, parse, rewriting
from tests.talk_program import Apart, Nursery
from tests.talk_telegram import TelegramStage

# Killed in the middle, stopped for days, through a whole month, pressed twice, joined, and a plan replaced meanwhile.
ON_POSTGRES = (
    "report/dung_giua_chung",
    "reminders/ngung_muoi_ngay",
    "commands/tinh_hinh_lanh_dao",
    "buttons/bam_hai_lan",
    "join/lan_dau",
    "report/ke_hoach_thay_giua_chung",
)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where programs are started."""
    opened = Nursery()
    yield opened
    opened.close()


async def goes_as_written(talk: Path, url: str, nursery: Nursery) -> None:
    if rewriting() or directions(parse(talk.read_text(encoding="utf-8")), "phones") == ["plain"]:
        return
    stage = TelegramStage(url, partial(Apart, nursery))
    complaints: list[str] = []

    async def watch(_: object) -> None:
        complaints.append(stage.program.complaints)

    went = await play(talk, stage, watch)
    if difference := compare(talk, went, in_turn=False):
        pytest.fail(difference, pytrace=False)
    assert complaints == [""]


@pytest.mark.parametrize("talk", TALKS, ids=name)
async def test_a_talk_goes_as_written_on_sqlite(talk: Path, sqlite_url: str, nursery: Nursery) -> None:
    await goes_as_written(talk, sqlite_url, nursery)


@pytest.mark.parametrize("talk", [talk for talk in TALKS if name(talk) in ON_POSTGRES], ids=name)
async def test_a_talk_goes_as_written_on_postgres(talk: Path, postgres_url: str, nursery: Nursery) -> None:
    await goes_as_written(talk, postgres_url, nursery)


def test_the_talks_on_postgres_exist() -> None:
    assert {name(talk) for talk in TALKS} >= set(ON_POSTGRES)
