"""The three users' ways from start to file in hand, counted in presses of the mouse.

How long each took is written to artifacts/journeys.txt; no test depends on it.
"""

from __future__ import annotations

import io
import re
import time

import pytest
from openpyxl import Workbook
from PIL import Image

from tests.patience import PATIENCE_MS

COUNT_PRESSES = "addEventListener('pointerdown', () => { window.presses++ }, true); presses = 0"
MOST = 6


@pytest.fixture
def journey(browser, own_dashboard, artifacts):
    """A fresh visitor whose presses and seconds are counted; choosing files is one press."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(COUNT_PRESSES)
    began = time.perf_counter()
    page.goto(own_dashboard)

    def end(name: str, files: int = 0) -> int:
        presses = page.evaluate("window.presses") + files
        with (artifacts / "journeys.txt").open("a", encoding="utf-8") as lines:
            lines.write(f"{name}: {presses} presses, {time.perf_counter() - began:.1f} s\n")
        return presses

    page.end = end
    yield page
    context.close()


def messy_workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    for row in (
        ["Hochfrequenter Ultraschall 20 MHz"],
        [],
        ["Kürzel", "Datum", "Lokalisation", "Hautdicke (mm)"],
        ["K7", "02/03/2024", "Unterarm links", "2,50"],
        ["K7", "04/05/2024", "Unterarm links", "2,10"],
        ["K7", "06/07/2024", "Unterarm links", "n.m."],
        ["K7", "07/08/2024", "Unterarm links", "1,55"],
    ):
        sheet.append(row)
    courses = book.create_sheet("Therapien")
    for row in (
        ["Kürzel", "Therapie", "Beginn", "Ende"],
        ["K7", "IVIG", "15.03.2024", "laufend"],
    ):
        courses.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def settled(page):
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_a_dermatologist_reads_the_answer_on_the_first_page_without_a_press(journey):
    journey.get_by_role("heading", name=re.compile("under IVIG")).first.wait_for()
    seen = journey.locator(".top").bounding_box()
    assert seen["y"] + seen["height"] < 900
    assert journey.end("dermatologist reads the headline") == 0


def test_a_clinic_stores_a_messy_spreadsheet_in_at_most_six_presses(journey):
    journey.get_by_role("link", name="Import").click()
    journey.locator("input[type=file]").set_input_files(
        [{"name": "liste.xlsx", "mimeType": "application/octet-stream", "buffer": messy_workbook()}]
    )
    journey.get_by_role("heading", name=re.compile("1 question left")).wait_for()
    settled(journey)
    journey.get_by_text("day-first", exact=True).click()
    journey.get_by_role("button", name=re.compile(r"Import \d+ new rows")).click()
    journey.get_by_role("heading", name=re.compile("Left forearm under IVIG")).first.wait_for()
    journey.get_by_text("2.50 → 1.55 mm").first.wait_for()
    assert journey.end("clinic stores a messy spreadsheet", files=1) <= MOST


def test_an_author_gets_a_tiff_and_its_caption_in_at_most_six_presses(journey):
    journey.get_by_role("link", name="Figure", exact=True).click()
    journey.get_by_role("heading", name="Figure for a paper").wait_for()
    settled(journey)
    journey.get_by_role("radio", name="TIFF", exact=True).click()
    button = journey.get_by_role("button", name="Download TIFF")
    button.wait_for()
    settled(journey)
    with journey.expect_download() as waiting:
        button.click()
    with Image.open(waiting.value.path()) as picture:
        assert picture.format == "TIFF"
        assert picture.info["dpi"][0] >= 300
    journey.get_by_role("button", name="Copy to clipboard").first.click()
    caption = journey.evaluate("navigator.clipboard.readText()")
    assert caption.startswith("Skin thickness")
    assert journey.end("author gets a TIFF and a caption") <= MOST
