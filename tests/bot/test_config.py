"""Every wrong setting is one clear line that names the file, the setting and what it should be."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from bot.complaint import Complaint
from bot.config import Settings, Source, load, source
from documents.appendix.limits import LIMITS
from domain.rungs import ReminderRules

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the shell nor the folder the tests run in has a say."""
    monkeypatch.delenv("DONDOC_CONFIG", raising=False)
    monkeypatch.delenv("DONDOC_DATABASE", raising=False)
    monkeypatch.delenv("DONDOC_TELEGRAM_TOKEN", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.chdir(tmp_path)


def complaint(text: str | bytes, folder: Path) -> str:
    """Return what is said of a settings file with this text."""
    file = folder / "config.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(Complaint) as caught:
        load(file)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[storge]", 'không có thiết lập "storge". Có phải "storage"?'),
        ("x = 1", "Dùng được: storage, unit, calendar, reminders, files"),
        ("[storage]\nulr = 'x'", 'không có thiết lập "storage.ulr". Có phải "url"?'),
        ("[storage]\nurl = 5", '"storage.url" phải là chữ trong dấu ngoặc kép'),
        ("[storage]\nurl = 'mysql://x'", 'phải bắt đầu bằng "sqlite:///" hoặc "postgresql://"'),
        ("storage = 'x'", '"storage" phải là một mục, ví dụ [storage]'),
        ("[calendar]\nzone = 'Hà Nội'", "phải là tên múi giờ"),
        ("[calendar]\nzone = ''", "phải là tên múi giờ"),
        ("[calendar]\nzone = '../etc/passwd'", "phải là tên múi giờ"),
        ("[calendar]\nopens = '08:00'", "phải là giờ không có dấu ngoặc"),
        ("[calendar]\nopens = 17:00:00", "phải có opens sớm hơn closes"),
        ("[calendar]\ndays_off = ['2027-02-04']", '"calendar.days_off" (mục 1) phải là ngày không có dấu ngoặc'),
        ("[calendar]\ndays_off = [2027-02-04T08:00:00]", "phải là ngày không có dấu ngoặc"),
        ("[calendar]\ndays_off = 2027-02-04", "phải là danh sách trong ngoặc vuông"),
        ("[calendar]\nquiet_hours = [13:00:00]", "quiet_hours phải gồm hai giờ"),
        ("[calendar]\nquiet_hours = [07:00:00, 17:00:00]", "không còn giờ nào để nhắc"),
        ("[calendar]\ndays_off = [2026-01-10]", "vừa ở days_off vừa ở extra_working_days"),
        ("[reminders]\nsteps = []", "steps để trống"),
        ("[reminders]\nsteps = [0, -3]", "steps phải xếp từ nhỏ đến lớn"),
        ("[reminders]\nsteps = [5]", "alternate_after phải sau bước đầu tiên"),
        ("[reminders]\nhead_after = 9", "theo thứ tự tăng dần"),
        ("[reminders]\nalternate_after = -3\nhead_after = 0", "chỉ được báo khi đã quá hạn"),
        ("[reminders]\nweekly_cap = 0", '"reminders.weekly_cap" phải từ 1 trở lên'),
        ("[telegram]\ntoken = 'x'", 'không có thiết lập "telegram.token". Có phải "token_file"?'),
        ("[telegram]\nmode = 'push'", '"telegram.mode" phải là một trong: "polling", "webhook"'),
        ("[telegram]\nmode = 'webhook'", "phải có webhook_url khi mode"),
        ("[telegram]\nwebhook_url = 'bot.example'", '"telegram.webhook_url" phải là địa chỉ bắt đầu bằng "https://"'),
        ("[telegram]\nproxy = 'socks5://127.0.0.1:1080'", '"telegram.proxy" phải là địa chỉ'),
        ("[telegram]\napi_base_url = ''", '"telegram.api_base_url" phải là địa chỉ'),
        ("[telegram]\nlisten_port = 0", '"telegram.listen_port" phải từ 1 trở lên'),
        ("[telegram]\nsends_a_second = 0.0", '"telegram.sends_a_second" phải lớn hơn 0'),
        ("[telegram]\nlocal_api = 1", '"telegram.local_api" phải là true hoặc false'),
        ("[log]\nlevel = 'all'", '"log.level" phải là một trong: "debug", "info", "warning", "error"'),
        ("[files]\nfile_mb = '20'", '"files.file_mb" phải là số nguyên, không có dấu ngoặc'),
        ("[files]\nfile_mb = 2.5", '"files.file_mb" phải là số nguyên'),
        ("[files]\nrows = true", '"files.rows" phải là số nguyên'),
        ("[files]\nrows = 0", '"files.rows" phải từ 1 trở lên'),
        ("[files]\nrows = -5", '"files.rows" phải từ 1 trở lên'),
        ("[files]\npdf_pages = 100000000000000000000", '"files.pdf_pages" quá lớn, nhiều nhất là 1000'),
        ("[files]\npdf_seconds = 0", '"files.pdf_seconds" phải lớn hơn 0'),
        ("[files]\npdf_seconds = nan", '"files.pdf_seconds" quá lớn, nhiều nhất là 600'),
        ("[files]\npdf_seconds = inf", '"files.pdf_seconds" quá lớn, nhiều nhất là 600'),
        ("[files]\npdf_seconds = '20'", '"files.pdf_seconds" phải là số'),
        ("[log]\nlevel = 'DEBUG'", 'phải là một trong: "debug"'),
        ("[log]\nlevel = true", 'phải là một trong: "debug"'),
        ("[storage\nurl = 1", "chưa đúng dạng TOML ở dòng 1. Sửa"),
        ("[storage]\n\nurl = = 1\n", "chưa đúng dạng TOML ở dòng 3. Sửa"),
        ('[storage]\nurl = """x\n', "chưa đúng dạng TOML ở dòng 2. Sửa"),
        (b"\xff\xfe[\x00", "lưu lại bằng UTF-8"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(text: str | bytes, says: str, tmp_path: Path) -> None:
    found = complaint(text, tmp_path)
    assert says in found
    assert str(tmp_path) in found
    assert "\n" not in found
    assert "Input should" not in found


def test_a_database_named_in_the_environment_is_blamed_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATABASE", "mysql://root:secret@host/x")
    with pytest.raises(Complaint) as caught:
        load()
    assert str(caught.value).startswith("Biến môi trường DONDOC_DATABASE phải bắt đầu bằng")
    assert "secret" not in str(caught.value)


def test_without_a_file_every_setting_has_its_default() -> None:
    settings = load()
    assert settings.calendar == Settings().calendar
    assert settings.storage.url.startswith("sqlite:///")


def test_a_file_that_was_named_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for path in (tmp_path / "no.toml", tmp_path):
        with pytest.raises(Complaint, match="tệp thiết lập"):
            load(path)
    monkeypatch.setenv("DONDOC_CONFIG", "elsewhere.toml")
    with pytest.raises(Complaint, match="elsewhere"):
        load()


def test_a_relative_database_stands_beside_the_settings(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "config.toml").write_text("[storage]\nurl = 'sqlite:///du-lieu.db'\n", encoding="utf-8")
    assert load(folder / "config.toml").storage.url == f"sqlite:///{folder}/du-lieu.db"


def test_the_example_is_the_defaults() -> None:
    example = load(ROOT / "config.example.toml")
    assert example.calendar == Settings().calendar
    assert example.log == Settings().log


def test_the_settings_make_the_calendar(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        "[calendar]\nopens = 07:30:00\ndays_off = [2027-02-04]\nextra_working_days = [2027-02-13]\n", encoding="utf-8"
    )
    calendar = load().calendar.calendar()
    assert calendar.opens == time(7, 30)
    assert not calendar.is_working_day(date(2027, 2, 4))
    assert calendar.is_working_day(date(2027, 2, 13))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 2), False),  # swapped for a Saturday by the Prime Minister
        (date(2026, 1, 10), True),
        (date(2026, 2, 17), False),  # Tết
        (date(2026, 4, 27), False),  # moved off a Sunday
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 11, 24), True),  # not decided yet
        (date(2027, 2, 8), False),
    ],
)
def test_the_public_holidays_are_known_without_a_setting(day: date, works: bool) -> None:
    assert Settings().work_calendar().is_working_day(day) is works


def test_24_november_and_the_public_holidays_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[calendar]\nculture_day_off = true\ndays_off = []\n", encoding="utf-8")
    assert not load().work_calendar().is_working_day(date(2026, 11, 24))
    assert load().work_calendar().is_working_day(date(2026, 1, 2))
    (tmp_path / "config.toml").write_text("[calendar]\npublic_holidays = false\n", encoding="utf-8")
    assert load().work_calendar().is_working_day(date(2026, 2, 17))


def test_the_settings_make_the_rules_of_reminders(tmp_path: Path) -> None:
    assert Settings().reminders.rules() == ReminderRules()
    (tmp_path / "config.toml").write_text("[reminders]\nsteps = [-5, 0]\nweekly_cap = 2\n", encoding="utf-8")
    assert load().work_calendar().rules == ReminderRules(steps=(-5, 0), weekly_cap=2)


def test_the_settings_make_the_limits_of_files(tmp_path: Path) -> None:
    assert Settings().files.limits() == LIMITS
    (tmp_path / "config.toml").write_text(
        "[files]\nfile_mb = 5\ninflated_mb = 96\nrows = 200\npdf_seconds = 40\n", encoding="utf-8"
    )
    limits = load().files.limits()
    assert (limits.file_bytes, limits.rows, limits.pdf_seconds) == (5 * 1024 * 1024, 200, 40)
    assert (limits.inflated_bytes, limits.part_bytes) == (96 * 1024 * 1024, 48 * 1024 * 1024)
    assert limits.nodes == 2 * LIMITS.nodes


def test_the_token_comes_from_the_environment_or_a_file_beside_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot.token").write_text("123:from-file\n", encoding="utf-8")
    (tmp_path / "config.toml").write_text("[telegram]\ntoken_file = 'bot.token'\n", encoding="utf-8")
    monkeypatch.chdir("/")
    telegram = load(tmp_path / "config.toml").telegram
    assert telegram.token() == "123:from-file"
    assert "123:from-file" not in repr(telegram)
    monkeypatch.setenv("DONDOC_TELEGRAM_TOKEN", "123:from-environment")
    assert telegram.token() == "123:from-environment"


def test_the_token_that_systemd_hands_over_is_read_where_no_other_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over = tmp_path / "credentials"
    handed_over.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed_over))
    assert load().telegram.token() is None
    (handed_over / "telegram-token").write_text("123:from-systemd\n", encoding="utf-8")
    assert load().telegram.token() == "123:from-systemd"
    (tmp_path / "own").write_text("123:from-file", encoding="utf-8")
    (tmp_path / "config.toml").write_text("[telegram]\ntoken_file = 'own'\n", encoding="utf-8")
    assert load().telegram.token() == "123:from-file"


def test_where_settings_come_from_is_told_by_names_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert source() == Source(None, (), ())
    (tmp_path / "config.toml").write_text(
        "[storage]\nurl = 'postgresql://lan:secret@localhost/x'\n[log]\nlevel = 'info'\n", encoding="utf-8"
    )
    monkeypatch.setenv("DONDOC_DATABASE", "sqlite:///x.db")
    assert source() == Source(Path("config.toml"), ("storage.url",), ("DONDOC_DATABASE",))


def test_without_a_token_there_is_no_telegram_and_a_missing_file_is_named(tmp_path: Path) -> None:
    assert load(None).telegram.token() is None
    (tmp_path / "config.toml").write_text("[telegram]\ntoken_file = 'khong-co'\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(Complaint, match="khong-co"):
            load(tmp_path / "config.toml").telegram.token()
        (tmp_path / "khong-co").write_text(" \n", encoding="utf-8")
