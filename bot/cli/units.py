"""dondoc units: the provinces and communes of the country from a list, and which there are."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.cli.common import commune_name, province_name, with_database
from bot.cli.plan import appendix_complaint
from bot.cli.terminal import say
from bot.clock import Clock
from bot.complaint import Complaint
from bot.config import Settings
from documents.appendix.errors import AppendixError
from documents.lists import read_list
from domain.vietnamese import fold
from storage import audit, units
from storage.database import Database

_COLUMNS = {"province": ("province", "tinh", "tinh, thanh pho"), "commune": ("commune", "xa", "xa, phuong", "ward")}
_LONGEST = 100  # letters of a commune's name
_SHOWN = 20  # rows that are wrong


def load(config: Path | None, file: Path) -> None:
    """Store the provinces and communes of a list that are not there yet: all of them, or none where a row is wrong."""

    async def work(settings: Settings, database: Database) -> None:
        rows = _read(file, settings)
        now = Clock().now()
        added = 0
        async with database.transaction() as tx:
            for province, communes in rows.items():
                parent = await units.ensure_unit(tx, "province", province, None, now)
                added += await units.add_communes(tx, parent, communes, now)
            if added:
                audit.note(tx, "units.imported", "units", now, added=added)
        total = sum(map(len, rows.values()))
        say("units_imported", provinces=len(rows), communes=total, added=added)

    with_database(config, work)


def show(config: Path | None, province: str | None) -> None:
    """Print the provinces with how many communes each has; the communes of one where it is named."""
    wanted = province_name(province) if province is not None else None

    async def work(settings: Settings, database: Database) -> None:  # noqa: ARG001
        async with database.transaction() as tx:
            counted = await units.provinces(tx)
            communes = [unit for unit in await units.communes(tx) if wanted] if wanted else []
        parent = next((unit.id for unit, _ in counted if wanted and fold(unit.name) == fold(wanted)), None)
        say("units", counted=counted, wanted=wanted, communes=[each for each in communes if each.parent_id == parent])

    with_database(config, work)


def _read(file: Path, settings: Settings) -> dict[str, list[str]]:
    """Return the communes of a list by province; raises `Complaint` with every row that is wrong."""
    limits = settings.files.limits()
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe or a device would be waited for, for ever
            raise Complaint("file_unreadable", path=file)
        with file.open("rb") as stream:
            listed = read_list(stream.read(limits.file_bytes + 1), _COLUMNS, limits)
    except FileNotFoundError as error:
        raise Complaint("file_missing", path=file) from error
    except OSError as error:
        raise Complaint("file_unreadable", path=file) from error
    except AppendixError as error:
        if error.code == "not_a_table":
            raise Complaint("units_columns", path=file) from error
        raise appendix_complaint(error, file) from error
    found: dict[str, list[str]] = {}
    wrong: list[int] = []
    for line, cells in listed:
        try:
            province, commune = province_name(cells["province"]), commune_name(cells["commune"])
        except Complaint:
            wrong.append(line)
            continue
        if len(commune) > _LONGEST or any(letter in commune for letter in "=+@<>"):
            wrong.append(line)
            continue
        found.setdefault(province, []).append(commune)
    if wrong:
        raise Complaint("units_wrong", path=file, lines=wrong[:_SHOWN], count=len(wrong))
    return found
