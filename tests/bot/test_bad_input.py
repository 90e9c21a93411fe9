"""Whatever is typed at the command line: one clear line on stderr, status 2, and nothing half-written."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from documents.samples import vu_duong

PLAN = "ke-hoach.txt"
PLACE = ("--province", "Ninh Bình", "--commune", "xã Vũ Dương")
OPEN = Path(__file__).parent.parent / "fixtures" / "plans" / "thuy_hung.txt"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder with one plan in it; nothing from the shell."""
    monkeypatch.delenv("DONDOC_CONFIG", raising=False)
    monkeypatch.setenv("DONDOC_DATABASE", "sqlite:///dondoc.db")
    monkeypatch.chdir(tmp_path)
    (tmp_path / PLAN).write_bytes(vu_duong())
    return tmp_path


def dondoc(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a command in this process and return its exit status."""
    monkeypatch.setattr(sys, "argv", ["dondoc", *arguments])
    try:
        main()
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


class Refusal:
    """Runs a command that must be refused."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._monkeypatch, self._capsys, self._folder = monkeypatch, capsys, folder

    def __call__(self, *arguments: str) -> str:
        """Return the one line said."""
        before = counts(self._folder)
        status = dondoc(*arguments, monkeypatch=self._monkeypatch)
        out, err = self._capsys.readouterr()
        assert status == 2, (out, err)
        assert out == ""
        assert err.endswith("\n")
        assert len(err.splitlines()) == 1, err
        assert "Traceback" not in err
        assert "{" not in err
        assert "!" not in err
        assert counts(self._folder) == before, "something was written"
        return err.strip()


def counts(folder: Path) -> dict[str, int]:
    """Return how many rows each table of the folder's database holds, where it holds any; empty without one."""
    file = folder / "dondoc.db"
    if not file.is_file() or not file.read_bytes().startswith(b"SQLite format"):
        return {}
    connection = sqlite3.connect(file)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in names}
        return {name: count for name, count in found.items() if count and name not in ("migrations", "sqlite_sequence")}
    finally:
        connection.close()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> Refusal:
    """A command that must be refused."""
    return Refusal(monkeypatch, capsys, folder)


TABLE = "STT\tChỉ tiêu\tĐơn vị\tKế hoạch\tCơ quan chủ trì\n"
FILES: list[tuple[str, bytes | None, str]] = [
    ("missing", None, "Không có tệp"),
    ("empty", b"", "tệp rỗng"),
    ("no table", "Xin chào các đồng chí".encode(), "không thấy bảng chỉ tiêu"),
    ("no indicators", TABLE.encode(), "không có chỉ tiêu nào"),
    ("a picture", b"\x89PNG\r\n\x1a\n", "chưa đọc được"),
    ("the beginning of a Word file", b"PK\x03\x04", "lưu"),
    ("bytes", bytes(range(256)), "không phải tệp văn bản"),
    ("UTF-16 without a mark", vu_duong().decode().encode("utf-16-le"), "không phải tệp văn bản"),
    ("another code page", "Chỉ tiêu, đơn vị, phòng".encode()[:-1] + b"\xff", "mã UTF-8"),
]


@pytest.mark.parametrize(("data", "says"), [file[1:] for file in FILES], ids=[file[0] for file in FILES])
@pytest.mark.parametrize("command", ["check", "import"])
def test_a_file_that_is_no_plan(refused: Refusal, folder: Path, command: str, data: bytes | None, says: str) -> None:
    if data is not None:
        (folder / "x.txt").write_bytes(data)
    said = refused("plan", command, "x.txt", *(PLACE if command == "import" else ()))
    assert says in said.lower() or says in said
    assert "x.txt" in said
    assert not (folder / "dondoc.db").exists()


def test_a_folder_instead_of_a_file(refused: Refusal, folder: Path) -> None:
    (folder / "x").mkdir()
    assert "đó phải là một tệp" in refused("plan", "check", "x")
    assert "Không đọc được tệp thiết lập x" in refused("migrate", "--config", "x")
    assert refused("plan", "import", PLAN, *PLACE, "--answers", "x").startswith("Không đọc được câu trả lời trong x")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_plans_in_other_encodings_are_read(
    folder: Path, encoding: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = vu_duong().decode()
    if encoding == "cp1258":
        import unicodedata

        # Windows-1258 has the vowels ready and the tones as marks behind them.
        tones = "\u0300\u0301\u0303\u0309\u0323"
        pieces = []
        for letter in unicodedata.normalize("NFC", text):
            parts = unicodedata.normalize("NFD", letter)
            tone = "".join(c for c in parts[1:] if c in tones)
            base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
            pieces.append(base + tone)
        data = "".join(pieces).encode("cp1258", "replace")
    else:
        data = text.encode(encoding)
    (folder / "x.txt").write_bytes(data)
    assert dondoc("plan", "check", "x.txt", monkeypatch=monkeypatch) == 0
    assert "28 chỉ tiêu" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "import"])
def test_a_pipe_is_refused_and_not_waited_for(refused: Refusal, folder: Path, command: str) -> None:
    os.mkfifo(folder / "x.txt")
    for file in ("x.txt", "/dev/zero"):
        assert "đó phải là một tệp" in refused("plan", command, file, *(PLACE if command == "import" else ()))


def test_a_plan_without_a_year(refused: Refusal, folder: Path) -> None:
    (folder / "x.txt").write_text(TABLE + "1\tTỷ lệ hồ sơ\t%\t80\tPhòng Kinh tế\n", encoding="utf-8")
    assert "--year" in refused("plan", "check", "x.txt")


@pytest.mark.parametrize("commune", ["xã Thụy Hùng", "xã Đông Vũ Dương", "xã Dương", "phường Vũ Dương"])
def test_the_plan_of_another_commune(refused: Refusal, commune: str) -> None:
    said = refused("plan", "import", PLAN, "--province", "Ninh Bình", "--commune", commune)
    assert "--force" in said
    assert commune in said


def test_open_questions_need_answers(refused: Refusal, folder: Path) -> None:
    place = ("--province", "Lạng Sơn", "--commune", "xã Thụy Hùng")
    said = refused("plan", "import", str(OPEN), *place)
    assert "phải trả lời trước khi nhập: Q" in said
    assert "Chưa có gì được lưu" in said
    answers = folder / "answers.toml"
    for text, says in [
        (None, "Không có tệp answers.toml"),
        ("Q1 =", "Không đọc được câu trả lời"),
        ("Q999 = 'x'", "Không có câu hỏi Q999"),
        ("[Q1]\nx = 1", "Không đọc được câu trả lời"),
        ("Q1 = true", "Câu trả lời cho Q1 chưa đúng"),
    ]:
        if text is not None:
            answers.write_text(text, encoding="utf-8")
        assert says in refused("plan", "import", str(OPEN), *place, "--answers", "answers.toml")
    answers.write_bytes(b"\xff\xfe")
    assert "Không đọc được câu trả lời" in refused("plan", "import", str(OPEN), *place, "--answers", "answers.toml")


def test_invitations_name_a_commune_an_agency_and_a_role(
    refused: Refusal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lan = ("--name", "Lan")
    assert "Chưa có xã, phường nào" in refused("invite", "--commune", "xã X", *lan, "--role", "leader")
    assert dondoc("plan", "import", PLAN, *PLACE, monkeypatch=monkeypatch) == 0
    capsys.readouterr()
    here = ("--commune", "vu duong")
    assert 'Không có vai trò "boss"' in refused("invite", *here, *lan, "--role", "boss")
    assert "--agency" in refused("invite", *here, *lan)
    assert "bỏ --agency" in refused("invite", *here, *lan, "--role", "leader", "--agency", "Phòng Kinh tế")
    said = refused("invite", *here, *lan, "--agency", "Phòng X")
    assert 'chưa có cơ quan "Phòng X". Các cơ quan phải báo cáo: Phòng Kinh tế; Phòng Văn hóa - Xã hội; ' in said
    assert said.count(";") == 3
    assert 'Không có tỉnh, thành phố "Nam Định"' in refused(
        "invite", *here, *lan, "--province", "Nam Định", "--role", "admin"
    )
    assert 'Chưa có "xã Y". Đã có: xã Vũ Dương' in refused("invite", "--commune", "xã Y", *lan, "--role", "admin")
    assert "--name" in refused("invite", *here, "--name", " ", "--role", "admin")


def test_communes_of_one_name_are_told_apart_by_their_province(
    refused: Refusal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for province in ("Ninh Bình", "Hà Nội"):
        place = ("--province", province, "--commune", "xã Vũ Dương")
        assert dondoc("plan", "import", PLAN, *place, "--force", monkeypatch=monkeypatch) == 0
    capsys.readouterr()
    thu = ("invite", "--commune", "xã Vũ Dương", "--name", "Thu", "--role", "admin")
    assert "xã Vũ Dương (tỉnh Ninh Bình); xã Vũ Dương (thành phố Hà Nội)" in refused(*thu)
    assert "xã Vũ Dương (tỉnh Ninh Bình)" in refused(*thu, "--province", "Huế")
    assert dondoc(*thu, "--province", "ha noi", monkeypatch=monkeypatch) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("invite", "Thiếu --commune. Xem cách dùng: dondoc invite --help"),
        ("plan import", "Thiếu TỆP. Xem cách dùng: dondoc plan import --help"),
        ("plan chek", "Không có lệnh chek. Xem cách dùng: dondoc plan --help"),
        ("plan check x --nope", "Không có tùy chọn --nope"),
        ("migrate --confg x", "có phải --config"),
        ("plan check x --year abc", "Giá trị của --year chưa đúng"),
        ("plan check x --year 1999", "Giá trị của --year chưa đúng"),
        ("plan check x y", "Lệnh viết chưa đúng"),
        ("console --as", "Thiếu giá trị sau --as"),
    ],
)
def test_a_command_written_wrongly(refused: Refusal, arguments: str, says: str) -> None:
    assert says in refused(*arguments.split())


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///nowhere/x.db", "Không mở được cơ sở dữ liệu"),
        ("sqlite:///.", "Không mở được cơ sở dữ liệu"),
        ("sqlite:///", "Không mở được cơ sở dữ liệu"),
        ("sqlite:///ke-hoach.txt", "không phải là cơ sở dữ liệu"),
        ("postgresql://nobody@127.0.0.1:1/x", "Không mở được cơ sở dữ liệu"),
        ("postgresql://[x", "Không mở được cơ sở dữ liệu"),
        ("postgresql://u@localhost:port/x", "Không mở được cơ sở dữ liệu"),
        ("mysql://x", "Biến môi trường DONDOC_DATABASE"),
    ],
)
def test_a_database_that_cannot_be_used(refused: Refusal, monkeypatch: pytest.MonkeyPatch, url: str, says: str) -> None:
    monkeypatch.setenv("DONDOC_DATABASE", url)
    for command in (["migrate"], ["run"], ["plan", "import", PLAN, *PLACE]):
        assert says in refused(*command)


def test_a_database_of_a_newer_program(
    refused: Refusal, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dondoc("migrate", monkeypatch=monkeypatch) == 0
    capsys.readouterr()
    connection = sqlite3.connect(folder / "dondoc.db")
    connection.execute("INSERT INTO migrations (number, what, sha256) VALUES (9999, 'wings', 'x')")
    connection.commit()
    connection.close()
    assert "phiên bản mới hơn" in refused("plan", "import", PLAN, *PLACE)
    assert "9999_wings" in refused("run")


def test_the_same_plan_twice_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dondoc("plan", "import", PLAN, *PLACE, monkeypatch=monkeypatch) == 0
    first = counts(folder)
    assert first["duty_lines"] == 28
    assert "✅ Đã nhập kế hoạch năm 2026 của xã Vũ Dương" in capsys.readouterr().out
    assert dondoc("plan", "import", PLAN, *PLACE, monkeypatch=monkeypatch) == 0
    assert "không có gì thay đổi" in capsys.readouterr().out
    assert counts(folder) == first


def test_a_code_is_printed_once_and_stored_as_a_hash(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dondoc("plan", "import", PLAN, *PLACE, monkeypatch=monkeypatch)
    capsys.readouterr()
    arguments = ("invite", "--commune", "Vũ Dương", "--name", " Lan ", "--agency", "phong kinh te")
    assert dondoc(*arguments, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    code = said.splitlines()[-1].removeprefix("MỜI ")
    assert len(code.replace("-", "")) == 8
    assert code.replace("-", "").encode() not in (folder / "dondoc.db").read_bytes()


@pytest.mark.parametrize("typed", ["Phòng VHXH", "vhxh", "phong van hoa xa hoi", "Phòng Văn hóa - Xã hội"])
def test_an_agency_is_invited_by_any_of_its_names(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dondoc("plan", "import", PLAN, *PLACE, monkeypatch=monkeypatch)
    capsys.readouterr()
    arguments = ("invite", "--commune", "Vũ Dương", "--name", "Lan", "--agency", typed)
    assert dondoc(*arguments, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "(đầu mối Phòng Văn hóa - Xã hội, xã Vũ Dương)" in said
    assert "⚠️" not in said


def test_inviting_an_agency_that_owes_nothing_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dondoc("plan", "import", PLAN, *PLACE, monkeypatch=monkeypatch)
    connection = sqlite3.connect(folder / "dondoc.db")
    sql = "SELECT name FROM agencies WHERE id NOT IN (SELECT agency_id FROM duties) ORDER BY id LIMIT 1"
    [idle] = connection.execute(sql).fetchone()
    connection.close()
    capsys.readouterr()
    arguments = ("invite", "--commune", "Vũ Dương", "--name", "Lan", "--agency", idle)
    assert dondoc(*arguments, monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out.startswith(f"⚠️ {idle} chưa phải báo cáo chỉ tiêu nào của xã Vũ Dương")
