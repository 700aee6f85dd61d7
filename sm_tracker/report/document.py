"""A case report as Word and as self-contained HTML; the same report gives the same bytes."""

from __future__ import annotations

import base64
import datetime as dt
import io
from html import escape
from typing import TYPE_CHECKING, Any

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
vertical-align:top}td{border-bottom:1px solid #D5DBDA}
caption,figcaption{text-align:left;color:#53626C;font-size:.85rem;padding:.3rem 0}
figure{margin:1rem 0}figure img,figure svg{max-width:100%;height:auto}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
"""


def html_document(report: CaseReport, figure_png: bytes) -> bytes:
    """One HTML file that asks for nothing outside itself."""
    body = "".join(_html_block(block, figure_png) for block in report.blocks)
    title = escape(report.title)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
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
            f"<figcaption>{escape(block.caption)}</figcaption></figure>"
        )
    return _html_table(block)


def _html_table(block: TableBlock) -> str:
    heads = "".join(f'<th scope="col">{escape(str(c))}</th>' for c in block.table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in block.table.itertuples(index=False)
    )
    return (
        f"<table><caption>{escape(block.caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def word_document(report: CaseReport, figure_png: bytes) -> bytes:
    """A Word file (docx)."""
    from docx import Document as new_document
    from docx.shared import Mm, Pt

    document = new_document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(10)
    _fix_properties(document, report.title)
    document.add_heading(report.title, level=0)
    for block in report.blocks:
        _add_block(document, block, figure_png)
    out = io.BytesIO()
    document.save(out)
    return with_fixed_times(out.getvalue())


def _fix_properties(document: Document, title: str) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.last_modified_by = ""
    properties.created = properties.modified = dt.datetime(2000, 1, 1)


def _add_block(document: Document, block: Any, figure_png: bytes) -> None:
    from docx.shared import Mm

    if isinstance(block, Heading):
        document.add_heading(block.text, level=1)
    elif isinstance(block, Paragraph):
        document.add_paragraph(block.text)
    elif isinstance(block, FigureBlock):
        document.add_picture(io.BytesIO(figure_png), width=Mm(min(block.width_mm, 174)))
        document.add_paragraph(block.caption, style="Caption")
    else:
        _add_table(document, block)


def _add_table(document: Document, block: TableBlock) -> None:
    from docx.shared import Pt

    document.add_paragraph(block.caption, style="Caption")
    table = document.add_table(rows=1, cols=len(block.table.columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, block.table.columns, strict=True):
        cell.text = str(name)
        cell.paragraphs[0].runs[0].font.bold = True
    for row in block.table.itertuples(index=False):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = str(value)
    for row in table.rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(8)
