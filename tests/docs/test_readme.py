"""README.md: its commands run, its talk is what the demo prints, and it names every command there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli.main import app
from bot.config import CONFIG_VARIABLE, DATABASE_VARIABLE, TOKEN_VARIABLE
from domain.reminders import LATE_EVERY, STEPS
from domain.vietnamese import fold
from handlers.codes import VALID_FOR
from handlers.commands import COMMANDS, WORDS
from handlers.render import meanings
from tests.docs.pages import ROOT, blocks, commands, named, page, tables
from tests.docs.shell import follow, lay_out, run, without_codes

PAGE = "README.md"
CONSOLE_ONLY = {"/as", "/clock", "/thoat"}
LANGUAGES = (page(PAGE).partition("\n## English\n")[0], page(PAGE).partition("\n## English\n")[2])


def command_lines(group: Any, before: str = "dondoc") -> set[str]:
    """Every command line a group of commands knows: "dondoc demo", "dondoc plan check" …"""
    found: set[str] = set()
    for name, command in group.commands.items():
        line = f"{before} {name}"
        found |= command_lines(command, line) if hasattr(command, "commands") else {line}
    return found


@pytest.mark.parametrize("language", [0, 1], ids=["vietnamese", "english"])
def test_the_commands_run_one_after_the_other_in_an_empty_folder(language: int, tmp_path: Path) -> None:
    lay_out(tmp_path, {})
    shell = [block.text for block in blocks(PAGE) if block.language == "sh" and block.text in LANGUAGES[language]]
    assert len(shell) >= 2
    for text in shell:
        follow(text, tmp_path)
    assert (tmp_path / "dondoc.db").is_file()


def test_two_commands_are_enough_to_see_it_at_work() -> None:
    first, *_ = [block for block in blocks(PAGE) if block.language == "sh"]
    assert [command.split()[0] for command in commands(first.text)] == ["git", "make"]


def test_the_talk_is_what_the_demo_prints(tmp_path: Path) -> None:
    printed = without_codes(run("dondoc demo", tmp_path))
    excerpts = [block.text for block in blocks(PAGE) if block.language == "text"]
    assert len(excerpts) == 3
    for excerpt in excerpts:
        assert without_codes(excerpt) in printed


@pytest.mark.parametrize("text", LANGUAGES, ids=["vietnamese", "english"])
def test_every_command_line_is_named_and_none_that_does_not_exist(text: str) -> None:
    known = command_lines(typer.main.get_command(app))
    assert {line for line in known if line in text} == known
    groups = {line.split()[1] for line in known if line.count(" ") == 2}
    for words in re.findall(r"\bdondoc ([a-z]+(?: [a-z]+)?)", text):
        said = words if words.split()[0] in groups else words.split()[0]
        assert f"dondoc {said}" in known


@pytest.mark.parametrize("text", LANGUAGES, ids=["vietnamese", "english"])
def test_every_chat_command_is_named_and_none_that_does_not_exist(text: str) -> None:
    said = set(re.findall(r"`(/[a-z]+)", text))
    assert said == {f"/{command.name}" for command in COMMANDS.values()} | CONSOLE_ONLY


def test_every_setting_and_its_default_stand_in_the_table() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))
    known = {f"{part}.{name}": value for part, settings in example.items() for name, value in settings.items()}
    said = {row["Thiết lập"].strip("`"): row["Mặc định"].strip("`") for row in tables(PAGE, "Thiết lập")}
    assert {name: tomllib.loads(f"x = {value}")["x"] for name, value in said.items()} == known


@pytest.mark.parametrize("text", LANGUAGES, ids=["vietnamese", "english"])
def test_the_environment_variables_are_named(text: str) -> None:
    assert set(re.findall(r"DONDOC_[A-Z_]+", text)) == {CONFIG_VARIABLE, DATABASE_VARIABLE, TOKEN_VARIABLE}


def test_the_words_people_may_type_instead_of_a_command_mean_it() -> None:
    typed = {"việc của tôi", "tình hình", "hướng dẫn", "thôi", "nhập"}
    assert typed <= set(named(PAGE))
    assert {fold(word) for word in typed} <= set(WORDS)
    answers = {"no_data": "chưa có số liệu", "skip": "bỏ qua", "back": "quay lại", "stop": "dừng"}
    for name, words in answers.items():
        assert words in named(PAGE)
        assert fold(words) in {fold(way) for way in meanings(name)}


def test_the_days_of_reminders_and_invitations_are_those_of_the_program() -> None:
    text = " ".join(page(PAGE).split())
    before, after = [-step for step in STEPS if step < 0], [step for step in STEPS if step > 0]
    assert f"trước hạn {', '.join(map(str, before[:-1]))} và {before[-1]} ngày làm việc, đúng ngày hạn" in text
    assert f"quá hạn {' và '.join(map(str, after))} ngày, rồi mỗi {LATE_EVERY} ngày làm việc" in text
    assert f"dùng một lần trong {VALID_FOR.days} ngày" in text
