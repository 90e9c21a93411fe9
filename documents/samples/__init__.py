"""A real plan's appendix that comes with the program, to try it with."""

from __future__ import annotations

from importlib.resources import files

VU_DUONG = "xa_vu_duong_2026.txt"


def vu_duong() -> bytes:
    """Return the appendix of the 2026 plan of xã Vũ Dương: 28 indicators as tab-separated UTF-8 text."""
    return (files(__name__) / VU_DUONG).read_bytes()
