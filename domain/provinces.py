"""The 34 provinces and centrally governed cities since 1/7/2025: Resolution 202/2025/QH15."""

from __future__ import annotations

from domain.vietnamese import clean, fold

CITIES = ("Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ")
PROVINCES = (
    *("An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Đắk Lắk", "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai"),
    *("Hà Tĩnh", "Hưng Yên", "Khánh Hòa", "Lai Châu", "Lâm Đồng", "Lạng Sơn", "Lào Cai", "Nghệ An", "Ninh Bình"),
    *("Phú Thọ", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sơn La", "Tây Ninh", "Thái Nguyên", "Thanh Hóa"),
    *("Tuyên Quang", "Vĩnh Long"),
)
# The 29 that were joined to others on 1/7/2025, by what they are a part of now.
_FORMER = {
    "Tuyên Quang": ("Hà Giang",),
    "Lào Cai": ("Yên Bái",),
    "Thái Nguyên": ("Bắc Kạn", "Bắc Cạn"),
    "Phú Thọ": ("Vĩnh Phúc", "Hòa Bình"),
    "Bắc Ninh": ("Bắc Giang",),
    "Hưng Yên": ("Thái Bình",),
    "Hải Phòng": ("Hải Dương",),
    "Ninh Bình": ("Hà Nam", "Nam Định"),
    "Quảng Trị": ("Quảng Bình",),
    "Đà Nẵng": ("Quảng Nam",),
    "Quảng Ngãi": ("Kon Tum",),
    "Gia Lai": ("Bình Định",),
    "Khánh Hòa": ("Ninh Thuận",),
    "Lâm Đồng": ("Đắk Nông", "Bình Thuận"),
    "Đắk Lắk": ("Phú Yên",),
    "Hồ Chí Minh": ("Bình Dương", "Bà Rịa - Vũng Tàu", "Bà Rịa Vũng Tàu"),
    "Đồng Nai": ("Bình Phước",),
    "Tây Ninh": ("Long An",),
    "Cần Thơ": ("Sóc Trăng", "Hậu Giang"),
    "Vĩnh Long": ("Bến Tre", "Trà Vinh"),
    "Đồng Tháp": ("Tiền Giang",),
    "Cà Mau": ("Bạc Liêu",),
    "An Giang": ("Kiên Giang",),
}
_TYPES = ("tỉnh", "thành phố", "tp.", "tp")
_BY_FOLD = {fold(name): f"thành phố {name}" for name in CITIES} | {fold(name): f"tỉnh {name}" for name in PROVINCES}
_MERGED = {fold(old): _BY_FOLD[fold(new)] for new, olds in _FORMER.items() for old in olds}


def province(typed: str) -> str | None:
    """Return the full name of the province meant by `typed`, with or without type and marks; None when there is none.

    "ninh binh" gives "tỉnh Ninh Bình", "TP. Huế" gives "thành phố Huế". No two of them share a fold.
    """
    return _BY_FOLD.get(_bare(typed))


def merged_into(typed: str) -> str | None:
    """Return the full name of the province that the former one meant by `typed` has become a part of; else None."""
    return _MERGED.get(_bare(typed))


def nearest(typed: str, limit: int = 3) -> list[str]:
    """Return up to `limit` full names that look like `typed`, the nearest first."""
    import difflib  # here, because it costs the start of every command and is needed only after a slip

    return [_BY_FOLD[name] for name in difflib.get_close_matches(_bare(typed)[:100], _BY_FOLD, n=limit, cutoff=0.5)]


def _bare(typed: str) -> str:
    wanted = fold(clean(typed).replace(".", ". "))
    for kind in _TYPES:
        wanted = wanted.removeprefix(f"{fold(kind)} ")
    return wanted
