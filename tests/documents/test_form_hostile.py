"""Files that are broken, locked, enormous or malicious where a form is expected: refused by name, soon."""

from __future__ import annotations

import io
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from documents.appendix.errors import AppendixError, FileTooLarge, TableTooLarge, UnreadableFile
from documents.appendix.limits import Limits
from documents.form import read_form
from documents.form.errors import NotAForm
from documents.form.layout import COLUMNS
from documents.form.read import FORM_LIMITS
from tests.documents.forms import SHEET, filled, form, opened, rewritten, saved, texts
from tests.documents.test_hostile_files import DOCTYPE, OLE, changed, docx, encrypted_zip, many_parts, worked

SECONDS = 3.0


def within(rows: str) -> bytes:
    """The form with more rows behind its own."""
    return rewritten(form(), lambda text: text.replace("</sheetData>", f"{rows}</sheetData>"))


def numbered(pattern: str, count: int) -> str:
    """The pattern many times, each with another number: what is packed too well is refused as a bomb before."""
    return "".join(pattern % (number * 7_919 % 1_000_003) for number in range(count))


def one_text(letters: int, rows: int) -> bytes:
    """The form with more rows behind its own, each naming one long text; its clean form is another, and so a copy."""
    data = within('<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * rows)
    shared = "<si><t>" + "o\u0303  " * (letters // 4) + "</t></si><si>"
    return rewritten(data, lambda text: text.replace("<si>", shared, 1), "xl/sharedStrings.xml")


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b" ", "empty"),
    "a text": (lambda: b"STT\tS\xe1\xbb\x91 li\xe1\xbb\x87u\n1\t66,5\n", "format"),
    "a PDF": (lambda: b"%PDF-1.7\n", "format"),
    "a picture": (lambda: b"\x89PNG\r\n", "format"),
    "a Word file": (docx, "format"),
    "an old workbook": (lambda: OLE + "Workbook".encode("utf-16-le"), "format"),
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "a locked archive": (encrypted_zip, "password"),
    "macros": (lambda: changed(form(), {"xl/vbaProject.bin": OLE}), "macros"),
    "a type with macros": (
        lambda: rewritten(
            form(),
            lambda t: t.replace(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ),
            "[Content_Types].xml",
        ),
        "macros",
    ),
    "half a file": (lambda: form()[: len(form()) // 2], "damaged"),
    "no sheet": (lambda: rewritten(form(), lambda _: "", SHEET), "damaged"),
    "cut XML": (lambda: rewritten(form(), lambda text: text[:900]), "damaged"),
    "entities": (lambda: changed(form(), {SHEET: DOCTYPE + b"<worksheet/>"}), "entities"),
    "entities in the words": (lambda: changed(form(), {"xl/sharedStrings.xml": DOCTYPE + b"<sst/>"}), "entities"),
    "30 MB of blanks": (lambda: within(" " * 30_000_000), "bomb"),
    "many tags": (lambda: within(numbered('<row r="%d"/>', 300_000)), "bomb"),
    "60,000 parts": (many_parts, "bomb"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name_and_soon(name: str) -> None:
    make, reason = REFUSED[name]
    data = make()
    start = worked()
    with pytest.raises(UnreadableFile) as caught:
        read_form(data)
    assert worked() - start < SECONDS
    assert caught.value.values["reason"] == reason


TOO_LARGE = {
    "rows": lambda: within(numbered("<row><c><v>%d</v></c></row>", 5_100)),
    "columns": lambda: within('<row r="99"><c r="XFD99"><v>1</v></c></row>'),
    "cells": lambda: within(numbered("<row>" + "<c><v>7</v></c>" * 14 + "<c><v>%d</v></c></row>", 4_900)),
    "letters": lambda: one_text(500_000, 4_900),
}


@pytest.mark.parametrize("what", TOO_LARGE)
def test_more_than_any_form_has_is_refused(what: str) -> None:
    data = TOO_LARGE[what]()
    start = worked()
    with pytest.raises(TableTooLarge) as caught:
        read_form(data)
    assert worked() - start < SECONDS
    assert caught.value.values["what"] == what


def test_a_text_that_many_cells_name_is_kept_once() -> None:
    data = one_text(1_000, 2_500)
    tracemalloc.start()
    start = worked()
    read_form(data, replace(FORM_LIMITS, letters=100_000_000))
    spent, (_, most) = worked() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < SECONDS
    assert most < 16_000_000


def test_a_file_longer_than_the_limit_is_not_opened() -> None:
    with pytest.raises(FileTooLarge):
        read_form(form(), Limits(file_bytes=100))


def test_a_picture_pasted_into_a_form_does_no_harm() -> None:
    data = changed(filled(form(), "66,5"), {"xl/media/image1.png": random.Random(1).randbytes(3_000_000)})
    assert texts(read_form(data))[101] == "66,5"


def test_ids_nobody_can_have_are_told_and_never_numbers() -> None:
    """A mark is text from outside: too long for a database, of other digits, with a sign."""
    book, sheet = opened(filled(form(), *["1"] * 7))
    place = COLUMNS.index("mark") + 1
    for at, number in enumerate(("9" * 30, "-1", "0", "\u0661", "1e3", " 1")):
        sheet.cell(7 + at, place).value = re.sub(r"-\d+-", f"-{number}-", sheet.cell(7 + at, place).value)
    reply = read_form(saved(book))
    assert set(texts(reply)) == {107}
    assert {each.code for each in reply.problems} == {"unknown_id"}


def test_a_damaged_form_is_read_or_refused_by_name() -> None:
    chance = random.Random(20260)
    plain = [form(), filled(form(), 0.7)]
    for number in range(300):
        data = bytearray(plain[number % 2])
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_form(bytes(data))
        except (AppendixError, NotAForm):
            continue


def test_a_form_with_damaged_xml_is_read_or_refused_by_name() -> None:
    chance = random.Random(20261)
    base = filled(form(), 0.7, "x", True)
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    for _ in range(150):
        name = chance.choice(sorted(parts))
        text = bytearray(parts[name])
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(text))
            text[at : at + chance.randrange(3)] = chance.choice((b"9", b"-", b'"', b"s", b"", b"/", b"999999999999"))
        try:
            read_form(changed(base, {name: bytes(text)}))
        except (AppendixError, NotAForm):
            continue
