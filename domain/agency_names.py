"""The vocabulary of agencies: canonical names, what kind of body each is, and the full wordings that mean it.

A wording is folded and spelled out ("uy ban nhan dan", never "ubnd"): acronyms are built from its initials by rule,
so that "TTPVHCC", "TT Phục vụ HCC" and "Trung tâm phục vụ HCC" need one entry between them. Data only.
Names follow Nghị định 150/2025/NĐ-CP (two-tier local government) and the plans seen so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from domain.model import AgencyKind

UnitWord = str  # "xã", "phường" or "đặc khu": the vocabulary a plan is written in
UNIT_WORDS: tuple[UnitWord, ...] = ("xã", "phường", "đặc khu")

# name with {u} for the kind of unit | kind | wordings, the first one being the usual
_TABLE: tuple[tuple[str, AgencyKind, str], ...] = (
    ("Phòng Văn hóa - Xã hội", "agency", "phong van hoa xa hoi|van hoa xa hoi"),
    ("Phòng Kinh tế", "agency", "phong kinh te"),
    ("Phòng Kinh tế, Hạ tầng và Đô thị", "agency", "phong kinh te ha tang do thi"),
    (
        "Văn phòng HĐND và UBND",
        "agency",
        "van phong hoi dong nhan dan uy ban nhan dan|van phong uy ban nhan dan|van phong hoi dong nhan dan",
    ),
    (
        "Trung tâm Phục vụ hành chính công",
        "agency",
        "trung tam phuc vu hanh chinh cong|trung tam hanh chinh cong|phuc vu hanh chinh cong|hanh chinh cong"
        "|bo phan mot cua",
    ),
    ("Trung tâm Dịch vụ sự nghiệp công", "agency", "trung tam dich vu su nghiep cong|dich vu su nghiep cong"),
    ("Trung tâm Dịch vụ công ích", "agency", "trung tam dich vu cong ich"),
    (
        "Trung tâm Cung ứng dịch vụ công",
        "agency",
        "trung tam cung ung dich vu cong|trung tam cung ung dich vu su nghiep cong",
    ),
    ("Công an {u}", "agency", "cong an|cong an xa|cong an phuong"),
    ("Ban Chỉ huy quân sự {u}", "agency", "ban chi huy quan su|chi huy quan su"),
    ("Trạm Y tế", "agency", "tram y te"),
    ("Văn phòng Đảng ủy", "agency", "van phong dang uy"),
    ("Đảng ủy {u}", "agency", "dang uy"),
    ("Ban Thường vụ Đảng ủy {u}", "agency", "ban thuong vu dang uy"),
    ("UBND {u}", "agency", "uy ban nhan dan"),
    ("HĐND {u}", "agency", "hoi dong nhan dan"),
    # "Ban Xây dựng Đảng ủy" is printed by some for the same board.
    ("Ban Xây dựng Đảng", "agency", "ban xay dung dang|ban xay dung dang uy"),
    ("Ủy ban Kiểm tra Đảng ủy", "agency", "uy ban kiem tra dang uy|uy ban kiem tra"),
    (
        "Ủy ban MTTQ Việt Nam {u}",
        "agency",
        "uy ban mat tran to quoc viet nam|uy ban mat tran to quoc|mat tran to quoc viet nam|mat tran to quoc"
        "|uy ban mttq viet nam",
    ),
    ("Hội Nông dân {u}", "agency", "hoi nong dan"),
    ("Hội Liên hiệp Phụ nữ {u}", "agency", "hoi lien hiep phu nu|hoi phu nu"),
    ("Hội Cựu chiến binh {u}", "agency", "hoi cuu chien binh"),
    (
        "Đoàn Thanh niên {u}",
        "agency",
        "doan thanh nien|doan thanh nien cong san|doan thanh nien cong san ho chi minh",
    ),
    ("Tổ công nghệ số cộng đồng", "agency", "to cong nghe so cong dong|cac to cong nghe so cong dong"),
    ("Các tổ chức chính trị - xã hội", "group", "cac to chuc chinh tri xa hoi|to chuc chinh tri xa hoi"),
    ("Các đoàn thể", "group", "cac doan the|doan the"),
    ("Các trường học", "group", "cac truong hoc|cac truong|cac nha truong"),
    ("Các cơ sở giáo dục", "group", "cac co so giao duc|co so giao duc"),
    ("Các cơ sở khám chữa bệnh", "group", "cac co so kham chua benh|co so kham chua benh"),
    ("Các cơ quan, đơn vị", "group", "cac co quan don vi"),
    (
        "Các cơ quan, đơn vị tiếp nhận và giải quyết TTHC",
        "group",
        "cac co quan don vi tiep nhan giai quyet thu tuc hanh chinh"
        "|cac co quan don vi thuc hien tiep nhan giai quyet thu tuc hanh chinh",
    ),
    (
        "Các cơ quan, đơn vị có hệ thống hạ tầng mạng",
        "group",
        "cac co quan don vi co he thong ha tang mang",
    ),
    (
        "Các cơ quan, đơn vị được cấp tài khoản cơ sở dữ liệu",
        "group",
        "cac co quan don vi duoc cap tai khoan su dung cap nhat co so du lieu"
        "|cac co quan don vi duoc cap tai khoan co so du lieu",
    ),
    (
        "Các cơ quan, đơn vị của Đảng ủy, chính quyền {u}",
        "group",
        "cac co quan don vi cua dang uy chinh quyen",
    ),
    ("Các phòng, đơn vị", "group", "cac phong don vi"),
    (
        "Các phòng, đơn vị thuộc Đảng ủy, UBND",
        "group",
        "cac phong don vi thuoc dang uy uy ban nhan dan",
    ),
    ("Các phòng, cơ quan, đơn vị", "group", "cac phong co quan don vi"),
    (
        "Các phòng ban chuyên môn UBND {u}",
        "group",
        "cac phong ban chuyen mon uy ban nhan dan|cac phong ban chuyen mon thuoc uy ban nhan dan"
        "|cac phong ban chuyen mon",
    ),
    ("Các cơ quan Đảng, Nhà nước trong {u}", "group", "cac co quan dang nha nuoc"),
    (
        "Các cơ quan, ban, ngành của {u}",
        "group",
        "cac co quan ban nganh|cac ban nganh|cac co quan ban nganh dia phuong|cac ban nganh dia phuong",
    ),
    (
        "Các đơn vị liên quan",
        "group",
        "cac don vi|don vi|cac don vi lien quan|cac don vi co lien quan|don vi lien quan|don vi co lien quan"
        "|cac co quan don vi lien quan|cac co quan don vi co lien quan|co quan don vi lien quan"
        "|co quan don vi co lien quan|cac co quan lien quan|cac co quan co lien quan",
    ),
    (
        "Các doanh nghiệp viễn thông",
        "external",
        "cac doanh nghiep vien thong|doanh nghiep vien thong",
    ),
    (
        "Các doanh nghiệp liên quan",
        "external",
        "cac doanh nghiep|doanh nghiep|cac doanh nghiep lien quan|cac doanh nghiep co lien quan"
        "|doanh nghiep lien quan|doanh nghiep co lien quan",
    ),
    (
        "Các doanh nghiệp cung cấp dịch vụ chữ ký số",
        "external",
        "cac doanh nghiep cung cap dich vu chu ky so|doanh nghiep cung cap dich vu chu ky so",
    ),
    (
        "HTX, hộ kinh doanh trên địa bàn {u}",
        "external",
        "hop tac xa ho kinh doanh|ho kinh doanh hop tac xa|cac hop tac xa ho kinh doanh",
    ),
    ("Ngân hàng Nhà nước Khu vực", "external", "ngan hang nha nuoc khu vuc|ngan hang nha nuoc"),
    ("Các ngân hàng thương mại", "external", "cac ngan hang thuong mai|ngan hang thuong mai"),
    ("Tổ chức, cá nhân", "external", "to chuc ca nhan|cac to chuc ca nhan"),
)
# In a ward the economic office has another name (Nghị định 150/2025); the short print means that one.
_WARD_ECONOMY = ("Phòng Kinh tế", "Phòng Kinh tế, Hạ tầng và Đô thị")
# Who there is in every commune: offered when a plan names nobody.
_STANDARD = (
    "Phòng Văn hóa - Xã hội",
    "Phòng Kinh tế",
    "Văn phòng HĐND và UBND",
    "Trung tâm Phục vụ hành chính công",
    "Công an {u}",
    "Văn phòng Đảng ủy",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One full wording of one agency: `words` as folded, and their `initials` in one string."""

    name: str
    kind: AgencyKind
    words: tuple[str, ...]
    initials: str


def localise(name: str, unit: UnitWord) -> str:
    """Return the canonical `name` as it is called in a `unit` ("xã", "phường", "đặc khu")."""
    if unit == "phường" and name == _WARD_ECONOMY[0]:
        return _WARD_ECONOMY[1]
    return name.replace("{u}", unit)


@lru_cache(maxsize=8)
def wordings(unit: UnitWord) -> dict[str, tuple[Wording, ...]]:
    """Return every wording for a `unit`, keyed by its first letter, the longest first."""
    found: dict[str, list[Wording]] = {}
    for name, kind, forms in _TABLE:
        for form in forms.split("|"):
            words = tuple(form.split())
            wording = Wording(localise(name, unit), kind, words, "".join(word[0] for word in words))
            found.setdefault(form[0], []).append(wording)
    return {letter: tuple(sorted(all_, key=lambda w: -len(w.words))) for letter, all_ in found.items()}


@lru_cache(maxsize=8)
def kinds(unit: UnitWord) -> dict[str, AgencyKind]:
    """Return the kind of every canonical name known for a `unit`."""
    return {localise(name, unit): kind for name, kind, _ in _TABLE}


@lru_cache(maxsize=8)
def standard_agencies(unit: UnitWord) -> tuple[str, ...]:
    """Return the agencies every `unit` has, the likeliest reporter first."""
    return tuple(localise(name, unit) for name in _STANDARD)
