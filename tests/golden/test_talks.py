"""Every talk goes as it is written, on both engines, with buttons and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talk import KINDS, play
from tests.talk_lines import Line, compare, directions, parse, rewriting
from tests.talk_simulator import SimulatorStage

FOLDER = Path(__file__).parent
TALKS = sorted(FOLDER.glob("*/*.talk"))


@pytest.mark.parametrize("phones", KINDS)
@pytest.mark.parametrize("talk", TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_a_talk_goes_as_written(talk: Path, phones: str, engine: str, database_url: str) -> None:
    wanted = directions(parse(talk.read_text(encoding="utf-8")), "phones")
    if wanted not in ([], [phones]):
        return  # a talk of one kind of phone has nothing to say about the other
    if rewriting() and (engine != "sqlite" or (phones == "plain" and not wanted)):
        return  # this run decides nothing: the next one, without rewriting, compares
    went = await play(talk, SimulatorStage(database_url, phones))
    if difference := compare(talk, went, rewrite=rewriting()):
        pytest.fail(difference, pytrace=False)


def test_there_are_talks_of_every_flow() -> None:
    assert {path.parent.name for path in TALKS} >= {"join", "report", "reminders", "commands", "buttons"}


def test_what_the_bot_says_is_left_out_of_what_is_played() -> None:
    lines = parse(
        "# hai dòng\n-- given chua_co_gi\n\nlan> xin\n     chào\nbot> Chào\n\n     [A] [B]\nbot → thu> Lan\n\nlan> ?\n"
    )
    assert lines == [
        Line("comment", "# hai dòng"),
        Line("direction", "given chua_co_gi"),
        Line("said", "xin\nchào", "lan", gap=True),
        Line("said", "?", "lan", gap=True),
    ]


def test_a_line_that_is_no_talk_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse("lan> xin chào\nđây là gì")


def test_a_talk_that_went_otherwise_is_shown_as_a_difference(tmp_path: Path) -> None:
    talk = tmp_path / "x.talk"
    talk.write_text("lan> a\nbot> b\n", encoding="utf-8")
    assert "-bot> b\n+bot> c" in compare(talk, "lan> a\nbot> c\n", rewrite=False)
    assert talk.read_text(encoding="utf-8") == "lan> a\nbot> b\n"
    assert compare(talk, "lan> a\nbot> c\n", rewrite=True) == ""
    assert talk.read_text(encoding="utf-8") == "lan> a\nbot> c\n"


def test_talks_are_never_rewritten_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_REWRITE_TALKS", "1")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(RuntimeError, match="CI"):
        rewriting()
