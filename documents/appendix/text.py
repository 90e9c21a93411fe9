"""Plain text: bytes in the codes of Vietnamese offices -> lines, and lines with TAB between columns -> rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from documents.appendix.errors import FileTooLarge, UnreadableFile
from documents.appendix.gather import Gather
from documents.appendix.limits import LIMITS, Limits
from documents.appendix.rows import Row

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# Words hardly any plan is without. Bytes read with the wrong code page do not spell them by accident.
_USUAL_WORDS = ("chỉ tiêu", "đơn vị", "phòng", "kế hoạch", "tỷ lệ", "tỉ lệ", "cơ quan", "phát triển", "mục tiêu")


def split_tabs(lines: Sequence[str], limits: Limits) -> list[Row]:
    """Return the rows of a tab-separated text, blank lines left out. Raises TableTooLarge."""
    gather = Gather(limits)
    for number, line in enumerate(lines, 1):
        if not line or line.isspace():
            continue
        if "\t" in line:
            gather.table_row(line.split("\t"), 1, number)
        else:
            gather.paragraph(line, number)
    return gather.rows


def decode(data: bytes, *, max_bytes: int = LIMITS.file_bytes) -> str:
    """Return the text of `data` in NFC: UTF-8 with or without a mark, UTF-16 with one, or Windows-1258.

    Raises FileTooLarge, or UnreadableFile with the reason "empty", "binary" or "encoding".
    """
    if len(data) > max_bytes:
        raise FileTooLarge(len(data), max_bytes)
    if not data.strip():
        raise UnreadableFile("empty")
    text = _decode(data)
    if _CONTROLS.search(text):
        raise UnreadableFile("binary")
    return unicodedata.normalize("NFC", text)


def _decode(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableFile("encoding", encoding) from error
    if b"\x00" in data:
        raise UnreadableFile("binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_windows(data)


def _decode_windows(data: bytes) -> str:
    """Windows-1258 writes tones as separate marks; it is believed only if it spells the words every plan has."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise UnreadableFile("encoding") from error
    small = text.casefold()
    if sum(word in small for word in _USUAL_WORDS) < 2:
        raise UnreadableFile("encoding")
    return text
