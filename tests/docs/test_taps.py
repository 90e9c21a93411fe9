"""The table of what it takes to report six indicators says what the talks show."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, page

TALKS = ROOT / "tests" / "golden" / "report"
MOST = {"one by one": 8, "all at once": 2}  # messages of the person, presses among them
_ROW = re.compile(
    r"^\| (?P<way>[^|]+) \| (?P<taps>\d+) \| (?P<messages>\d+) \| `tests/golden/report/(?P<talk>\w+\.talk)` \|$",
    re.MULTILINE,
)


def test_the_table_counts_what_people_press_and_type_in_the_talks() -> None:
    rows = [match.groupdict() for match in _ROW.finditer(page("docs/taps.md"))]
    assert {path.name for path in TALKS.glob("sau_chi_tieu_*.talk")} == {row["talk"] for row in rows}
    for row in rows:
        talk = (TALKS / row["talk"]).read_text(encoding="utf-8")
        said = re.findall(r"^lan> (.+)$", talk, re.MULTILINE)
        taps = sum(each.startswith("[") for each in said)
        assert (taps, len(said) - taps) == (int(row["taps"]), int(row["messages"])), row["talk"]
        assert "✅ Đã đủ 6/6 chỉ tiêu" in talk
        assert len(said) <= MOST.get(row["way"], 8)
