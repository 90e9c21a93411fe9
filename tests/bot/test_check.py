"""dondoc check: one line for each thing, what to do about it, and never a traceback or a token."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import Secret
from bot.channels.telegram.webhook import webhook_url
from bot.cli import check, check_database, check_telegram, findings
from bot.clock import Clock
from storage import inspection, migrate
from storage.database import connect
from tests.botapi import BotApi
from tests.channels.telegram_stage import Book, eventually, receiving, telegram
from tests.conftest import Cluster

Check = Callable[..., Awaitable[str]]
HOST = "https://bot.example"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API on the loopback interface."""
    async with BotApi() as started:
        yield started


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, nothing from the shell, and nobody at the address that Telegram has."""
    for name in ("DONDOC_CONFIG", "DONDOC_DATABASE", "DONDOC_TELEGRAM_TOKEN", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def look(api: BotApi, folder: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Run the command with a token and these settings of Telegram, and return what it prints."""

    async def run(*settings: str, token: str = api.token, rest: str = "", offline: bool = False) -> str:
        (folder / "telegram-token").write_text(token, encoding="utf-8")
        (folder / "telegram-token").chmod(0o600)
        lines = [f'api_base_url = "{api.url}"', 'token_file = "telegram-token"', *settings]
        (folder / "config.toml").write_text("\n".join([rest, "[telegram]", *lines, ""]), encoding="utf-8")
        outcome = await check._run(None, offline=offline)
        said = capsys.readouterr().out
        assert (outcome == "bad") == ("❌" in said)
        assert api.token.partition(":")[2] not in said
        assert "Traceback" not in said
        assert "!" not in said
        return said

    return run


def line(said: str, begin: str) -> str:
    """Return the one line about something, with its mark."""
    [found] = [each for each in said.splitlines() if each.partition(" ")[2].startswith(begin)]
    return found


async def test_without_anything_it_says_what_is_to_be_done(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert await check._run(None, offline=False) == "warning"
    said = capsys.readouterr().out
    assert line(said, "Thiết lập").startswith("✅ Thiết lập: không có config.toml, dùng giá trị mặc định.")
    assert "dondoc plan import" in line(said, "Cơ sở dữ liệu")
    assert line(said, "Telegram").startswith("⚠️ Telegram: chưa có token")
    assert "chưa so được" in line(said, "Giờ")
    assert list(folder.iterdir()) == [], "who looks leaves nothing behind"


async def test_all_is_well(look: Check, sqlite_url: str, folder: Path, api: BotApi) -> None:
    Path(sqlite_url.removeprefix("sqlite:///")).chmod(0o600)
    said = await look()
    assert [each.partition(" ")[0] for each in said.splitlines()] == ["✅"] * 8 + ["Mọi"]
    assert "đổi telegram.api_base_url, telegram.token_file" in line(said, "Thiết lập")
    assert "SQLite dondoc.db, đúng phiên bản, ghi được" in line(said, "Cơ sở dữ liệu")
    assert f"@{api.first_bot.username}" in line(said, "Telegram")
    assert "(polling), không có tin nào đang chờ" in line(said, "Nhận tin")
    assert "khớp giờ của Telegram" in line(said, "Giờ")
    assert api.calls["getUpdates"] == 0, "a running program is not disturbed"


async def test_the_variables_are_named_and_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE", "postgresql://lan:secret@127.0.0.1:1/dondoc")
    monkeypatch.setenv("DONDOC_TELEGRAM_TOKEN", "no token")
    assert await check._run(None, offline=True) == "bad"
    said = capsys.readouterr().out
    assert "DONDOC_DATABASE, DONDOC_TELEGRAM_TOKEN" in line(said, "Thiết lập")
    assert line(said, "Cơ sở dữ liệu").startswith("❌ Cơ sở dữ liệu: Không mở được")
    assert line(said, "Telegram").startswith("❌ Telegram: Telegram không nhận token này.")
    assert "secret" not in said


async def test_a_wrong_setting_is_named(look: Check) -> None:
    said = await look("mod = 1")
    assert 'không có thiết lập "telegram.mod"' in line(said, "Thiết lập")
    assert len(said.splitlines()) == 3


class TestDatabase:
    async def test_another_program_holds_it(
        self, look: Check, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inspection, "LOCK_SECONDS", 0.01)
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        said = await look(offline=True)
        other.close()
        assert line(said, "Cơ sở dữ liệu").startswith("❌ Cơ sở dữ liệu: Cơ sở dữ liệu đang bị chương trình khác giữ")

    async def test_it_is_something_else(self, look: Check, folder: Path) -> None:
        (folder / "dondoc.db").write_text("hello", encoding="utf-8")
        assert "không phải là cơ sở dữ liệu SQLite" in line(await look(offline=True), "Cơ sở dữ liệu")

    async def test_its_folder_is_not_there(self, look: Check) -> None:
        said = await look(offline=True, rest='[storage]\nurl = "sqlite:///nowhere/dondoc.db"')
        assert "❌ Cơ sở dữ liệu: Không mở được cơ sở dữ liệu: no folder nowhere" in said

    async def test_a_file_of_an_older_program_is_brought_up_to_date_by_itself(
        self, look: Check, sqlite_url: str
    ) -> None:
        newest = migrate.shipped()[-1]
        older = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
        older.execute("DELETE FROM migrations WHERE number = ?", (newest.number,))
        older.commit()
        older.close()
        said = line(await look(offline=True), "Cơ sở dữ liệu")
        assert said.startswith("⚠️")
        assert f"còn thiếu {newest.number:04d} {newest.what}; tự cập nhật" in said

    @pytest.mark.parametrize(("free", "mark"), [(60 * 2**20, "⚠️"), (10 * 2**20, "❌")])
    async def test_the_disk_is_nearly_full(
        self, look: Check, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, free: int, mark: str
    ) -> None:
        monkeypatch.setattr(inspection.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
        said = line(await look(offline=True), "Cơ sở dữ liệu")
        assert said.startswith(mark)
        assert f"chỉ còn trống {free >> 20} MB" in said

    async def test_a_server(self, look: Check, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DONDOC_DATABASE", postgres_url)
        said = line(await look(offline=True), "Cơ sở dữ liệu")
        assert said.startswith("✅ Cơ sở dữ liệu: PostgreSQL ")
        assert "đúng phiên bản, ghi được" in said

    async def test_a_server_that_was_not_migrated_or_may_not_be_written(
        self, look: Check, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = await cluster.bare()
        monkeypatch.setenv("DONDOC_DATABASE", url)
        said = line(await look(offline=True), "Cơ sở dữ liệu")
        assert said.startswith("❌")
        assert said.endswith("Chạy: dondoc migrate.")
        database = await connect(url)
        await migrate.migrate(database)
        async with database.transaction() as tx:
            await tx.run("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on")
        await database.close()
        try:
            assert "chỉ đọc được" in line(await look(offline=True), "Cơ sở dữ liệu")
        finally:
            database = await connect(url)
            async with database.transaction() as tx:
                await tx.run("SET TRANSACTION READ WRITE")
                await tx.run("ALTER ROLE CURRENT_USER RESET default_transaction_read_only")
            await database.close()
            await cluster.drop(url)

    async def test_a_server_that_does_not_answer_is_not_waited_for(
        self, look: Check, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(check_database, "SECONDS", 0.2)
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            monkeypatch.setenv("DONDOC_DATABASE", f"postgresql://lan@127.0.0.1:{deaf.getsockname()[1]}/dondoc")
            assert "timeout" in line(await look(offline=True), "Cơ sở dữ liệu")


class TestTelegram:
    async def test_a_token_that_is_refused(self, look: Check) -> None:
        said = await look(token="999999:" + "A" * 35)
        assert line(said, "Telegram").startswith("❌ Telegram: Telegram không nhận token này.")
        assert "khớp giờ" in line(said, "Giờ"), "who refuses says what time it is, too"

    async def test_a_file_without_a_token(self, look: Check) -> None:
        assert "Không đọc được token Telegram trong tệp telegram-token" in line(await look(token=" "), "Telegram")

    async def test_nobody_answers(self, look: Check, api: BotApi) -> None:
        await api.go_down()
        said = line(await look(), "Telegram")
        assert said.startswith("❌ Telegram: chưa hỏi được 127.0.0.1 vì không nối được.")
        assert "(refused)" in said

    async def test_an_answer_is_not_waited_for_for_long(
        self, look: Check, api: BotApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(check_telegram, "SECONDS", 0.05)
        api.latency = 2.0
        assert "không có trả lời" in line(await look(), "Telegram")

    @pytest.mark.parametrize(("code", "says"), [(403, "máy khác trả lời thay"), (502, "máy chủ đang lỗi")])
    async def test_something_else_answers(self, look: Check, api: BotApi, code: int, says: str) -> None:
        api.faults.add("http", code=code, times=None)
        assert says in line(await look(), "Telegram")

    async def test_every_code_has_words(self, look: Check) -> None:
        for code in ("dns", "refused", "connect_timeout", "no_answer", "proxy", "certificate", "tls", "foreign_403"):
            assert code in findings.found("bad", "cli/check_unreachable", code=code, host="a", proxied=False).line

    async def test_polling_where_a_webhook_is_set(self, look: Check, api: BotApi) -> None:
        other = telegram(api)
        await other._api.call("setWebhook", {"url": "http://127.0.0.1:1/secret-path"})
        await other.close()
        said = await look()
        assert line(said, "Nhận tin").startswith("⚠️ Nhận tin: thiết lập là polling nhưng Telegram đang gọi đến 127")
        assert "secret-path" not in said

    async def test_a_clock_that_is_wrong(self, look: Check, monkeypatch: pytest.MonkeyPatch) -> None:
        for minutes, word in ((2, "nhanh"), (-2, "chậm")):
            shifted = datetime.now(UTC) + timedelta(minutes=minutes)
            monkeypatch.setattr(Clock, "now", lambda _, shifted=shifted: shifted)
            said = line(await look(), "Giờ")
            assert said.startswith("⚠️")
            assert f"; {word} 1" in said


class TestWebhook:
    @pytest.fixture
    def port(self) -> int:
        """A port that is free."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    @pytest.fixture
    def by_webhook(self, look: Check, port: int) -> Check:
        """Look with a webhook in the settings."""

        async def run(url: str = HOST, **more: str) -> str:
            return await look('mode = "webhook"', f'webhook_url = "{url}"', f"listen_port = {port}", **more)

        return run

    async def test_nothing_is_set_yet_and_the_port_is_free(self, by_webhook: Check) -> None:
        said = await by_webhook()
        assert "webhook chưa đặt, không có tin nào đang chờ; dondoc run sẽ đặt bot.example" in line(said, "Nhận tin")
        assert line(said, "Cổng nhận tin").endswith("còn trống, mở được.")

    async def test_the_program_runs(self, look: Check, api: BotApi, port: int, folder: Path) -> None:
        url = f"http://127.0.0.1:{port}"
        way_in = 'mode = "webhook"', f'webhook_url = "{url}"', f"listen_port = {port}", "local_api = true"
        async with receiving(telegram(api, mode="webhook", webhook_url=url, listen_port=port), Book()):
            await eventually(lambda: api.first_bot.webhook)
            said = await look(*way_in)
            assert line(said, "Nhận tin").startswith("✅ Nhận tin: Telegram gọi đến 127.0.0.1 (webhook)")
            assert line(said, "Cổng nhận tin") == f"✅ Cổng nhận tin 127.0.0.1:{port}: dondoc run đang nhận tin ở đó."

    async def test_another_program_has_the_port(self, by_webhook: Check, port: int) -> None:
        async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(hello, "127.0.0.1", port):
            assert "chương trình khác đang dùng" in line(await by_webhook(offline=True), "Cổng nhận tin")

    @pytest.mark.parametrize(("host", "says"), [("192.0.2.1", "không có địa chỉ đó"), ("nowhere.invalid", "không có")])
    async def test_an_address_of_another_machine(self, look: Check, host: str, says: str) -> None:
        way_in = 'mode = "webhook"', f'webhook_url = "{HOST}"', f'listen_host = "{host}"'
        assert says in line(await look(*way_in, offline=True), "Cổng nhận tin")

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ("Wrong response from the webhook: 502 Bad Gateway", "máy này trả lời sai (http_502)"),
            ("Connection refused", "không nối được (refused)"),
            ("Connection timed out", "quá lâu không có trả lời (timeout)"),
            ("SSL error {error:0A000086:SSL routines::certificate verify failed}", "chứng chỉ https chưa đúng"),
            ("Failed to resolve host: Name or service not known", "không tìm được tên máy (dns)"),
            ("Something https://bot.example/secret-path new", "chưa rõ vì sao (other)"),
        ],
    )
    async def test_the_last_failure_is_told_in_our_words(
        self, by_webhook: Check, api: BotApi, monkeypatch: pytest.MonkeyPatch, words: str, says: str
    ) -> None:
        await self._set(api)
        assert api.first_bot.webhook is not None
        api.first_bot.webhook.last_error = (int(datetime.now(UTC).timestamp()), words)
        said = await by_webhook()
        assert line(said, "Nhận tin").startswith("⚠️")
        assert says in said
        assert "secret-path" not in said
        assert "/telegram/" not in said
        api.first_bot.webhook.last_error = (1_760_000_000, words)
        assert says not in await by_webhook(), "of long ago"

    async def _set(self, api: BotApi) -> None:
        setting = telegram(api)
        await setting._api.call("setWebhook", {"url": "http://127.0.0.1:1/"})
        await setting.close()
        assert api.first_bot.webhook is not None
        await api.first_bot.webhook.stop()
        api.first_bot.webhook.url = webhook_url(HOST, Secret(api.token))

    @pytest.mark.parametrize("url", ["http://bot.example", "https://bot.example:8080"])
    async def test_an_address_that_telegram_never_takes(self, by_webhook: Check, url: str) -> None:
        assert line(await by_webhook(url), "Nhận tin").startswith("❌ Nhận tin: telegram.webhook_url phải")


async def test_secrets_that_others_may_read_are_named(look: Check, folder: Path, sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.chmod(0o644)
    assert line(await look(offline=True), "Bí mật").endswith("chmod o-rwx dondoc.db")
    path.chmod(0o640)
    assert line(await look(offline=True), "Bí mật").startswith("✅")


async def test_parts_that_are_missing_matter_to_who_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings.importlib.util, "find_spec", lambda name: None if name == "asyncpg" else object())
    assert findings.look_at_parts("sqlite:///dondoc.db").level == "good"
    assert findings.look_at_parts("postgresql://x").level == "warning"
    monkeypatch.setattr(findings.importlib.util, "find_spec", lambda name: None)
    assert ".[pdf]" in findings.look_at_parts("sqlite:///dondoc.db").line


async def test_what_nobody_thought_of_is_a_line_too(look: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("0912 345 678")

    monkeypatch.setattr(check, "look_at_secrets", fail)
    said = await look(offline=True)
    assert "Kiểm tra dừng giữa chừng (RuntimeError at test_check.py" in said
    assert "0912" not in said


async def test_the_exit_status_tells_whether_something_is_wrong(api: BotApi, folder: Path) -> None:
    (folder / "config.toml").write_text(f'[telegram]\napi_base_url = "{api.url}"\n', encoding="utf-8")
    root = Path(__file__).parents[2]
    for token, status in ((api.token, 0), ("999999:" + "A" * 35, 1)):
        environment = {**os.environ, "DONDOC_TELEGRAM_TOKEN": token, "PYTHONPATH": str(root), "LC_ALL": "C"}
        done = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "check"),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await done.communicate()
        assert (done.returncode, err) == (status, b""), out.decode()
