"""What `dondoc check` has found, a line each, and what it can find on this machine alone."""

from __future__ import annotations

import importlib.util
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.complaint import Complaint
from bot.config import CalendarSettings, Settings, Source, load, source
from handlers.documents import FORMATS, missing
from handlers.render import render

Level = Literal["good", "warning", "bad"]
LARGEST_SKEW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad it is, what it is and what to do."""

    level: Level
    line: str


def found(level: Level, about: str, **values: Any) -> Finding:
    """Return a finding in the words of templates/vi/cli/`about`.txt."""
    return Finding(level, render(about, level=level, **values))


def look_at_settings(config: Path | None) -> tuple[Settings | None, Finding]:
    """Return the settings, None where they cannot be used, and the file and the variables they come from."""
    try:
        settings, origin = load(config), source(config)
    except Complaint as complaint:
        return None, found("bad", "cli/check_settings", complaint=str(complaint))
    return settings, found("good", "cli/check_settings", complaint="", origin=origin)


def look_at_clock(calendar: CalendarSettings, now: datetime, ahead: timedelta | None) -> Finding:
    """Say what time it is here, and by how much a messenger's clock differs, where one has told."""
    local = now.astimezone(calendar.calendar().zone)
    wrong = ahead is not None and abs(ahead) > LARGEST_SKEW
    seconds = None if ahead is None else round(ahead.total_seconds())
    return found("warning" if wrong else "good", "cli/check_clock", local=local, zone=calendar.zone, ahead=seconds)


def look_at_secrets(settings: Settings, origin: Source) -> Finding:
    """Say which files that hold a secret, or name people, others on this machine may read."""
    kind, _, path = settings.storage.url.partition(":///")
    held = [settings.telegram.token_path()]
    if kind == "sqlite":
        held.append(Path(path))
    if origin.file and "storage.url" in origin.changed and urlsplit(settings.storage.url).password:
        held.append(origin.file)
    open_to_others = [file for file in held if file is not None and _others_may_read(file)]
    return found("warning" if open_to_others else "good", "cli/check_secrets", files=open_to_others)


def _others_may_read(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def look_at_parts(url: str) -> Finding:
    """Say which optional parts are installed; PostgreSQL's driver is needed only by who uses it."""
    pdf, postgres = (importlib.util.find_spec(name) is not None for name in ("pdfplumber", "asyncpg"))
    needs_postgres = url.startswith("postgres")
    level: Level = "good" if pdf and (postgres or not needs_postgres) else "warning"
    return found(level, "cli/check_parts", pdf=pdf, postgres=postgres, needs_postgres=needs_postgres)


def look_at_fonts() -> Finding:
    """Say whether documents can be made, and pictures lettered in Vietnamese."""
    lacking = sorted({library for name in FORMATS for library in missing(name)})
    if lacking:
        return found("warning", "cli/check_fonts", lacking=lacking, font="", shown=False)
    from documents.report.pictures import font

    name, shown = font()
    return found("good" if shown else "warning", "cli/check_fonts", lacking=(), font=name, shown=shown)


def worst(findings: Sequence[Finding]) -> Level:
    """Return how bad the worst of the findings is."""
    levels = {finding.level for finding in findings}
    return "bad" if "bad" in levels else "warning" if "warning" in levels else "good"
