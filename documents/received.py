"""What a received file is, by its content alone: nobody's word for it counts, neither a name's nor a messenger's."""

from __future__ import annotations

from typing import Literal, get_args

from documents.appendix.archive import Package
from documents.appendix.errors import UnreadableFile
from documents.appendix.formats import office_format, recognise
from documents.appendix.limits import Limits

Format = Literal["jpeg", "png", "webp", "heic", "pdf", "docx", "xlsx", "doc", "xls"]
FORMATS: tuple[Format, ...] = get_args(Format)
# Only the list of contents of an Office file is unpacked here.
_LIMITS = Limits(part_bytes=4 * 1024 * 1024)
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_OFFICE: dict[str, Format] = {"docx": "docx", "xlsx": "xlsx"}
_OLDER: dict[str, Format] = {"doc": "doc", "xls": "xls"}
# What is refused by its name, beyond what `recognise` names.
_OTHERS = (
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"#!", "exe"),
    (b"OggS", "audio"),
    (b"ID3", "audio"),
    (b"\xff\xfb", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
)
_MARKUP = ((b"<svg", "svg"), (b"<html", "html"), (b"<!doctype html", "html"), (b"<script", "html"))


def recognise_received(data: bytes) -> Format:
    """Return the format of a picture or document that may be kept.

    Raises UnreadableFile: "empty", "damaged", "password", "macros", or "format" with what it is instead ("exe", "svg",
    "html", "zip", "text" …).
    """
    if picture := _picture(data):
        return picture
    for mark, name in _OTHERS:
        if data.startswith(mark):
            raise UnreadableFile("format", name)
    if data[4:8] == b"ftyp":
        raise UnreadableFile("format", "video")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for mark, name in _MARKUP:
        if mark in start and not start.startswith(b"%pdf"):
            raise UnreadableFile("format", name)
    try:
        found = recognise(data)
    except UnreadableFile as error:
        older = _OLDER.get(str(error.values["detail"]))
        if error.values["reason"] == "format" and older:
            return older
        raise
    if found == "zip":
        return _office(data)
    if found == "pdf":
        return "pdf"
    raise UnreadableFile("format", found)


def _picture(data: bytes) -> Format | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return "heic"
    return None


def _office(data: bytes) -> Format:
    package = Package(data, _LIMITS)
    types = package.read("[Content_Types].xml") if "[Content_Types].xml" in package else b""
    found = office_format(types, package.names)
    if found not in _OFFICE:
        raise UnreadableFile("macros", found)
    return _OFFICE[found]
