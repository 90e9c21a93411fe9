"""Files that people send in talks: "(ảnh lớp 1, tệp báo cáo.pdf) 85" is two files and the words below the first."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tests.documents.forms import fill, opened, saved

_SENT = re.compile(r"\(((?:ảnh|tệp|tin|biểu) [^()]*)\)(?: (.*))?", re.DOTALL)
_ROW = re.compile(r"(\d+): ([^#]*)(?:# ?(.*))?")
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "zip": "",
}
_STARTS = {
    "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "heic": b"\x00\x00\x00\x18ftypheic",
    "pdf": b"%PDF-1.7\n",
    "exe": b"MZ\x90\x00",
    "svg": b"<svg width='1'>",
    "html": b"<!DOCTYPE html><html>",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
    "txt": b"",
}


@dataclass(frozen=True, slots=True)
class File:
    """A picture of some name, a document whose ending says what is in it, or the form received last, filled in.

    `filled` has figure and note by the number of the row.
    """

    kind: Literal["photo", "document"]
    name: str
    filled: tuple[tuple[int, str, str], ...] = ()

    def data(self, documents: Sequence[bytes] = ()) -> bytes:
        """Return its content: the same for the same name, and for no other. `documents` have been received before."""
        if self.filled:
            book, sheet = opened(documents[-1])
            for row, figure, note in self.filled:
                fill(sheet, row - 1, figure or None, note or None)
            return saved(book)
        return content(self.name if self.kind == "document" else f"{self.name}.jpg")


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent together; `kind` is set where it is no file but, say, a voice message."""

    files: tuple[File, ...]
    text: str
    kind: str | None = None


def content(name: str) -> bytes:
    """Return the content of a file of that name."""
    ending = name.rpartition(".")[2]
    if ending in _OFFICE:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{_OFFICE[ending]}"/></Types>')
            archive.writestr("name.txt", name)
            if ending == "docm":
                archive.writestr("word/vbaProject.bin", b"x")
        return stream.getvalue()
    return _STARTS[ending] + name.encode()


def read_sent(text: str) -> Sent | None:
    """Return what a line of a talk sends; None where it is typed."""
    found = _SENT.fullmatch(text)
    if found is None:
        return None
    if found[1].startswith("tin "):
        return Sent((), found[2] or "", found[1].removeprefix("tin "))
    if found[1].startswith("biểu "):
        rows = [_ROW.fullmatch(row.strip()) for row in found[1].removeprefix("biểu ").split(";")]
        filled = tuple((int(row[1]), row[2].strip(), (row[3] or "").strip()) for row in rows if row)
        return Sent((File("document", "bieu.xlsx", filled),), found[2] or "")
    files = []
    for each in found[1].split(", "):
        kind, _, name = each.partition(" ")
        files.append(File("photo" if kind == "ảnh" else "document", name))
    return Sent(tuple(files), found[2] or "")
