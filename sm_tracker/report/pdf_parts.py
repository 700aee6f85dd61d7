"""What PDF documents are made of: typeface, styles, text that is text, ruled tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sm_tracker import figures

FONT, BOLD = "SheetSans", "SheetSans-Bold"
INK, RULE = "#16242D", "#B8C0C2"


@cache
def register_fonts() -> None:
    """Make the typeface of the figures known; it travels inside of every file."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    # Compressed parts as they are, not once more as letters: smaller, and readable by all tools.
    rl_config.useA85 = 0
    folder = Path(figures.__file__).parent / "fonts"
    for name, file in ((FONT, "LiberationSans-Regular"), (BOLD, "LiberationSans-Bold")):
        pdfmetrics.registerFont(TTFont(name, folder / f"{file}.ttf"))


def without_dates(pdf: bytes) -> bytes:
    """A PDF whose information says no time; blanks keep the place of everything else."""
    return re.sub(rb"/(?:Creation|Mod)Date \(D:[^)]*\)", lambda found: b" " * len(found[0]), pdf)


def paragraph_style(
    name: str, size: float, *, bold: bool = False, before: float = 0, after: float = 0
) -> Any:
    """A style of paragraph, sizes in points."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        name,
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=size * 1.2,
        spaceBefore=before,
        spaceAfter=after,
        textColor=HexColor(INK),
    )


def plain_markup(words: str) -> str:
    """Text of a record is text: no markup of it is read."""
    return escape(words).replace("\n", "<br/>")


def ruled_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    head_style: Any,
    cell_style: Any,
) -> Any:
    """A table of text with thin rules, whose head comes again on every page.

    Parameters
    ----------
    widths : sequence of float
        Of the columns, in points.
    """
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import LongTable, Paragraph

    head = [Paragraph(plain_markup(h), head_style) for h in heads]
    body = [[Paragraph(plain_markup(c), cell_style) for c in cells] for cells in rows]
    table = LongTable([head, *body], colWidths=widths, repeatRows=1)
    table.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor(INK)),
            ("LINEBELOW", (0, 1), (-1, -1), 0.25, HexColor(RULE)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return table
