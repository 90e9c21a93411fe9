"""The processes of a comparison: the Bot API with its people, and bots that poll it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
# Where a library is installed whose needs contradict ours; `make bench` makes it.
_OTHER_PYTHONS = (ROOT / ".venv-bench/bin/python", ROOT / ".venv-bench/Scripts/python.exe")


def other_python() -> str | None:
    """Return the Python that has aiogram, None where there is none."""
    found = next((str(path) for path in _OTHER_PYTHONS if path.exists()), None)
    if found is None:
        return None
    tried = subprocess.run([found, "-c", "import aiogram"], capture_output=True, check=False)
    return found if tried.returncode == 0 else None


def started(
    running: ExitStack, python: str, module: str, *words: str, said: int | IO[str] = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    """Start a module as a process that ends with `running`; what it says on its standard output goes to `said`."""
    process = subprocess.Popen(
        [python, "-m", module, *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=said,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    running.callback(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Service:
    """The Bot API and its people, from the outside; see `benchmarks.rivals.service`."""

    def __init__(self, running: ExitStack) -> None:
        self._process = started(running, sys.executable, "benchmarks.rivals.service", said=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self._read())}"

    def ask(self, verb: str, bot: str, **how: Any) -> Any:
        """Have it done and return the result."""
        assert self._process.stdin is not None
        print(json.dumps({"verb": verb, "bot": bot, **how}), file=self._process.stdin, flush=True)
        return json.loads(self._read())

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the Bot API ended")
        return line
