"""The sheet for the patient's file: answer, figure and table of one patient on A4, as PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sm_tracker import figures
from sm_tracker.figures.languages import capital
from sm_tracker.languages import gettext as _
from sm_tracker.report.tables import RegimenRow
from sm_tracker.report.wording import intended_use

FIGURE_WIDTH_MM = 180.0
TALLEST_FIGURE_MM = 150.0
FONT, BOLD = "SheetSans", "SheetSans-Bold"
SIZE, SMALL = 9, 7.5
MARGIN_MM, FOOT_MM, FOOT_WIDTH_MM, SIGNATURE_MM = 15.0, 20.0, 115.0, 55.0
COLUMNS_MM = (20.0, 55.0, 26.0, 18.0, 31.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePage:
    """What stands on the sheet, every number from the change table.

    Attributes
    ----------
    patient : str
        Code of the patient.
    facts : str
        Visits, time, sites.
    headline, second : str
    figure_png : bytes
        Drawn by the print renderer at :data:`FIGURE_WIDTH_MM`.
    figure_mm : tuple of float
        Width and height of the figure.
    series : str
        Site of the table.
    rows : sequence of RegimenRow
    remark : str
        Of synthetic data.
    printed : str
        The day of printing, in words.
    """

    patient: str
    facts: str
    headline: str
    second: str
    figure_png: bytes
    figure_mm: tuple[float, float]
    series: str
    rows: Sequence[RegimenRow]
    remark: str
    printed: str


def one_page_heads() -> tuple[str, ...]:
    """Headings of the table on the sheet."""
    return (
        _("Regimen"),
        _("Period, dose, why it ended"),
        _("Baseline → last"),
        _("Change"),
        _("Limits"),
        _("Result"),
    )


def table_rows(rows: Sequence[RegimenRow]) -> list[tuple[str, ...]]:
    """The table in words, a row a period."""
    return [
        (
            row.regimen,
            "\n".join(filter(None, (row.period, row.dose))),
            row.baseline_to_last,
            "\n".join(filter(None, (row.change, row.change_share))),
            capital(row.limit),
            row.word,
        )
        for row in rows
    ]


def one_page_pdf(page: OnePage) -> bytes:
    """The sheet as PDF; the same contents give the same bytes.

    References
    ----------
    ReportLab user guide, chapters on Platypus and on invariant documents.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer

    _register_fonts()
    out = io.BytesIO()
    width, height = A4
    style = _styles()
    frame = Frame(
        MARGIN_MM * mm, FOOT_MM * mm, width - 2 * MARGIN_MM * mm, height - (FOOT_MM + 10) * mm,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document = BaseDocTemplate(
        out, pagesize=A4, invariant=1, title=f"{page.patient} · {page.printed}",
        author="SM Tracker",
        pageTemplates=[PageTemplate(frames=[frame], onPage=_foot(page, style, mm))],
    )  # fmt: skip
    story: list[Any] = [
        Paragraph(_text(f"{_('Patient')} {page.patient}"), style["small"]),
        Paragraph(_text(page.facts), style["small"]),
        Spacer(1, 2 * mm),
        Paragraph(_text(page.headline), style["headline"]),
        Paragraph(_text(page.second), style["body"]),
        Spacer(1, 2 * mm),
        _figure(page, mm),
    ]
    if page.rows:
        heading = _("Change per regimen, {site}").format(site=page.series)
        story += [
            Spacer(1, 2 * mm),
            Paragraph(_text(heading), style["heading"]),
            _table(page.rows, style, mm),
        ]
    document.build(story)
    return out.getvalue()


def _foot(page: OnePage, style: dict[str, Any], mm: float) -> Callable[[Any, Any], None]:
    """What stands at the foot of every sheet: who printed what, and the place to sign."""
    from reportlab.platypus import Paragraph

    printed = _("Printed on {day} with SM Tracker.").format(day=page.printed)
    words = _text(" ".join(filter(None, (page.remark, printed, intended_use()))))

    def draw(canvas: Any, document: Any) -> None:
        note = Paragraph(words, style["foot"])
        note.wrap(FOOT_WIDTH_MM * mm, FOOT_MM * mm)
        note.drawOn(canvas, MARGIN_MM * mm, 8 * mm)
        left = (MARGIN_MM + FIGURE_WIDTH_MM - SIGNATURE_MM) * mm
        canvas.setLineWidth(0.5)
        canvas.line(left, 13 * mm, left + SIGNATURE_MM * mm, 13 * mm)
        canvas.setFont(FONT, SMALL)
        canvas.drawString(left, 9 * mm, _("Date and signature"))

    return draw


def _text(words: str) -> str:
    """Text of a record is text: no markup of it is read."""
    return escape(words).replace("\n", "<br/>")


def _figure(page: OnePage, mm: float) -> Any:
    from reportlab.platypus import Image

    width, height = page.figure_mm
    scale = min(FIGURE_WIDTH_MM / width, TALLEST_FIGURE_MM / height, 1.0)
    return Image(io.BytesIO(page.figure_png), width=width * scale * mm, height=height * scale * mm)


def _table(rows: Sequence[RegimenRow], style: dict[str, Any], mm: float) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import LongTable, Paragraph

    head = [Paragraph(_text(h), style["head"]) for h in one_page_heads()]
    body = [[Paragraph(_text(c), style["cell"]) for c in cells] for cells in table_rows(rows)]
    table = LongTable([head, *body], colWidths=[w * mm for w in COLUMNS_MM], repeatRows=1)
    line = HexColor("#B8C0C2")
    table.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor("#16242D")),
            ("LINEBELOW", (0, 1), (-1, -1), 0.25, line),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return table


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    def style(name: str, font: str, size: float, after: float = 0) -> ParagraphStyle:
        return ParagraphStyle(
            name, fontName=font, fontSize=size, leading=size * 1.2, spaceAfter=after
        )

    return {
        "headline": style("headline", BOLD, 12, 2),
        "heading": style("heading", BOLD, SIZE, 2),
        "body": style("body", FONT, SIZE),
        "small": style("small", FONT, SMALL),
        "head": style("head", BOLD, SMALL),
        "cell": style("cell", FONT, SMALL),
        "foot": style("foot", FONT, 6.5),
    }


@cache
def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(figures.__file__).parent / "fonts"
    for name, file in ((FONT, "LiberationSans-Regular"), (BOLD, "LiberationSans-Bold")):
        pdfmetrics.registerFont(TTFont(name, folder / f"{file}.ttf"))
