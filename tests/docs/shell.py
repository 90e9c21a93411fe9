"""Run the commands of a page the way a reader does: one folder, line after line, a fresh database."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.docs.pages import ROOT, commands

FOREVER = "dondoc run"  # runs until it is told to stop
# Set up before a reader's commands: the checkout itself, and the environment `make` has made in it.
SET_UP = re.compile(r"git clone <[^>]+> dondoc && cd dondoc|make [a-z]+( [a-z]+)*|\. \.venv/bin/activate")
_CODE = re.compile(r"\b[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}\b", re.IGNORECASE)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a reader who has set nothing, with the commands of this test's environment on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}


def without_codes(text: str) -> str:
    """A text with every invitation's random code replaced by one that is always the same."""
    return _CODE.sub("7K4M-29QX", text)


def make_targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def run(command: str, folder: Path) -> str:
    """Run one command of a page in `folder`, which must succeed, and return what it printed."""
    if command == FOREVER:
        return _run_until_ready(folder)
    found = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert found.returncode == 0, f"{command}: {found.stdout}"
    return found.stdout


def _run_until_ready(folder: Path) -> str:
    with subprocess.Popen(
        FOREVER.split(),
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as running:
        assert running.stdout is not None
        ready = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        rest = running.communicate(timeout=30)[0]
    assert running.returncode == 0, rest
    return ready + rest


def follow(block: str, folder: Path) -> str:
    """Run a block's commands in order and return all they printed; the set-up is only checked to exist."""
    printed = []
    for command in commands(block):
        if SET_UP.fullmatch(command):
            assert set(re.findall(r"[a-z]+", command)[1:]) <= make_targets() or not command.startswith("make ")
        else:
            printed.append(run(command, folder))
    return "".join(printed)


def lay_out(folder: Path, files: Mapping[str, str]) -> None:
    """Put into `folder` what a checkout has that commands of the pages read, and `files`."""
    for name in ("documents", "config.example.toml"):
        (folder / name).symlink_to(ROOT / name)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
