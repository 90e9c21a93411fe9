"""What is installed from the wheel works by itself, away from the checkout, and holds nothing that does not belong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "documents", "domain", "handlers", "storage", "templates")
SAMPLE = "documents/samples/xa_vu_duong_2026.txt"
SHOW_ORIGINS = f"""
from importlib.resources import files
import bot, documents.samples, domain, handlers, storage.migrate, templates
for package in (bot, documents, domain, handlers, storage, templates):
    print(package.__file__)
print(files("documents.samples") / documents.samples.VU_DUONG)
print(files("storage") / "migrations")
print(files("templates") / "vi" / "choices.toml")
assert (files("documents") / {SAMPLE.removeprefix("documents/")!r}).read_bytes() == documents.samples.vu_duong()
assert storage.migrate.shipped()
"""


def run(*command: str | Path, folder: Path, **environment: str) -> str:
    """Run a command without a terminal, without this test's settings, and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "PYTHON"))}
    found = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert found.returncode == 0, f"{command}: {found.stdout}\n{found.stderr}"
    return found.stdout


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel in it, and an empty folder to work in."""

    home: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.home / "bin" / "python"

    def dondoc(self, *arguments: str | Path) -> str:
        """Run the installed command in the empty folder."""
        return run(self.home / "bin" / "dondoc", *arguments, folder=self.folder)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout with the build backend of the development environment."""
    folder = tmp_path_factory.mktemp("wheel")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")
    run(sys.executable, "-m", "pip", "wheel", *quiet, "--wheel-dir", folder, ROOT, folder=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a fresh environment, where only what it depends on is lent by this one."""
    home, folder = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("elsewhere")
    venv.create(home, with_pip=False)
    here = Installed(home, folder)
    # A plain path in a .pth: it comes last, and the editable install's own .pth in that folder is not followed.
    [packages] = (home / "lib").glob("python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run(sys.executable, "-m", "pip", "--python", here.python, "install", *quiet, wheel, folder=folder)
    return here


def test_the_wheel_holds_the_rooms_and_the_licence_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    folders = {name.partition("/")[0] for name in names}
    info = next(folder for folder in folders if folder.endswith(".dist-info"))
    assert folders == {*ROOMS, info}
    assert f"{info}/licenses/LICENSE" in names
    stray = [
        name
        for name in names
        if re.search(r"(^|/)(tests?|benchmarks)/|__pycache__|/\.|~$|\.(pyc|db|bak|orig|rej)$", name)
    ]
    assert stray == []
    assert {Path(name).suffix for name in names if not name.startswith(info)} <= {
        ".py",
        ".sql",
        ".txt",
        ".toml",
        ".docx",
    }


def test_the_wheel_holds_every_tracked_file_of_the_rooms(wheel: Path) -> None:
    tracked = run("git", "-C", ROOT, "ls-files", *ROOMS, folder=ROOT).splitlines()
    with zipfile.ZipFile(wheel) as archive:
        missing = {name for name in tracked if (ROOT / name).exists()} - set(archive.namelist())
    assert missing == set()
    assert SAMPLE in tracked


def test_templates_migrations_and_samples_come_from_the_wheel(installed: Installed) -> None:
    origins = run(installed.python, "-c", SHOW_ORIGINS, folder=installed.folder).splitlines()
    assert len(origins) == len(ROOMS) + 3
    for origin in origins:
        assert Path(origin).resolve().is_relative_to(installed.home.resolve()), origin


def test_the_installed_command_shows_its_help_and_plays_the_demo(installed: Installed) -> None:
    assert "plan" in installed.dondoc("--help")
    talk = installed.dondoc("demo")
    assert "Đã ghi 32,5 %" in talk
    assert list(installed.folder.glob("*.db")) == []


def test_the_installed_command_reads_the_plan_that_comes_with_it(installed: Installed) -> None:
    [packages] = (installed.home / "lib").glob("python*/site-packages")
    assert "28 chỉ tiêu" in installed.dondoc("plan", "check", packages / SAMPLE)


def test_the_installed_command_makes_its_database_where_it_is_run(installed: Installed) -> None:
    installed.dondoc("migrate")
    assert (installed.folder / "dondoc.db").is_file()
