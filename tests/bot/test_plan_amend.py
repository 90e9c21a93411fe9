"""dondoc plan import of a new version: what it changes is shown, and nothing is replaced before that is agreed."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pytest

from domain.vietnamese import fold
from tests.bot.test_bad_input import OPEN, PLACE, PLAN, counts, dondoc, folder, refused
from tests.bot.test_plan_import import THUY_HUNG, Import, imported
from tests.versions import ARTICLES, CASHLESS, CERTIFIED, COVERAGE, DEADLINE, HEALTH, NAME, TARGET, version

__all__ = ["folder", "imported", "refused"]
NEW = "ban-moi.txt"


class Shown:
    """Runs an import that shows something and is then refused; nothing may be stored."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._monkeypatch, self._capsys, self._folder = monkeypatch, capsys, folder

    def __call__(self, *arguments: str) -> tuple[str, str]:
        """Return what was shown, and the one line why it was refused."""
        before = counts(self._folder)
        assert dondoc("plan", "import", *arguments, monkeypatch=self._monkeypatch) == 2
        out, error = self._capsys.readouterr()
        assert counts(self._folder) == before
        assert len(error.splitlines()) == 1, error
        return out, error.strip()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> Shown:
    """An import that is refused after it has shown something."""
    return Shown(monkeypatch, capsys, folder)


@pytest.fixture
def at_the_terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Somebody sits at the terminal."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return monkeypatch


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Have these lines typed, and then Ctrl-D."""
    left = iter([f"{line}\n" for line in lines])
    monkeypatch.setattr(sys.stdin, "readline", lambda: next(left, ""), raising=False)


def plans(folder: Path) -> list[tuple[str, str]]:
    """Return the files of the plans stored and whether each is in force."""
    connection = sqlite3.connect(folder / "dondoc.db")
    try:
        return connection.execute("SELECT source_name, status FROM plans ORDER BY id").fetchall()
    finally:
        connection.close()


CHANGED = version({CERTIFIED: {TARGET: "$\\geq 35$"}, HEALTH: {DEADLINE: "Tháng 10/2026"}}, drop=[ARTICLES])


def test_without_a_terminal_the_differences_are_shown_and_nothing_is_done(
    imported: Import, shown: Shown, folder: Path
) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(CHANGED)
    said, why = shown(NEW, *PLACE)
    assert "xã Vũ Dương đã có kế hoạch năm 2026 (tệp ke-hoach.txt), gần giống tệp này (27/27 chỉ tiêu)." in said
    assert "Bỏ 1:\n  - Số bài viết khoa học ứng dụng" in said
    assert "Đổi mục tiêu 1:" in said
    assert ": ≥ 30 % → ≥ 35 %" in said
    assert "Đổi thời hạn 1:\n  Tỷ lệ người dân có Sổ sức khỏe điện tử: 31/12/2026 → 31/10/2026" in said
    assert "25 chỉ tiêu giữ nguyên." in said
    assert "chưa có gì được lưu" in why
    assert "thêm --replace để thay" in why
    assert "thêm --force" in why


def test_replace_says_yes_beforehand(imported: Import, folder: Path) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(CHANGED)
    said = imported(NEW, *PLACE, "--replace")
    assert "Đổi mục tiêu 1:" in said
    assert "✅ Đã thay kế hoạch năm 2026 (tệp ke-hoach.txt) của xã Vũ Dương bằng bản mới: 27 chỉ tiêu" in said
    assert "27 mục tiêu chuyển từ bản cũ sang, giữ 0 số liệu đã gửi." in said
    assert "1 mục tiêu của bản cũ không còn phải báo cáo" in said
    assert plans(folder) == [(PLAN, "replaced"), (NEW, "active")]
    before = counts(folder)
    assert "không có gì thay đổi" in imported(NEW, *PLACE, "--replace")
    assert "không có gì thay đổi" in imported(NEW, *PLACE)
    assert counts(folder) == before


def test_a_version_that_was_replaced_is_not_taken_again(imported: Import, shown: Shown, folder: Path) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(CHANGED)
    imported(NEW, *PLACE, "--replace")
    for options in ((), ("--replace",), ("--force",)):
        said, why = shown(PLAN, *PLACE, *options)
        assert said == ""
        assert "đã được thay bằng kế hoạch năm 2026 (tệp ban-moi.txt); không có gì thay đổi" in why
    (folder / "lai.txt").write_bytes(version(note="\n"))
    assert "✅ Đã thay kế hoạch năm 2026 (tệp ban-moi.txt)" in imported("lai.txt", *PLACE, "--replace")


def test_force_still_stores_it_as_a_plan_of_its_own(imported: Import, folder: Path) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(CHANGED)
    assert "✅ Đã nhập" in imported(NEW, *PLACE, "--force")
    assert plans(folder) == [(PLAN, "active"), (NEW, "active")]
    (folder / "ba.txt").write_bytes(version(note="\n"))
    said = imported("ba.txt", *PLACE, "--replace", "--force")  # force is for the commune then
    assert "Còn 1 kế hoạch khác cũng gần giống; tệp này được so với kế hoạch giống nhất." in said
    assert plans(folder) == [(PLAN, "replaced"), (NEW, "active"), ("ba.txt", "active")]


def test_there_must_be_something_to_replace(shown: Shown, imported: Import, folder: Path) -> None:
    said, why = shown(PLAN, *PLACE, "--replace")
    assert said == ""
    assert "xã Vũ Dương chưa có kế hoạch nào năm 2026 gần giống tệp này để thay" in why


def test_a_plan_with_a_number_is_named_by_it(imported: Import, shown: Shown, folder: Path) -> None:
    imported(str(OPEN), *THUY_HUNG, "--leave")
    text = OPEN.read_text(encoding="utf-8")
    (folder / "sua.txt").write_text(text.replace("phủ sóng 5G", "phủ sóng 6G"), encoding="utf-8")
    (folder / "so.txt").write_text(text.replace("87/KH-UBND", "99/KH-UBND"), encoding="utf-8")
    for file, common in (("sua.txt", 21), ("so.txt", 22)):
        said, why = shown(file, *THUY_HUNG, "--leave")
        assert (
            f"xã Thụy Hùng đã có Kế hoạch 87/KH-UBND ngày 26/03/2026, gần giống tệp này ({common}/22 chỉ tiêu)" in said
        )
        assert "xã Thụy Hùng đã có Kế hoạch 87/KH-UBND ngày 26/03/2026; chưa có gì được lưu" in why
    assert "✅ Đã nhập" in imported("sua.txt", *THUY_HUNG, "--leave", "--force")


RENAMED = version({COVERAGE: {NAME: "Tỷ lệ phủ sóng 6G trên dân số đạt"}})


def test_a_name_only_alike_must_be_decided(imported: Import, shown: Shown, folder: Path) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(RENAMED)
    said, why = shown(NEW, *PLACE, "--replace")
    assert (
        '❓ D3. Chỉ tiêu 3 (mục B.I.1) "Tỷ lệ phủ sóng 6G trên dân số" gần giống "Tỷ lệ phủ sóng 5G trên dân số"'
        in said
    )
    assert "   1. Là chỉ tiêu cũ đổi tên\n   2. Là chỉ tiêu mới" in said
    assert "Còn 1 điểm phải trả lời trước khi nhập: D3" in why
    assert "tên gần giống thì coi là chỉ tiêu mới" in why


@pytest.mark.parametrize(
    ("answer", "told"),
    [('D3 = "1"', "Đổi tên 1:"), ("D3 = 1", "Đổi tên 1:"), ('D3 = "là chỉ tiêu mới"', "Thêm 1:"), (None, "Thêm 1:")],
)
def test_the_decision_is_given_in_the_file_of_answers(
    imported: Import, folder: Path, answer: str | None, told: str
) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(RENAMED)
    (folder / "a.toml").write_text(answer or "", encoding="utf-8")
    said = imported(NEW, *PLACE, "--replace", *(("--answers", "a.toml") if answer else ("--leave",)))
    assert told in said


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            'D3 = "có lẽ"',
            'Câu trả lời cho D3 chưa đúng: "có lẽ". Trả lời được: Là chỉ tiêu cũ đổi tên; Là chỉ tiêu mới',
        ),
        ('D4 = "1"', "Không có câu hỏi D4 về tên chỉ tiêu, chỉ có D3."),
        ('Q9 = "1"', "Không có câu hỏi Q9."),
    ],
)
def test_an_answer_that_fits_nothing_is_refused(
    imported: Import, shown: Shown, folder: Path, answer: str, says: str
) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(RENAMED)
    (folder / "a.toml").write_text(answer, encoding="utf-8")
    assert says in shown(NEW, *PLACE, "--replace", "--answers", "a.toml")[1]


def test_such_an_answer_belongs_to_a_new_version_only(shown: Shown, folder: Path) -> None:
    (folder / "a.toml").write_text('D3 = "1"', encoding="utf-8")
    assert "Không có câu hỏi D3 về tên chỉ tiêu." in shown(PLAN, *PLACE, "--answers", "a.toml")[1]


def test_at_the_terminal_everything_is_asked_and_shown_before_it_is_done(
    imported: Import, folder: Path, at_the_terminal: pytest.MonkeyPatch
) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(RENAMED)
    type_in(at_the_terminal, "có lẽ", "1", "có", "sao cơ", "có")
    said = imported(NEW, *PLACE)
    order = ["Trả lời các điểm cần hỏi", "❓ D3.", "❓ Chưa nhận", "→ Là chỉ tiêu cũ đổi tên", "Ghi các câu trả lời"]
    order += ["Đổi tên 1:", "Thay kế hoạch cũ bằng bản này?", '❓ Gõ "có" để ghi, hoặc "không"', "✅ Đã thay"]
    at = [said.index(words) for words in order]
    assert at == sorted(at)


@pytest.mark.parametrize("typed", [("1", "có", "không"), ("1", "có", "thôi"), ("1", "có"), ("1", "không"), ()])
def test_whoever_does_not_agree_changes_nothing(
    imported: Import, shown: Shown, folder: Path, at_the_terminal: pytest.MonkeyPatch, typed: tuple[str, ...]
) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(RENAMED)
    type_in(at_the_terminal, *typed)
    assert shown(NEW, *PLACE)[1] == "Đã dừng, chưa lưu gì."


def test_what_must_be_reported_again_is_marked(imported: Import, folder: Path) -> None:
    imported(PLAN, *PLACE)
    connection = sqlite3.connect(folder / "dondoc.db")
    with connection:
        connection.execute("INSERT INTO people (name, created_at, consented_at) VALUES ('Hoa', '', '')")
        connection.execute(
            "INSERT INTO submissions (line_id, person_id, value, verdict, typed, reading, recorded_at, inbox_id)"
            " SELECT l.id, 1, '12', 'met', '12', '{}', '', 1 FROM duty_lines l JOIN targets t ON t.id = l.target_id"
            " JOIN indicators i ON i.id = t.indicator_id WHERE i.name LIKE :name",
            {"name": f"{CASHLESS}%"},
        )
        connection.execute(
            "UPDATE duty_lines SET status = 'reported', submission_id = 1 WHERE id = (SELECT line_id FROM submissions)"
        )
    connection.close()
    (folder / NEW).write_bytes(version({CASHLESS: {2: "%"}}))
    said = imported(NEW, *PLACE, "--replace")
    assert "⚠️ Phải báo cáo lại 1, vì số đã gửi không so được với mục tiêu mới:" in said
    assert "Giá trị thanh toán không dùng tiền mặt: đã gửi 12 Lần GRDP" in said
    assert "giữ 0 số liệu đã gửi, 1 phải báo cáo lại." in said


def test_the_same_table_says_that_nothing_changes(imported: Import, folder: Path) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(version(note="\n"))
    said = imported(NEW, *PLACE, "--replace")
    assert "Không chỉ tiêu nào thay đổi." in said
    assert fold("Thêm 1") not in fold(said)


def test_a_plan_replaced_while_the_clerk_was_reading_is_left_alone(
    imported: Import, folder: Path, at_the_terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(PLAN, *PLACE)
    (folder / NEW).write_bytes(CHANGED)

    def meanwhile() -> str:
        connection = sqlite3.connect(folder / "dondoc.db")
        with connection:
            connection.execute(
                "INSERT INTO plans (unit_id, year, source_name, source_sha256, created_at)"
                " SELECT unit_id, year, 'ba.txt', 'x', '' FROM plans"
            )
            connection.execute("UPDATE plans SET status = 'replaced', replaced_by = 2 WHERE id = 1")
        connection.close()
        return "có\n"

    at_the_terminal.setattr(sys.stdin, "readline", meanwhile, raising=False)
    assert dondoc("plan", "import", NEW, *PLACE, monkeypatch=at_the_terminal) == 2
    assert "vừa được người khác nhập hoặc thay; chưa có gì được lưu" in capsys.readouterr().err
    assert plans(folder) == [(PLAN, "replaced"), ("ba.txt", "active")]


def test_what_the_plan_in_force_answers_is_not_asked_again(imported: Import, shown: Shown, folder: Path) -> None:
    (folder / "a.toml").write_text('Q1 = "2"\nQ2 = "pkt"\nQ3 = "1"\nQ4 = "4"\nQ5 = "31/12/2026"', encoding="utf-8")
    imported(str(OPEN), *THUY_HUNG, "--answers", "a.toml")
    text = OPEN.read_text(encoding="utf-8").replace("$\\geq 70$", "$\\geq 75$")
    (folder / NEW).write_text(text, encoding="utf-8")
    said = imported(NEW, *THUY_HUNG, "--replace")
    assert "Giữ theo kế hoạch đang dùng" in said
    assert "  Q2 → Phòng Kinh tế\n" in said
    assert "  Q5 → 31/12/2026\n" in said
    assert "22 chỉ tiêu được theo dõi" in said
    # One that is new is asked about, and only that.
    row = "23\tSố thôn có camera an ninh\tThôn\t5\t\n"
    (folder / "ba.txt").write_text(text.rstrip("\n") + "\n" + row, encoding="utf-8")
    said, why = shown("ba.txt", *THUY_HUNG, "--replace")
    assert "Q2 → Phòng Kinh tế" in said
    assert "Còn 2 điểm phải trả lời trước khi nhập" in why


def test_a_question_that_may_be_passed_over_leaves_the_verdict_to_a_person(
    imported: Import, folder: Path, at_the_terminal: pytest.MonkeyPatch
) -> None:
    head = "STT\tChỉ tiêu\tĐơn vị\tKế hoạch\tCơ quan chủ trì\tThời hạn\n"
    rows = "1\tTỷ lệ hộ nghèo\t%\t1,5\tPhòng Kinh tế\tQuý III/2026\n2\tTỷ lệ khác\t%\t80\tPhòng Kinh tế\tQuý III/2026\n"
    (folder / NEW).write_text(head + rows, encoding="utf-8")
    type_in(at_the_terminal, "bỏ qua", "có")
    assert "giữ như kế hoạch ghi" in imported(NEW, *PLACE, "--year", "2026")
    connection = sqlite3.connect(folder / "dondoc.db")
    assert connection.execute("SELECT op, value FROM targets ORDER BY id").fetchall() == [(None, "1.5"), (">=", "80")]
    type_in(at_the_terminal, "1", "có")
    (folder / NEW).write_text(head + rows + "\n", encoding="utf-8")
    imported(NEW, *PLACE, "--year", "2026", "--replace")
    newest = "SELECT t.op FROM targets t JOIN indicators i ON i.id = t.indicator_id ORDER BY t.id DESC LIMIT 2"
    assert connection.execute(newest).fetchall() == [(">=",), ("<=",)]
    connection.close()
