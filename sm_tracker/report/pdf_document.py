"""A case report as PDF, from the same contents as the Word file."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image as Picture

from sm_tracker.report.contents import CaseReport, FigureBlock, Heading, Paragraph
from sm_tracker.report.document import TEXT_MM, column_shares, table_texts
from sm_tracker.report.pdf_parts import (
    FONT,
    paragraph_style,
    plain_markup,
    register_fonts,
    ruled_table,
    without_dates,
)

MARGIN_MM = 18.0
SIZES = {"title": 18.0, "heading": 13.0, "body": 10.0, "caption": 9.0, "cell": 7.5}


def pdf_document(report: CaseReport, figure_png: bytes) -> bytes:
    """The report on A4 with numbered pages; the same contents give the same bytes.

    References
    ----------
    ReportLab user guide, chapters on Platypus and on invariant documents.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph as Words
    from reportlab.platypus import SimpleDocTemplate

    register_fonts()
    out = io.BytesIO()
    margin = MARGIN_MM * mm
    document = SimpleDocTemplate(
        out, pagesize=A4, invariant=1, title=report.title, author="", creator="SM Tracker",
        leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin,
    )  # fmt: skip
    style = {
        "title": paragraph_style("title", SIZES["title"], bold=True, after=10),
        "heading": paragraph_style("heading", SIZES["heading"], bold=True, before=12, after=4),
        "body": paragraph_style("body", SIZES["body"], after=6),
        "caption": paragraph_style("caption", SIZES["caption"], before=8, after=4),
        "head": paragraph_style("head", SIZES["cell"], bold=True),
        "cell": paragraph_style("cell", SIZES["cell"]),
    }
    style["heading"].keepWithNext = 1
    story: list[Any] = [Words(plain_markup(report.title), style["title"])]
    for block in report.blocks:
        story += _parts(block, figure_png, style, mm)
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return without_dates(out.getvalue())


def _parts(block: Any, figure_png: bytes, style: dict[str, Any], mm: float) -> list[Any]:
    from reportlab.platypus import Image, KeepTogether
    from reportlab.platypus import Paragraph as Words

    if isinstance(block, Heading | Paragraph):
        name = "heading" if isinstance(block, Heading) else "body"
        return [Words(plain_markup(block.text), style[name])]
    caption = Words(plain_markup(block.head), style["caption"])
    if isinstance(block, FigureBlock):
        with Picture.open(io.BytesIO(figure_png)) as picture:
            tall = picture.height / picture.width
        width = min(block.width_mm, TEXT_MM) * mm
        return [KeepTogether([Image(io.BytesIO(figure_png), width, width * tall), caption])]
    caption.keepWithNext = 1
    heads = [str(c) for c in block.table.columns]
    texts = table_texts(block)
    widths = [TEXT_MM * mm * share for share in column_shares([heads, *texts])]
    return [caption, ruled_table(heads, texts, widths, style["head"], style["cell"])]


def _number(canvas: Any, document: Any) -> None:
    """The number of the page at its foot."""
    width, _height = document.pagesize
    canvas.setFont(FONT, SIZES["caption"])
    canvas.drawCentredString(width / 2, document.bottomMargin / 2, str(document.page))
