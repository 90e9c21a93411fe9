"""Whole processes: from the shell's point of view, imports and all."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from benchmarks.measures import Measure, median_time
from bot.config import CONFIG_VARIABLE, DATABASE_VARIABLE
from documents.samples import VU_DUONG

_DONDOC = [sys.executable, "-m", "bot"]
_PATIENCE = 30


def starting() -> Iterator[Measure]:
    """Yield how long the commands take that people wait for."""
    yield Measure("python -c pass, for comparison", median_time(lambda: _run([sys.executable, "-c", "pass"])), "s")
    yield Measure("dondoc --help", median_time(lambda: _run([*_DONDOC, "--help"])), "s", 0.3)
    with as_file(files("documents.samples") / VU_DUONG) as sample:
        check = [*_DONDOC, "plan", "check", str(sample)]
        yield Measure("dondoc plan check, the shipped plan", median_time(lambda: _run(check)), "s", 0.5)
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        seconds = median_time(lambda: _until_ready(Path(folder)))
        yield Measure("dondoc run, until it says it is ready", seconds, "s", 1.0)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_environment(), timeout=_PATIENCE)


def _until_ready(folder: Path) -> None:
    environment = _environment() | {DATABASE_VARIABLE: f"sqlite:///{folder}/dondoc.db"}
    with subprocess.Popen(
        [*_DONDOC, "run"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        running.terminate()
        if not line:
            raise RuntimeError("dondoc run ended before it was ready")


def _environment() -> dict[str, str]:
    """Return the environment without the settings of whoever runs this."""
    return {name: value for name, value in os.environ.items() if name not in (CONFIG_VARIABLE, DATABASE_VARIABLE)}
