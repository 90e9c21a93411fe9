"""Every file, function, page, anchor and target that the pages and the code's comments name exists."""

from __future__ import annotations

import importlib
import re
import subprocess

import pytest

from domain.vietnamese import strip_marks
from storage.migrate import shipped
from tests.docs.pages import PAGES, ROOT, named, page, prose, tables
from tests.docs.shell import make_targets

PACKAGES = ("benchmarks", "bot", "documents", "domain", "handlers", "storage", "templates", "tests")
PATH = re.compile(rf"(?:(?:{'|'.join(PACKAGES)}|docs)/[\w./*-]*|[\w.-]+\.(?:md|toml|txt)|Makefile|LICENSE)")
DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")


def tracked() -> list[str]:
    """The files git knows, those about to be added too."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def exists(dotted: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return True
    return False


@pytest.mark.parametrize("path", PAGES)
def test_the_files_a_page_names_exist(path: str) -> None:
    made = set(re.findall(r"^```[a-z]+ (\S+)$", page(path), re.MULTILINE)) | {"config.toml"}
    names = {name for name in named(path) if PATH.fullmatch(name)} - made
    assert {name for name in names if not any(ROOT.glob(name.rstrip("/")))} == set()


@pytest.mark.parametrize("path", PAGES)
def test_the_functions_a_page_names_exist(path: str) -> None:
    settings = {row["Thiết lập"].strip("`") for row in tables(path, "Thiết lập")}
    assert {name for name in named(path) if DOTTED.fullmatch(name) and not exists(name)} <= settings


def test_a_name_that_does_not_exist_would_be_found() -> None:
    assert exists("storage.inbox.record")
    assert not exists("storage.inbox.recrod")
    assert not exists("storage.indox.record")


@pytest.mark.parametrize("path", PAGES)
def test_the_links_of_a_page_lead_somewhere(path: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        file, _, anchor = target.partition("#")
        linked = (ROOT / path).parent / file if file else ROOT / path
        assert linked.is_file(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}, target


@pytest.mark.parametrize("path", PAGES)
def test_the_make_targets_a_page_names_exist(path: str) -> None:
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[`\n ])", "\n".join(named(path)) + "\n")) <= make_targets()


@pytest.mark.parametrize("path", PAGES)
def test_the_environment_variables_a_page_names_are_read_somewhere(path: str) -> None:
    read = " ".join(
        (ROOT / name).read_text(encoding="utf-8") for name in tracked() if name.endswith((".py", "Makefile"))
    )
    assert {name for name in re.findall(r"DONDOC_[A-Z_]+", page(path)) if f'"{name}"' not in read} == set()


def test_the_pages_and_files_the_code_points_to_exist() -> None:
    for name in tracked():
        if name.endswith((".py", ".sql", ".toml")):
            text = (ROOT / name).read_text(encoding="utf-8")
            for pointed in re.findall(r"\bdocs/\w+\.md\b", text):
                assert (ROOT / pointed).is_file(), f"{name} points to {pointed}"


def test_every_table_is_explained_and_no_other() -> None:
    made = set(re.findall(r"CREATE TABLE (?:new_)?(\w+)", " ".join(migration.sql for migration in shipped())))
    assert {row["Table"].strip("`") for row in tables("docs/architecture.md", "Table")} == made


def test_the_glossary_says_each_word_once() -> None:
    words = [strip_marks(row["English"]).casefold() for row in tables("docs/architecture.md", "English")]
    assert len(words) == len(set(words)) >= 18
