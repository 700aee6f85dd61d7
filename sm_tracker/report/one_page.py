"""The sheet for the patient's file: answer, figure and table of one patient on A4, as PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sm_tracker.figures.languages import capital
from sm_tracker.languages import gettext as _
from sm_tracker.report.pdf_parts import (
    FONT,
    paragraph_style,
    plain_markup,
    register_fonts,
    ruled_table,
    without_dates,
)
from sm_tracker.report.tables import RegimenRow
from sm_tracker.report.wording import intended_use

FIGURE_WIDTH_MM = 180.0
TALLEST_FIGURE_MM = 150.0
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

    register_fonts()
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
        Paragraph(plain_markup(f"{_('Patient')} {page.patient}"), style["small"]),
        Paragraph(plain_markup(page.facts), style["small"]),
        Spacer(1, 2 * mm),
        Paragraph(plain_markup(page.headline), style["headline"]),
        Paragraph(plain_markup(page.second), style["body"]),
        Spacer(1, 2 * mm),
        _figure(page, mm),
    ]
    if page.rows:
        heading = _("Change per regimen, {site}").format(site=page.series)
        story += [
            Spacer(1, 2 * mm),
            Paragraph(plain_markup(heading), style["heading"]),
            ruled_table(
                one_page_heads(),
                table_rows(page.rows),
                [w * mm for w in COLUMNS_MM],
                style["head"],
                style["cell"],
            ),
        ]
    document.build(story)
    return without_dates(out.getvalue())


def _foot(page: OnePage, style: dict[str, Any], mm: float) -> Callable[[Any, Any], None]:
    """What stands at the foot of every sheet: who printed what, and the place to sign."""
    from reportlab.platypus import Paragraph

    printed = _("Printed on {day} with SM Tracker.").format(day=page.printed)
    words = plain_markup(" ".join(filter(None, (page.remark, printed, intended_use()))))

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


def _figure(page: OnePage, mm: float) -> Any:
    from reportlab.platypus import Image

    width, height = page.figure_mm
    scale = min(FIGURE_WIDTH_MM / width, TALLEST_FIGURE_MM / height, 1.0)
    return Image(io.BytesIO(page.figure_png), width=width * scale * mm, height=height * scale * mm)


def _styles() -> dict[str, Any]:
    return {
        "headline": paragraph_style("headline", 12, bold=True, after=2),
        "heading": paragraph_style("heading", SIZE, bold=True, after=2),
        "body": paragraph_style("body", SIZE),
        "small": paragraph_style("small", SMALL),
        "head": paragraph_style("head", SMALL, bold=True),
        "cell": paragraph_style("cell", SMALL),
        "foot": paragraph_style("foot", 6.5),
    }
