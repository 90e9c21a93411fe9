"""Settings: a TOML file whose every line has a default, checked as a whole before anything starts."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from bot.complaint import Complaint
from bot.file_store import FileStore
from documents.appendix.limits import Limits
from domain.periods import WorkCalendar
from domain.rungs import FURTHEST, ReminderRules

CONFIG_VARIABLE = "DONDOC_CONFIG"
DATABASE_VARIABLE = "DONDOC_DATABASE"  # a URL with a password belongs in the environment, not in a file
TOKEN_VARIABLE = "DONDOC_TELEGRAM_TOKEN"  # noqa: S105 the name of a variable
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"  # where systemd puts what a unit says with LoadCredential=
CREDENTIAL = "telegram-token"
DEFAULT_FILE = Path("config.toml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StorageSettings(_Part):
    """Where the data is kept. A relative SQLite path starts at the folder of the settings file."""

    url: str = "sqlite:///dondoc.db"
    keep_messages_days: int = Field(default=90, ge=7, le=3650)

    @field_validator("url")
    @classmethod
    def _known_engine(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("engine")
        return url


class UnitSettings(_Part):
    """The unit this installation is for: whoever sends the first code becomes its admin. Empty: see `dondoc run`."""

    province: str = ""
    commune: str = ""


class CalendarSettings(_Part):
    """Working days and the hours in which people are written to. See `domain.periods.WorkCalendar`."""

    zone: str = "Asia/Ho_Chi_Minh"
    opens: time = time(8, 0)
    closes: time = time(16, 30)
    quiet_hours: list[time] = []
    public_holidays: bool = True
    culture_day_off: bool = False
    # The swap of 2026 (12729/VPCP-KGVX of 25/12/2025), which the package of holidays does not know.
    days_off: list[date] = [date(2026, 1, 2)]
    extra_working_days: list[date] = [date(2026, 1, 10)]

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("zone") from error
        return zone

    @model_validator(mode="after")
    def _window(self) -> CalendarSettings:
        if self.opens >= self.closes:
            raise ValueError("window")
        if self.quiet_hours and (len(self.quiet_hours) != 2 or self.quiet_hours[0] >= self.quiet_hours[1]):
            raise ValueError("quiet_hours")
        if self.quiet_hours and self.quiet_hours[0] <= self.opens and self.closes <= self.quiet_hours[1]:
            raise ValueError("all_quiet")
        if set(self.days_off) & set(self.extra_working_days):
            raise ValueError("off_and_worked")
        return self

    def calendar(self) -> WorkCalendar:
        """Return the calendar these settings describe; what they say themselves goes before the public holidays."""
        off, worked = frozenset[date](), frozenset[date]()
        if self.public_holidays:
            from bot.public_holidays import public_holidays

            off, worked = public_holidays(culture_day_off=self.culture_day_off)
        said_off, said_worked = frozenset(self.days_off), frozenset(self.extra_working_days)
        return WorkCalendar(
            ZoneInfo(self.zone),
            self.opens,
            self.closes,
            (off - said_worked) | said_off,
            (worked - said_off) | said_worked,
            (self.quiet_hours[0], self.quiet_hours[1]) if self.quiet_hours else None,
        )


_Days = Annotated[int, Field(ge=-FURTHEST, le=FURTHEST)]


class ReminderSettings(_Part):
    """On which working days before and after a due day who is reminded. See `domain.rungs.ReminderRules`."""

    steps: list[_Days] = list(ReminderRules().steps)
    late_every: Annotated[int, Field(ge=1, le=FURTHEST)] = 5
    alternate_after: _Days = 1
    head_after: _Days = 3
    leader_after: _Days = 5
    weekly_cap: Annotated[int, Field(ge=1, le=7)] = 4

    @model_validator(mode="after")
    def _possible(self) -> ReminderSettings:
        if problem := self.rules().problem():
            raise ValueError(problem)
        return self

    def rules(self) -> ReminderRules:
        """Return the rules these settings describe."""
        return ReminderRules(
            tuple(self.steps),
            self.late_every,
            self.alternate_after,
            self.head_after,
            self.leader_after,
            self.weekly_cap,
        )


_Megabytes = Annotated[int, Field(ge=1, le=1_024)]
_Count = Annotated[int, Field(ge=1, le=1_000_000)]
_Seconds = Annotated[float, Field(gt=0, le=600)]
_MB = 1024 * 1024


class FileSettings(_Part):
    """How much of a plan's file is read before it is refused. See `documents.appendix.limits.Limits`."""

    file_mb: _Megabytes = 20
    inflated_mb: _Megabytes = 48
    lines: _Count = 100_000
    rows: _Count = 10_000
    columns: Annotated[int, Field(ge=1, le=1_000)] = 64
    cells: _Count = 150_000
    cell_letters: Annotated[int, Field(ge=1, le=100_000)] = 20_000
    pdf_pages: Annotated[int, Field(ge=1, le=1_000)] = 100
    pdf_page_seconds: _Seconds = 1.0
    pdf_seconds: _Seconds = 20.0
    pdf_mb: _Megabytes = 256

    def limits(self) -> Limits:
        """Return the limits these settings describe; what nobody would think of setting goes with the size unpacked."""
        return Limits(
            file_bytes=self.file_mb * _MB,
            inflated_bytes=self.inflated_mb * _MB,
            part_bytes=self.inflated_mb * _MB // 2,
            nodes=self.inflated_mb * 1_000_000 // 48,
            lines=self.lines,
            rows=self.rows,
            columns=self.columns,
            cells=self.cells,
            cell=self.cell_letters,
            pdf_pages=self.pdf_pages,
            pdf_page_seconds=self.pdf_page_seconds,
            pdf_seconds=self.pdf_seconds,
            pdf_memory=self.pdf_mb * _MB,
        )


class ReceivedSettings(_Part):
    """Files people send: where they are kept, how large one may be, how many one person may send within 24 hours.

    A relative folder starts at the folder of the SQLite file; with PostgreSQL, at that of the settings file.
    """

    folder: str = "files"
    file_mb: _Megabytes = 20
    a_day: _Count = 100

    def store(self) -> FileStore:
        """Return the store these settings describe."""
        return FileStore(Path(self.folder), self.file_mb * _MB, self.a_day)


class TelegramSettings(_Part):
    """How Telegram is reached; there is no such channel without a token. See `bot.channels.telegram.TelegramOptions`.

    The token is the whole bot: it comes from $DONDOC_TELEGRAM_TOKEN, a file of its own or systemd, never from here.
    """

    token_file: str = ""
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    listen_host: str = "127.0.0.1"
    listen_port: Annotated[int, Field(ge=1, le=65_535)] = 8443
    proxy: str = ""
    sends_a_second: Annotated[float, Field(gt=0, le=1_000)] = 25.0
    api_base_url: str = "https://api.telegram.org"
    local_api: bool = False

    @field_validator("webhook_url", "proxy", "api_base_url")
    @classmethod
    def _address(cls, url: str, info: ValidationInfo) -> str:
        if url or info.field_name == "api_base_url":
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError("address")
        return url

    @model_validator(mode="after")
    def _way_in(self) -> TelegramSettings:
        if self.mode == "webhook" and not self.webhook_url:
            raise ValueError("webhook")
        return self

    def token_path(self) -> Path | None:
        """Return the file the token is read from: `token_file`, else systemd's; None for the environment's token."""
        if os.environ.get(TOKEN_VARIABLE, "").strip():
            return None
        if self.token_file:
            return Path(self.token_file)
        handed_over = Path(os.environ.get(CREDENTIALS_VARIABLE, ""), CREDENTIAL)
        return handed_over if handed_over.is_absolute() and handed_over.is_file() else None

    def token(self) -> str | None:
        """Return the token, None where there is none; raises `Complaint` for a file that cannot be read."""
        path = self.token_path()
        if path is None:
            return os.environ.get(TOKEN_VARIABLE, "").strip() or None
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Complaint("token_file", path=path) from error
        if not token:
            raise Complaint("token_file", path=path)
        return token


class HealthSettings(_Part):
    """Who notices that the program no longer reminds: an address that is asked for as long as it does."""

    ping_url: str = ""

    @field_validator("ping_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("address")
        return url


class LogSettings(_Part):
    """What the program writes to its log; never anybody's words, numbers or keys."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(_Part):
    """All settings."""

    storage: StorageSettings = StorageSettings()
    unit: UnitSettings = UnitSettings()
    calendar: CalendarSettings = CalendarSettings()
    reminders: ReminderSettings = ReminderSettings()
    files: FileSettings = FileSettings()
    received: ReceivedSettings = ReceivedSettings()
    telegram: TelegramSettings = TelegramSettings()
    health: HealthSettings = HealthSettings()
    log: LogSettings = LogSettings()

    def work_calendar(self) -> WorkCalendar:
        """Return when people are written to, and on which days they are reminded."""
        return replace(self.calendar.calendar(), rules=self.reminders.rules())


@dataclass(frozen=True, slots=True)
class Source:
    """Where settings come from: the file, None without one; what in it is not the default; the variables that are set.

    Names only: a value may be a secret.
    """

    file: Path | None
    changed: tuple[str, ...]
    variables: tuple[str, ...]


def source(path: Path | None = None) -> Source:
    """Return where the settings come from that `load` returns; raises `Complaint` for a file that cannot be read."""
    file, raw = _read(path)
    changed = tuple(
        f"{part}.{name}"
        for part, given in raw.items()
        for name, value in (given.items() if isinstance(given, dict) else ())
        if value != getattr(getattr(Settings(), part, None), name, None)
    )
    variables = (CONFIG_VARIABLE, DATABASE_VARIABLE, TOKEN_VARIABLE)
    return Source(
        file if raw or file.is_file() else None, changed, tuple(name for name in variables if os.environ.get(name))
    )


def load(path: Path | None = None) -> Settings:
    """Read the settings file: `path`, else $DONDOC_CONFIG, else config.toml here; all defaults without one.

    $DONDOC_DATABASE overrides the database's URL. Raises `Complaint` with the line to change.
    """
    file, raw = _read(path)
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise _complaint(file, error) from error
    if url := os.environ.get(DATABASE_VARIABLE):
        try:
            storage = StorageSettings.model_validate(settings.storage.model_dump() | {"url": url})
            settings = settings.model_copy(update={"storage": storage})
        except ValidationError as error:
            raise Complaint("database_variable", name=DATABASE_VARIABLE) from error
    return _anchored(settings, file.parent)


def _read(path: Path | None) -> tuple[Path, dict[str, Any]]:
    """Return the settings file, which need not exist where nobody named it, and what is in it."""
    named = path or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
    file = named or DEFAULT_FILE
    text = ""
    try:
        text = file.read_text(encoding="utf-8-sig")  # Notepad puts a mark before the first letter
        return file, tomllib.loads(text)
    except FileNotFoundError as error:
        if named is not None:
            raise Complaint("settings_missing", path=named) from error
        return file, {}
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint("settings_unreadable", path=file) from error
    except tomllib.TOMLDecodeError as error:
        raise Complaint("settings_not_toml", path=file, line=_line(error, text)) from error


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Return the settings with relative paths starting at the folder of their file."""
    update: dict[str, _Part] = {}
    data = folder
    kind, found, path = settings.storage.url.partition("sqlite:///")
    if found and not kind:
        data = (folder / path).parent
        url = f"sqlite:///{folder / path}"
        update["storage"] = settings.storage.model_copy(update={"url": url})
    update["received"] = settings.received.model_copy(update={"folder": str(data / settings.received.folder)})
    if settings.telegram.token_file:
        token_file = str(folder / settings.telegram.token_file)
        update["telegram"] = settings.telegram.model_copy(update={"token_file": token_file})
    return settings.model_copy(update=update)


def _line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Return the number of the line an error is at; tomllib tells it in its sentence, or says "end of document"."""
    told = re.search(r"at line (\d+)", str(error))
    return int(told[1]) if told else max(1, len(text.splitlines()))


def _complaint(file: Path, error: ValidationError) -> Complaint:
    first = error.errors(include_url=False)[0]
    place = [part for part in first["loc"] if isinstance(part, str)]
    item = next((part + 1 for part in first["loc"] if isinstance(part, int)), None)
    if first["type"] == "extra_forbidden":
        known = _known(place[:-1])
        nearest = difflib.get_close_matches(place[-1], known, 1)
        return Complaint("settings_unknown", path=file, name=".".join(place), nearest=nearest, known=known)
    problem = first["msg"].removeprefix("Value error, ") if first["type"] == "value_error" else first["type"]
    return Complaint(
        "settings_wrong",
        path=file,
        name=".".join(place),
        item=item,
        problem=problem,
        most=first.get("ctx", {}).get("le"),
        expected=str(first.get("ctx", {}).get("expected", "")).replace("'", '"').replace(" or ", ", "),
    )


def _known(place: list[str]) -> list[str]:
    model: Any = Settings
    for part in place:
        field = model.model_fields.get(part)
        model = field.annotation if field else None
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return []
    return list(model.model_fields)
