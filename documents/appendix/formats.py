"""Tells what a file really is from its first bytes and its parts; the name is only checked against it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

from documents.appendix.errors import UnreadableFile

Format = Literal["docx", "docm", "xlsx", "xlsm", "pdf", "text"]

_TEXTS = ("txt", "tsv", "tab", "csv", "md", "markdown")
# What a name promises. A name that promises nothing (no extension, or one of no office program) is not held to it.
_PROMISES: dict[str, tuple[str, ...]] = {
    "docx": ("docx",), "docm": ("docm", "docx"), "xlsx": ("xlsx",), "xlsm": ("xlsm", "xlsx"), "pdf": ("pdf",),
    "doc": (), "xls": (), "rtf": (), "odt": (), "ods": (), "pptx": (), "xlsb": (), "html": (), "htm": (),
    "png": (), "jpg": (), "jpeg": (), "zip": (), **dict.fromkeys(_TEXTS, ("text",)),
}  # fmt: skip
_SIGNATURES = (
    (b"{\\rtf", "rtf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gz"), (b"SQLite format 3", "sqlite"),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN_PARTS: tuple[tuple[bytes, str], ...] = (
    (b"ms-word.document.macroenabled.main+xml", "docm"),
    (b"ms-word.template.macroenabledtemplate.main+xml", "docm"),
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"ms-excel.sheet.binary.macroenabled.main", "xlsb"),
    (b"ms-excel.sheet.macroenabled.main+xml", "xlsm"),
    (b"ms-excel.template.macroenabled.main+xml", "xlsm"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"spreadsheetml.template.main+xml", "xlsx"),
    (b"presentationml.", "pptx"),
)
_READ = ("docx", "docm", "xlsx", "xlsm")


def recognise(data: bytes) -> str:
    """Return the format of a file by its content: one of `Format`, or "zip" for an archive to be looked into.

    Raises UnreadableFile: "empty", "format", "password".
    """
    if not data.strip():
        raise UnreadableFile("empty")
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if b"%PDF-" in data[:1024] and b"\t" not in data[: data.find(b"%PDF-")]:
        return "pdf"
    if data.startswith(_OLE):
        _refuse_ole(data)
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile("format", name)
    start = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise UnreadableFile("format", "html")
    if start.startswith(b"<?xml"):
        raise UnreadableFile("format", "xml")
    return "text"


def office_format(content_types: bytes, names: tuple[str, ...]) -> Format:
    """Return which Office file an archive is, from its list of content types and its parts' names.

    Raises UnreadableFile: "format" with what it is instead.
    """
    types = content_types.lower()
    found = next((name for mark, name in _MAIN_PARTS if mark in types), None)
    if found is None:
        other = "odt" if "content.xml" in names and "mimetype" in names else "zip"
        raise UnreadableFile("format", other)
    if found not in _READ:
        raise UnreadableFile("format", found)
    if any(name.endswith("vbaproject.bin") for name in names):
        # A file without macros has none, whatever it calls itself.
        found = "docm" if found.startswith("doc") else "xlsm"
    return found  # type: ignore[return-value] # one of _READ


def check_name(name: str, found: Format) -> None:
    """Refuse a file whose name promises another format than it has. Raises UnreadableFile."""
    promised = _PROMISES.get(PurePath(name).suffix.lower().lstrip("."))
    if promised is None or found in promised:
        return
    if found in ("docm", "xlsm") and promised in (("docx",), ("xlsx",)):
        raise UnreadableFile("macros", found)
    raise UnreadableFile("wrong_extension", "txt" if found == "text" else found)


def _refuse_ole(data: bytes) -> None:
    """The old container holds old Word and Excel files, and the new ones where they are locked with a password."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise UnreadableFile("password")
    raise UnreadableFile("format", "doc" if holds("WordDocument") else "xls" if holds("Workbook") else "ole")
