"""Reads PDF files with a text layer, in a process of its own: the libraries for it bound neither time nor memory.

What a page holds is known only once it has been drawn, so a hostile file cannot be told by its size. The process is
given a limit of both and is killed when it is passed; the bot goes on.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from documents.appendix.errors import TableTooLarge, UnreadableFile
from documents.appendix.gather import Gather
from documents.appendix.limits import Limits
from documents.appendix.rows import Row

_PROGRAM = "from documents.appendix.pdf_pages import main; main()"
# The process needs to find Python and its libraries, and none of the bot's secrets.
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "HOME")


def read_rows(data: bytes, limits: Limits) -> list[Row]:
    """Return the lines and table rows of a PDF, page after page.

    Raises TableTooLarge, or UnreadableFile: besides the usual reasons "scanned", "no_letters", "too_slow" and
    "no_pdf_reader".
    """
    if importlib.util.find_spec("pdfplumber") is None:
        raise UnreadableFile("no_pdf_reader")
    answer = _ask(data, limits)
    if "reason" in answer:
        raise UnreadableFile(answer["reason"], "pdf")
    if "too_large" in answer:
        what, count, limit, line = answer["too_large"]
        raise TableTooLarge(what, count, limit, line)
    gather = Gather(limits)
    for cells, table, from_above in answer["rows"]:
        if table:
            gather.table_row(cells, table, from_above=[(index, text) for index, text in from_above])
        else:
            gather.paragraph(cells[0])
    return gather.rows


def _ask(data: bytes, limits: Limits) -> dict[str, Any]:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", _PROGRAM, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, its input on a pipe
            command, input=data, capture_output=True, timeout=limits.pdf_seconds, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("too_slow", "pdf") from error
    if done.returncode != 0:
        raise UnreadableFile("too_slow" if done.returncode < 0 else "damaged", "pdf")
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise UnreadableFile("damaged", "pdf") from error
    return answer
