"""The program as it is started: a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

DONDOC = [sys.executable, "-m", "bot"]
ROOT = Path(__file__).parent.parent.parent


def environment(folder: Path) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    return known | {"DONDOC_DATABASE": f"sqlite:///{folder}/dondoc.db", "PYTHONPATH": str(ROOT), "LC_ALL": "C"}


def dondoc(folder: Path, *arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:  # noqa: A002
    return subprocess.run(
        [*DONDOC, *arguments],
        cwd=folder,
        env=environment(folder),
        input=input,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_demo_plays_the_whole_job(tmp_path: Path) -> None:
    done = dondoc(tmp_path, "demo")
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    for key in [
        "28 chỉ tiêu được theo dõi, 4 cơ quan phải báo cáo",
        "✅ Anh/chị Lan đã là đầu mối của Phòng Văn hóa - Xã hội, xã Vũ Dương.",
        "bot → Lan> 🔔 Phòng Văn hóa - Xã hội · xã Vũ Dương",
        '❓ "325"',
        "✅ Đã ghi 32,5 %, mục tiêu ≥ 30 %: đạt.",
        "✅ Đã đủ 2/2 chỉ tiêu hạn 30/11/2026.",
        "Đã báo cáo 2 · đạt 1 · chưa đạt 1",
    ]:
        assert key in said
    assert list(tmp_path.iterdir()) == [], "the demo leaves nothing behind"


def test_a_complaint_has_no_traceback(tmp_path: Path) -> None:
    done = dondoc(tmp_path, "plan", "check", "không có.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Không có tệp không có.txt. Kiểm tra lại tên và thư mục.\n"


def test_help_names_every_command(tmp_path: Path) -> None:
    done = dondoc(tmp_path, "--help")
    assert done.returncode == 0
    for command in ("demo", "run", "check", "console", "migrate", "invite", "plan"):
        assert f"\n  {command} " in done.stdout
    for said in (done.stdout, dondoc(tmp_path, "plan", "--help").stdout):
        assert not any(line.endswith("...") for line in said.partition("Commands:")[2].splitlines()), "cut short"


def test_the_console_reads_a_talk_from_a_pipe(tmp_path: Path) -> None:
    done = dondoc(tmp_path, "console", "--as", "Lan", input="xin chào\n/thoat\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "kênh thu số liệu" in done.stdout
    assert "── Cơ sở dữ liệu: dondoc.db. Chưa có kế hoạch nào" in done.stdout
    assert done.stdout.endswith("vẫn được giữ trong cơ sở dữ liệu.\n")


def test_ctrl_c_leaves_the_console_at_once(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*DONDOC, "console", "--as", "Lan"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        said = b""
        while not said.endswith(b"\nLan> "):
            said += running.stdout.read(1)
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 0, "its input is still open"
        assert "Đã kết thúc" in running.stdout.read().decode()
        assert running.stderr is not None
        assert running.stderr.read() == b""


def test_ctrl_c_leaves_the_demo_with_a_goodbye(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [*DONDOC, "demo"], cwd=tmp_path, env=environment(tmp_path), stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        said = b""
        while "đóng vai".encode() not in said:
            said += os.read(ours, 65536)
        running.send_signal(signal.SIGINT)
        try:
            while chunk := os.read(ours, 65536):
                said += chunk
        except OSError:  # Linux: the other end is closed
            pass
        assert running.wait(timeout=20) == 0
    os.close(ours)
    assert "dữ liệu thử không được giữ lại" in said.decode()
    assert b"Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_program_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*DONDOC, "run"], cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert "Đôn Đốc đã sẵn sàng (SQLite)" in running.stdout.readline().decode()
        running.send_signal(number)
        out, err = running.communicate(timeout=20)
    assert running.returncode == 0
    assert out.decode().splitlines()[-1] == "Đã dừng."
    assert err == b""
