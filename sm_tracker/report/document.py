"""A case report as Word and as self-contained HTML; the same report gives the same bytes."""

from __future__ import annotations

import base64
import datetime as dt
import io
from html import escape
from typing import TYPE_CHECKING, Any

from sm_tracker.domain.xml_text import xml_text
from sm_tracker.figures.page.text_metrics import text_width
from sm_tracker.languages import current
from sm_tracker.languages import gettext as _
from sm_tracker.report.archive import with_fixed_times
from sm_tracker.report.contents import CaseReport, FigureBlock, Heading, Paragraph, TableBlock

if TYPE_CHECKING:
    from docx.document import Document

STYLE = """
body{font:15px/1.5 Arial,'Liberation Sans',sans-serif;color:#16242D;max-width:60rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%;font-size:.85rem;margin:.5rem 0 1.5rem}
th{text-align:left;border-bottom:1.5px solid #16242D}td,th{padding:.3rem .5rem;
vertical-align:top}td{border-bottom:1px solid #D5DBDA}.whole{white-space:nowrap}
caption,figcaption{text-align:left;color:#53626C;font-size:.85rem;padding:.3rem 0}
figure{margin:1rem 0}figure img,figure svg{max-width:100%;height:auto}
@page{size:A4;margin:16mm}
@media print{body{margin:0;max-width:none;font-size:13px}h2,caption{break-after:avoid}
tr,figure{break-inside:avoid}table{font-size:.75rem}td,th{padding:.2rem .35rem}}
"""


def _whole() -> frozenset[str]:
    """Heads of columns in which no line ends."""
    return frozenset({_("When"), _("Regimen"), _("Baseline → last"), _("Setting")})


TEXT_MM = 174.0
CELL_POINTS, MM_PER_POINT = 8.0, 25.4 / 72
CELL_MARGINS_MM = 4.2
WIDEST_WORD_MM = 40.0
"""A word beyond it, such as an address, may be broken after all."""
_INK, _CELL = "16242D", "Table text"


def html_document(report: CaseReport, figure_png: bytes) -> bytes:
    """One HTML file that asks for nothing outside itself."""
    body = "".join(_html_block(block, figure_png) for block in report.blocks)
    title = escape(report.title)
    return (
        f'<!doctype html><html lang="{current()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body><h1>{title}</h1>{body}</body></html>\n"
    ).encode()


def _html_block(block: Any, figure_png: bytes) -> str:
    if isinstance(block, Heading):
        return f"<h2>{escape(block.text)}</h2>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, FigureBlock):
        source = base64.b64encode(figure_png).decode()
        return (
            f'<figure><img alt="{escape(block.alt)}" src="data:image/png;base64,{source}">'
            f"<figcaption>{escape(block.head)}</figcaption></figure>"
        )
    return _html_table(block)


def _html_table(block: TableBlock) -> str:
    heads = "".join(f'<th scope="col">{escape(str(c))}</th>' for c in block.table.columns)
    shares = column_shares([[str(c) for c in block.table.columns], *table_texts(block)])
    columns = "".join(f'<col style="width:{100 * share:.1f}%">' for share in shares)
    signs = [' class="whole"' if c in _whole() else "" for c in block.table.columns]
    rows = "".join(
        "<tr>"
        + "".join(f"<td{sign}>{escape(cell)}</td>" for sign, cell in zip(signs, row, strict=True))
        + "</tr>"
        for row in table_texts(block)
    )
    return (
        f"<table><caption>{escape(block.head)}</caption>{columns}<thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def word_document(report: CaseReport, figure_png: bytes) -> bytes:
    """A Word file (docx)."""
    from docx import Document as new_document
    from docx.shared import Mm

    document = new_document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    _set_styles(document)
    _fix_properties(document, xml_text(report.title))
    _number_pages_and_lines(document)
    document.add_heading(xml_text(report.title), level=0)
    for block in report.blocks:
        _add_block(document, block, figure_png)
    out = io.BytesIO()
    document.save(out)
    return with_fixed_times(out.getvalue())


def _set_styles(document: Document) -> None:
    """One typeface and one ink, as journals ask; a small style for the cells of tables."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    small = document.styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = document.styles["Normal"]
    small.paragraph_format.space_after = Pt(0)
    for name, size in (
        ("Normal", 10),
        ("Title", 18),
        ("Heading 1", 13),
        ("Caption", 9),
        (_CELL, CELL_POINTS),
    ):
        font = document.styles[name].font
        font.name, font.size = "Arial", Pt(size)
        font.color.rgb = RGBColor.from_string(_INK)
        named = document.styles[name].element.rPr.rFonts
        # A typeface of the theme would win over the one named.
        for key in [k for k in named.attrib if k.endswith("Theme")]:
            del named.attrib[key]
    caption = document.styles["Caption"]
    caption.font.bold = False
    caption.paragraph_format.space_before = Pt(8)


def _number_pages_and_lines(document: Document) -> None:
    """Numbers of pages in the foot and of lines in the margin, as reviewers ask for."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section = document.sections[0]
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    foot._p.append(field)
    lines = OxmlElement("w:lnNumType")
    for name, value in (("countBy", "5"), ("restart", "continuous")):
        lines.set(qn(f"w:{name}"), value)
    # The schema wants it before the columns of the page.
    section._sectPr.find(qn("w:cols")).addprevious(lines)


def _fix_properties(document: Document, title: str) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.last_modified_by = ""
    properties.created = properties.modified = dt.datetime(2000, 1, 1)


def _add_block(document: Document, block: Any, figure_png: bytes) -> None:
    from docx.shared import Mm

    if isinstance(block, Heading):
        document.add_heading(xml_text(block.text), level=1)
    elif isinstance(block, Paragraph):
        document.add_paragraph(xml_text(block.text))
    elif isinstance(block, FigureBlock):
        width = Mm(min(block.width_mm, TEXT_MM))
        picture = document.add_picture(io.BytesIO(figure_png), width=width)
        picture._inline.docPr.set("descr", xml_text(block.alt))
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(xml_text(block.head), style="Caption")
    else:
        _add_table(document, block)


def _add_table(document: Document, block: TableBlock) -> None:
    """A table with its caption above; its first row comes again on every page."""
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    caption = document.add_paragraph(xml_text(block.head), style="Caption")
    caption.paragraph_format.keep_with_next = True
    rows = [[str(c) for c in block.table.columns], *table_texts(block)]
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    style = document.styles[_CELL].style_id
    widths = [Mm(TEXT_MM * share) for share in column_shares(rows)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row, texts in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            # By name it would be looked up again for each of hundreds of cells.
            paragraph._p.style = style
            paragraph.add_run(xml_text(text)).bold = True if texts is rows[0] else None
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def table_texts(block: TableBlock) -> list[list[str]]:
    """The cells of a table as text."""
    return [[str(value) for value in row] for row in block.table.itertuples(index=False)]


def column_shares(rows: list[list[str]]) -> list[float]:
    """Share of the page for each column: no word is broken, more for those with more to say.

    Parameters
    ----------
    rows : list of list of str
        Heads first, then the cells.
    """
    columns = list(zip(*rows, strict=True))
    least = [max(map(_longest_word_mm, texts)) for texts in columns]
    wanted = [(sum(map(len, texts)) / len(texts)) ** 0.85 for texts in columns]
    left = TEXT_MM - sum(least)
    if left <= 0:
        return [width / sum(least) for width in least]
    return [
        (width + left * weight / sum(wanted)) / TEXT_MM
        for width, weight in zip(least, wanted, strict=True)
    ]


def _longest_word_mm(text: str) -> float:
    """Width of the widest part of a cell in which no line ends, with the margins of the cell."""
    words = text.replace("/", "/ ").replace("-", "- ").split(" ")
    widest = max(text_width(word, CELL_POINTS, bold=True) for word in words)
    return min(widest * MM_PER_POINT, WIDEST_WORD_MM) + CELL_MARGINS_MM
