"""The five plans as PDF files with a text layer."""

from __future__ import annotations

import io
from pathlib import Path
from xml.sax.saxutils import escape

from tests.documents.office import BUDGET, LETTERHEAD, SIGNATURES, Grid, is_section, plan_of, split_head


def font_file() -> str | None:
    """A font with Vietnamese letters on this machine, if there is any."""
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts"]
    try:
        import matplotlib

        folders.insert(0, matplotlib.get_data_path())
    except ImportError:
        pass
    for folder in folders:
        for wanted in ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "Arial.ttf"):
            found = next(Path(folder).rglob(wanted), None) if Path(folder).is_dir() else None
            if found is not None:
                return str(found)
    return None


def pdf(name: str, *, compressed: bool = True) -> bytes:
    """The plan as a PDF with a text layer: merged heads and headings, a table for each page of the plan."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    pdfmetrics.registerFont(TTFont("Body", font_file()))
    style = ParagraphStyle("body", fontName="Body", fontSize=7, leading=9)
    plan = plan_of(name)

    def grid(rows: Grid, spans: list[tuple[object, ...]]) -> Table:
        width = len(rows[0])
        cells = [[Paragraph(escape(text).replace("\n", "<br/>"), style) for text in row] for row in rows]
        columns = [40, *[720 / (width - 1)] * (width - 1)]
        return Table(cells, colWidths=columns, style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), *spans])

    story: list[object] = [grid(LETTERHEAD, [])]
    story += [Paragraph(escape(line), style) for line in plan.above]
    for page in plan.pages:
        spans: list[tuple[object, ...]] = []
        head, _ = split_head(page)
        if len(head) == 2:
            years = [column for column in range(plan.width) if head[1][column]]
            spans.append(("SPAN", (years[0], 0), (years[-1], 0)))
            spans += [("SPAN", (column, 0), (column, 1)) for column in range(plan.width) if column not in years]
        for number, row in enumerate(page):
            if is_section(row):
                spans.append(("SPAN", (1 if row[1] else 0, number), (-1, number)))
        story += [grid(page, spans), Spacer(1, 12)]
    story += [grid(BUDGET, []), Spacer(1, 12), grid(SIGNATURES, [])]
    stream = io.BytesIO()
    SimpleDocTemplate(
        stream, pagesize=landscape(A4), leftMargin=30, rightMargin=30, pageCompression=int(compressed), invariant=1
    ).build(story)
    return stream.getvalue()
