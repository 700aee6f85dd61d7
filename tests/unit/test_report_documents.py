"""The case report as Word and HTML: tables that can be read, a picture that is described."""

from __future__ import annotations

import io
import re
import zipfile

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from sm_tracker.report.contents import CaseReport, FigureBlock, Heading, Paragraph, TableBlock
from sm_tracker.report.document import html_document, word_document
from sm_tracker.report.exported import readable_texts
from sm_tracker.report.pdf_document import pdf_document

ALT = 'Thickness, "forearm": 2.49 → 1.62, seen on 2025-03-10'
LONG = "chest 2.86 mm; right forearm 2.44 mm; forehead 2.02 mm; right hand dorsum 1.58 mm"


@pytest.fixture(scope="module")
def report():
    rows = [("8 Mar 2021", "Measurement", LONG), ("2 Aug 2021", "IVIG started", "2 g/kg")]
    table = pd.DataFrame(rows * 20, columns=["When", "Event", "Details"])
    blocks = (
        Heading("Course"),
        FigureBlock("A caption.", ALT, 174),
        TableBlock("Timeline of the case.", table),
        Paragraph("Methods."),
    )
    return CaseReport(title="Skin thickness under therapy", blocks=blocks)


@pytest.fixture(scope="module")
def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(out, format="PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def word(report, picture):
    return Document(io.BytesIO(word_document(report, picture)))


def test_the_head_of_a_word_table_comes_again_on_every_page_and_no_row_is_torn(word):
    rows = word.tables[0]._tbl.tr_lst
    assert [bool(r.findall(f".//{qn('w:tblHeader')}")) for r in rows] == [True] + [False] * 40
    assert all(r.findall(f".//{qn('w:cantSplit')}") for r in rows)


def test_columns_are_as_wide_as_they_have_words_and_fill_the_page(word):
    widths = [column.width.mm for column in word.tables[0].columns]
    assert sum(widths) == pytest.approx(174, abs=1)
    assert widths[2] > 2 * widths[0]
    assert min(widths) > 20
    assert [c.width.mm for c in word.tables[0].rows[3].cells] == pytest.approx(widths, abs=0.1)


def test_a_word_report_is_of_one_typeface_and_says_what_its_picture_shows(word):
    (shape,) = word.inline_shapes
    assert shape._inline.docPr.get("descr") == ALT
    for name in ("Title", "Heading 1", "Caption", "Normal", "Table text"):
        assert word.styles[name].font.name == "Arial"
        fonts = word.styles[name].element.rPr.rFonts
        assert qn("w:asciiTheme") not in fonts.attrib


def test_the_words_for_readers_who_see_no_picture_are_searched_for_what_identifies(report, picture):
    files = {"r.docx": word_document(report, picture), "r.html": html_document(report, picture)}
    found = readable_texts(files)
    assert "2025-03-10" in found["r.docx/word/document.xml"]
    assert "2025-03-10" in found["r.html"]


def test_a_table_of_html_names_the_share_of_each_column_and_breaks_no_date(report, picture):
    text = html_document(report, picture).decode()
    shares = [float(s) for s in re.findall(r'<col style="width:([\d.]+)%">', text)]
    assert sum(shares) == pytest.approx(100, abs=0.2)
    assert '<td class="whole">8 Mar 2021</td>' in text
    assert "src=" not in text.replace('src="data:', "")


def test_the_same_report_gives_the_same_word_file(report, picture):
    first, again = word_document(report, picture), word_document(report, picture)
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert packed.testzip() is None


def test_a_word_report_numbers_pages_and_lines_and_keeps_nothing_of_a_template(report, picture):
    with zipfile.ZipFile(io.BytesIO(word_document(report, picture))) as packed:
        parts = {name: packed.read(name).decode(errors="replace") for name in packed.namelist()}
    assert "w:lnNumType" in parts["word/document.xml"]
    assert any('w:instr="PAGE"' in text for name, text in parts.items() if "footer" in name)
    assert [name for name in parts if "thumbnail" in name] == []
    assert "thumbnail" not in parts["_rels/.rels"]
    assert "Macintosh" not in parts["docProps/app.xml"]
    assert "python-docx" not in "".join(parts.values())


def test_the_same_report_gives_the_same_pdf_with_every_page_numbered(report, picture):
    first = pdf_document(report, picture)
    assert first == pdf_document(report, picture)
    assert first.startswith(b"%PDF")
    found = readable_texts({"r.pdf": first})
    assert "Skin thickness under therapy" in " ".join(found.values())


def test_captions_carry_the_number_of_their_figure_or_table():
    table = pd.DataFrame([("a",)], columns=["Head"])
    blocks = (
        FigureBlock("A course.", ALT, 174, "Figure 1"),
        TableBlock("Changes.", table, "Table 1"),
        TableBlock("Without a number.", table),
    )
    assert [b.head for b in blocks] == [
        "Figure 1. A course.", "Table 1. Changes.", "Without a number."
    ]  # fmt: skip
