"""Documents made when they are sent: nobody waits for another's, what fails says so, and nothing is left lying."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from bot import making, running
from bot.app import App
from bot.file_store import FileStore
from bot.rehearsal import drain
from domain.messages import Address, Attachment, Outgoing
from handlers import made
from handlers.documents import Made
from handlers.made import Maker
from storage import outbox
from storage.database import Database
from storage.errors import DatabaseUnavailable
from tests.bot.stage import heard, phones, program, rows, say


@pytest.fixture
async def app(database: Database, tmp_path: Path) -> App:
    """A program with a data folder of its own."""
    found = await program(database, "xa_hoa_lu")
    found.files = FileStore(tmp_path / "files")
    return found


def left(app: App) -> list[Path]:
    """The files in the data folder."""
    return [path for path in app.files.folder.rglob("*") if path.is_file()]


async def queue(app: App, who: str, *attachments: Attachment) -> None:
    async with app.database.transaction() as tx:
        outbox.add(tx, Address("simulator", who), Outgoing(f"gửi {who}", attachments=attachments), app.clock.now())


def register(monkeypatch: pytest.MonkeyPatch, make: object, collect: object = None) -> None:
    async def nothing(*_: object) -> dict[str, int]:
        return {}

    maker = Maker(collect or nothing, make, "form/nothing")  # type: ignore[arg-type]
    monkeypatch.setitem(made.MAKERS, "test", maker)


async def test_a_document_is_made_of_what_is_so_when_it_is_sent_and_then_removed(app: App) -> None:
    await say(app, "lan", "/bieu")
    assert phones(app).documents["bieu-so-lieu-30-11-2026.xlsx"].startswith(b"PK")
    [row] = await rows(app.database, "SELECT payload FROM outbox WHERE payload LIKE '%made:%'")
    assert "xlsx" in row["payload"]
    assert left(app) == []


async def test_where_nothing_is_left_to_make_it_of_words_are_sent(app: App) -> None:
    argument = {"person": 10**9, "due": "2026-11-30", "id": "1"}
    await queue(app, "lan", made.attachment("form", "bieu.xlsx", argument))
    await drain(app)
    assert "không còn gì phải nhập" in heard(app, "lan")[-1]
    assert not phones(app).latest("lan").attachments


async def test_what_cannot_be_made_is_said_and_holds_up_nothing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> bytes:
        raise ZeroDivisionError

    register(monkeypatch, fail)
    await queue(app, "lan", made.attachment("test", "a.txt", {}))
    await queue(app, "lan")
    await drain(app)
    assert "Chưa lập được tệp" in heard(app, "lan")[-2]
    assert heard(app, "lan")[-1] == "gửi lan"
    assert left(app) == []


async def test_an_unknown_maker_of_a_newer_program_is_said_to_have_failed(app: App) -> None:
    await queue(app, "lan", Attachment("document", "made:unknown:{}", "a.txt"))
    await drain(app)
    assert "Chưa lập được tệp" in heard(app, "lan")[-1]


async def test_while_the_database_is_away_nothing_is_sent_and_it_is_tried_again(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise DatabaseUnavailable("away")

    with monkeypatch.context() as patched:
        register(patched, lambda _: Made(b"x", ".txt"), away)
        await queue(app, "lan", made.attachment("test", "a.txt", {}))
        await drain(app)
    assert heard(app, "lan") == []
    [row] = await rows(app.database, "SELECT status, reason FROM outbox")
    assert row == {"status": "queued", "reason": "not_sent: DatabaseUnavailable"}


async def test_a_document_that_takes_long_holds_up_nobody_else(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    others_have_heard = threading.Event()

    def slowly(_: object) -> Made:
        assert others_have_heard.wait(10)
        return Made(b"x", ".txt")

    register(monkeypatch, slowly)
    await queue(app, "lan", made.attachment("test", "a.txt", {}))
    await queue(app, "minh")
    stop = asyncio.Event()
    phones(app).listener = lambda heard: others_have_heard.set() if heard.who == "minh" else stop.set()
    async with asyncio.timeout(15):
        await running.serve(app, stop)
    assert [each.who for each in phones(app).heard][:2] == ["minh", "lan"]


async def test_a_file_that_is_there_already_is_sent_as_it_is(app: App) -> None:
    outgoing = Outgoing("x", attachments=(Attachment("document", "kept/ab/cd", "a.pdf"),))
    async with making.ready(app, outgoing) as ready:
        assert ready is outgoing


async def test_a_document_is_called_what_it_has_become(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, lambda _: Made(b"x", ".docx"))
    await queue(app, "lan", made.attachment("test", "phu-luc.xlsx", {}))
    await drain(app)
    assert list(phones(app).documents) == ["phu-luc.docx"]
