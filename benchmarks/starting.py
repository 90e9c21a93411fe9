"""Whole processes: from the shell's point of view, imports and all."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil

from benchmarks.measures import Measure, median_time
from bot.config import DATABASE_VARIABLE, TOKEN_VARIABLE
from documents.samples import VU_DUONG
from tests.botapi import BotApi

_DONDOC = [sys.executable, "-m", "bot"]
_PATIENCE = 30
_TRIES = 5
_ROOT = Path(__file__).parents[1]


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
    tries = [asyncio.run(_with_telegram()) for _ in range(_TRIES)]
    ready, polled, memory = (median(found) for found in zip(*tries, strict=True))
    yield Measure("dondoc run with Telegram, until it says it is ready", ready, "s", 1.0)
    yield Measure("dondoc run with Telegram, until its first getUpdates", polled, "s", 1.2)
    yield Measure("its memory then (RSS)", memory, "MB", 90)


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


async def _with_telegram() -> tuple[float, float, float]:
    """Return the seconds until a program is ready and until it polls, and then its memory in MB."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        async with BotApi() as api:
            settings = f'[telegram]\napi_base_url = "{api.url}"\n'
            Path(folder, "config.toml").write_text(settings, encoding="utf-8")  # noqa: ASYNC240 nobody waits
            environment = _environment() | {TOKEN_VARIABLE: api.token, "PYTHONPATH": str(_ROOT)}
            started = perf_counter()
            running = await asyncio.create_subprocess_exec(
                *_DONDOC, "run", cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            assert running.stdout is not None
            try:
                if not await asyncio.wait_for(running.stdout.readline(), _PATIENCE):
                    raise RuntimeError("dondoc run ended before it was ready")
                ready = perf_counter() - started
                await api.until(lambda: api.first_bot.updates.is_polled(), _PATIENCE)
                polled = perf_counter() - started
                memory = psutil.Process(running.pid).memory_info().rss
            finally:
                running.terminate()
                await running.communicate()
    return ready, polled, memory / 1024 / 1024


def _environment() -> dict[str, str]:
    """Return the environment without the settings of whoever runs this."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
