"""Office files and PDFs that are broken, locked, enormous or malicious: refused by name, soon, and in little memory."""

from __future__ import annotations

import inspect
import io
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from documents.appendix import errors, pdf, read_plan
from documents.appendix.errors import AppendixError, TableTooLarge, UnreadableFile
from documents.appendix.limits import LIMITS, Limits
from documents.appendix.pdf_pages import read_pages
from templates import __file__ as templates
from tests.documents import office, pdf_files
from tests.documents.plans import plan_bytes

SECONDS = 4.0  # of work, also of a process it starts; each takes under 2 on an idle machine
DOCUMENT, SHEET, WORDS = "word/document.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def worked() -> float:
    """Return the seconds of work so far, which unlike the clock's are not those of other programs."""
    return sum(os.times()[:4])


@cache
def docx() -> bytes:
    return office.docx("thuy_hung")


@cache
def xlsx() -> bytes:
    return office.xlsx("thuy_hung")


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """An archive with some of its parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return stream.getvalue()


def document(body: bytes, before: bytes = b"") -> bytes:
    root = f'<w:document xmlns:w="{office.W}"><w:body>'.encode()
    return changed(docx(), {DOCUMENT: before + root + body + b"</w:body></w:document>"})


def sheet(rows: bytes, after: bytes = b"") -> bytes:
    root = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return changed(xlsx(), {SHEET: root + rows + b"</sheetData>" + after + b"</worksheet>"})


def with_macros(data: bytes, folder: str) -> bytes:
    return changed(data, {f"{folder}/vbaProject.bin": OLE})


def encrypted_zip() -> bytes:
    data = bytearray(docx())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(mark), bytes(data)):
            data[match.start() + at] |= 1
    return bytes(data)


def many_parts() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}", b"")
    return stream.getvalue()


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
TABLE = b"<w:tbl><w:tr><w:tc>"
REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "half a docx": (lambda: docx()[: len(docx()) // 2], "docx", "damaged"),
    "the start of an xlsx": (lambda: xlsx()[:40], "xlsx", "damaged"),
    "no document inside": (lambda: changed(docx(), {DOCUMENT: b""}), "docx", "damaged"),
    "cut XML": (lambda: document(b"<w:tbl>"), "docx", "damaged"),
    "60 MB of blanks": (lambda: document(b" " * 60_000_000), "docx", "bomb"),
    "20 MB of blanks": (lambda: document(b" " * 20_000_000), "docx", "bomb"),
    "a million tags": (lambda: document(b"<w:p/>" * 1_000_000), "docx", "bomb"),
    "a row of half a million cells": (lambda: document(TABLE + b"<w:tc/>" * 600_000), "docx", "bomb"),
    "tables within tables": (lambda: document(TABLE * 60 + b"</w:tc></w:tr></w:tbl>" * 60), "docx", "bomb"),
    "XML deeper than any": (lambda: document(TABLE * 3000 + b"</w:tc></w:tr></w:tbl>" * 3000), "docx", "damaged"),
    "60,000 parts": (many_parts, "docx", "bomb"),
    "entities": (lambda: document(b"<w:p/>", DOCTYPE), "docx", "entities"),
    "entities in a sheet": (lambda: changed(xlsx(), {SHEET: DOCTYPE + b"<worksheet/>"}), "xlsx", "entities"),
    "entities in the content types": (
        lambda: changed(xlsx(), {"xl/_rels/workbook.xml.rels": DOCTYPE + b"<Relationships/>"}), "xlsx", "entities"
    ),
    "entities in UTF-16": (
        lambda: changed(docx(), {DOCUMENT: (DOCTYPE.decode() + "<x/>").encode("utf-16")}), "docx", "entities"
    ),
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "docx", "password"),
    "a locked archive": (encrypted_zip, "docx", "password"),
    "an old Word file": (lambda: OLE + "WordDocument".encode("utf-16-le"), "doc", "format"),
    "macros as docx": (lambda: with_macros(docx(), "word"), "docx", "macros"),
    "macros as xlsx": (lambda: with_macros(xlsx(), "xl"), "xlsx", "macros"),
    "a docx named xlsx": (docx, "xlsx", "wrong_extension"),
    "an xlsx named pdf": (xlsx, "pdf", "wrong_extension"),
    "a docx named doc": (docx, "doc", "wrong_extension"),
    "a text named docx": (lambda: plan_bytes("thuy_hung"), "docx", "wrong_extension"),
    "some other archive": (lambda: changed(docx(), {"[Content_Types].xml": b"<Types/>"}), "docx", "format"),
    "a web page": (lambda: b"<!DOCTYPE html><table><tr><td>STT</td></tr></table>", "xls", "format"),
    "noise": (lambda: zlib.compress(bytes(range(256)) * 9_000, 0)[9:], "txt", "binary"),
    "noise after PDF": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 8_000, "pdf", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name_and_soon(name: str) -> None:
    make, extension, reason = REFUSED[name]
    data = make()
    start = worked()
    with pytest.raises(UnreadableFile) as caught:
        read_plan(data, f"plan.{extension}", year=2026)
    assert worked() - start < SECONDS
    assert caught.value.values["reason"] == reason


def numbered(pattern: bytes, count: int) -> bytes:
    """The pattern many times, each with another number: what is packed too well is refused as a bomb before."""
    return b"".join(pattern % (number * 7_919 % 1_000_003) for number in range(count))


CELL = b"<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
TOO_LARGE: dict[str, tuple[Callable[[], bytes], str]] = {
    "rows": (lambda: document(b"<w:tbl>" + numbered(b"<w:tr><w:tc w:n='%d'/></w:tr>", 12_000) + b"</w:tbl>"), "docx"),
    "columns": (lambda: document(b"<w:tbl><w:tr>" + CELL * 65 + b"</w:tr></w:tbl>"), "docx"),
    "cell": (lambda: document(b"<w:tbl><w:tr>" + CELL.replace(b"a", b"ab" * 10_001) + b"</w:tr></w:tbl>"), "docx"),
    "lines": (lambda: document(numbered(b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>", 100_001)), "docx"),
    "columns of a sheet": (lambda: sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "xlsx"),
    "rows of a sheet": (lambda: sheet(b"<row><c><v>1</v></c></row>" * 10_001), "xlsx"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_LARGE)
def test_more_than_any_plan_has_is_refused(name: str) -> None:
    make, extension = TOO_LARGE[name]
    data = make()
    start = worked()
    with pytest.raises(TableTooLarge) as caught:
        read_plan(data, f"plan.{extension}", year=2026)
    assert worked() - start < SECONDS
    assert caught.value.values["what"] == name.split()[0]


@pytest.mark.skipif(sys.platform != "linux", reason="others do not hold a process to its memory")
def test_refusing_takes_little_memory(tmp_path: Path) -> None:
    """In a process that is not given more; each file needs about 100 MB, a PDF's own process at most twice that."""
    makers = {
        "blanks.docx": REFUSED["60 MB of blanks"][0],
        "tags.docx": REFUSED["a million tags"][0],
        "lines.docx": TOO_LARGE["lines"][0],
        "rows.xlsx": lambda: sheet(numbered(b"<row>" + b"<c><v>7</v></c>" * 14 + b"<c><v>%d</v></c></row>", 10_001)),
        "packed.pdf": PDFS["400 MB packed"][0],
        "slow.pdf": PDFS["a slow page"][0],
        "junk.txt": lambda: b"x y z\n" * 800_000,
    }
    for name, make in makers.items():
        (tmp_path / name).write_bytes(make())
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (300 << 20, 300 << 20))\n"
        "from documents.appendix import read_plan\n"
        "from documents.appendix.errors import AppendixError\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        read_plan(open(name, 'rb').read(), name, year=2026)\n"
        "    except AppendixError as error:\n"
        "        print(error.code, error.values.get('reason', ''))\n"
    )
    files = [str(tmp_path / name) for name in makers]
    done = subprocess.run([sys.executable, "-c", program, *files], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:-1] == [
        *["unreadable_file bomb"] * 2,
        *["table_too_large "] * 2,
        "unreadable_file bomb",
        "unreadable_file too_slow",
        "table_too_large ",
    ]


def edited(part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one place of a part replaced."""
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        text = archive.read(part)
    assert old in text
    return changed(xlsx(), {part: text.replace(old, new, 1)})


HARMLESS: dict[str, Callable[[], bytes]] = {
    "a sheet that lies about its size": lambda: edited(
        SHEET, b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="'
    ),
    "cells merged to the end of the sheet": lambda: edited(
        SHEET, b"<mergeCell ", b'<mergeCell ref="XA1:XFD1048576"/><mergeCell '
    ),
    "blank cells by the ten thousand": lambda: edited(
        SHEET, b"</sheetData>", numbered(b'<row><c s="%d"/><c/></row>', 30_000) + b"</sheetData>"
    ),
    "strings nobody uses": lambda: edited(WORDS, b"</sst>", numbered(b"<si><t>%d</t></si>", 200_000) + b"</sst>"),
    "a docx with an object of another program": lambda: changed(docx(), {"word/embeddings/oleObject1.bin": OLE}),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_only_odd_is_read(name: str) -> None:
    extension = "docx" if "docx" in name else "xlsx"
    assert len(read_plan(HARMLESS[name](), f"plan.{extension}").indicators) == 22


def test_a_workbook_that_says_it_has_macros_is_read_without_them() -> None:
    for name in ("plan.xlsm", "plan", "plan.dat"):
        assert len(read_plan(with_macros(xlsx(), "xl"), name).indicators) == 22


def test_the_limits_are_the_callers() -> None:
    for limits, error in (
        (Limits(file_bytes=100), errors.FileTooLarge),
        (Limits(rows=20), TableTooLarge),
        (Limits(cells=40), TableTooLarge),
        (Limits(inflated_bytes=2_000), UnreadableFile),
        (Limits(nodes=50), UnreadableFile),
    ):
        for data, name in ((docx(), "x.docx"), (xlsx(), "x.xlsx")):
            with pytest.raises(error):
                read_plan(data, name, limits=limits)


# -- PDF -------------------------------------------------------------------------------------------------------------


def drawn(draw: Callable[..., object], pages: int = 1, **settings: object) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, **settings)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def one_page(content: bytes) -> bytes:
    """A PDF whose only page is drawn by packed instructions."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Size 5/Root 1 0 R>>\n%%EOF"


def _packed(size: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)), packer.flush()])


PDFS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a scan": (lambda: drawn(lambda canvas: (canvas.rect(0, 0, 500, 700), canvas.drawString(9, 9, "2")), 3), "scanned"),
    "a password": (lambda: drawn(lambda canvas: canvas.drawString(9, 9, "x"), encrypt="secret"), "password"),
    "400 MB packed": (lambda: one_page(_packed(400_000_000)), "bomb"),
    "a slow page": (
        lambda: drawn(lambda canvas: [canvas.drawString(9, 9 + n % 700, "x" * 80) for n in range(1_000)]), "too_slow"
    ),
    "a hundred pages that are each just allowed": (
        lambda: drawn(lambda canvas: [canvas.drawString(9, 9 + n % 700, "x" * 80) for n in range(480)], 100), "too_slow"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_is_refused_by_name_and_soon(name: str) -> None:
    make, reason = PDFS[name]
    data = make()
    start = worked()
    with pytest.raises(UnreadableFile) as caught:
        read_plan(data, "plan.pdf", limits=Limits(pdf_page_seconds=0.7))
    assert worked() - start < SECONDS
    assert caught.value.values["reason"] == reason


def test_thirty_full_pages_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    if pdf_files.font_file() is None:
        pytest.skip("no font with Vietnamese letters to make a PDF with")
    plan = office.plan_of("xuan_hung")
    plan.pages *= 5
    monkeypatch.setattr(pdf_files, "plan_of", lambda name: plan)
    data = pdf_files.pdf("xuan_hung")
    assert data.count(b"/Type /Page\n") >= 30
    assert len(read_plan(data, "plan.pdf").indicators) == 5 * 46


@pytest.mark.parametrize("what", ["page", "pages"])
def test_a_pdf_with_too_much_on_or_too_many_pages_is_refused(what: str) -> None:
    data = one_page(zlib.compress(b"q Q " * 400_000))
    if what == "pages":
        data = drawn(lambda canvas: canvas.drawString(9, 9, "x"), LIMITS.pdf_pages + 1)
    with pytest.raises(TableTooLarge) as caught:
        read_plan(data, "plan.pdf")
    assert caught.value.values["what"] == what


def test_a_pdf_is_read_no_longer_than_allowed_and_only_with_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(lambda canvas: canvas.drawString(9, 9, "x"))
    with pytest.raises(UnreadableFile) as caught:
        pdf.read_rows(data, Limits(pdf_seconds=0.01))
    assert caught.value.values["reason"] == "too_slow"
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UnreadableFile) as caught:
        pdf.read_rows(data, LIMITS)
    assert caught.value.values["reason"] == "no_pdf_reader"


def test_the_process_of_a_pdf_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    class Done:
        returncode, stdout = 0, b'{"rows": []}'

    def fake(command: object, *, env: dict[str, str], **_: object) -> Done:
        seen.update(env)
        return Done()

    monkeypatch.setenv("DONDOC_TELEGRAM_TOKEN", "secret")
    monkeypatch.setattr("subprocess.run", fake)
    assert pdf.read_rows(b"%PDF-", LIMITS) == []
    assert "secret" not in seen.values()


def test_letters_that_cannot_be_told_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import pdfplumber

    text = drawn(lambda canvas: canvas.drawString(9, 9, "letters enough for a page of text"))
    monkeypatch.setattr(pdfplumber.page.Page, "chars", [{"text": "(cid:5)"}] * 50, raising=False)
    monkeypatch.setattr("documents.appendix.pdf_pages._page_rows", lambda page, limits: [])
    with pytest.raises(UnreadableFile) as caught:
        read_pages(text, LIMITS)
    assert caught.value.values["reason"] == "no_letters"


# -- words -----------------------------------------------------------------------------------------------------------


def test_every_reason_has_words_of_its_own() -> None:
    words = (Path(templates).parent / "vi" / "cli" / "appendix.txt").read_text(encoding="utf-8")
    reasons = set(re.findall(r'"(\w+)"', inspect.getdoc(UnreadableFile) or ""))
    assert {reason for _, _, reason in REFUSED.values()} | {reason for _, reason in PDFS.values()} <= reasons
    assert [reason for reason in sorted(reasons) if f'"{reason}": "' not in words] == []
    codes = [error.code for _, error in inspect.getmembers(errors, inspect.isclass) if issubclass(error, AppendixError)]
    assert [code for code in codes if code != "appendix_error" and f'code == "{code}"' not in words] == []
