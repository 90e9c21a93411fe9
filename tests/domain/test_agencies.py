"""Agency cells as plans print them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.agencies import find_agency, nearest_names, read_cell, standard_agencies
from domain.agency_names import UNIT_WORDS, kinds
from domain.vietnamese import fold

VHXH, KT, VP = "Phòng Văn hóa - Xã hội", "Phòng Kinh tế", "Văn phòng HĐND và UBND"
HCC, DVSNC, VPDU = "Trung tâm Phục vụ hành chính công", "Trung tâm Dịch vụ sự nghiệp công", "Văn phòng Đảng ủy"
MTTQ, LQ, DN = "Ủy ban MTTQ Việt Nam xã", "Các đơn vị liên quan", "Các doanh nghiệp liên quan"
BAN_NGANH, CQDV = "Các cơ quan, ban, ngành của xã", "Các cơ quan, đơn vị"
CAX, TYT, TRUONG, TOCNS = "Công an xã", "Trạm Y tế", "Các trường học", "Tổ công nghệ số cộng đồng"
CTXH, GD, KCB = "Các tổ chức chính trị - xã hội", "Các cơ sở giáo dục", "Các cơ sở khám chữa bệnh"
SEVEN = [VP, KT, HCC, DVSNC]

ONE_NAME = {
    VHXH: "Phòng VHXH|Phòng VHXXH|Phòng VHXX|Phòng Văn hoá - Xã hội|Phòng Văn hóa – Xã hội|PVHXH|Phòng VH-XH|P. VHXH"
    "|phòng văn hóa, xã hội|PHÒNG VĂN HÓA XÃ HỘI|Phong Van hoa - Xa hoi|Phòng Văn hóa - Xã hội xã Thụy Hùng",
    KT: "Phòng Kinh tế.|PKT|phòng kinh tế xã|Phòng Kinh tế xã Trung Hòa",
    VP: "Văn Phòng HĐND&UBND|Văn phòng HĐND - UBND xã|Văn phòng HĐND và UBND xã|Văn phòng HỘND-UBND|VP HĐND-UBND"
    "|VPHĐND&UBND|Văn phòng UBND xã|Văn phòng UBND cấp xã|Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã",
    HCC: "TT Phục vụ HCC|TTPVHCC|Trung tâm phục vụ HCC|TT PVHCC|Trung tâm PVHCC|TTPVHCC xã|Bộ phận Một cửa",
    "Trung tâm Dịch vụ công ích": "TT Dv công ích",
    DVSNC: "TTDVSNC|Trung tâm DVSNC",
    "Trung tâm Cung ứng dịch vụ công": "TT CUDVC",
    CAX: "CAX|Công an|CA xã|Công an xã Lợi Bác",
    "Ban Chỉ huy quân sự xã": "BCH quân sự|Ban CHQS xã|BCHQS",
    TYT: "TYT|trạm y tế xã",
    VPDU: "Văn phòng Đảng ủy;|VPĐU|Văn Phòng Đảng uỷ",
    "Đảng ủy xã": "Đảng ủy|Đảng uỷ xã",
    "UBND xã": "UBND cấp xã|Ủy ban nhân dân xã Xuân Hưng|UBND",
    "Ban Xây dựng Đảng": "Ban Xây dựng Đảng ủy",
    MTTQ: "UBMTTQ|MTTQ|UB MTTQ Việt Nam xã|Ủy ban Mặt trận Tổ quốc Việt Nam xã",
    CTXH: "các tổ chức CT-XH|tổ chức chính trị xã hội",
    TOCNS: "Tổ CNSCĐ",
    "Đoàn Thanh niên xã": "Đoàn TNCS Hồ Chí Minh|Đoàn thanh niên xã",
    "HTX, hộ kinh doanh trên địa bàn xã": "HTX, hộ kinh doanh trên địa bàn xã",
    "Ngân hàng Nhà nước Khu vực": "Ngân hàng nhà nước khu vực",
    TRUONG: "Các trường học trên địa bàn",
    BAN_NGANH: "Các cơ quan, ban, ngành địa phương|các ban, ngành",
    "Các cơ quan, đơn vị tiếp nhận và giải quyết TTHC": "Các cơ quan, đơn vị thực hiện tiếp nhận và giải quyết TTHC",
    "Các phòng ban chuyên môn UBND xã": "Các phòng ban chuyên môn UBND xã",
    CQDV: "Các cơ quan, đơn vị",
}


@pytest.mark.parametrize(("name", "print_"), [(n, p) for n, prints in ONE_NAME.items() for p in prints.split("|")])
def test_every_spelling_of_an_agency_is_the_same_agency(name: str, print_: str) -> None:
    reading = read_cell(print_)
    assert [agency.name for agency in reading.agencies] == [name]
    assert (reading.unknown, reading.roles, reading.coordinators) == ((), (), ())
    assert reading.agencies[0].kind == kinds("xã")[name]


COMBINED = [
    (f"{VP}; {KT}; {HCC}; {DVSNC}", SEVEN),
    (
        "Đảng ủy xã; UB MTTQ Việt Nam xã tổ chức chính trị xã hội; Văn phòng HĐND và UBND; Phòng Kinh tế; Trung tâm"
        " Phục vụ hành chính công; Trung tâm Dịch vụ sự nghiệp công",
        ["Đảng ủy xã", MTTQ, CTXH, *SEVEN],
    ),
    ("Trung tâm Phục vụ hành chính công; Công an xã, Tổ công nghệ số cộng đồng", [HCC, CAX, TOCNS]),
    ("Trạm y tế; Các trường học; Công an xã", [TYT, TRUONG, CAX]),
    ("Văn phòng HĐND-UBND, các cơ quan, đơn vị", [VP, CQDV]),
    ("Đảng ủy, UBND cấp xã", ["Đảng ủy xã", "UBND xã"]),
    (
        "Các phòng, đơn vị thuộc Đảng ủy, UBND, các cơ sở giáo dục, trạm y tế",
        ["Các phòng, đơn vị thuộc Đảng ủy, UBND", GD, TYT],
    ),
    ("Phòng VHXXH, Văn phòng Đảng ủy", [VHXH, VPDU]),
    ("Các cơ sở giáo dục, Trạm y tế, cơ sở khám chữa bệnh trên địa bàn xã", [GD, TYT, KCB]),
    ("Phòng Kinh tế Phòng VHXXH", [KT, VHXH]),
    ("Phòng VHXX Phòng Kinh tế", [VHXH, KT]),
    ("Công an xã Các cơ quan, đơn vị", [CAX, CQDV]),
    ("Phòng Văn hóa - Xã hội xã; Văn phòng HĐND-UBND Văn phòng Đảng ủy", [VHXH, VP, VPDU]),
    (
        "Các cơ quan, đơn vị; tổ chức, cá nhân; các ngân hàng thương mại",
        [CQDV, "Tổ chức, cá nhân", "Các ngân hàng thương mại"],
    ),
    (
        "Ban Xây dựng Đảng, các ban, ngành; các đơn vị, doanh nghiệp có liên quan",
        ["Ban Xây dựng Đảng", BAN_NGANH, LQ, DN],
    ),
    ("Phòng Văn hoá - Xã hội, các ban, ngành, đơn vị có liên quan", [VHXH, BAN_NGANH, LQ]),
    ("Phòng Kinh tế; các đơn vị, doanh nghiệp có liên quan các doanh nghiệp", [KT, LQ, DN]),
    (
        "MTTQ và các Đoàn thể, các tổ chức CT-XH; các đơn vị, doanh nghiệp có liên quan",
        [MTTQ, "Các đoàn thể", CTXH, LQ, DN],
    ),
    ("Văn Phòng Đảng uỷ, Văn phòng HĐND-UBND xã", [VPDU, VP]),
    ("Công an xã và Trạm Y tế", [CAX, TYT]),
    ("Văn phòng HĐND; UBND xã", [VP, "UBND xã"]),
    ("Phòng Kinh tế\nPhòng VHXH", [KT, VHXH]),
    ("Phòng Văn hóa - Xã hội (VHXH)", [VHXH]),
]


@pytest.mark.parametrize(("cell", "names"), COMBINED)
def test_a_cell_with_several_agencies_is_taken_apart(cell: str, names: list[str]) -> None:
    reading = read_cell(cell)
    assert [agency.name for agency in reading.agencies] == names
    assert reading.unknown == ()


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Phòng VHXHPhòng Kinh tế", [VHXH, KT]),
        ("Công an xãTrạm Y tế", [CAX, TYT]),
        ("1. Phòng Kinh tế 2. Công an xã", [KT, CAX]),
        ("- Phòng Kinh tế - Công an xã", [KT, CAX]),
        ("Các phòng Kinh tế, Văn hóa - Xã hội", [KT, VHXH]),
        ("Tất cả các cơ quan, đơn vị", [CQDV]),
    ],
)
def test_a_list_without_its_line_breaks_or_with_its_numbers(cell: str, names: list[str]) -> None:
    reading = read_cell(cell)
    assert [agency.name for agency in reading.agencies] == names
    assert reading.unknown == ()


@pytest.mark.parametrize(
    ("cell", "agencies", "coordinators"),
    [
        ("Phòng Kinh tế (phối hợp với Công an xã)", ["Phòng Kinh tế"], ["Công an xã"]),
        ("Phòng VHXXH theo dõi, phối hợp với các doanh nghiệp viễn thông", [VHXH], ["Các doanh nghiệp viễn thông"]),
        ("Phòng VH-XH chủ trì, phối hợp với Công an xã và Trạm y tế", [VHXH], [CAX, TYT]),
        ("Chủ trì: Phòng Kinh tế; phối hợp: Phòng VHXH; Công an xã", [KT], [VHXH, CAX]),
        ("Phối hợp: Công an xã; chủ trì: Phòng Kinh tế", [KT], [CAX]),
        ("Phòng VHXH chủ trì; Phòng KT phối hợp", [VHXH], [KT]),
        ("Phòng VHXH chủ trì, Phòng KT, Công an xã phối hợp", [VHXH], [KT, CAX]),
        ("Phòng VHXH (chủ trì), Phòng Kinh tế (phối hợp)", [VHXH], [KT]),
        ("Phòng VHXH - Chủ trì, Công an xã - Phối hợp", [VHXH], [CAX]),
    ],
)
def test_who_only_takes_part_is_kept_apart(cell: str, agencies: list[str], coordinators: list[str]) -> None:
    reading = read_cell(cell)
    assert [agency.name for agency in reading.agencies] == agencies
    assert [agency.name for agency in reading.coordinators] == coordinators


@pytest.mark.parametrize(
    ("cell", "names", "roles"),
    [
        ("Phòng VHXXH (công chức quản lý giáo dục, y tế)", [VHXH], ("công chức quản lý giáo dục, y tế",)),
        ("Phòng VHXH, công chức quản lý y tế", [VHXH], ("công chức quản lý y tế",)),
        (
            "Phòng VHXH Công chức quản lý y tế, quản lý giáo dục",
            [VHXH],
            ("công chức quản lý y tế", "công chức quản lý giáo dục"),
        ),
        ("Chuyên viên Phòng Văn hóa - Xã hội", [VHXH], ("chuyên viên",)),
        ("Phó Chủ tịch UBND xã", ["UBND xã"], ("phó Chủ tịch",)),
        ("Trưởng các thôn", [], ("trưởng các thôn",)),
        ("Tổ trưởng Tổ công nghệ số cộng đồng", [TOCNS], ("tổ trưởng",)),
        ("Ông Nguyễn Văn A, Phó Trưởng phòng Kinh tế", [KT], ("ông Nguyễn Văn A", "phó Trưởng")),
        ("Phòng Kinh tế (đ/c Nam)", [KT], ("đ/c Nam",)),
        ("Phòng Kinh tế (ĐT 0912345678)", [KT], ()),
    ],
)
def test_posts_are_not_agencies(cell: str, names: list[str], roles: tuple[str, ...]) -> None:
    reading = read_cell(cell)
    assert [agency.name for agency in reading.agencies] == names
    assert reading.roles == roles
    assert reading.unknown == ()


@pytest.mark.parametrize(
    "cell", ["Văn", "Trường THCS Vũ Dương", "Trường Tiểu học và THCS Vũ Dương", "Sở Khoa học và Công nghệ", "abc"]
)
def test_what_no_rule_knows_is_unknown_and_whole(cell: str) -> None:
    reading = read_cell(cell)
    assert reading.agencies == ()
    assert reading.unknown == (cell,)


@pytest.mark.parametrize("cell", ["Phòng Kinh tế và Hạ tầng", "Phòng Kinh tế - Hạ tầng", "Phòng VH-XH & Thông tin"])
def test_an_office_with_more_in_its_name_is_another_office(cell: str) -> None:
    reading = read_cell(cell)
    assert (reading.agencies, reading.unknown) == ((), (cell,))


def test_a_known_name_with_an_unknown_tail_is_another_agency() -> None:
    assert read_cell("Phòng Kinh tế tỉnh").unknown == ("Phòng Kinh tế tỉnh",)
    assert read_cell("Phòng Kinh tế tỉnh; Công an xã").agencies[0].name == CAX


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Các cơ quan, đơn vị sử dụng ngân sách nhà nước", "group"),
        ("Các thôn, xóm", "group"),
        ("Các hợp tác xã nông nghiệp", "external"),
        ("Doanh nghiệp bưu chính", "external"),
        ("Viettel", "external"),
    ],
)
def test_groups_and_outsiders_never_seen_before_are_known_by_their_first_words(cell: str, kind: str) -> None:
    reading = read_cell(cell)
    assert [(agency.name, agency.kind) for agency in reading.agencies] == [(cell, kind)]


def test_the_indicator_says_what_service_the_firms_provide() -> None:
    cell = "các doanh nghiệp cung cấp dịch vụ"
    of_signatures = read_cell(cell, "xã", "Tỉ lệ người dân có chữ ký số").agencies
    assert of_signatures[0].name == "Các doanh nghiệp cung cấp dịch vụ chữ ký số"
    assert read_cell(cell, "xã", "Tỷ lệ phủ sóng 5G").agencies[0].name == "Các doanh nghiệp cung cấp dịch vụ"


def test_slips_of_the_print_are_told() -> None:
    assert read_cell("Phòng VHXXH").slips == {"agency_typo"}
    assert read_cell("Phòng VHXH").slips == frozenset()
    assert read_cell("Phòng Kinh tế Công an xã").slips == {"missing_separator"}
    assert read_cell("Phòng Kinh tế.").slips == {"trailing_punctuation"}


@pytest.mark.parametrize("acronym", ["TTHC", "CNTT", "KHCN", "VHTT", "PVKT", "VHX", "TTXX"])
def test_an_acronym_too_far_from_any_name_is_not_bent_to_one(acronym: str) -> None:
    assert read_cell(acronym).agencies == ()


def test_small_words_do_not_pass_for_acronyms() -> None:
    assert [agency.name for agency in read_cell("tổ chức, cá nhân").agencies] == ["Tổ chức, cá nhân"]


@pytest.mark.parametrize(
    ("unit", "cell", "name"),
    [
        ("phường", "Phòng Kinh tế", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        ("phường", "Phòng KT-HT-ĐT", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        ("phường", "PKTHT&ĐT", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        ("phường", "Công an phường Bến Nghé", "Công an phường"),
        ("phường", "UBND phường", "UBND phường"),
        ("đặc khu", "Công an đặc khu Phú Quốc", "Công an đặc khu"),
        ("xã", "Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ],
)
def test_wards_and_special_zones_have_their_own_names(unit: str, cell: str, name: str) -> None:
    assert [agency.name for agency in read_cell(cell, unit).agencies] == [name]


@pytest.mark.parametrize(
    ("typed", "name"), [("vhxh", VHXH), ("pkt", KT), ("ttpvhcc", HCC), ("phong kinh te", KT), ("cax", CAX)]
)
def test_a_person_may_type_a_name_in_small_letters(typed: str, name: str) -> None:
    found = find_agency(typed)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("typed", ["", "abc", "Phòng Kinh tế; Công an xã", "văn phòng", "chuyên viên Phòng Kinh tế"])
def test_what_is_not_one_agency_finds_none(typed: str) -> None:
    assert find_agency(typed) is None


def test_nearest_names_are_offered_for_a_misspelling() -> None:
    assert nearest_names("Phòng Kinh tees")[0] == KT
    assert nearest_names("Trung tâm văn hóa", known=["Trung tâm Văn hóa xã"])[0] == "Trung tâm Văn hóa xã"
    assert nearest_names("zzzz") == ()


def test_standard_agencies_can_all_be_reminded() -> None:
    for unit in UNIT_WORDS:
        assert {kinds(unit)[name] for name in standard_agencies(unit)} == {"agency"}


@pytest.mark.parametrize("unit", UNIT_WORDS)
def test_every_canonical_name_reads_as_itself(unit: str) -> None:
    for name, kind in kinds(unit).items():
        if unit == "phường" and name == KT:
            continue
        assert [(agency.name, agency.kind) for agency in read_cell(name, unit).agencies] == [(name, kind)], name


PIECES = st.sampled_from(
    ["Phòng VHXXH", "Công an xã", "các cơ quan, đơn vị", "(công chức)", "phối hợp với", "và", "-", ";", ",", "HĐND",
     "UBND", "Văn", "phòng", "Trường", "xã", "Thụy Hùng", "trên địa bàn", "chủ trì", "TTPVHCC", "Chuyên viên", "("]
)  # fmt: skip
ANY_CELL = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=8).map(" ".join))


@settings(max_examples=300)
@given(ANY_CELL, st.sampled_from(UNIT_WORDS))
def test_any_cell_is_read_without_failing_and_names_nobody_twice(cell: str, unit: str) -> None:
    reading = read_cell(cell, unit)
    names = [agency.name for agency in reading.agencies]
    assert len(names) == len(set(names))
    assert all(name.strip() for name in (*names, *reading.unknown, *reading.roles))


@settings(max_examples=200)
@given(ANY_CELL)
def test_composed_and_decomposed_letters_and_extra_spaces_read_alike(cell: str) -> None:
    composed = read_cell(unicodedata.normalize("NFC", cell))
    assert read_cell(unicodedata.normalize("NFD", cell)) == composed
    assert read_cell(f"  {cell.replace(' ', '   ')} ") == read_cell(cell)


@given(st.lists(st.sampled_from([VHXH, KT, VP, HCC, CAX, TYT, VPDU, MTTQ]), min_size=1, max_size=6, unique=True))
def test_any_list_of_agencies_comes_back_in_printed_order(names: list[str]) -> None:
    for separator in ("; ", ", ", " ", "\n"):
        assert [agency.name for agency in read_cell(separator.join(names)).agencies] == names


def test_canonical_names_are_distinct_also_without_marks() -> None:
    folded = [fold(name) for name in kinds("xã")]
    assert len(folded) == len(set(folded))
