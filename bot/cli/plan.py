"""Reading a plan's file for both commands, and dondoc plan check."""

from __future__ import annotations

import hashlib
import json
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.cli.terminal import say
from bot.complaint import Complaint
from bot.config import load
from documents.appendix import read_plan
from documents.appendix.answers import apply_answers
from documents.appendix.errors import AppendixError
from domain.drafts import BLOCKING, PlanDraft


def read(file: Path, year: int | None, config: Path | None) -> PlanDraft:
    """Read a plan's file within the limits of the settings; raises `Complaint` with what to send instead."""
    limits = load(config).files.limits()
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe or a device would be waited for, for ever
            raise Complaint("file_unreadable", path=file)
        with file.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
        return read_plan(data, file.name, year=year, limits=limits)
    except FileNotFoundError as error:
        raise Complaint("file_missing", path=file) from error
    except OSError as error:
        raise Complaint("file_unreadable", path=file) from error
    except AppendixError as error:
        raise appendix_complaint(error, file) from error


def source_of(file: Path, draft: PlanDraft) -> bytes | None:
    """Return the bytes a draft was read from; None where the file is another one by now."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == draft.source_sha256 else None


def answered(draft: PlanDraft, answers: Mapping[str, str], file: Path) -> PlanDraft:
    """Return a draft with answers taken in; raises `Complaint` for one that does not fit."""
    try:
        return apply_answers(draft, answers)
    except AppendixError as error:
        raise appendix_complaint(error, file) from error


def appendix_complaint(error: AppendixError, file: Path) -> Complaint:
    """Return what to tell a person about a file that cannot be read."""
    return Complaint("appendix", path=file, code=error.code, values=dict(error.values))


def check(file: Path, *, as_json: bool, year: int | None, config: Path | None = None) -> None:
    """Print what was understood of a plan and what must be asked."""
    draft = read(file, year, config)
    if as_json:
        from documents.appendix.as_json import draft_to_json

        sys.stdout.write(json.dumps(draft_to_json(draft), ensure_ascii=False, indent=1) + "\n")
        return
    titles = {section.path: section.title for section in draft.sections}
    say("plan", draft=draft, titles=titles, blocking=BLOCKING, path=file, given_year=year)
