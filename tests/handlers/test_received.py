"""Received files: nothing lost and nothing twice wherever the program dies, and nobody reaches what is not theirs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import fetcher, receiver
from bot.app import App
from bot.channels.base import FileUnavailable
from bot.fetcher import fetch_one
from bot.file_store import FileStore
from bot.rehearsal import drain
from bot.worker import work_one
from domain.messages import Address, Incoming, ReceivedFile
from storage import evidence, files
from storage.database import Database
from tests.bot.stage import clock, heard, phones, program, rows, say
from tests.talk_files import content

PICTURE = content("a.jpg")
SHA = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
async def app(database: Database, tmp_path: Path) -> App:
    """A program in which Lan has just reported 85 of a hundred."""
    found = await program(database, "xa_hoa_lu")
    found.files = FileStore(tmp_path / "files")
    await say(found, "lan", "nhập")
    await say(found, "lan", "85")
    return found


def give(app: App, data: bytes = PICTURE, **more: object) -> Incoming:
    """Let Lan send a picture."""
    number = f"f{len(phones(app).files)}"
    return phones(app).give("lan", ReceivedFile("photo", number), data, app.clock.now(), **more)  # type: ignore[arg-type]


def on_disk(app: App) -> list[str]:
    """The names of the files that are kept, and of those left lying about."""
    return sorted(path.name for path in app.files.folder.rglob("*") if path.is_file())


async def test_a_file_is_kept_once_by_its_hash_and_only_its_owner_may_look_into_the_folder(app: App) -> None:
    give(app)
    give(app)
    await drain(app)
    assert on_disk(app) == [SHA]
    path = app.files.folder / files.content_path(SHA)
    assert path.read_bytes() == PICTURE
    assert path.stat().st_mode & 0o077 == 0
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in (path.parent, path.parent.parent, app.files.folder))
    attached = await rows(app.database, "SELECT line_id FROM evidence WHERE status = 'attached'")
    assert len(attached) == 1, "the same picture shows the same figure once"
    found = await rows(app.database, "SELECT status, remote_id, format FROM files ORDER BY id")
    assert [row["status"] for row in found] == ["kept", "erased"]
    assert {row["remote_id"] for row in found} == {""}


class _Died(BaseException):
    """The process is gone: nothing after this happens, and nobody catches it."""


async def _die(*_: object, **__: object) -> None:
    raise _Died


def _die_at_once(*_: object, **__: object) -> None:
    raise _Died


def _in_fetch(monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    monkeypatch.setattr(phones(app), "fetch", _die)


def _before_the_disk(monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    monkeypatch.setattr(fetcher, "_read", _die_at_once)


def _before_the_mark(monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    monkeypatch.setattr(files, "keep", _die)


def _after_the_disk(monkeypatch: pytest.MonkeyPatch, app: App) -> None:
    put = FileStore.put

    def die(store: FileStore, *what: object) -> None:
        put(store, *what)  # type: ignore[arg-type]
        raise _Died

    monkeypatch.setattr(FileStore, "put", die)


HOPS: list[Callable[[pytest.MonkeyPatch, App], None]] = [
    _in_fetch,
    _before_the_disk,
    _before_the_mark,
    _after_the_disk,
]


@pytest.mark.parametrize("hop", HOPS)
async def test_a_program_that_dies_at_any_hop_loses_no_file_and_answers_once(
    app: App, monkeypatch: pytest.MonkeyPatch, hop: Callable[[pytest.MonkeyPatch, App], None]
) -> None:
    give(app)
    before = len(heard(app, "lan"))
    with monkeypatch.context() as patched:
        hop(patched, app)
        with pytest.raises(_Died):
            await drain(app)
    assert await rows(app.database, "SELECT id FROM evidence") == []
    await drain(app)
    assert len(heard(app, "lan")) == before, "the lease of the one that died still holds"
    clock(app).move(files.LEASE + timedelta(seconds=1))
    await drain(app)
    assert [text for text in heard(app, "lan")[before:] if "Đã lưu minh chứng" in text] == heard(app, "lan")[before:]
    assert len(heard(app, "lan")) == before + 1
    assert on_disk(app) == [SHA]


async def test_what_cannot_be_had_now_is_tried_again_and_at_last_said_to_be_not_had(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def fail(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise FileUnavailable("not_now")

    monkeypatch.setattr(phones(app), "fetch", fail)
    give(app)
    before = len(heard(app, "lan"))
    for _ in range(10):
        await drain(app)
        clock(app).move(timedelta(minutes=10))
    assert tries == 6
    [said] = heard(app, "lan")[before:]
    assert "gửi lại sau ít phút" in said
    assert on_disk(app) == []


async def test_a_file_that_every_program_dies_of_is_at_last_said_to_be_unreadable(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher, "_read", _die_at_once)
    give(app)
    before = len(heard(app, "lan"))
    for _ in range(6):
        with pytest.raises(_Died):
            await drain(app)
        clock(app).move(files.LEASE + timedelta(seconds=1))
    await drain(app)
    [said] = heard(app, "lan")[before:]
    assert "không đọc được" in said
    assert await rows(app.database, "SELECT status, reason FROM files") == [
        {"status": "failed", "reason": "unreadable"}
    ]


async def test_a_content_that_cannot_be_erased_holds_up_no_other_and_is_erased_later(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(app)
    await drain(app)
    [row] = await rows(app.database, "SELECT batch FROM evidence")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "no")

    with monkeypatch.context() as patched:
        patched.setattr(FileStore, "erase", refuse)
        await say(app, "lan", f"/minhchung {row['batch']}:x")
        give(app, content("b.jpg"))
        await drain(app)
        assert "Đã lưu minh chứng" in heard(app, "lan")[-1]
    assert SHA in on_disk(app)
    clock(app).move(timedelta(hours=1))
    await drain(app)
    assert SHA not in on_disk(app)


async def test_a_file_is_brought_to_the_disk_before_the_transaction_that_keeps_it(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    secure, keep = FileStore.secure, files.keep

    def secured(*what: object) -> None:
        done.append("secured")
        secure(*what)  # type: ignore[arg-type]

    async def kept(*what: object) -> bool:
        done.append("kept")
        synced.clear()
        return await keep(*what)  # type: ignore[arg-type]

    synced: list[int] = []
    sync = os.fsync
    monkeypatch.setattr(FileStore, "secure", secured)
    monkeypatch.setattr(files, "keep", kept)
    monkeypatch.setattr("bot.file_store.os.fsync", lambda handle: synced.append(handle) or sync(handle))
    give(app)
    await drain(app)
    assert done == ["secured", "kept"]
    assert len(synced) == 1, "of the folder, for the name to last"
    assert on_disk(app) == [SHA]


async def test_a_disk_that_is_full_takes_no_file_now_and_holds_up_nobody(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.file_store._ROOM", 1 << 62)
    give(app)
    await say(app, "lan", "1200")
    assert "Đã ghi 1.200" in heard(app, "lan")[-1]
    monkeypatch.undo()
    clock(app).move(timedelta(seconds=6))
    await drain(app)
    assert "Đã lưu minh chứng" in heard(app, "lan")[-1]


async def test_a_file_that_is_too_large_or_one_of_too_many_is_refused(app: App) -> None:
    app.files = replace(app.files, largest=5, a_day=2)
    give(app)
    await drain(app)
    assert "lớn quá" in heard(app, "lan")[-1]
    app.files = replace(app.files, largest=1000)
    for _ in range(2):
        give(app)
    await drain(app)
    assert "rất nhiều tệp" in heard(app, "lan")[-1]
    clock(app).move(timedelta(days=1, hours=1))
    give(app, content("b.jpg"))
    await drain(app)
    assert "Số người được tập huấn" in heard(app, "lan")[-1], "a day later it is for the line that is asked for"


async def test_what_is_withdrawn_is_erased_unless_another_shows_the_same(app: App) -> None:
    give(app)
    await drain(app)
    await say(app, "lan", "1200")
    give(app)
    await drain(app)
    first, second = await rows(app.database, "SELECT batch FROM evidence ORDER BY id")
    await say(app, "lan", f"/minhchung {first['batch']}:x")
    assert on_disk(app) == [SHA]
    await say(app, "lan", f"/minhchung {second['batch']}:x")
    assert on_disk(app) == []
    assert {row["status"] for row in await rows(app.database, "SELECT status FROM evidence")} == {"withdrawn"}
    assert {row["status"] for row in await rows(app.database, "SELECT status FROM files")} == {"erased"}


@pytest.mark.parametrize("what", ["{batch}:x", "{batch}:{line}", "{batch}:xem", "{batch}", "9999:x", "x", "1:1:1"])
async def test_nobody_moves_withdraws_or_sees_what_is_none_of_theirs(app: App, what: str) -> None:
    give(app)
    await drain(app)
    [row] = await rows(app.database, "SELECT batch, line_id FROM evidence")
    sent = len(phones(app).heard)
    command = what.format(batch=row["batch"], line=row["line_id"] + 1)
    phones(app).press("thu" if "xem" not in what else "stranger", f"go:minhchung:{command}", app.clock.now())
    await drain(app)
    assert await rows(app.database, "SELECT batch, line_id FROM evidence WHERE status = 'attached'") == [row]
    assert not any(heard.outgoing.attachments for heard in phones(app).heard[sent:])


@pytest.mark.parametrize("what", ["x", "xem", "{line}"])
async def test_whoever_has_left_an_agency_reaches_its_evidence_no_more(app: App, what: str) -> None:
    give(app)
    await drain(app)
    [row] = await rows(app.database, "SELECT batch, line_id FROM evidence")
    async with app.database.transaction() as tx:
        await tx.run("DELETE FROM memberships WHERE person_id = (SELECT id FROM people WHERE name = 'Lan')")
    command = what.format(line=row["line_id"] + 1)
    phones(app).press("lan", f"go:minhchung:{row['batch']}:{command}", app.clock.now())
    await drain(app)
    assert await rows(app.database, "SELECT batch, line_id FROM evidence WHERE status = 'attached'") == [row]
    assert on_disk(app) == [SHA]
    assert not phones(app).latest("lan").attachments


@pytest.mark.parametrize("seal", ["closed", "confirmed"])
@pytest.mark.parametrize("what", ["x", "{line}"])
async def test_evidence_of_a_closed_or_confirmed_figure_stays(app: App, seal: str, what: str) -> None:
    give(app)
    await drain(app)
    [row] = await rows(app.database, "SELECT batch, line_id FROM evidence")
    async with app.database.transaction() as tx:
        if seal == "closed":
            await tx.run("UPDATE duties SET closing = 'closed'")
        else:
            await tx.run(
                "INSERT INTO reviews (submission_id, person_id, kind, words, created_at)"
                " SELECT submission_id, 1, 'confirmed', NULL, '2026-11-23T00:00:00.000000Z' FROM duty_lines"
                " WHERE submission_id IS NOT NULL"
            )
    await say(app, "lan", f"/minhchung {row['batch']}:{what.format(line=row['line_id'] + 1)}")
    assert "được giữ nguyên" in heard(app, "lan")[-1]
    assert await rows(app.database, "SELECT batch, line_id FROM evidence WHERE status = 'attached'") == [row]
    assert on_disk(app) == [SHA]


async def test_the_audit_tells_of_evidence_attached_moved_and_withdrawn(app: App) -> None:
    give(app)
    await drain(app)
    [row] = await rows(app.database, "SELECT batch, line_id FROM evidence")
    other = row["line_id"] + 1
    await say(app, "lan", f"/minhchung {row['batch']}:{other}")
    await say(app, "lan", f"/minhchung {row['batch']}:x")
    noted = await rows(
        app.database, "SELECT action, subject, person_id FROM audit WHERE action LIKE 'evidence.%' ORDER BY id"
    )
    assert [(each["action"], each["subject"]) for each in noted] == [
        ("evidence.attached", f"line:{row['line_id']}"),
        ("evidence.withdrawn", f"line:{row['line_id']}"),
        ("evidence.attached", f"line:{other}"),
        ("evidence.withdrawn", f"line:{other}"),
    ]
    assert all(each["person_id"] for each in noted)


async def test_a_leader_may_look_at_evidence_of_their_commune(app: App) -> None:
    give(app)
    await drain(app)
    [row] = await rows(app.database, "SELECT batch FROM evidence")
    phones(app).press("minh", f"go:minhchung:{row['batch']}:xem", app.clock.now())
    await drain(app)
    assert [each.path for each in phones(app).latest("minh").attachments] == [files.content_path(SHA)]


async def test_a_reply_to_a_receipt_says_what_a_file_shows(app: App) -> None:
    await say(app, "lan", "1200")
    receipt = next(each.id for each in phones(app).heard if "Đã ghi 85" in each.outgoing.text)
    phones(app).files["r"] = PICTURE
    sender = Address("simulator", "lan")
    file = ReceivedFile("photo", "r")
    phones(app).put(Incoming(sender, "reply", app.clock.now(), message_id="m", reply_to=receipt, file=file))
    await drain(app)
    assert '"Tỷ lệ hồ sơ trực tuyến": 85 %' in heard(app, "lan")[-1]


async def test_status_and_reports_can_list_the_evidence_of_a_commune(app: App) -> None:
    give(app)
    await drain(app)
    async with app.database.transaction() as tx:
        unit = await tx.one("SELECT id FROM units WHERE name = 'xã Hoa Lư'")
        assert unit is not None
        [found] = await evidence.of_unit(tx, unit["id"])
        assert found == (await evidence.of_line(tx, found.line_id or 0))[0]
    assert (found.person, found.format, found.sha256) == ("Lan", "jpeg", SHA)


async def test_two_processes_fetch_a_file_once(app: App) -> None:
    give(app)
    other = App(app.database, app.calendar, app.clock, app.channels, files=app.files)
    await drain_without_fetching(app)
    async with app.database.transaction() as tx:
        assert await files.claim(tx, "simulator", app.clock.now(), app.clock.now()) is not None
    assert not await fetch_one(other)


async def drain_without_fetching(app: App) -> None:
    await receiver.record(app, phones(app).waiting())
    while await work_one(app):
        pass


async def test_a_lost_lease_marks_nothing(app: App) -> None:
    give(app)
    await drain_without_fetching(app)
    now = app.clock.now()
    async with app.database.transaction() as tx:
        first = await files.claim(tx, "simulator", now, now)
    async with app.database.transaction() as tx:
        second = await files.claim(tx, "simulator", now + files.LEASE, now)
    assert first is not None
    assert second is not None
    async with app.database.transaction() as tx:
        assert not await files.keep(tx, first, SHA, "jpeg", 1, None, now)
        assert await files.keep(tx, second, SHA, "jpeg", 1, None, now)
        assert not await files.fail(tx, second, "gone", now)


async def test_an_album_that_arrives_in_pieces_waits_for_the_rest(app: App) -> None:
    app.album_gap = timedelta(seconds=1)
    give(app, content("a.jpg"), album="x")
    await drain(app)
    clock(app).move(timedelta(milliseconds=500))
    give(app, content("b.jpg"), album="x")
    before = len(heard(app, "lan"))
    await drain(app)
    assert len(heard(app, "lan")) == before
    clock(app).move(timedelta(seconds=2))
    await drain(app)
    [said] = heard(app, "lan")[before:]
    assert "2 ảnh" in said
