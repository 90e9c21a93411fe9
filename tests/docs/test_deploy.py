"""docs/deploy: the commands, settings, unit and container say what is true of the program."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer.main

from bot.cli.main import app
from bot.config import CONFIG_VARIABLE, CREDENTIAL, DATABASE_VARIABLE, Settings
from bot.watchdog import LOOK_EVERY
from tests.docs.pages import ROOT, blocks, commands, page

FOLDER = ROOT / "docs" / "deploy"
PAGE = "docs/deploy/README.md"
UNIT = (FOLDER / "dondoc.service").read_text(encoding="utf-8")
ADMIN = (FOLDER / "dondoc-admin").read_text(encoding="utf-8")
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
NEWER_SYSTEMD = {"RestartSteps", "RestartMaxDelaySec"}  # 254


def parses(words: list[str]) -> None:
    """Let the command line read the words of a command, without running it; it raises what it does not understand."""
    group = typer.main.get_command(app)
    context = group.make_context("dondoc", list(words), resilient_parsing=False)
    while hasattr(context.command, "commands"):
        name, command, rest = context.command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, rest, parent=context)


def unit() -> dict[str, list[str]]:
    """The keys of the unit with all their values."""
    found: dict[str, list[str]] = {}
    for line in UNIT.splitlines():
        key, is_set, value = line.partition("=")
        if is_set and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each in one line."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in joined.splitlines() if line]


def test_a_command_that_does_not_exist_would_be_found() -> None:
    for words in (["chek"], ["check", "--ofline"], ["plan", "chek"], ["invite", "--commune", "x"]):
        with pytest.raises(Exception, match=r"chek|ofline|name"):
            parses(words)


def test_every_command_of_the_page_is_understood() -> None:
    seen = 0
    shell = [line for block in blocks(PAGE) if block.language == "sh" for line in commands(block.text)]
    for line in shell:
        words = shlex.split(re.sub(r"<[^>]+>", "repository", line))
        for name in ("dondoc-admin", "exec"):
            if name in words[:6] and not line.startswith("sudo install"):
                parses(words[words.index(name) + (1 if name == "dondoc-admin" else 3) :])
                seen += 1
    assert seen >= 7
    for said in re.findall(r"`(?:sudo )?dondoc(?:-admin)? ([a-z][^`]*)`", page(PAGE)):
        parses(shlex.split(said))


def test_the_files_that_are_copied_exist() -> None:
    named = set(re.findall(r"(?<![\w/])docs/deploy/[\w.-]*\w", page(PAGE) + DOCKERFILE))
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert {path.name for path in FOLDER.iterdir()} >= {name.rpartition("/")[2] for name in named}


@pytest.mark.parametrize("text", [block.text for block in blocks(PAGE) if block.language == "toml"])
def test_the_settings_of_the_page_are_accepted(text: str) -> None:
    Settings.model_validate(tomllib.loads(text))


def test_the_settings_written_by_a_command_and_by_compose_are_accepted() -> None:
    [written] = re.findall(r"printf '([^']+)'", page(PAGE))
    settings = Settings.model_validate(tomllib.loads(written.replace("\\n", "\n")))
    [home] = unit()["WorkingDirectory"]
    assert settings.storage.url == f"sqlite:///{home}/dondoc.db"
    compose = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
    content = compose.partition("content: |\n")[2].partition("\n\n")[0]
    Settings.model_validate(tomllib.loads(re.sub(r"^ +", "", content, flags=re.MULTILINE)))
    assert all(f"\n    {line}\n" in compose for line in ("read_only: true", "cap_drop: [ALL]", "init: true"))
    assert f"{CONFIG_VARIABLE}:" in compose


def test_the_unit_runs_the_program_as_nobody_in_particular_on_a_read_only_system() -> None:
    keys = unit()
    program, *words = shlex.split(keys["ExecStart"][0])
    assert program.endswith("/bin/dondoc")
    parses(words)
    assert (keys["Type"], keys["Restart"], keys["StartLimitIntervalSec"]) == (["notify"], ["always"], ["0"])
    assert int(keys["WatchdogSec"][0]) > 3 * LOOK_EVERY
    assert int(keys["TimeoutStopSec"][0]) > 5
    assert keys["User"] == keys["Group"] == keys["StateDirectory"] == ["dondoc"]
    assert keys["ProtectSystem"] == ["strict"]
    assert keys["NoNewPrivileges"] == keys["PrivateTmp"] == keys["ProtectHome"] == keys["PrivateDevices"] == ["yes"]
    assert keys["CapabilityBoundingSet"] == [""]
    assert keys["LoadCredential"][0].startswith(f"{CREDENTIAL}:/etc/")
    assert keys["Environment"] == [f"{CONFIG_VARIABLE}=/etc/dondoc/config.toml"]
    assert set(keys) >= NEWER_SYSTEMD


def test_commands_by_hand_run_as_the_service_does() -> None:
    keys = unit()
    given = dict(re.findall(r"--property=(\w+)=(\S+)", ADMIN))
    assert {name: keys[name][0] for name in given} == given
    assert set(given) == {"User", "Group", "UMask", "StateDirectory", "WorkingDirectory", "LoadCredential"}
    assert f"--setenv={keys['Environment'][0]}" in ADMIN
    assert f'{keys["ExecStart"][0].split()[0]} "$@"' in ADMIN
    subprocess.run(["sh", "-n", FOLDER / "dondoc-admin"], check=True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_knows_the_keys_of_the_unit(tmp_path: Path) -> None:
    here = tmp_path / "dondoc.service"
    here.write_text(UNIT.replace("/usr/local/lib/dondoc/bin/dondoc", sys.executable), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, timeout=60)
    told = [line for line in done.stderr.splitlines() if "dondoc.service" in line]
    newer = {line for line in told for key in NEWER_SYSTEMD if f"'{key}'" in line}
    assert set(told) - newer == set()


def test_the_container_runs_the_program_without_rights_and_says_how_it_is() -> None:
    found = instructions()
    known = {
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "VOLUME",
        "HEALTHCHECK",
        "STOPSIGNAL",
        "ENTRYPOINT",
        "CMD",
    }
    assert {name for name, _ in found} <= known
    bases = {text.split()[0] for name, text in found if name == "FROM"}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases.pop()), "a version, and no newest of whatever day"
    last = dict(found)
    assert last["USER"] == "dondoc"
    assert all(name not in ("RUN", "COPY") for name, _ in found[found.index(("USER", "dondoc")) :])
    assert json.loads(last["ENTRYPOINT"]) == ["dondoc"]
    parses(json.loads(last["CMD"]))
    program, *words = json.loads(last["HEALTHCHECK"].partition("CMD ")[2])
    assert program == "dondoc"
    parses(words)
    assert f"{DATABASE_VARIABLE}=sqlite:////var/lib/dondoc/" in last["ENV"]


def test_the_container_is_built_of_what_is_copied_and_the_rest_stays_out(tmp_path: Path) -> None:
    copied = {
        part for name, text in instructions() if name == "COPY" and "--from" not in text for part in text.split()[:-1]
    }
    kept = (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {line[1:] for line in kept if line.startswith("!")} == copied
    for part in copied - {"constraints.txt"}:
        (tmp_path / part).symlink_to(ROOT / part)
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")
    wheel = [sys.executable, "-m", "pip", "wheel", *quiet, "--wheel-dir", tmp_path / "wheels", tmp_path]
    subprocess.run(wheel, check=True, timeout=120)
    assert len(list((tmp_path / "wheels").glob("dondoc-*.whl"))) == 1
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert re.search(r"^hatchling==", pinned, re.MULTILINE)


@pytest.mark.parametrize("tool", ["python", "sqlite3"])
def test_a_backup_is_made_while_somebody_writes(tool: str, tmp_path: Path) -> None:
    if not shutil.which(tool):
        pytest.skip(f"no {tool} here")
    writing = sqlite3.connect(tmp_path / "dondoc.db")
    writing.executescript("PRAGMA journal_mode=WAL; CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1);")
    writing.execute("BEGIN IMMEDIATE")
    writing.execute("INSERT INTO t VALUES (2)")
    lines = [line for block in blocks(PAGE) if block.language == "sh" for line in commands(block.text)]
    [line] = [line for line in lines if "sao-luu" in line and (tool == "sqlite3") == ("dondoc sqlite3 " in line)]
    line = line.replace("sudo -u dondoc ", "").replace("/var/lib/dondoc", str(tmp_path))
    line = line.replace("/usr/local/lib/dondoc/bin/python", sys.executable)
    subprocess.run(["bash", "-euc", line], check=True, timeout=30)
    writing.rollback()
    [made] = tmp_path.glob("sao-luu-*.db")
    assert sqlite3.connect(made).execute("SELECT n FROM t").fetchall() == [(1,)]
