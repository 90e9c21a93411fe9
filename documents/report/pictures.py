"""Pictures for a phone: progress by section, the history of an indicator, communes by sections.

Colours are told apart by people who cannot tell red from green (Okabe and Ito), and every part has its number.
matplotlib is slow to load, so it is loaded when the first picture is made; it is used without pyplot, and so without
anything that two threads would share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from textwrap import wrap
from typing import Any

from documents.report.model import Report
from documents.report.sheets import COLOURS
from domain.status import Counts
from domain.vietnamese import format_number

_WIDTH, _DPI = 6.0, 160  # inches; 960 pixels are sharp on a phone
_LETTERS = 34
_MOST = 14  # bars that can be read
_VIETNAMESE = "ăâđêôơưĂÂĐÊÔƠƯáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ≥≤"
_STATES = ("met", "not_met", "to_judge", "missing", "unassigned")


def progress(report: Report) -> bytes:
    """Return a PNG with a bar for each section, cut into what is reached, missed and not there."""
    words = report.words["pictures"]
    parts = report.sections[:_MOST]
    figure, axes = _figure(1.6 + 0.62 * max(len(parts), 1))
    left = [0] * len(parts)
    for state in _STATES:
        values = [getattr(part.counts, state) for part in parts]
        if not any(values):
            continue
        bars = axes.barh(range(len(parts)), values, left=left, color=COLOURS[state], label=words[state], height=0.62)
        axes.bar_label(bars, [str(value) if value else "" for value in values], label_type="center", fontsize=11)
        left = [before + value for before, value in zip(left, values, strict=True)]
    axes.set_yticks(range(len(parts)), [_wrapped(part.name) for part in parts], fontsize=10)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    counts = report.counts
    shares = words["shares"].format(done=format_number(counts.completeness), met=format_number(counts.result))
    title = words["progress"].format(commune=report.commune) + (f", {report.period}" if report.period else "")
    _title(figure, title, f"{shares} {_as_of(report.words, report.at)}")
    figure.legend(loc="outside lower center", ncols=3, fontsize=10, frameon=False)
    return _png(figure)


def history(
    labels: Mapping[str, Any],
    name: str,
    unit: str,
    figures: Sequence[tuple[date, Decimal]],
    wanted: Decimal | None,
    target: str,
) -> bytes:
    """Return a PNG with the figures of an indicator, each as of its day, and the line of its target."""
    words = labels["pictures"]
    figure, axes = _figure(4.2)
    days, values = [day for day, _ in figures], [float(value) for _, value in figures]
    axes.plot(days, values, marker="o", color="#0072B2", linewidth=2)
    for day, value in figures[-8:]:
        axes.annotate(
            format_number(value),
            (day, float(value)),
            textcoords="offset points",
            xytext=(0, 8),
            ha="center",
            fontsize=10,
        )
    if wanted is not None:
        axes.axhline(float(wanted), color=COLOURS["overdue"], linestyle="--", linewidth=1.5)
        label = words["target"].format(target=target)
        axes.annotate(label, (0.01, float(wanted)), xycoords=("axes fraction", "data"), xytext=(0, 4),
                      textcoords="offset points", fontsize=10)  # fmt: skip
    shown = sorted({*days[:: max(1, len(days) // 5)], days[-1]}) if days else []
    axes.set_xticks(shown, [f"{day:%d/%m}" for day in shown], fontsize=10)
    axes.yaxis.set_major_formatter(lambda value, _: format_number(Decimal(str(round(value, 6)))))
    axes.margins(x=0.08, y=0.2)
    axes.grid(axis="y", alpha=0.3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    _title(figure, name, words["unit"].format(unit=unit) if unit else "")
    return _png(figure)


def heat_map(
    labels: Mapping[str, Any],
    shown: Sequence[tuple[str, Sequence[Counts]]],
    columns: Sequence[str],
    place: str,
    total: int,
    at: datetime,
) -> bytes:
    """Return a PNG with a cell for each commune and section: the share of all targets reached, and how many of them.

    Communes are shown as they are given, of `total` in all; an empty cell is a section that its plan has not.
    """
    words = labels["pictures"]
    figure, axes = _figure(2.0 + 0.5 * max(len(shown), 1))
    shares = [[float(counts.result) if counts.total else float("nan") for counts in cells] for _, cells in shown]
    if shown and columns:
        axes.imshow(shares, cmap="cividis", vmin=0, vmax=100, aspect="auto")
    for y, (_, cells) in enumerate(shown):
        for x, counts in enumerate(cells):
            if counts.total:
                light = float(counts.result) < 55
                axes.text(x, y, f"{counts.met}/{counts.total}", ha="center", va="center", fontsize=10,
                          color="white" if light else "black")  # fmt: skip
    axes.set_xticks(range(len(columns)), [_wrapped(name, 12) for name in columns], fontsize=9)
    axes.set_yticks(range(len(shown)), [_wrapped(name, 18) for name, _ in shown], fontsize=10)
    axes.tick_params(length=0)
    below = [words["map_legend"]]
    if len(shown) < total:
        below.append(words["map_shown"].format(shown=len(shown), total=total))
    _title(figure, words["map"].format(place=place).removesuffix(", "), " ".join([*below, _as_of(labels, at)]))
    return _png(figure)


def font() -> tuple[str, bool]:
    """Return the name of the font of the pictures, and whether it has every letter of Vietnamese."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    path = findfont(FontProperties())
    known = get_font(path).get_charmap()
    return FontProperties(fname=path).get_name(), all(ord(letter) in known for letter in _VIETNAMESE)


def _figure(height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _title(figure: Any, title: str, below: str) -> None:
    """Put the title over the whole width, as many lines as it takes."""
    text = "\n".join(_wrapped(part, 58) for part in (title, below) if part)
    figure.suptitle(text, x=0.02, ha="left", fontsize=12, linespacing=1.4)


def _as_of(labels: Mapping[str, Any], at: datetime) -> str:
    return str(labels["pictures"]["as_of"].format(time=f"{at:%H:%M}", day=f"{at:%d/%m/%Y}"))


def _wrapped(text: str, letters: int = _LETTERS) -> str:
    """Return a text in at most three lines, its "$" as written and not as mathematics."""
    lines = wrap(text, letters)
    kept = lines[:3]
    if len(lines) > 3:
        kept[-1] = kept[-1][: letters - 1] + "…"
    return "\n".join(kept).replace("$", r"\$")


def _png(figure: Any) -> bytes:
    stream = BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()
