"""An author with two own files leaves with a figure and a report whose numbers agree."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.patience import PATIENCE_MS

MEASUREMENTS = b"""patient_id,date,site,thickness_mm,examiner,note
QX-4711,2024-01-10,forearm,2.50,KLM,first visit in Smalltown
QX-4711,2024-02-12,forearm,2.10,KLM,
QX-4711,2024-05-14,forearm,1.60,KLM,
QX-4711,2024-01-10,chest,2.90,KLM,
QX-4711,2024-05-14,chest,2.80,KLM,
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status,dose
QX-4711,IVIG,2024-01-15,,ongoing,2 g/kg
"""
SECRETS = re.compile(rb"QX-4711|Smalltown")
SHORT_SECRETS = re.compile(rb"\bQX|\bKLM\b|\b2024\b")
"""Too short to be looked for in compressed bytes, where they can come up by chance."""
POINTS_PER_MM = 72 / 25.4


@pytest.fixture
def author(browser, dashboard):
    """A page of an author who has opened two own files."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    page.goto(dashboard)
    page.get_by_text("Open your own files").click(timeout=PATIENCE_MS)
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "m.csv", "mimeType": "text/csv", "buffer": MEASUREMENTS},
            {"name": "t.csv", "mimeType": "text/csv", "buffer": THERAPIES},
        ]
    )
    page.get_by_text("2.50 → 1.60 mm").first.wait_for(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    yield page
    context.close()


def go_to(page, name, awaited):
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=awaited, exact=True).wait_for(timeout=PATIENCE_MS)


def choose(page, name):
    page.get_by_role("radio", name=name, exact=True).click()


def downloaded(page, button):
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.get_by_role("button", name=button).click()
    file = waiting.value
    return file.suggested_filename, Path(file.path()).read_bytes()


def test_an_author_leaves_with_a_figure_and_a_report_that_say_the_same_numbers(author, artifacts):
    go_to(author, "Figure", "Figure for a paper")
    figure_name, figure = take_grey_pdf_of_85_mm(author)
    author.screenshot(path=artifacts / "figure_page.png", full_page=True)
    assert figure_name == "skin_thickness_timeline_85mm_grey.pdf"
    width, _height = size_in_mm(figure)
    assert width == pytest.approx(85, abs=0.05)
    assert not SECRETS.search(figure)
    assert not re.search(rb"/Subtype\s*/Image", figure)

    go_to(author, "Report", "Report")
    archive_name, archive = downloaded(author, "Reproducible archive (zip)")
    document_name, document = downloaded(author, "Word")
    author.screenshot(path=artifacts / "report_page.png", full_page=True)
    assert (archive_name, document_name) == (
        "skin_thickness_report.zip",
        "skin_thickness_report.docx",
    )
    files = unpacked(archive)
    for name, content in {**files, **unpacked(document)}.items():
        assert not SECRETS.search(content), name
        if not name.endswith(("png", "pdf", "docx")):
            assert not SHORT_SECRETS.search(without_pictures(content)), name
    words = words_of(document)
    assert re.search(r"day 5\n(IVIG|intravenous immunoglobulin) started\n2 g/kg", words)
    assert_the_same_numbers(words, files["data/change_table.csv"])
    assert author.failures == []


def take_grey_pdf_of_85_mm(page):
    choose(page, "85")
    page.get_by_text("Exactly 85.0 ×").wait_for(timeout=PATIENCE_MS)
    choose(page, "Grey")
    page.get_by_text("greyscale").wait_for(timeout=PATIENCE_MS)
    choose(page, "PDF")
    page.get_by_text("nothing found").wait_for(timeout=PATIENCE_MS)
    return downloaded(page, "Download PDF")


def size_in_mm(pdf):
    box = re.search(rb"/MediaBox\s*\[\s*([\d. ]+)\]", pdf)
    left, bottom, right, top = map(float, box.group(1).split())
    return (right - left) / POINTS_PER_MM, (top - bottom) / POINTS_PER_MM


def unpacked(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without_pictures(content):
    return re.sub(rb"base64,[A-Za-z0-9+/=]+", b"", content)


def words_of(document):
    from docx import Document

    opened = Document(io.BytesIO(document))
    cells = [c.text for t in opened.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells])


def assert_the_same_numbers(words, change_table):
    changes = pd.read_csv(io.BytesIO(change_table))
    computable = changes[(changes["level"] == "period") & changes["change_mm"].notna()]
    assert len(computable) == 2
    for _, row in computable.iterrows():
        told = words.replace("\u00a0", " ")
        values = f"{row['baseline_mm']:.2f} → {row['last_mm']:.2f} mm"
        # In the table of regimens by sites with the result, in that of the site with the days.
        assert f" ({values})" in told
        change = f"−{abs(row['change_mm']):.2f} mm (−{abs(row['change_pct']):.0f} %)"
        assert f"\n{values}\n{change} in {row['days']:.0f} days" in told
