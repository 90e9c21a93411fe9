"""Damages documents at random and reads them: each is read, or refused by a named error, in time and memory.

`make fuzz` runs 2,000 documents of each format; the tests run a sample of the same.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from documents.appendix import pdf as pdf_reader
from documents.appendix import read_plan
from documents.appendix.errors import AppendixError
from documents.appendix.limits import LIMITS
from documents.appendix.pdf_pages import answer
from tests.documents import office, pdf_files
from tests.documents.plans import plan_bytes

SECONDS = 5.0  # of work for one document; the slowest seen takes a third
MEGABYTES = 300
_NASTY = (
    b"999999999", b"-1", b"0", b"", b"<", b">", b'"', b"&", b"&amp;", b"\x00", b"\xff\xfe", b"</w:tbl>", b"<w:tbl>",
    b"<!DOCTYPE x>", b"<!ENTITY a 'b'>", b"&lol;", b"A1:XFD1048576", b"1e308", b"nan", b"\xf0\x9f\x98\x80", b"]]>",
    b"/Length 99999999", b"endstream", b"obj", b"<<", b">>", b"|", b"\t", b";", b",", b'"\n', b"I\tx\t\t\n",
)  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What became of the documents of one format."""

    seeds: list[bytes]
    name: str
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


class _Overdue(BaseException):
    """No Exception, or the reader's own net would catch it."""


def seeds(format_: str) -> list[bytes]:
    """Whole documents to begin with."""
    makers: dict[str, Callable[[str], bytes]] = {
        "docx": office.docx,
        "xlsx": office.xlsx,
        "pdf": lambda name: pdf_files.pdf(name, compressed=False),
        "md": office.markdown,
        "csv": office.csv_file,
        "txt": plan_bytes,
    }
    return [makers[format_](plan) for plan in ("thuy_hung", "xuan_hung")]


FORMATS = ("docx", "xlsx", "pdf", "md", "csv", "txt")


def damage(data: bytes, chance: random.Random) -> bytes:
    """Change a few places: bytes flipped, stretches lost, repeated or moved, nasty words put in."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        at = chance.randrange(len(out) + 1)
        length = chance.choice((1, 2, 8, 40, 400, 4_000))
        match chance.randrange(6):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length] * chance.choice((1, 3, 30))
            case 3:
                other = chance.randrange(len(out) + 1)
                out[at : at + length] = out[other : other + length]
            case 4:
                out[at : at + chance.choice((0, 4))] = chance.choice(_NASTY)
            case _ if chance.random() < 0.2:
                del out[at:]
            case _:
                del out[at : at + 1]
    return bytes(out[: LIMITS.file_bytes])


def damage_parts(data: bytes, chance: random.Random) -> bytes:
    """Change the parts inside an archive, so that the damage reaches the reader of the format."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        likely = [name for name in names if "document" in name or "sheet" in name or "shared" in name]
        chosen = {chance.choice(likely), chance.choice(names)} if chance.random() < 0.5 else {chance.choice(likely)}
        for name in old.namelist():
            part = old.read(name)
            if name in chosen:
                part = damage_xml(part, chance) if chance.random() < 0.7 else damage(part, chance)
            if name not in chosen or chance.random() < 0.95:
                new.writestr(name, part)
    return stream.getvalue()


def damage_xml(data: bytes, chance: random.Random) -> bytes:
    """Change values and whole elements, leaving most of it well-formed."""
    import re

    values = list(re.finditer(rb'"([^"<>]{0,40})"', data))
    elements = list(re.finditer(rb"<([\w:]+)[^<>]*/>|<([\w:]+)[^<>]*>[^<>]*</\2>", data))
    for _ in range(chance.choice((1, 3, 10))):
        if chance.random() < 0.5 and values:
            match = chance.choice(values)
            data = data.replace(match[0], b'"' + chance.choice(_NASTY[:4]) + b'"', chance.choice((1, 50)))
        elif elements:
            match, other = chance.choice(elements), chance.choice(elements)
            data = data.replace(match[0], chance.choice((b"", other[0], match[0] * 40)), chance.choice((1, 5)))
    return data


def run(format_: str, count: int, seed: int) -> Outcome:
    """Read `count` damaged documents of a format."""
    chance = random.Random(f"{format_} {seed}")
    outcome = Outcome(seeds(format_), f"x.{format_}")
    for number in range(count):
        whole = chance.choice(outcome.seeds)
        inside = format_ in ("docx", "xlsx") and chance.random() < 0.8
        document = damage_parts(whole, chance) if inside else damage(whole, chance)
        if format_ in ("md", "csv", "txt") and chance.random() < 0.8:
            # Letters cut in two end the reading at once; what is left should reach the table.
            document = document.decode("utf-8", "ignore").encode()
        _read(outcome, document, number)
    return outcome


def _read(outcome: Outcome, document: bytes, number: int) -> None:
    def overdue(signum: int, frame: FrameType | None) -> None:
        raise _Overdue

    # Work is counted, not the clock, which also runs for other programs.
    signal.signal(signal.SIGPROF, overdue)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    start = time.process_time()
    try:
        read_plan(document, outcome.name, year=2026)
        outcome.read += 1
    except AppendixError as error:
        outcome.refused[f"{error.code} {error.values.get('reason', '')}".strip()] += 1
    except _Overdue:
        outcome.failures.append(f"document {number} took more than {SECONDS} seconds")
    except Exception as error:
        outcome.failures.append(f"document {number}: {type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        outcome.slowest = max(outcome.slowest, time.process_time() - start)


def main() -> int:
    """Run the whole and print one line a format."""
    import logging

    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("formats", nargs="*", default=FORMATS)
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    # Two thousand processes would take an hour to start; the limits of time are the same without.
    pdf_reader._ask = answer
    failed = False
    for format_ in chosen.formats:
        if format_ == "pdf" and pdf_files.font_file() is None:
            print("pdf: skipped, no font with Vietnamese letters")
            continue
        outcome = run(format_, chosen.count, chosen.seed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * (1024 if sys.platform == "darwin" else 1))
        refused = ", ".join(f"{what} {times}" for what, times in outcome.refused.most_common())
        print(f"{format_}: {outcome.read} read; {refused}; slowest {outcome.slowest:.2f} s; peak {peak} MB", flush=True)
        for failure in outcome.failures[:20]:
            print(f"  {failure}")
        failed = failed or bool(outcome.failures) or peak > MEGABYTES
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
