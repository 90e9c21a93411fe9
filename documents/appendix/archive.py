"""Opens the archives that Word and Excel files are, without trusting them: sizes first, then one part at a time."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from documents.appendix.errors import UnreadableFile
from documents.appendix.limits import Limits

Element = Any  # lxml's element; it has no types of its own

_DIRECTORY_END, _DIRECTORY_END_64 = b"PK\x05\x06", b"PK\x06\x06"
_MAX_DIRECTORY = 2 * 1024 * 1024  # bytes of the list of contents; 5,000 parts take half a megabyte
_SMALL_PART = 1024 * 1024  # below, any ratio is harmless
_SAFE_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Office programs never write either. Read as UTF-8 whatever a part says of itself, neither can hide in another code.
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error)


class Package:
    """The parts of an Office file, read on demand within the limits."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        _check_directory(data)
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (*_BROKEN, KeyError, UnicodeError) as error:
            raise UnreadableFile("damaged", "zip") from error
        self._limits = limits
        self._left = limits.inflated_bytes
        entries = self._archive.infolist()
        if len(entries) > limits.parts:
            raise UnreadableFile("bomb")
        # Names are compared without case, as Office does; of two parts with one name the first counts.
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._entries.setdefault(entry.filename.lower().lstrip("/"), entry)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the parts, in small letters."""
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def read(self, name: str) -> bytes:
        """Return the bytes of a part. Raises UnreadableFile: "damaged", "password" or "bomb"."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise UnreadableFile("damaged", "zip")
        if entry.flag_bits & 0x1:
            raise UnreadableFile("password")
        if entry.compress_type not in _SAFE_METHODS:
            raise UnreadableFile("damaged", "zip")
        size, packed = entry.file_size, max(entry.compress_size, 1)
        allowed = min(self._left, self._limits.part_bytes)
        if size > allowed or (size > _SMALL_PART and size // packed > self._limits.ratio):
            raise UnreadableFile("bomb")
        try:
            with self._archive.open(entry) as part:
                data = part.read(allowed + 1)
        except (*_BROKEN, RuntimeError, KeyError) as error:
            raise UnreadableFile("damaged", "zip") from error
        if len(data) > allowed:
            raise UnreadableFile("bomb")
        self._left -= len(data)
        return data

    def xml(self, name: str) -> Element:
        """Return the root of a part. Raises UnreadableFile: besides those of `read`, "entities"."""
        return parse(self.read(name), self._limits)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to inside the file: id -> (kind, name of the part)."""
        folder, base = posixpath.split(name)
        links = posixpath.join(folder, "_rels", f"{base}.rels")
        if links not in self:
            return {}
        found = {}
        for link in self.xml(links):
            target, kind = link.get("Target", ""), link.get("Type", "")
            if link.get("TargetMode") != "External" and target:
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[link.get("Id", "")] = (kind.rpartition("/")[2], posixpath.normpath(path))
        return found


def parse(data: bytes, limits: Limits) -> Element:
    """Return the root of an XML text: no entities, no network, no more nodes than the limits allow."""
    from lxml import etree

    if any(word in data for word in _DECLARATIONS):
        raise UnreadableFile("entities")
    if data.count(b"<") + data.count(b"=") > limits.nodes:
        raise UnreadableFile("bomb")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_as_utf8(data), parser)
    except (etree.XMLSyntaxError, ValueError, UnicodeError) as error:
        raise UnreadableFile("damaged", "xml") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile("entities")
    return root


def local(element: Element) -> str:
    """Return the name of an element without its namespace: the two dialects of Office differ in nothing else."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute by its name without a namespace."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def number(text: str | None, default: int = 0, most: int = 1_000_000) -> int:
    """Return a whole number written in an attribute, held between 0 and `most`, or `default` where it is none."""
    match = re.fullmatch(r"\s*\+?(\d{1,12})(?:\.\d*)?\s*", text or "", re.ASCII)
    return min(int(match[1]), most) if match else default


def _as_utf8(data: bytes) -> bytes:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    text = data.decode("utf-16")
    if any(word.decode() in text for word in _DECLARATIONS):
        raise UnreadableFile("entities")
    return text.encode()


def _check_directory(data: bytes) -> None:
    """Refuse an archive whose list of contents alone would take long to read."""
    end = data.rfind(_DIRECTORY_END, max(0, len(data) - 66_000))
    if end < 0 or end + 22 > len(data):
        raise UnreadableFile("damaged", "zip")
    size = struct.unpack_from("<L", data, end + 12)[0]
    large = data.rfind(_DIRECTORY_END_64, max(0, end - 200), end)
    if large >= 0 and large + 48 <= len(data):
        size = max(size if size != 0xFFFFFFFF else 0, struct.unpack_from("<Q", data, large + 40)[0])
    if size > _MAX_DIRECTORY:
        raise UnreadableFile("bomb" if size <= len(data) else "damaged", "zip")
