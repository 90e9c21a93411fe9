"""What can be wrong with a database when it is opened, or goes wrong later, each under its own name."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.database import connect
from storage.errors import DatabaseUnavailable, NotADatabase, RightsMissing, UnknownDatabase
from storage.migrate import migrate, missing
from tests.conftest import Cluster
from tests.storage.counters import add_counter, names_of

NOBODY = 65534


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that any user of this machine may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="dondoc-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def as_plain_user() -> Iterator[None]:
    """Lay aside the rights of root, to whom no file is closed."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)


async def refused(url: str) -> DatabaseUnavailable:
    """Return the error that opening `url` ends in."""
    with pytest.raises(DatabaseUnavailable) as caught:
        await connect(url)
    return caught.value


async def test_a_url_of_another_kind_is_refused() -> None:
    for url in ("mysql://user:secret@host/name", "sqlite://relative", "dondoc.db"):
        with pytest.raises(UnknownDatabase) as caught:
            await connect(url)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite:///somewhere/\0/dondoc.db", "postgresql://lan:secret@localhost/don\0doc"])
async def test_a_url_with_a_nul_is_refused(url: str) -> None:
    assert "secret" not in str(await refused(url))


@pytest.mark.parametrize("mask", [0o000, 0o022])
async def test_a_new_file_is_its_owners_alone(tmp_path: Path, mask: int) -> None:
    was = os.umask(mask)
    try:
        database = await connect(f"sqlite:///{tmp_path}/new.db")
        await migrate(database)
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        await database.close()
    finally:
        os.umask(was)
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


async def test_who_may_read_a_file_that_is_there_is_left_as_it_was(tmp_path: Path, sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.chmod(0o640)
    database = await connect(sqlite_url)
    await database.close()
    assert path.stat().st_mode & 0o777 == 0o640


async def test_a_role_without_the_rights_it_needs_is_named(cluster: Cluster) -> None:
    url = await cluster.bare()
    database = await connect(url)
    await migrate(database)
    async with database.transaction() as tx:
        await tx.run("DROP ROLE IF EXISTS poor")
        await tx.run("CREATE ROLE poor LOGIN")
    poor = await connect(url.replace("postgres:@", "poor:@"))
    try:
        with pytest.raises(RightsMissing, match="migrations"):
            await missing(poor)
        with pytest.raises(RightsMissing, match="units"):
            async with poor.transaction() as tx:
                await add_counter(tx, "a")
    finally:
        await poor.close()
        await database.close()
        await cluster.drop(url)


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    error = await refused(f"sqlite:///{tmp_path}/nowhere/dondoc.db")
    assert f"{tmp_path}/nowhere" in str(error)


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    await refused(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("path", ["", ":memory:"])
async def test_a_database_that_would_vanish_is_refused(path: str) -> None:
    await refused(f"sqlite:///{path}")


@pytest.mark.parametrize("content", [b"hello", b"%PDF-1.7 " * 400], ids=["short", "long"])
async def test_a_file_of_another_kind_is_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(NotADatabase, match=r"letter\.txt"):
        await connect(f"sqlite:///{path}")
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


async def test_a_damaged_file_is_named(tmp_path: Path, sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * (size - 100))
    with pytest.raises(NotADatabase):
        await connect(sqlite_url)


async def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    path.touch()
    database = await connect(f"sqlite:///{path}")
    assert await migrate(database)
    await database.close()


async def test_a_file_that_may_not_be_read_is_unavailable(shared_folder: Path) -> None:
    path = shared_folder / "closed.db"
    sqlite3.connect(path).close()
    path.touch()
    path.chmod(0o000)
    with as_plain_user():
        await refused(f"sqlite:///{path}")


@pytest.mark.parametrize("mode", ["wal", "delete"])
async def test_a_file_that_may_only_be_read_is_unavailable_at_once(shared_folder: Path, mode: str) -> None:
    path = shared_folder / "read_only.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute("CREATE TABLE t (id INTEGER)")
    connection.close()
    shared_folder.chmod(0o777)  # so that nothing but the file itself stands in the way
    path.chmod(0o444)
    with as_plain_user():
        await refused(f"sqlite:///{path}")


async def test_a_folder_that_may_not_be_written_is_unavailable(shared_folder: Path) -> None:
    shared_folder.chmod(0o555)
    with as_plain_user():
        await refused(f"sqlite:///{shared_folder}/dondoc.db")


async def test_a_server_that_is_not_there_is_unavailable_and_its_password_unsaid() -> None:
    for url in ("postgresql://lan:secret@localhost:1/dondoc", "postgresql://lan:secret@/dondoc?host=/nowhere"):
        assert "secret" not in str(await refused(url))


async def test_a_database_the_server_does_not_have_is_unavailable(postgres_url: str) -> None:
    await refused(postgres_url.replace("/migrated", "/no_such"))


async def test_a_server_that_drops_its_connections_is_unavailable_and_then_back(postgres_url: str) -> None:
    database, other = await connect(postgres_url), await connect(postgres_url)
    with pytest.raises(DatabaseUnavailable):
        async with database.transaction() as tx:
            await add_counter(tx, "a")
            row = await tx.one("SELECT pg_backend_pid() AS pid")
            assert row is not None
            async with other.transaction() as tx_of_other:
                await tx_of_other.run("SELECT pg_terminate_backend(:pid, 5000)", pid=row["pid"])
            await add_counter(tx, "b")
    assert await names_of(database) == []
    await database.close()
    await other.close()


async def test_a_file_locked_for_too_long_is_unavailable_and_then_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.01)
    database = await connect(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"):
        async with database.transaction() as tx:
            await add_counter(tx, "a")
    other.execute("ROLLBACK")
    other.close()
    async with database.transaction() as tx:
        await add_counter(tx, "b")
    assert await names_of(database) == ["b"]
    await database.close()


async def test_every_commit_is_on_the_disk_and_references_are_kept(sqlite_url: str) -> None:
    database = await connect(sqlite_url)
    async with database.transaction() as tx:
        found = {
            pragma: next(iter(dict((await tx.all(f"PRAGMA {pragma}"))[0]).values()))
            for pragma in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    await database.close()
